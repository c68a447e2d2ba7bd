package block

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSampleTableHoldsTheValuesOfItsRecords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := drawTable(t)
		unlinkable := make([]bool, table.N)
		for r := range unlinkable {
			unlinkable[r] = r%7 == 0
		}
		sample, err := sampleTable(table, Options{Unlinkable: unlinkable}, .5)
		if err != nil {
			t.Fatal(err)
		}
		var rows []uint32
		for r, h := range table.Hash {
			if h <= math.MaxUint64/2 && !unlinkable[r] {
				rows = append(rows, uint32(r))
			}
		}
		if sample.N != len(rows) {
			t.Fatalf("%d records, want %d", sample.N, len(rows))
		}
		for i := range table.Columns {
			c, d := &table.Columns[i], &sample.Columns[i]
			for to, from := range rows {
				var want, got []string
				for s, hi := c.Slots(from); s < hi; s++ {
					want = append(want, c.Values.At(c.Codes[s]))
				}
				for s, hi := d.Slots(uint32(to)); s < hi; s++ {
					got = append(got, d.Values.At(d.Codes[s]))
				}
				if !slices.Equal(got, want) {
					t.Fatalf("%s of record %d: %q, want %q", c.Name, from, got, want)
				}
			}
		}
	})
}
