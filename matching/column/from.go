package column

import "concord/schemas/table"

// From makes the engine's table of the records: canonical codes by slot,
// counts by value. hash is a fixed-seed hash of each record's (source, key).
// The columns share the memory of r where they can.
func From(r *table.Records, hash []uint64) *Table {
	t := &Table{N: r.N, Source: r.Source, Hash: hash, lent: map[*uint32]bool{}}
	for i := range r.Columns {
		c := &r.Columns[i]
		if c.Name.IsCustom() {
			continue
		}
		out := fromColumn(c, r.N)
		if len(c.Codes) > 0 && &out.Codes[0] == &c.Codes[0] {
			t.lent[&c.Codes[0]] = true
		}
		t.Columns = append(t.Columns, out)
	}
	return t
}

func fromColumn(c *table.Column, n int) Column {
	out := Column{Name: c.Name, Starts: c.Starts, Values: c.Canonical, Codes: c.Codes}
	out.Count = make([]uint32, max(c.Canonical.Len(), 1))
	if !same(c.Canon) {
		out.Codes = make([]uint32, len(c.Codes))
		for i, v := range c.Codes {
			out.Codes[i] = c.Canon[v]
		}
	}
	for r := range uint32(n) {
		CountRecord(&out, r)
	}
	return out
}

// same tells whether every value is its own canonical form, as dates are.
func same(canon []uint32) bool {
	for v, c := range canon {
		if c != uint32(v) {
			return false
		}
	}
	return true
}

// CountRecord adds record r to the counts of its distinct values.
func CountRecord(c *Column, r uint32) {
	lo, hi := c.Slots(r)
	any := false
	for s := lo; s < hi; s++ {
		v := c.Codes[s]
		if v == 0 || seenBefore(c.Codes[lo:s], v) {
			continue
		}
		c.Count[v]++
		any = true
	}
	if !any {
		c.Count[0]++
	}
}

func seenBefore(codes []uint32, v uint32) bool {
	for _, w := range codes {
		if w == v {
			return true
		}
	}
	return false
}
