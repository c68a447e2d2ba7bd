package extract

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// splitter finds the fields of csv rows. It follows RFC 4180, with the
// dialect's characters and three kindnesses: rows may end in LF or CRLF (or,
// with newline '\r', in CR), a quote inside an unquoted field is an ordinary
// character, and with an escape character the character after it is literal.
type splitter struct {
	delimiter, quote, escape, newline byte
	quoting, escaping                 bool
	most                              int // fields kept; more are counted only

	fields []span
	count  int // fields of the row, those beyond most included
}

// span is where a field's content lies in the row's bytes.
type span struct {
	lo, hi int32
	quoted bool
	cooked bool // holds doubled quotes or escapes: see splitter.cook
}

// outcome is how looking for the end of a row went.
type outcome uint8

const (
	rowFound  outcome = iota
	rowCut            // the bytes end first: bring more
	rowBad            // text after a closing quote
	quoteOpen         // the text ends inside quotes
	rowOver           // the row is over the limit (csvRows.next)
	textEnd           // there is no row (csvRows.next)
)

func newSplitter(d Dialect, most int) *splitter {
	return &splitter{
		delimiter: d.Delimiter, quote: d.Quote, escape: d.Escape, newline: d.Newline,
		quoting: d.Quote != NoQuote && d.Quote != 0, escaping: d.Escape != NoEscape && d.Escape != 0,
		most: most,
	}
}

// split finds the row at the start of b, which must not be empty, and leaves
// its fields in s.fields. n is the row's length with its line end, or, for any
// other outcome, how far it looked; eof says that b is the rest of the text. A
// blank line is a row of no fields.
func (s *splitter) split(b []byte, eof bool) (n int, out outcome) {
	s.fields, s.count = s.fields[:0], 0
	if end := s.lineEnd(b, 0, eof); end > 0 {
		return end, rowFound
	}
	if n := s.plainRow(b); n > 0 {
		return n, rowFound
	}
	for i := 0; ; {
		field := span{lo: int32(i)}
		var next int
		if s.quoting && i < len(b) && b[i] == s.quote {
			var close int
			if close, field.cooked, out = s.closing(b, i+1, eof); out != rowFound {
				return close, out
			}
			field.lo, field.hi, field.quoted, next = int32(i+1), int32(close), true, close+1
			if next < len(b) && b[next] != s.delimiter && s.lineEnd(b, next, eof) == 0 {
				if !eof && s.newline == '\n' && b[next] == '\r' && next+1 == len(b) {
					return next, rowCut
				}
				return next, rowBad
			}
		} else {
			next, field.cooked = s.stop(b, i)
			field.hi = int32(next)
		}
		if next == len(b) && !eof {
			return next, rowCut
		}
		if next < len(b) && b[next] == s.delimiter {
			s.add(field)
			i = next + 1
			continue
		}
		// The row ends here: at its line end, or at the end of the text.
		end := next + s.lineEnd(b, next, eof)
		if s.newline == '\n' && !field.quoted && next > i && b[next-1] == '\r' {
			field.hi--
		}
		s.add(field)
		return end, rowFound
	}
}

// plainRow is split for the usual row: one line without a quote in it. It
// returns 0 for any other. It looks at eight bytes at once: (w-0x01…)&^w&0x80…
// marks the zero bytes of w, the first exactly, later ones perhaps wrongly where
// a 0x01 follows a zero, which is why each mark is checked.
func (s *splitter) plainRow(b []byte) int {
	end := bytes.IndexByte(b, s.newline)
	if end < 0 || s.escaping || s.quoting && bytes.IndexByte(b[:end], s.quote) >= 0 {
		return 0
	}
	line := b[:end]
	if s.newline == '\n' && line[end-1] == '\r' {
		line = line[:end-1]
	}
	pattern, lo, i := uint64(s.delimiter)*ones, 0, 0
	for ; i+8 <= len(line); i += 8 {
		w := binary.LittleEndian.Uint64(line[i:]) ^ pattern
		for hit := (w - ones) &^ w & highs; hit != 0; hit &= hit - 1 {
			if at := i + bits.TrailingZeros64(hit)>>3; line[at] == s.delimiter {
				s.add(span{lo: int32(lo), hi: int32(at)})
				lo = at + 1
			}
		}
	}
	for ; i < len(line); i++ {
		if line[i] == s.delimiter {
			s.add(span{lo: int32(lo), hi: int32(i)})
			lo = i + 1
		}
	}
	s.add(span{lo: int32(lo), hi: int32(len(line))})
	return end + 1
}

// Masks for eight bytes at once.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

func (s *splitter) add(f span) {
	s.count++
	if len(s.fields) < s.most {
		s.fields = append(s.fields, f)
	}
}

// lineEnd is the length of the line end at b[i], 0 when there is none. A
// carriage return alone ends the last line of a text, as encoding/csv has it.
func (s *splitter) lineEnd(b []byte, i int, eof bool) int {
	switch {
	case i >= len(b):
		return 0
	case b[i] == s.newline:
		return 1
	case b[i] != '\r' || s.newline != '\n':
		return 0
	case i+1 < len(b) && b[i+1] == '\n':
		return 2
	case i+1 == len(b) && eof:
		return 1
	}
	return 0
}

// closing finds the quote that closes the field whose content starts at i.
func (s *splitter) closing(b []byte, i int, eof bool) (at int, cooked bool, out outcome) {
	other := s.quote
	if s.escaping {
		other = s.escape
	}
	for i < len(b) {
		j := indexEither(b, i, s.quote, other)
		switch {
		case j == len(b):
			i = j
		case s.escaping && b[j] == s.escape:
			i, cooked = j+2, true
		case j+1 == len(b) && !eof:
			return j, cooked, rowCut
		case j+1 < len(b) && b[j+1] == s.quote:
			i, cooked = j+2, true
		default:
			return j, cooked, rowFound
		}
	}
	if eof {
		return len(b), cooked, quoteOpen
	}
	return len(b), cooked, rowCut
}

// stop finds the delimiter or newline that ends the unquoted field at i, or
// len(b).
func (s *splitter) stop(b []byte, i int) (at int, cooked bool) {
	if s.escaping {
		for ; i < len(b) && b[i] != s.delimiter && b[i] != s.newline; i++ {
			if b[i] == s.escape {
				i, cooked = i+1, true
			}
		}
		return min(i, len(b)), cooked
	}
	return indexEither(b, i, s.delimiter, s.newline), false
}

// indexEither is the first position from i on that holds x or y, or len(b).
// Like plainRow it looks at eight bytes at once; only the first mark counts.
func indexEither(b []byte, i int, x, y byte) int {
	xs, ys := uint64(x)*ones, uint64(y)*ones
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		wx, wy := w^xs, w^ys
		if hit := ((wx-ones)&^wx | (wy-ones)&^wy) & highs; hit != 0 {
			return i + bits.TrailingZeros64(hit)>>3
		}
	}
	for ; i < len(b); i++ {
		if b[i] == x || b[i] == y {
			return i
		}
	}
	return len(b)
}

// cook appends the content of a cooked field to dst: doubled quotes become
// one, an escape character goes and leaves the next one as it is.
func (s *splitter) cook(dst, field []byte, quoted bool) []byte {
	for i := 0; i < len(field); i++ {
		c := field[i]
		switch {
		case s.escaping && c == s.escape && i+1 < len(field):
			i++
			c = field[i]
		case quoted && c == s.quote && i+1 < len(field):
			i++ // the second of a doubled quote
		}
		dst = append(dst, c)
	}
	return dst
}
