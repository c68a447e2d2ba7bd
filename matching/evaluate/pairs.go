package evaluate

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
)

// Pair is two records, in either order.
type Pair struct{ A, B uint32 }

// FromPairs makes a truth of n records from pairs that match: their transitive
// closure, every record that no pair names being an entity of its own. implied
// counts the pairs that the closure adds; a truth that is complete has none.
func FromPairs(n int, pairs []Pair) (entity []uint32, implied uint64, err error) {
	f := newForest(n)
	for _, p := range pairs {
		if p.A == p.B || int(max(p.A, p.B)) >= n {
			return nil, 0, fmt.Errorf("evaluate: true pair of records %d and %d: want two records below %d", p.A, p.B, n)
		}
		f.join(p.A, p.B)
	}
	for r := range uint32(n) {
		f[r] = f.root(r)
	}
	return f, f.pairs() - uint64(len(distinct(pairs))), nil
}

// forest is a union-find: each record's parent, a root being its own.
type forest []uint32

func newForest(n int) forest {
	f := make(forest, n)
	for r := range f {
		f[r] = uint32(r)
	}
	return f
}

func (f forest) root(r uint32) uint32 {
	for f[r] != r {
		f[r] = f[f[r]]
		r = f[r]
	}
	return r
}

func (f forest) join(a, b uint32) {
	a, b = f.root(a), f.root(b)
	f[max(a, b)] = min(a, b)
}

// pairs counts the pairs of records that are joined.
func (f forest) pairs() uint64 {
	size := make([]uint32, len(f))
	for r := range uint32(len(f)) {
		size[f.root(r)]++
	}
	return pairsOf(size)
}

// distinct is pairs in order, each once.
func distinct(pairs []Pair) []Pair {
	out := make([]Pair, len(pairs))
	for i, p := range pairs {
		out[i] = Pair{min(p.A, p.B), max(p.A, p.B)}
	}
	slices.SortFunc(out, func(p, q Pair) int {
		return cmp.Or(cmp.Compare(p.A, q.A), cmp.Compare(p.B, q.B))
	})
	return slices.Compact(out)
}

// PairResult is a list of pairs measured: the edges before clustering, or the
// pairs that blocking proposes.
type PairResult struct {
	TruePairs, PredictedPairs, CorrectPairs uint64
	Unknown                                 uint64 // pairs left out, for the truth does not know one of them
	Rate                                    Rate
}

// Pairs measures pairs against entity, by record. A pair given twice counts
// once.
func Pairs(pairs []Pair, entity []uint32) (PairResult, error) {
	var r PairResult
	for _, p := range distinct(pairs) {
		if p.A == p.B || int(p.B) >= len(entity) {
			return r, fmt.Errorf("evaluate: pair of records %d and %d: want two records below %d", p.A, p.B, len(entity))
		}
		switch a, b := entity[p.A], entity[p.B]; {
		case a == Unknown || b == Unknown:
			r.Unknown++
		case a == b:
			r.CorrectPairs++
			r.PredictedPairs++
		default:
			r.PredictedPairs++
		}
	}
	_, sizes := renumber(entity, knownOf(entity))
	r.TruePairs = pairsOf(sizes)
	r.Rate = rate(float64(r.CorrectPairs), float64(r.PredictedPairs), float64(r.TruePairs))
	return r, nil
}

// knownOf is the records whose entity is known.
func knownOf(entity []uint32) []uint32 {
	var out []uint32
	for r, e := range entity {
		if e != Unknown {
			out = append(out, uint32(r))
		}
	}
	return out
}

// TruePairs yields every pair of records of one entity, A < B, entity by
// entity. It holds the records in memory, never the pairs.
func TruePairs(entity []uint32) iter.Seq[Pair] {
	return func(yield func(Pair) bool) {
		records := knownOf(entity)
		slices.SortStableFunc(records, func(a, b uint32) int { return cmp.Compare(entity[a], entity[b]) })
		for i, a := range records {
			for _, b := range records[i+1:] {
				if entity[a] != entity[b] {
					break
				}
				if !yield(Pair{a, b}) {
					return
				}
			}
		}
	}
}

// Ceiling is what recall can be at most, given that only the pairs that
// covered names are compared.
type Ceiling struct {
	TruePairs, Covered uint64
	// Completeness is Covered / TruePairs, 1 without true pairs: the share of
	// true pairs that blocking proposes.
	Completeness float64
	// Closed is the same after transitive closure: the share of true pairs
	// whose records a chain of covered true pairs connects, which clustering can
	// still bring together.
	Closed float64
}

// BlockingCeiling asks covered of every true pair, A < B.
func BlockingCeiling(entity []uint32, covered func(a, b uint32) bool) Ceiling {
	c := Ceiling{Completeness: 1, Closed: 1}
	f := newForest(len(entity))
	for p := range TruePairs(entity) {
		c.TruePairs++
		if covered(p.A, p.B) {
			c.Covered++
			f.join(p.A, p.B)
		}
	}
	if c.TruePairs == 0 {
		return c
	}
	c.Completeness = float64(c.Covered) / float64(c.TruePairs)
	c.Closed = float64(f.pairs()) / float64(c.TruePairs)
	return c
}
