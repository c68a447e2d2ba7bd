package block

import (
	"math"

	"concord/matching/column"
)

// sampleTable is a table of the linkable records of t whose hash falls within
// the given rate, with dictionaries of their own values only: candidates can
// be bound to it at a cost that does not grow with t.
func sampleTable(t *column.Table, o Options, rate float64) (*column.Table, error) {
	threshold := uint64(rate * math.MaxUint64)
	var rows []uint32
	for r := range uint32(t.N) {
		if t.Hash[r] <= threshold && (o.Unlinkable == nil || !o.Unlinkable[r]) {
			rows = append(rows, r)
		}
	}
	out := &column.Table{N: len(rows), Columns: make([]column.Column, len(t.Columns))}
	for _, r := range rows {
		out.Source = append(out.Source, t.Source[r])
		out.Hash = append(out.Hash, t.Hash[r])
	}
	starts := map[*int32][]int32{} // columns of one group keep sharing theirs
	for i := range t.Columns {
		if c := &t.Columns[i]; len(c.Starts) > 0 && starts[&c.Starts[0]] == nil {
			starts[&c.Starts[0]] = sampleStarts(c, rows)
		}
	}
	return out, o.each(len(t.Columns), func(i int) error {
		out.Columns[i] = sampleColumn(&t.Columns[i], rows, starts)
		return nil
	})
}

// sampleColumn is the rows of c, renumbered.
func sampleColumn(c *column.Column, rows []uint32, starts map[*int32][]int32) column.Column {
	out := column.Column{Name: c.Name, Count: []uint32{0}}
	out.Values.Append("")
	code := make([]uint32, len(c.Count)) // in the sample, by code in c
	for _, r := range rows {
		lo, hi := c.Slots(r)
		for s := lo; s < hi; s++ {
			v := c.Codes[s]
			if v != 0 && code[v] == 0 {
				code[v] = out.Values.Append(c.Values.At(v))
				out.Count = append(out.Count, 0)
			}
			out.Codes = append(out.Codes, code[v])
			out.Count[code[v]]++
		}
	}
	if len(c.Starts) > 0 {
		out.Starts = starts[&c.Starts[0]]
	}
	return out
}

func sampleStarts(c *column.Column, rows []uint32) []int32 {
	out := make([]int32, 1, len(rows)+1)
	for _, r := range rows {
		lo, hi := c.Slots(r)
		out = append(out, out[len(out)-1]+int32(hi-lo))
	}
	return out
}
