package rules

import (
	"fmt"
	"slices"
)

// Judgements are pairs that people decided. They outrank every rule and
// weight.
type Judgements struct {
	Must   []Pair // the same person; ascending, each once
	Cannot []Pair // not the same person; ascending, each once
}

// Judge makes judgements of pairs in any order among n records. It refuses a
// record that does not exist, a record judged against itself, and a pair
// judged both ways.
func Judge(must, cannot []Pair, n int) (Judgements, error) {
	var j Judgements
	var err error
	if j.Must, err = ordered(must, n); err != nil {
		return Judgements{}, fmt.Errorf("read must-link judgements: %w", err)
	}
	if j.Cannot, err = ordered(cannot, n); err != nil {
		return Judgements{}, fmt.Errorf("read cannot-link judgements: %w", err)
	}
	for _, p := range j.Must {
		if contains(j.Cannot, p) {
			return Judgements{}, fmt.Errorf("records %d and %d are judged both the same and not the same: keep one judgement", p.A, p.B)
		}
	}
	return j, nil
}

func ordered(pairs []Pair, n int) ([]Pair, error) {
	out := make([]Pair, 0, len(pairs))
	for _, p := range pairs {
		p.A, p.B = min(p.A, p.B), max(p.A, p.B)
		switch {
		case p.A == p.B:
			return nil, fmt.Errorf("record %d is judged against itself", p.A)
		case int(p.B) >= n:
			return nil, fmt.Errorf("record %d does not exist: there are %d", p.B, n)
		}
		out = append(out, p)
	}
	slices.SortFunc(out, comparePairs)
	return slices.Compact(out), nil
}
