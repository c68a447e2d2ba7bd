package score

import (
	"cmp"
	"slices"
)

// Edge is a pair of records whose match weight reached the threshold.
type Edge struct {
	A, B   uint32 // record ordinals, A < B
	Weight int32  // log2 odds in units of 1/Bit
	Rule   uint8  // the first blocking rule that found the pair
	// Pattern packs the agreement levels, 5 bits each, comparison 0 lowest.
	Pattern uint64
}

// Bits is the match weight in bits.
func (e Edge) Bits() float64 { return float64(e.Weight) / Bit }

// Level is the agreement level of comparison k.
func (e Edge) Level(k int) uint8 { return uint8(e.Pattern >> (LevelBits * k) & (1<<LevelBits - 1)) }

// spareShare is the part of its edges that Merge leaves room for: rules add few
// links to those that are scored.
const spareShare = 32

// Merge is the edges of all workers, ascending by records, with room for some
// more; n is the number of records. A pair is scored once, so the result does not depend on how units
// were spread over workers. The edges are counted by their first record and
// placed: only those of one record are compared.
func Merge(n int, parts ...[]Edge) []Edge {
	starts := make([]uint32, n+1)
	total := 0
	for _, part := range parts {
		total += len(part)
		for i := range part {
			starts[part[i].A]++
		}
	}
	sum := uint32(0)
	for a, count := range starts {
		starts[a], sum = sum, sum+count
	}
	out := make([]Edge, total, total+total/spareShare+1)
	for _, part := range parts {
		for i := range part {
			at := &starts[part[i].A]
			out[*at] = part[i]
			*at++
		}
	}
	from := uint32(0)
	for _, to := range starts[:n] { // starts has moved on: each is where its edges end
		if to-from > 1 {
			slices.SortFunc(out[from:to], func(x, y Edge) int { return cmp.Compare(x.B, y.B) })
		}
		from = to
	}
	return out
}
