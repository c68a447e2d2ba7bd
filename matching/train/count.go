package train

import (
	"slices"

	"concord/matching/block"
	"concord/matching/score"
	"concord/schemas/model"
)

// Fixed marks the comparisons that read an attribute of the rule's keys, as
// bits: see [Pass].
func Fixed(rule block.Rule, comparisons []model.Comparison) (fixed uint64) {
	for k := range comparisons {
		for _, key := range rule.Keys {
			for _, name := range key.Names {
				if slices.Contains(comparisons[k].Attributes, name) {
					fixed |= 1 << k
				}
			}
		}
	}
	return fixed
}

// CountPairs counts the patterns of all pairs of a plan, each once. Of a plan
// of all rules that is [Input.Union], of a plan of one rule alone its
// [Pass.Counts]. It is sequential: a caller with more cores walks the units
// itself and merges the counts.
func CountPairs(plan *block.Plan, s *score.Scorer) Table {
	var patterns score.Patterns
	w := plan.Walker()
	for k := range plan.Len() {
		blocks := plan.Blocks(k)
		for _, u := range blocks.Units() {
			w.Start(blocks, u)
			s.Count(w, &patterns)
		}
	}
	return FromPatterns(patterns.Sorted())
}
