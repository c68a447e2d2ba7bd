package extract

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
)

// delimiters are tried in this order; the first of equals wins.
var delimiters = []byte{',', ';', '\t', '|'}

const (
	trialRows = 2000 // rows that a candidate dialect is tried on
	trialBad  = 50   // unreadable rows after which a candidate is given up
)

// sniffCSV completes d for a csv text.
func sniffCSV(text []byte, whole bool, d *Dialect, ev *Evidence, lim Limits) {
	if d.Newline == 0 {
		d.Newline = sniffNewline(text)
	}
	text = skipPreamble(text, d, ev)
	if cut := bytes.LastIndexByte(text, d.Newline); !whole && cut >= 0 {
		text = text[:cut+1]
	}
	best, sure := bestTrial(text, *d)
	*d = best.dialect
	ev.add(Guess{"delimiter", string(rune(d.Delimiter)), sure,
		fmt.Sprintf("%d of %d rows have %d fields", best.modal, best.rows, best.width)})
	ev.add(best.quoteGuess())
	rows := sampleRows(text, *d, lim)
	if d.Header == DetectHeader {
		g := sniffHeader(rows, d.Columns)
		d.Header = HasHeader
		if g.Choice == "false" {
			d.Header = NoHeader
		}
		ev.add(g)
	}
	width := best.width
	if len(rows) > 0 && d.Header == HasHeader {
		ev.Columns = columnNames(rows[0])
		return
	}
	ev.Columns = columnNames(make([]string, width))
}

// sniffNewline tells files of lone carriage returns from all others.
func sniffNewline(text []byte) byte {
	lf := bytes.Count(text, []byte{'\n'})
	cr := bytes.Count(text, []byte{'\r'}) - bytes.Count(text, []byte("\r\n"))
	if cr > 4*lf {
		return '\r'
	}
	return '\n'
}

// skipPreamble passes over the lines to skip, and over the "sep=;" line by
// which spreadsheets announce the delimiter.
func skipPreamble(text []byte, d *Dialect, ev *Evidence) []byte {
	if d.Skip == 0 && d.Delimiter == 0 && len(text) > 5 && bytes.EqualFold(text[:4], []byte("sep=")) &&
		(text[5] == d.Newline || text[5] == '\r') {
		d.Delimiter, d.Skip = text[4], 1
		ev.add(Guess{"skip", "1", 1, "the first line names the delimiter"})
	}
	for range d.Skip {
		i := bytes.IndexByte(text, d.Newline)
		if i < 0 {
			return nil
		}
		text = text[i+1:]
	}
	return text
}

// trial is how well a candidate dialect fits.
type trial struct {
	dialect    Dialect
	rows, bad  int // rows looked at, those with failing quotes included
	width      int // the most frequent number of fields
	modal      int // rows of that many fields
	quoted     int // fields in quotes
	splitsSome int // rows of more than one field
}

// score is higher the more rows agree on a width, and the wider it is. A
// single column is what remains when nothing splits well: 0.5 beats a
// delimiter on which fewer than two thirds of the rows agree.
func (t trial) score() float64 {
	if t.rows == 0 || t.width == 0 {
		return 0
	}
	share := float64(t.modal) / float64(t.rows)
	if t.width == 1 {
		return 0.5 * share
	}
	return share * share * (1 + 0.1*math.Min(math.Log2(float64(t.width)), 5))
}

func (t trial) quoteGuess() Guess {
	sure := 1 - float64(t.bad)/float64(max(t.rows, 1))
	choice, reason := string(rune(t.dialect.Quote)), fmt.Sprintf("%d quoted fields", t.quoted)
	switch {
	case t.dialect.Quote == NoQuote:
		choice, reason = "none", "quote characters do not pair"
	case t.quoted == 0:
		reason = "no quoted field seen"
	}
	if t.dialect.Escape != NoEscape {
		reason += ", escaped by " + string(rune(t.dialect.Escape))
	}
	return Guess{"quote", choice, sure, reason}
}

// bestTrial tries the candidates that d leaves open.
func bestTrial(text []byte, d Dialect) (best trial, sure float64) {
	var second float64
	for _, delimiter := range candidates(d.Delimiter, delimiters...) {
		t := bestQuoting(text, d, delimiter)
		switch {
		case best.rows == 0 || t.score() > best.score():
			best, second = t, best.score()
		default:
			second = max(second, t.score())
		}
	}
	if d.Delimiter == 0 && best.width <= 1 {
		best = ragged(text, d, best)
	}
	score := min(best.score(), 1)
	sure = score
	if second > 0.6*score && d.Delimiter == 0 {
		sure = score * 0.7
	}
	return best, math.Round(sure*100) / 100
}

