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

// SortEdges orders edges by their records. A pair is scored once, so the
// result does not depend on how units were spread over workers.
func SortEdges(edges []Edge) {
	slices.SortFunc(edges, func(x, y Edge) int {
		return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B))
	})
}
