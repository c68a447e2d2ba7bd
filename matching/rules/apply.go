package rules

import (
	"cmp"
	"fmt"
	"slices"

	"concord/matching/block"
	"concord/matching/column"
)

// Pair is two records by ordinal, A < B.
type Pair struct{ A, B uint32 }

// Result is what one rule finds.
type Result struct {
	Rule  Rule
	Links []Pair // ascending, each once
	// Vetoed is the pairs that agree but contradict each other elsewhere.
	Vetoed int64
	// SharedValues is the values disqualified because more records than the
	// attribute's limit hold them; DoubtfulValues those held by two records or
	// more that are no one's own, such as role addresses.
	SharedValues, DoubtfulValues int
	// Skipped is the pairs left out because too many records agree on the
	// whole rule.
	Skipped int64
}

// Apply finds the links of one rule among the records of t.
func Apply(t *column.Table, r Rule, g Guards) (Result, error) {
	out := Result{Rule: r}
	var guarded *column.Table
	guarded, out.SharedValues, out.DoubtfulValues = g.guarded(t, r)
	plan, err := block.Bind(guarded, []block.Rule{{Keys: r.Keys}}, g.options())
	if err != nil {
		return Result{}, fmt.Errorf("apply deterministic rule %q: %w", r.Name, err)
	}
	out.Skipped = plan.Counts()[0].Skipped
	conflicts := newConflicts(t)
	w, blocks := plan.Walker(), plan.Blocks(0)
	for _, u := range blocks.Units() {
		w.Start(blocks, u)
		for w.Next() {
			for _, p := range w.Pairs() {
				a, b := w.Pair(p)
				if conflicts.veto(r, a, b) {
					out.Vetoed++
					continue
				}
				out.Links = append(out.Links, Pair{a, b})
			}
		}
	}
	slices.SortFunc(out.Links, comparePairs)
	return out, nil
}

func comparePairs(x, y Pair) int { return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B)) }

// Link is a pair that a rule links.
type Link struct {
	Pair
	Rule int // index of the first rule, in the order of the results, that links it
	// Weight is the greatest that a rule linking the pair claims, in bits.
	Weight float64
	// Own tells that a rule of the job's own links the pair.
	Own bool
}

// Merge lists the links of all results, ascending by records, each once, less
// the pairs that people judged apart.
func Merge(results []Result, j Judgements) []Link {
	var all []Link
	for i, r := range results {
		for _, p := range r.Links {
			all = append(all, Link{p, i, r.Rule.Weight, r.Rule.Own})
		}
	}
	slices.SortStableFunc(all, func(x, y Link) int { return comparePairs(x.Pair, y.Pair) })
	out := all[:0]
	for _, l := range all {
		if n := len(out); n > 0 && out[n-1].Pair == l.Pair {
			out[n-1].Weight, out[n-1].Own = max(out[n-1].Weight, l.Weight), out[n-1].Own || l.Own
			continue
		}
		if !contains(j.Cannot, l.Pair) {
			out = append(out, l)
		}
	}
	return out
}

// Common counts the pairs that both results link.
func Common(x, y Result) int64 {
	n := int64(0)
	for i, j := 0, 0; i < len(x.Links) && j < len(y.Links); {
		switch c := comparePairs(x.Links[i], y.Links[j]); {
		case c < 0:
			i++
		case c > 0:
			j++
		default:
			n++
			i++
			j++
		}
	}
	return n
}

func contains(sorted []Pair, p Pair) bool {
	_, ok := slices.BinarySearchFunc(sorted, p, comparePairs)
	return ok
}
