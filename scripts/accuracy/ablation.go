package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"concord/jobs/pipeline"
	"concord/schemas/job"
	"concord/schemas/model"
)

// change alters a job before it is resolved; dir is where its file is.
type change func(j *job.Job, dir string) error

// withModel fixes the model of the job to a varied copy of m.
func withModel(m *model.Model, vary func(*model.Model)) change {
	return func(j *job.Job, dir string) error {
		text, err := m.JSON()
		if err != nil {
			return err
		}
		copied, err := model.Parse(text)
		if err != nil {
			return err
		}
		vary(copied)
		if text, err = copied.JSON(); err != nil {
			return err
		}
		j.Match.Model = "model.json"
		return os.WriteFile(filepath.Join(dir, j.Match.Model), text, 0o600)
	}
}

// withoutRules switches the deterministic rules off.
func withoutRules(m *model.Model) change {
	return func(j *job.Job, _ string) error {
		j.Match.Off = m.DeterministicRules
		return nil
	}
}

// closing switches the closure pass.
func closing(on bool) change {
	return func(j *job.Job, _ string) error {
		j.Match.Closure = &on
		return nil
	}
}

// within bounds the pairs, with more changes.
func within(pairs int64, more ...change) change {
	return func(j *job.Job, dir string) error {
		j.Match.Budget.Pairs = job.Count(max(pairs, 1))
		for _, c := range more {
			if err := c(j, dir); err != nil {
				return err
			}
		}
		return nil
	}
}

func eachLevel(m *model.Model, do func(*model.Level)) {
	for c := range m.Comparisons {
		for l := range m.Comparisons[c].Levels {
			do(&m.Comparisons[c].Levels[l])
		}
	}
}

func noTermFrequency(m *model.Model) {
	eachLevel(m, func(l *model.Level) {
		if l.TermFrequency != nil {
			l.TermFrequency.Strength = 0
		}
	})
}

func noRelatives(m *model.Model) {
	m.Relatives, m.Twins = 0, 0
	eachLevel(m, func(l *model.Level) { l.R, l.T = 0, 0 })
}

// Thresholds, in bits, among which the best for connected components is
// looked for with the truth in hand.
const lowThreshold, highThreshold = 0, 30

// ablation prints pairwise F1 without one technique at a time, identifiers
// masked.
func (o *options) ablation(ctx context.Context) error {
	fmt.Println("| set | as built | rules alone | no rules | no term frequency | no relatives | no closure | a tenth of the pairs | and no closure | components at 0 | components, best threshold |")
	fmt.Println("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
	for _, s := range o.chosen() {
		m := masked
		if !strings.Contains(s.fields, "identifier") {
			m = written
		}
		cells, err := o.without(ctx, &s, m)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		fmt.Printf("| %s | %s |\n", s.name, strings.Join(cells, " | "))
	}
	return nil
}

func (o *options) without(ctx context.Context, s *set, m mapping) (cells []string, err error) {
	truth := filepath.Join(o.data, s.truth)
	x, _, err := o.resolve(ctx, s, m)
	if err != nil {
		return nil, err
	}
	e, err := x.Evaluate(truth)
	if err != nil {
		return nil, err
	}
	alone, err := x.RulesAlone(truth)
	if err != nil {
		return nil, err
	}
	cells = []string{f1(e.Clusters.Pairwise.F1), f1(alone.Pairwise.F1)}
	for _, c := range []change{
		withoutRules(x.Model()), withModel(x.Model(), noTermFrequency), withModel(x.Model(), noRelatives),
		closing(false), within(x.Pairs() / 10), within(x.Pairs()/10, closing(false)),
	} {
		varied, _, err := o.resolve(ctx, s, m, c)
		if err != nil {
			return nil, err
		}
		v, err := varied.Evaluate(truth)
		if err != nil {
			return nil, err
		}
		cells = append(cells, f1(v.Clusters.Pairwise.F1))
	}
	best, at, err := bestThreshold(x, truth)
	if err != nil {
		return nil, err
	}
	return append(cells, f1(e.Components.Pairwise.F1), fmt.Sprintf("%s at %d bits", f1(best), at)), nil
}

func bestThreshold(x *pipeline.Resolution, truth string) (best float64, at int, err error) {
	for bits := lowThreshold; bits <= highThreshold; bits++ {
		r, err := x.ComponentsAt(float64(bits), truth)
		if err != nil {
			return 0, 0, err
		}
		if r.Pairwise.F1 > best {
			best, at = r.Pairwise.F1, bits
		}
	}
	return best, at, nil
}

func f1(v float64) string { return fmt.Sprintf("%.4f", v) }
