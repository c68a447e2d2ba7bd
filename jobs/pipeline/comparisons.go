package pipeline

import (
	"fmt"
	"os"
	"slices"

	"concord/matching/column"
	"concord/matching/compare"
	"concord/matching/score"
	"concord/schemas/attribute"
	"concord/schemas/model"
)

// comparisons are those of the model that the job names, which it reads, or
// else all that the columns allow.
func (r *run) comparisons(m *matcher) ([]compare.Comparator, error) {
	given := r.Job.Match.Model != "auto"
	var err error
	if given {
		if m.model, err = readModel(r.directory(r.Job.Match.Model)); err != nil {
			return nil, err
		}
	}
	usual := r.withinModel(r.worthwhile(compare.Default(m.table), m.table, m.model), m.table)
	if !given || !slices.ContainsFunc(m.model.Comparisons, isText) {
		return usual, nil // and train.Check holds the model against them
	}
	out := make([]compare.Comparator, len(m.model.Comparisons))
	for i := range m.model.Comparisons {
		if out[i], err = modelComparison(&m.model.Comparisons[i], m.table); err != nil {
			return nil, failedf(ErrConfig, "match model %s: %w", r.Job.Match.Model, err)
		}
	}
	for _, c := range usual {
		if !slices.ContainsFunc(out, func(o compare.Comparator) bool { return reads(o, c) }) {
			r.Observe.Note("not compared: the match model has no comparison of it", "comparison", c.Name())
		}
	}
	return out, nil
}

func readModel(path string) (*model.Model, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, failedf(ErrConfig, "match model: %w", err)
	}
	m, err := model.Parse(text)
	if err != nil {
		return nil, failedf(ErrConfig, "match model %s: %w", path, err)
	}
	return m, nil
}

func isText(c model.Comparison) bool { return c.Comparator == model.Text }

// modelComparison is the comparator of one comparison of a model, which must
// find what it reads in the table.
func modelComparison(c *model.Comparison, t *column.Table) (compare.Comparator, error) {
	var out compare.Comparator
	var err error
	if known, ok := compare.Lookup(c.Comparator); ok {
		out = known
	} else if out, err = compare.NewThreshold(c); err != nil {
		return nil, err
	}
	if holders(t, out) == 0 {
		return nil, fmt.Errorf("comparison %q reads %v, which no channel maps or no record holds", c.Name, c.Attributes)
	}
	return out, nil
}

// reads tells whether the two read an attribute in common.
func reads(x, y compare.Comparator) bool {
	return slices.ContainsFunc(x.Attributes(), func(a attribute.Name) bool { return slices.Contains(y.Attributes(), a) })
}

// worthwhile leaves out comparisons of identifiers that no two records share,
// unless the model, where one is given, has them. Such an identifier is a
// record's number, not a person's: equal for nobody, and one digit apart for
// neighbours in a file. Where nothing else can be compared, it stays.
func (r *run) worthwhile(all []compare.Comparator, t *column.Table, m *model.Model) []compare.Comparator {
	left := len(all)
	return slices.DeleteFunc(all, func(c compare.Comparator) bool {
		i, identifier := c.(compare.Identifier)
		if !identifier || left == 1 || m != nil && slices.ContainsFunc(m.Comparisons, func(o model.Comparison) bool { return o.Name == i.Name() }) {
			return false
		}
		if col := t.Column(attribute.Identifier(i.Kind)); col == nil || col.Shared() {
			return false
		}
		r.Observe.Note("not compared: no two records share such an identifier", "comparison", i.Name())
		left--
		return true
	})
}

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
