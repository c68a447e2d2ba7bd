package score

import (
	"cmp"
	"slices"
)

// evaluation is how the pairs of one blocking rule are evaluated. What a rule's
// keys fix is worth nothing there, so each rule has its own.
type evaluation struct{ ceilings, grades order }

// order is the order in which comparisons are taken: those first that lower
// the bounds most. It decides how soon a pair is abandoned, never whether.
type order struct {
	order []int
	drop  []int64 // by comparison: the sum of what it took off bounds
	pairs int
}

// learnPairs is how many pairs are looked at in every comparison before their
// order is settled.
const learnPairs = 1024

func newOrder(comparisons int) order {
	o := order{drop: make([]int64, comparisons)}
	for c := range comparisons {
		o.order = append(o.order, c)
	}
	return o
}

func (o *order) learning() bool { return o.pairs < learnPairs }

// note adds to what comparison c took off.
func (o *order) note(c int, fell int64) { o.drop[c] += fell }

// learn counts n more pairs and, once there are enough, sorts the comparisons.
func (o *order) learn(n int) {
	if !o.learning() {
		return
	}
	if o.pairs += n; !o.learning() {
		slices.SortStableFunc(o.order, func(x, y int) int { return cmp.Compare(o.drop[y], o.drop[x]) })
	}
}

// evaluationOf is the evaluation of a blocking rule's pairs.
func (s *Scorer) evaluationOf(rule int) *evaluation {
	e := s.learned[rule]
	if e == nil {
		e = &evaluation{newOrder(len(s.kernels)), newOrder(len(s.kernels))}
		s.learned[rule] = e
	}
	return e
}
