package main

import (
	"fmt"
	"math"
	"strings"

	"concord/matching/score"
	"concord/schemas/attribute"
	"concord/schemas/model"
)

// conditions are a comparison's conditions by level. Its top level must be
// equality: then every measure tells it apart by its value, 1 or 0.
func conditions(c *model.Comparison) ([]model.Condition, error) {
	out := make([]model.Condition, len(c.Levels))
	for k := model.ElseLevel + 1; k < len(c.Levels); k++ {
		condition, err := model.ParseCondition(c.Levels[k].When)
		if err != nil {
			return nil, fmt.Errorf("comparison %q: %w", c.Name, err)
		}
		exact, top := condition.Measure == model.Exact, k == len(c.Levels)-1
		if exact != top || functions[condition.Measure] == "" {
			return nil, fmt.Errorf("comparison %q level %q: has no SQL here", c.Name, c.Levels[k].Label)
		}
		out[k] = condition
	}
	return out, nil
}

// functions are DuckDB's by measure.
var functions = map[model.Measure]string{
	model.Exact:              "equality",
	model.JaroWinkler:        "jaro_winkler_similarity",
	model.Levenshtein:        "levenshtein",
	model.DamerauLevenshtein: "damerau_levenshtein",
}

// measures computes each measure a comparison needs once per pair, null where
// a value is, and only for values that differ.
func (q *query) measures() string {
	out := "SELECT rule, a, b"
	for i := range q.model.Comparisons {
		c := &q.model.Comparisons[i]
		list, _ := conditions(c) // newQuery has seen that they have SQL
		least := leastThresholds(list)
		for _, m := range measuresOf(list) {
			out += ", " + measureSQL(c, m, least[m]) + " AS " + measureColumn(c, m)
		}
		for k, l := range c.Levels {
			if t := l.TermFrequency; t != nil && t.Strength > 0 {
				out += ", " + frequencyColumn(c, k)
			}
		}
	}
	return out + " FROM (" + q.candidates() + ")"
}

// measuresOf lists the measures of the conditions, equality only where it is
// the only one.
func measuresOf(list []model.Condition) []model.Measure {
	var out []model.Measure
	for _, c := range list {
		if c.Measure != "" && c.Measure != model.Exact && (len(out) == 0 || out[len(out)-1] != c.Measure) {
			out = append(out, c.Measure)
		}
	}
	if out == nil {
		out = []model.Measure{model.Exact}
	}
	return out
}

func leastThresholds(list []model.Condition) map[model.Measure]float64 {
	out := map[model.Measure]float64{}
	for _, c := range list {
		if least, ok := out[c.Measure]; !ok || c.Threshold < least {
			out[c.Measure] = c.Threshold
		}
	}
	return out
}

func measureColumn(c *model.Comparison, m model.Measure) string {
	return fmt.Sprintf("%s_%s", c.Attributes[0], m)
}

func measureSQL(c *model.Comparison, m model.Measure, least float64) string {
	name := string(c.Attributes[0])
	equal := fmt.Sprintf("%s_l = %s_r", name, name)
	if c.Attributes[0] == attribute.BirthDate {
		name += "_text"
	}
	switch {
	case m == model.Exact:
		return fmt.Sprintf("CASE WHEN %s THEN 1 WHEN %s_l IS NOT NULL AND %s_r IS NOT NULL THEN 0 END", equal, name, name)
	case m.IsSimilarity():
		// Below a cutoff DuckDB stops early. Rounding also loses similarities
		// equal to it (0.88 of 0.88), so it lies a little below the threshold.
		least -= 1e-9
		return fmt.Sprintf("CASE WHEN %s THEN 1 ELSE %s(%s_l, %s_r, %s) END", equal, functions[m], name, name, double(least))
	}
	return fmt.Sprintf("CASE WHEN %s THEN 0 ELSE %s(%s_l, %s_r) END", equal, functions[m], name, name)
}

// levels grades each comparison of each pair.
func (q *query) levels() string {
	out := "SELECT rule, a, b"
	for i := range q.model.Comparisons {
		c := &q.model.Comparisons[i]
		list, _ := conditions(c)
		first := measureColumn(c, measuresOf(list)[0])
		out += fmt.Sprintf(", CASE WHEN %s IS NULL THEN 0", first)
		for k := len(list) - 1; k > model.ElseLevel; k-- {
			out += " WHEN " + q.holds(c, list[k], measuresOf(list)[0]) + fmt.Sprintf(" THEN %d", k)
		}
		out += fmt.Sprintf(" ELSE 1 END AS level_%d", i)
		for k, l := range c.Levels {
			if t := l.TermFrequency; t != nil && t.Strength > 0 {
				out += ", " + frequencyColumn(c, k)
			}
		}
	}
	return out + " FROM (" + q.measures() + ")"
}

// holds is the condition on the measures; first stands in for equality.
func (q *query) holds(c *model.Comparison, condition model.Condition, first model.Measure) string {
	switch {
	case condition.Measure == model.Exact && first.IsDistance():
		return measureColumn(c, first) + " = 0"
	case condition.Measure == model.Exact:
		return measureColumn(c, first) + " = 1"
	case condition.Measure.IsSimilarity():
		return fmt.Sprintf("%s >= %s", measureColumn(c, condition.Measure), double(condition.Threshold))
	}
	return fmt.Sprintf("%s <= %g", measureColumn(c, condition.Measure), condition.Threshold)
}

// pattern packs the levels, 5 bits each.
func (q *query) pattern() string {
	var parts []string
	for i := range q.model.Comparisons {
		parts = append(parts, fmt.Sprintf("(level_%d::UBIGINT << %d)", i, i*score.LevelBits))
	}
	return strings.Join(parts, " | ")
}

// weight is the match weight in the fixed-point unit.
func (q *query) weight() string {
	out := fmt.Sprint(fixed(q.model.PriorWeight()))
	for i := range q.model.Comparisons {
		c := &q.model.Comparisons[i]
		out += fmt.Sprintf(" + CASE level_%d WHEN 0 THEN 0", i)
		for k := model.ElseLevel; k < len(c.Levels); k++ {
			out += fmt.Sprintf(" WHEN %d THEN %d", k, fixed(math.Log2(c.Levels[k].M/c.Levels[k].U)))
			if t := c.Levels[k].TermFrequency; t != nil && t.Strength > 0 {
				out += " + " + frequencyColumn(c, k)
			}
		}
		out += " END"
	}
	return out
}

func fixed(bits float64) int64 { return int64(math.Round(bits * score.Bit)) }

// count is the full mode: pairs by rule and pattern.
func (q *query) count() string {
	return fmt.Sprintf("CREATE TABLE result AS SELECT rule, pattern, count(*) AS pairs FROM (SELECT rule, %s AS pattern FROM (%s)) GROUP BY rule, pattern",
		q.pattern(), q.levels())
}

// link is the link mode: the pairs whose weight is at least threshold, in
// bits.
func (q *query) link(threshold float64) string {
	return fmt.Sprintf("CREATE TABLE result AS SELECT a, b, weight, rule, %s AS pattern FROM (SELECT *, (%s)::INTEGER AS weight FROM (%s)) WHERE weight >= %d",
		q.pattern(), q.weight(), q.levels(), fixed(threshold))
}
