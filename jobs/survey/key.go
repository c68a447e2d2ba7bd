package survey

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/zeebo/xxh3"

	"concord/jobs/store"
	"concord/schemas/attribute"
	"concord/schemas/job"
	"concord/transforms/extract"
)

// scanRows bounds how many rows of a channel are looked at for its key and
// event time: the hashes of a million keys take 30 MB.
const scanRows = 1_000_000

// maxCandidates is how many columns are tried as key or as event time.
const maxCandidates = 3

// scan reads up to scanRows rows of the channel and settles its key and its
// event time.
func (c *Channel) scan(ctx context.Context, from store.Store, g *group, columns []column) error {
	keys := keyCandidates(columns, c.Fields)
	times := timeCandidates(columns, c.Fields)
	var names []string
	for i := range keys {
		names = append(names, keys[i].column)
	}
	for i := range times {
		names = append(names, times[i].column)
	}
	c.All = true
	for _, x := range g.objects {
		if c.Rows >= scanRows {
			c.All = false
			break
		}
		if err := c.scanObject(ctx, from, x, names, keys, times); err != nil {
			return err
		}
	}
	c.settleTime(times)
	c.settleKey(keys, len(g.objects))
	return nil
}

// scanObject shows the rows of one object to the candidates.
func (c *Channel) scanObject(ctx context.Context, from store.Store, x *object, names []string, keys []keyCandidate, times []timeCandidate) error {
	f, err := from.Open(ctx, x.key)
	if err != nil {
		return err
	}
	defer f.Close() // read only
	d := x.dialect
	d.Sparse = true
	if c.Headings != nil {
		d.Columns = c.Headings
	}
	r, err := extract.Open(extract.Source{At: f, Size: f.Size()}, d, extract.Limits{}, names)
	if err != nil {
		return fmt.Errorf("read %s again: %w", x.key, err)
	}
	defer r.Close()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		b, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", x.key, err)
		}
		if c.Rows += int64(len(b.Row)); c.Rows >= scanRows {
			c.All = false
			return nil
		}
		for i := range keys {
			keys[i].see(cellsOf(b, i), len(b.Row))
		}
		for i := range times {
			times[i].see(cellsOf(b, len(keys)+i), len(b.Row))
		}
	}
}

// keyCandidate is a column that may name records, with what all rows say.
type keyCandidate struct {
	column string
	rank   int // by name: higher is likelier
	filled int64
	hashes map[uint64]struct{}
}

func (k *keyCandidate) see(c cells, rows int) {
	for row := range rows {
		for text := range c.of(row) {
			if text != "" {
				k.filled++
				k.hashes[xxh3.HashString(text)] = struct{}{}
			}
		}
	}
}

// repeats counts the rows that hold a key seen before.
func (k *keyCandidate) repeats() int64 { return k.filled - int64(len(k.hashes)) }

// keyCandidates are the columns that may be the key, the likeliest first: by
// name, then, in files that name their columns otherwise, by the shape of the
// values and by being unique in the sample.
func keyCandidates(columns []column, fields []Field) []keyCandidate {
	var all []keyCandidate
	for i := range columns {
		c := &columns[i]
		rank := keyRank(c.name)
		if rank > 0 && i == 0 {
			rank++
		}
		if rank == 0 && i == 0 && allDifferent(c) {
			rank = 1 // extracts mostly begin with their key
		}
		if rank == 0 || c.list || c.filled*100 < c.rows*99 || !codeLike(c) || isPersonal(&fields[i]) {
			continue
		}
		all = append(all, keyCandidate{column: c.name, rank: rank, hashes: map[uint64]struct{}{}})
	}
	slices.SortStableFunc(all, func(a, b keyCandidate) int { return cmp.Compare(b.rank, a.rank) })
	return all[:min(len(all), maxCandidates)]
}

