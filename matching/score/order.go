package score

import (
	"cmp"
	"math"
	"slices"

	"concord/matching/column"
)

// learnPairs is how many pairs of each blocking rule are looked at in every
// comparison before their order is settled.
const learnPairs = 1024

// evaluation is the order in which the comparisons of one blocking rule's
// pairs are evaluated: those first whose ceilings lower the bound most. What a
// rule's keys fix is worth nothing there, so each rule has its own. The order
// decides how soon a pair is abandoned, never whether.
type evaluation struct {
	order []int
	drop  []int64 // by comparison: the sum of what ceilings took off the bound
	pairs int64
}

// evaluationOf is the evaluation of a blocking rule's pairs.
func (s *Scorer) evaluationOf(rule int) *evaluation {
	e := s.learned[rule]
	if e == nil {
		e = &evaluation{drop: make([]int64, len(s.kernels))}
		for c := range s.kernels {
			e.order = append(e.order, c)
		}
		s.learned[rule] = e
	}
	return e
}

// learn takes every comparison of the pairs, notes by how much each lowers the
// bounds and, once enough have been seen, sorts the comparisons by that.
func (s *Scorer) learn(pairs []column.Pair) {
	e := s.now
	for _, c := range e.order {
		before := s.total(len(pairs))
		s.lower(c, pairs, math.MinInt32)
		e.drop[c] += before - s.total(len(pairs))
	}
	if e.pairs += int64(len(pairs)); e.pairs >= learnPairs {
		slices.SortStableFunc(e.order, func(x, y int) int { return cmp.Compare(e.drop[y], e.drop[x]) })
	}
}

// total is the sum of the bounds of n pairs.
func (s *Scorer) total(n int) int64 {
	sum := int64(0)
	for _, b := range s.bounds[:n] {
		sum += int64(b)
	}
	return sum
}
