package pipeline

import (
	"slices"

	"concord/matching/column"
	"concord/matching/compare"
	"concord/matching/score"
)

// withinModel leaves out comparisons of identifiers, those that the fewest
// records hold first, until the rest fit into a model. The deterministic rules
// use all identifiers all the same.
func (r *run) withinModel(all []compare.Comparator, t *column.Table) []compare.Comparator {
	for len(all) > score.MaxComparisons {
		rarest, held := -1, uint32(0)
		for i, c := range all {
			if _, identifier := c.(compare.Identifier); !identifier {
				continue
			}
			// Ties go to the last by name, which the order of all is.
			if n := holders(t, c); rarest < 0 || n <= held {
				rarest, held = i, n
			}
		}
		if rarest < 0 {
			return all
		}
		r.Observe.Note("left out of the model: more kinds of identifier than it holds", "comparison", all[rarest].Name(), "records", held)
		all = slices.Delete(all, rarest, rarest+1)
	}
	return all
}

// holders counts the records that hold what a comparison reads.
func holders(t *column.Table, c compare.Comparator) uint32 {
	most := uint32(0)
	for _, name := range c.Attributes() {
		if col := t.Column(name); col != nil {
			most = max(most, uint32(t.N)-col.Count[0])
		}
	}
	return most
}