// keyRank is how much a column's name speaks for being the record's key.
func keyRank(name string) int {
	words := wordsOf(name)
	if len(words) == 0 || slices.ContainsFunc(words, func(w string) bool { return notOwnKey[w] }) {
		return 0
	}
	last := words[len(words)-1]
	switch {
	case wholeKey[strings.Join(words, "")]:
		return 4
	case numbers[last] && len(words) > 1 && ownKey[words[len(words)-2]]:
		return 4
	case (last == "id" || last == "uuid" || last == "guid" || last == "pk" || last == "key") && len(words) > 1 && ownKey[words[len(words)-2]]:
		return 4
	case last == "id" || last == "uuid" || last == "guid" || last == "pk":
		return 3
	case last == "key" || last == "code" || last == "ref" || numbers[last]:
		return 2
	case strings.HasSuffix(last, "id") || strings.HasSuffix(last, "nummer"):
		return 2
	}
	return 0
}

// ownKey are things whose id is that of a customer record, notOwnKey those
// whose id is something else's.
var (
	// Whole names of keys, in the languages extracts mostly come in.
	wholeKey = wordSet("id pk uuid guid key rowid recordid recid kundennummer kundennr kundenid klantnummer numeroclient idclient idcliente codicecliente numerocliente")
	numbers  = wordSet("nr no number num nummer")

	ownKey = wordSet("record rec row customer cust client contact user person member subscriber account lead patient profile guest unique entity kunde cliente klant")
	// An id column of these names a group of records, a device, a place.
	notOwnKey = wordSet("cluster group parent session device cookie transaction order invoice ticket event campaign store branch product household family " +
		"manager owner agent phone mobile tel telephone fax zip postal postcode house street building apt unit country state city company organisation organization " +
		"type status category anchor pointer passport licence license ssn social national tax vat iban card age year month day score rank")
)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

func allDifferent(c *column) bool {
	seen := map[string]bool{}
	for _, v := range c.values {
		if v == "" || seen[v] {
			return false
		}
		seen[v] = true
	}
	return len(seen) > 1
}

// codeLike tells whether the values look like codes: short, without spaces,
// with a digit in most, and no addresses.
func codeLike(c *column) bool {
	good, total := 0, 0
	for _, v := range c.values {
		if v == "" {
			continue
		}
		total++
		if len(v) <= 64 && !strings.ContainsAny(v, " @,;") && strings.ContainsFunc(v, unicode.IsDigit) {
			good++
		}
	}
	return good*20 >= total*19
}

// isPersonal tells whether the column is something of a person rather than a
// key of the source. A loyalty number and a medical record number are both.
func isPersonal(f *Field) bool {
	if !f.Mapped || attribute.IsCustom(f.Type) {
		return false
	}
	return f.Type != attribute.TypeIdentifier || f.Kind != "loyalty" && f.Kind != "mrn"
}

// settleKey chooses the likeliest column that names every record once; else
// one whose repetitions the event time can order; else row numbers.
func (c *Channel) settleKey(all []keyCandidate, objects int) {
	rows := "the rows looked at"
	if c.All {
		rows = "all rows"
	}
	for i := range all {
		k := &all[i]
		if k.repeats() == 0 && k.filled == c.Rows {
			why := fmt.Sprintf("unique and never empty in %s (%d)", rows, c.Rows)
			c.Key = Choice{k.column, Guess{min(0.99, 0.6+0.1*float64(k.rank)), why}}
			return
		}
	}
	for i := range all {
		k := &all[i]
		missing := c.Rows - k.filled
		versions := c.EventTime.Value != "" && k.rank >= 3 && 2*k.repeats() <= c.Rows
		if (k.repeats() == 0 || versions) && missing*100 <= c.Rows {
			why := fmt.Sprintf("%d of %d rows repeat a key: the latest by event time wins; %d have none and go to quarantine", k.repeats(), c.Rows, missing)
			c.Key = Choice{k.column, Guess{0.6, why}}
			return
		}
	}
	why := "no column is unique, filled and named like a key: rows are named by file and number, which change when rows move"
	if len(all) > 0 {
		k := &all[0]
		why = fmt.Sprintf("%s is named like a key, but %d of %d rows repeat one or have none: rows are named by file and number, which change when rows move", k.column, k.repeats()+c.Rows-k.filled, c.Rows)
	}
	c.Key = Choice{job.RowKey, Guess{0.5, why}}
}
