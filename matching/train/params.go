package train

import (
	"concord/matching/score"
	"concord/schemas/model"
)

// Params is the model as the scorer takes it.
func Params(m *model.Model) score.Params {
	p := score.Params{Prior: m.PriorWeight()}
	if m.Relatives > 0 {
		p.Relatives = m.Relatives / m.Prior
	}
	if m.Twins > 0 {
		p.Twins = m.Twins / m.Prior
	}
	for i := range m.Comparisons {
		from := &m.Comparisons[i]
		c := score.Comparison{Name: from.Name}
		for k := range from.Levels {
			l := &from.Levels[k]
			level := score.Level{Label: l.Label, Description: l.Description, M: l.M, U: l.U, R: l.R, T: l.T}
			if t := l.TermFrequency; t != nil {
				level.TFStrength, level.TFBase = t.Strength, t.Base
			}
			c.Levels = append(c.Levels, level)
		}
		p.Comparisons = append(p.Comparisons, c)
	}
	return p
}

// FromPatterns is the scorer's pattern counts as a table.
func FromPatterns(counts []score.PatternCount) Table {
	t := make(Table, len(counts))
	for i, c := range counts {
		t[i] = Count(c)
	}
	return t
}
