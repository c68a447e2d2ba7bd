package train

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"concord/matching/compare"
	"concord/schemas/model"
)

// check refuses input that no counting can have produced.
func (in *Input) check() error {
	if n := len(in.Comparisons); n == 0 || n > 64/LevelBits {
		return fmt.Errorf("train: %d comparisons, want 1 to %d", n, 64/LevelBits)
	}
	if len(in.Samples) != 0 && len(in.Samples) != len(in.Comparisons) {
		return fmt.Errorf("train: %d level samples for %d comparisons", len(in.Samples), len(in.Comparisons))
	}
	for _, r := range in.Recaptures {
		if min(r.A, r.B) < 0 || max(r.A, r.B) >= len(in.Captures) {
			return fmt.Errorf("train: overlap of deterministic rules %d and %d, of which there are %d", r.A, r.B, len(in.Captures))
		}
	}
	if err := in.checkTable("all blocked pairs", in.Union); err != nil {
		return err
	}
	for _, p := range in.Passes {
		if err := in.checkTable(p.Rule, p.Counts); err != nil {
			return err
		}
	}
	for _, l := range in.Labels {
		if err := in.checkTable("labels", Table{{l.Pattern, l.Pairs}}); err != nil {
			return err
		}
	}
	return nil
}

func (in *Input) checkTable(name string, t Table) error {
	for _, c := range t {
		for k := range in.Comparisons {
			if Level(c.Pattern, k) >= len(in.Comparisons[k].Levels) {
				return fmt.Errorf("train: pattern %#x of %q: comparison %q has no level %d", c.Pattern, name, in.Comparisons[k].Name, Level(c.Pattern, k))
			}
		}
		if c.Pattern>>(LevelBits*len(in.Comparisons)) != 0 || c.Pairs < 0 {
			return fmt.Errorf("train: pattern %#x of %q: more comparisons than %d, or a negative count", c.Pattern, name, len(in.Comparisons))
		}
	}
	return nil
}

// model puts the estimates into a model file.
func (f *fitting) model(o Options) *model.Model {
	m := &model.Model{
		Format: model.Format, Version: model.Version, CreatedFor: o.CreatedFor, Seed: o.Seed,
		Prior: f.lambda, Relatives: f.kin[relatives].size, Twins: f.kin[twins].size, Comparisons: slices.Clone(f.in.Comparisons),
	}
	for k := range m.Comparisons {
		m.Comparisons[k].Levels = f.levels(k)
	}
	for _, p := range f.in.Passes {
		m.BlockingRules = append(m.BlockingRules, p.Rule)
	}
	for _, c := range f.in.Captures {
		m.DeterministicRules = append(m.DeterministicRules, c.Rule)
	}
	m.SetWeights()
	m.Training = f.training()
	return m
}

func (f *fitting) levels(k int) []model.Level {
	out := slices.Clone(f.in.Comparisons[k].Levels)
	var sample *LevelSample
	if len(f.in.Samples) > 0 {
		sample = f.in.Samples[k]
	}
	base := bases(sample, f.u[k])
	if f.in.Comparisons[k].Comparator == model.Text {
		base = textBases(out, f.u[k])
	}
	for l := model.ElseLevel; l < len(out); l++ {
		out[l].M, out[l].U = f.m[k][l], f.u[k][l]
		if r := f.kin[relatives].shares; r != nil {
			out[l].R = r[k][l]
		}
		if t := f.kin[twins].shares; t != nil {
			out[l].T = t[k][l]
		}
		if t := out[l].TermFrequency; t != nil {
			out[l].TermFrequency = &model.TermFrequency{Strength: t.Strength, Base: base[l]}
		}
	}
	return out
}

// textBases are the bases of a text comparison: the u of equality at every
// level, or a level's own where there is none. So does Splink, to which such
// models go.
func textBases(levels []model.Level, u []float64) []float64 {
	out := slices.Clone(u)
	for l := range levels {
		if levels[l].When == string(model.Exact) {
			return slices.Repeat(u[l:l+1], len(u))
		}
	}
	return out
}

func (f *fitting) training() model.Training {
	weighed := f.weigh()
	t := model.Training{
		Method: model.Estimated, Records: f.in.Records, Pairs: f.in.Pairs,
		BlockedPairs: f.union.Pairs(), Matches: f.matches, Prior: f.prior, Rounds: f.rounds,
		Converged: f.settled, Passes: f.passResults(),
		Dependence: dependences(f.in.Comparisons, weighed),
		Patterns:   f.patterns(weighed),
	}
	for _, s := range f.in.Samples {
		if s != nil {
			t.RandomPairs = max(t.RandomPairs, s.Graded)
		}
	}
	for _, l := range f.in.Labels {
		t.LabelledPairs += l.Pairs
	}
	for _, p := range t.Passes {
		t.Iterations += p.Iterations
		t.Converged = t.Converged && p.Converged
	}
	if !f.trained {
		t.Method = model.Untrained
	}
	t.Warnings = f.warnings(&t)
	return t
}

func (f *fitting) passResults() (out []model.Pass) {
	if !f.trained {
		return nil
	}
	for _, s := range f.passes {
		out = append(out, s.result)
	}
	if f.whole != nil {
		out = append(out, f.whole.result)
	}
	return out
}

// Patterns shown in the model: the most certain matches and the most doubt.
const shownPatterns = 20

// patterns picks the patterns with the most expected matches and those with
// the most doubt, and orders them by weight.
func (f *fitting) patterns(all []weighed) []model.Pattern {
	const ln2 = math.Ln2
	chosen := map[uint64]model.Pattern{}
	pick := func(score func(weighed) float64) {
		slices.SortStableFunc(all, func(a, b weighed) int { return cmp.Compare(score(b), score(a)) })
		for _, w := range all[:min(shownPatterns, len(all))] {
			p := model.Pattern{Pairs: w.pairs, Weight: w.weight / ln2}
			for k := range f.in.Comparisons {
				p.Levels = append(p.Levels, Level(w.pattern, k))
			}
			chosen[w.pattern] = p
		}
	}
	pick(func(w weighed) float64 { return w.matches })
	pick(func(w weighed) float64 { return w.matches * sigmoid(-w.weight) })
	out := make([]model.Pattern, 0, len(chosen))
	for _, p := range chosen {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b model.Pattern) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), slices.Compare(a.Levels, b.Levels))
	})
	return out
}

// Check tells whether the model's comparisons are those of the comparators,
// level by level: what scoring needs. The error names the first difference.
func Check(m *model.Model, comparators []compare.Comparator) error {
	if len(m.Comparisons) != len(comparators) {
		return fmt.Errorf("match model: %d comparisons, the data give %d: train again", len(m.Comparisons), len(comparators))
	}
	for i, c := range comparators {
		have := &m.Comparisons[i]
		if have.Name != c.Name() {
			return fmt.Errorf("match model: comparison %d is %q, the data give %q: train again", i, have.Name, c.Name())
		}
		levels := c.Levels()
		if len(have.Levels) != len(levels) {
			return fmt.Errorf("match model: comparison %q has %d levels, its comparator %d: train again", have.Name, len(have.Levels), len(levels))
		}
		for l := range levels {
			if have.Levels[l].Label != levels[l].Label {
				return fmt.Errorf("match model: comparison %q level %d is %q, its comparator's %q: train again", have.Name, l, have.Levels[l].Label, levels[l].Label)
			}
		}
	}
	return nil
}
