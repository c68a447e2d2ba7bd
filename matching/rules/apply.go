package rules

import (
	"cmp"
	"fmt"
	"iter"
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

func comparePairs(x, y Pair) int {
	return cmp.Compare(uint64(x.A)<<32|uint64(x.B), uint64(y.A)<<32|uint64(y.B))
}

// Link is a pair that a rule links.
type Link struct {
	Pair
	Rule int // index of the first rule, in the order of the results, that links it
	// Weight is the greatest that a rule linking the pair claims, in bits.
	Weight float64
	// Own tells that a rule of the job's own links the pair.
	Own bool
}

// Merge gives the links of all results, ascending by records, each once, less
// the pairs that people judged apart.
func Merge(results []Result, j Judgements) iter.Seq[Link] {
	return func(yield func(Link) bool) {
		next := make([]int, len(results))
		for {
			l := Link{Rule: -1}
			for i := range results {
				if links := results[i].Links; next[i] < len(links) && (l.Rule < 0 || comparePairs(links[next[i]], l.Pair) < 0) {
					l.Pair, l.Rule = links[next[i]], i
				}
			}
			if l.Rule < 0 {
				return
			}
			l.Weight = results[l.Rule].Rule.Weight
			for i := range results {
				for links := results[i].Links; next[i] < len(links) && links[next[i]] == l.Pair; next[i]++ {
					l.Weight, l.Own = max(l.Weight, results[i].Rule.Weight), l.Own || results[i].Rule.Own
				}
			}
			if !contains(j.Cannot, l.Pair) && !yield(l) {
				return
			}
		}
	}
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
