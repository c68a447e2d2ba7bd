package block

import (
	"cmp"
	"slices"
)

// Completeness says how much of a known truth a plan can find: its ceiling of
// recall.
type Completeness struct {
	// True is the number of true pairs, Covered those that some rule has.
	True, Covered int64
	// First is, by rule, the covered pairs of which it is the first; Any those
	// that it has at all, so that a rule's worth shows whatever its place.
	First, Any []int64
}

// Share is Covered ÷ True, 1 where there is nothing to find.
func (c Completeness) Share() float64 {
	if c.True == 0 {
		return 1
	}
	return float64(c.Covered) / float64(c.True)
}

// Completeness measures the plan against the true entity of each record; 0 is
// a record that the truth does not know. It looks at every true pair. Pairs
// within a duplicate-free source are not counted as true ones.
func (p *Plan) Completeness(entity []uint32) Completeness {
	known := make([]uint32, 0, len(entity))
	for r, e := range entity {
		if e != 0 {
			known = append(known, uint32(r))
		}
	}
	slices.SortFunc(known, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(entity[a], entity[b]), cmp.Compare(a, b))
	})
	c := Completeness{First: make([]int64, p.Len()), Any: make([]int64, p.Len())}
	for lo := 0; lo < len(known); {
		hi := lo + 1
		for hi < len(known) && entity[known[hi]] == entity[known[lo]] {
			hi++
		}
		p.cover(known[lo:hi], &c)
		lo = hi
	}
	return c
}

// cover adds the pairs of one entity's records.
func (p *Plan) cover(records []uint32, c *Completeness) {
	for i, a := range records {
		for _, b := range records[i+1:] {
			if barred(p.table, p.options, a, b) {
				continue
			}
			c.True++
			first := true
			for k := range p.rules {
				if !p.shares(k, a, b) {
					continue
				}
				if c.Any[k]++; first {
					c.First[k]++
					c.Covered++
					first = false
				}
			}
		}
	}
}
