// Package cluster decides which records are one person, given weighted links
// between pairs of them.
//
// What flows in: [Edge]s, one per scored pair, with match weights that may be
// negative; pairs that people have judged; and the job's hard constraints.
// [Partition] splits the records into the components of the positive edges,
// each of which a [Refiner] turns into clusters on its own. What flows out: a
// cluster number for every record, the links that hold each cluster together,
// the order of its merges, and the merges that were refused with the reason.
//
// Within a component the clusters are those of correlation clustering: the
// partition with the greatest sum of weights inside clusters, approximated by
// greedy additive edge contraction (Keuper et al., "Efficient decomposition
// of image and mesh graphs by lifted multicuts", ICCV 2015) and then improved
// by moving single records. There is no threshold to tune: 0 is where the
// evidence for and against is even. Deviations from the paper: pairs that
// blocking never proposed are scored when their groups are about to meet, so
// that evidence against counts; and hard constraints forbid contractions.
//
// What always holds:
//
//   - the clusters depend on the set of edges alone, not on their order, nor
//     on the order in which components are refined;
//   - no constraint is violated and every must-link is kept;
//   - each cluster is connected by links of positive weight or must-links;
//   - a cluster is numbered by its smallest record, so numbers of different
//     components never meet.
//
// Everything here is sequential and pure. Different goroutines may refine
// different components, each with a Refiner of its own.
package cluster

import "cmp"

// Bit is the edge weight of one bit, that is of odds of 2 to 1: edge weights
// are log2 odds in fixed point, so that their sums (in int64) do not depend
// on the order of addition. An int32 reaches two million bits.
const Bit = 1024

// Edge is the evidence that two records are the same person. A < B.
type Edge struct {
	A, B   uint32 // record ordinals
	Weight int32  // log2 odds, in units of 1/Bit
}

// Pair is two records, in either order.
type Pair struct{ A, B uint32 }

// ordered is p with the smaller record first.
func (p Pair) ordered() Pair {
	if p.A > p.B {
		p.A, p.B = p.B, p.A
	}
	return p
}

// comparePairs orders pairs by their records.
func comparePairs(p, q Pair) int {
	if p.A != q.A {
		return cmp.Compare(p.A, q.A)
	}
	return cmp.Compare(p.B, q.B)
}

// compareEdges orders edges by their records.
func compareEdges(x, y Edge) int { return comparePairs(Pair{x.A, x.B}, Pair{y.A, y.B}) }

// compareStrength orders edges by weight, the greatest first, and equal
// weights by their records.
func compareStrength(x, y Edge) int {
	if x.Weight != y.Weight {
		return cmp.Compare(y.Weight, x.Weight)
	}
	return compareEdges(x, y)
}