// ragged looks for a delimiter on whose count rows do not agree, but which
// most of them have.
func ragged(text []byte, d Dialect, single trial) trial {
	best := single
	for _, delimiter := range delimiters {
		t := bestQuoting(text, d, delimiter)
		if t.splitsSome*2 > t.rows && t.splitsSome > best.splitsSome {
			best = t
		}
	}
	return best
}

// bestQuoting finds the quoting that leaves the fewest unreadable rows. In
// doubt it is the double quote of RFC 4180, and others are tried only when
// something speaks for them.
func bestQuoting(text []byte, d Dialect, delimiter byte) trial {
	d.Delimiter = delimiter
	c := d
	c.Quote, c.Escape = candidates(d.Quote, '"')[0], candidates(d.Escape, NoEscape)[0]
	best := try(text, c)
	if d.Quote == 0 && best.bad == 0 && best.quoted == 0 && bytes.Contains(text, []byte{delimiter, '\''}) {
		// Apostrophes pair by chance: they must quote much, and the double
		// quote nothing.
		c.Quote = '\''
		if t := try(text, c); t.bad == 0 && t.quoted > t.rows/2 {
			return t
		}
	}
	if best.bad == 0 {
		return best
	}
	inUse := best.quoted > 0 && best.bad*fewDamaged < best.rows
	first := best.dialect.Quote
	for _, quote := range candidates(d.Quote, '"', '\'', NoQuote) {
		if inUse && quote != first {
			continue // quotes are in use and a few rows are damaged: they go to quarantine alone
		}
		for _, escape := range candidates(d.Escape, NoEscape, '\\') {
			c.Quote, c.Escape = quote, escape
			t := try(text, c)
			useful := t.quoted > 0 || quote == NoQuote && escape == NoEscape
			if t.bad < best.bad && (useful || d.Escape != 0) {
				best = t
			}
		}
	}
	return best
}

// fewDamaged: with one row in ten failing or more, the quote itself is in
// doubt.
const fewDamaged = 10

func candidates(given byte, open ...byte) []byte {
	if given != 0 {
		return []byte{given}
	}
	return open
}

// try splits the beginning of text as d says.
func try(text []byte, d Dialect) trial {
	t := trial{dialect: d}
	s := newSplitter(d, math.MaxInt16)
	widths := make(map[int]int)
	for len(text) > 0 && t.rows < trialRows && t.bad < trialBad {
		n, out := s.split(text, true)
		if out != rowFound {
			t.rows++
			t.bad++
			n = bytes.IndexByte(text, d.Newline) + 1
			if n == 0 {
				break
			}
		} else if s.count > 0 {
			t.rows++
			widths[s.count]++
			if s.count > 1 {
				t.splitsSome++
			}
			for _, f := range s.fields {
				if f.quoted {
					t.quoted++
				}
			}
		}
		text = text[n:]
	}
	for width, n := range widths {
		if n > t.modal || n == t.modal && width > t.width {
			t.width, t.modal = width, n
		}
	}
	return t
}

// sampleRows is the cells of the first rows, for deciding on the header.
func sampleRows(text []byte, d Dialect, lim Limits) [][]string {
	const most = 200
	s := newSplitter(d, lim.Fields)
	var rows [][]string
	for bad := 0; len(text) > 0 && len(rows) < most && bad < trialBad; {
		n, out := s.split(text, true)
		if out != rowFound {
			bad++
			if n = bytes.IndexByte(text, d.Newline) + 1; n == 0 {
				break
			}
		} else if s.count > 0 {
			rows = append(rows, cells(s, text))
		}
		text = text[n:]
	}
	return rows
}

func cells(s *splitter, row []byte) []string {
	out := make([]string, len(s.fields))
	for i, f := range s.fields {
		out[i] = string(s.cook(nil, row[f.lo:f.hi], f.quoted))
	}
	return out
}

// columnNames cleans header cells: spaces around a name go, and an empty one
// becomes column_N after its position, counted from 1.
func columnNames(header []string) []string {
	names := make([]string, len(header))
	for i, h := range header {
		if names[i] = cleanName(h); names[i] == "" {
			names[i] = "column_" + strconv.Itoa(i+1)
		}
	}
	return names
}
