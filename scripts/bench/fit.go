package main

import (
	"fmt"
	"math"

	"concord/jobs/engine"
	"concord/matching/block"
	"concord/matching/column"
	"concord/matching/score"
	"concord/matching/train"
	"concord/schemas/attribute"
	"concord/schemas/model"
)

// drafted is the benchmark's comparisons before they have parameters: name,
// then the conditions of their levels, worst first. "*" marks levels at which
// rare values are worth more.
var drafted = []struct {
	name       attribute.Name
	conditions []string
}{
	{attribute.GivenName, []string{"jaro_winkler >= 0.88", "jaro_winkler >= 0.92", "exact*"}},
	{attribute.FamilyName, []string{"jaro_winkler >= 0.88", "jaro_winkler >= 0.92*", "exact*"}},
	{attribute.BirthDate, []string{"levenshtein <= 1", "exact"}},
	{attribute.Email, []string{"jaro_winkler >= 0.88", "jaro_winkler >= 0.92", "exact"}},
	{attribute.Phone, []string{"levenshtein <= 1", "exact"}},
	{attribute.Street, []string{"jaro_winkler >= 0.88", "jaro_winkler >= 0.92", "exact*"}},
}

// draftedRules are loose enough for some 35 pairs a record at a million
// records.
var draftedRules = []string{
	"email", "phone", "street", "given_name + family_name", "family_name + city", "family_name + birth_date.year",
	"given_name + city", "birth_date", "given_name + birth_date.year",
}

func draft() *model.Model {
	m := &model.Model{BlockingRules: draftedRules}
	for _, d := range drafted {
		c := model.Comparison{Name: string(d.name), Comparator: model.Text, Attributes: []attribute.Name{d.name}, Description: "the values of one column"}
		c.Levels = []model.Level{{Label: "null", Description: "a value is missing"}, {Label: "else", Description: "the values differ"}}
		for _, when := range d.conditions {
			l := model.Level{Label: when, Description: when, When: when}
			if n := len(when) - 1; when[n] == '*' {
				l = model.Level{Label: when[:n], Description: when[:n], When: when[:n], TermFrequency: &model.TermFrequency{Strength: 1}}
			}
			c.Levels = append(c.Levels, l)
		}
		m.Comparisons = append(m.Comparisons, c)
	}
	return m
}

// fit estimates the drafted model's parameters from the records.
func fit(table *column.Table, workers engine.Engine) (*model.Model, error) {
	d := draft()
	m, err := newMatcher(table, d, workers)
	if err != nil {
		return nil, err
	}
	n := int64(table.N)
	in := train.Input{
		Comparisons: train.Describe(m.comparators), Records: n, Pairs: n * (n - 1) / 2,
		Samples: train.Sample(table, m.comparators, train.SampleOptions{}),
	}
	for k := range m.plan.Len() {
		rule := m.plan.Rule(k)
		plan, err := newPlan(table, []block.Rule{rule}, workers)
		if err != nil {
			return nil, err
		}
		single := *m
		single.plan = plan
		counts, err := single.countPlan()
		if err != nil {
			return nil, err
		}
		in.Passes = append(in.Passes, train.Pass{Rule: rule.String(), Fixed: train.Fixed(rule, in.Comparisons), Counts: counts})
	}
	if in.Union, err = m.countPlan(); err != nil {
		return nil, err
	}
	out, err := train.Train(in, train.Options{})
	if err != nil {
		return nil, fmt.Errorf("fit model: %w", err)
	}
	rebase(out)
	out.BlockingRules = d.BlockingRules
	// The benchmark reads parameters; how they came about is for reports.
	out.Training = model.Training{Method: out.Training.Method, Records: n, Pairs: in.Pairs, Prior: out.Training.Prior}
	return out, nil
}

// rebase makes the frequency of agreement at random the one that an adjustment
// is relative to, which is the form that Splink has too.
func rebase(m *model.Model) {
	for i := range m.Comparisons {
		levels := m.Comparisons[i].Levels
		for k := range levels {
			if levels[k].TermFrequency != nil {
				levels[k].TermFrequency.Base = levels[len(levels)-1].U
			}
		}
	}
}

// countPlan is the patterns of all pairs of the plan.
func (m *matcher) countPlan() (train.Table, error) {
	level := score.Level{M: 1, U: 1}
	var p score.Params
	for _, c := range m.comparators {
		comparison := score.Comparison{Name: c.Name()}
		for range c.Levels() {
			comparison.Levels = append(comparison.Levels, level)
		}
		p.Comparisons = append(p.Comparisons, comparison)
	}
	s, err := score.New(m.kernels, p, m.table.N, math.Inf(-1))
	if err != nil {
		return nil, err
	}
	counts, _, err := m.count(s)
	if err != nil {
		return nil, err
	}
	var total score.Patterns
	for _, c := range counts {
		total.Add(c.Pattern, c.Pairs)
	}
	return train.FromPatterns(total.Sorted()), nil
}
