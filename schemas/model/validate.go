package model

import (
	"fmt"
	"math"
)

// Tolerances of Validate.
const (
	// sumTolerance is what rounding leaves of Σm = 1 and Σu = 1.
	sumTolerance = 1e-6
	// importedSumTolerance is wider: other tools clamp the parameters of
	// levels they never saw, and rescaling would change the weights.
	importedSumTolerance = 0.01
	// weightTolerance is in bits.
	weightTolerance = 1e-6
	// maxLevels is what fits an agreement pattern: 5 bits a comparison.
	maxLevels = 32
	// maxComparisons of 5 bits fit a 64-bit pattern.
	maxComparisons = 12
)

// Validate tells the first thing wrong with the model, by its place in the
// file, as in `comparisons[2] "email" level "exact": m = 1.2, want inside (0, 1)`.
func (m *Model) Validate() error {
	if m.Format != Format {
		return fmt.Errorf("format: %q, want %q", m.Format, Format)
	}
	if m.Version != Version {
		return fmt.Errorf("version: %d, this release reads version %d", m.Version, Version)
	}
	if !inside(m.Prior) {
		return fmt.Errorf("prior: %g, want inside (0, 1)", m.Prior)
	}
	if m.Relatives != 0 && !inside(m.Relatives) {
		return fmt.Errorf("relatives: %g, want inside (0, 1), or none", m.Relatives)
	}
	if m.Twins != 0 && !inside(m.Twins) {
		return fmt.Errorf("twins: %g, want inside (0, 1), or none", m.Twins)
	}
	if len(m.Comparisons) == 0 || len(m.Comparisons) > maxComparisons {
		return fmt.Errorf("comparisons: %d, want 1 to %d", len(m.Comparisons), maxComparisons)
	}
	seen := map[string]bool{}
	for i := range m.Comparisons {
		c := &m.Comparisons[i]
		if c.Name == "" || seen[c.Name] {
			return fmt.Errorf("comparisons[%d]: name %q is empty or used twice", i, c.Name)
		}
		seen[c.Name] = true
		if err := c.validate(m.Training.Method); err != nil {
			return fmt.Errorf("comparisons[%d] %q: %w", i, c.Name, err)
		}
		if err := c.validateKin("r", m.Relatives != 0, func(l *Level) float64 { return l.R }); err != nil {
			return fmt.Errorf("comparisons[%d] %q: %w", i, c.Name, err)
		}
		if err := c.validateKin("t", m.Twins != 0, func(l *Level) float64 { return l.T }); err != nil {
			return fmt.Errorf("comparisons[%d] %q: %w", i, c.Name, err)
		}
	}
	return m.Training.validate()
}

func (c *Comparison) validate(method Method) error {
	if c.Comparator == "" || len(c.Attributes) == 0 {
		return fmt.Errorf("comparator and attributes must be given")
	}
	if len(c.Levels) < 3 || len(c.Levels) > maxLevels {
		return fmt.Errorf("levels: %d, want 3 (null, else, one agreement) to %d", len(c.Levels), maxLevels)
	}
	seen := map[string]bool{}
	var sumM, sumU float64
	for k := range c.Levels {
		l := &c.Levels[k]
		if l.Label == "" || seen[l.Label] {
			return fmt.Errorf("level %d: label %q is empty or used twice", k, l.Label)
		}
		seen[l.Label] = true
		if err := l.validate(k); err != nil {
			return fmt.Errorf("level %q: %w", l.Label, err)
		}
		if err := c.validateWhen(k); err != nil {
			return fmt.Errorf("level %q: %w", l.Label, err)
		}
		sumM += l.M
		sumU += l.U
	}
	tolerance := sumTolerance
	if method == Imported {
		tolerance = importedSumTolerance
	}
	if math.Abs(sumM-1) > tolerance || math.Abs(sumU-1) > tolerance {
		return fmt.Errorf("m sums to %g and u to %g over the levels, want 1", sumM, sumU)
	}
	return nil
}

// validateKin holds the share of a class of kin, r or t, to a distribution over
// the levels where the model has the class, and to nothing where it has none.
func (c *Comparison) validateKin(name string, has bool, share func(*Level) float64) error {
	var sum float64
	for k := range c.Levels {
		r := share(&c.Levels[k])
		switch {
		case r != 0 && (!has || k == NullLevel):
			return fmt.Errorf("level %q: %s = %g, want none", c.Levels[k].Label, name, r)
		case has && k > NullLevel && !inside(r):
			return fmt.Errorf("level %q: %s = %g, want inside (0, 1)", c.Levels[k].Label, name, r)
		}
		sum += r
	}
	if has && math.Abs(sum-1) > sumTolerance {
		return fmt.Errorf("%s sums to %g over the levels, want 1", name, sum)
	}
	return nil
}

func (l *Level) validate(k int) error {
	if k == NullLevel {
		if l.M != 0 || l.U != 0 || l.Weight != 0 || l.TermFrequency != nil {
			return fmt.Errorf("the null level (the first) has no m, u, weight or term_frequency")
		}
		return nil
	}
	if !inside(l.M) {
		return fmt.Errorf("m = %g, want inside (0, 1)", l.M)
	}
	if !inside(l.U) {
		return fmt.Errorf("u = %g, want inside (0, 1)", l.U)
	}
	if !(math.Abs(l.Weight-l.Bits()) <= weightTolerance) {
		return fmt.Errorf("weight = %g, but log2(m/u) is %.6f: correct m and u, or the weight", l.Weight, l.Bits())
	}
	if t := l.TermFrequency; t != nil {
		if k == ElseLevel {
			return fmt.Errorf("the else level agrees on no value: it has no term_frequency")
		}
		if !(t.Strength >= 0 && t.Strength <= 1) {
			return fmt.Errorf("term_frequency strength = %g, want 0 to 1", t.Strength)
		}
		if !inside(t.Base) {
			return fmt.Errorf("term_frequency base = %g, want inside (0, 1)", t.Base)
		}
	}
	return nil
}

// validateWhen holds [Text] comparisons to conditions the comparator reads,
// and others to none.
func (c *Comparison) validateWhen(k int) error {
	when := c.Levels[k].When
	if c.Comparator != Text || k <= ElseLevel {
		if when != "" {
			return fmt.Errorf("when: only the agreement levels of a %q comparator have a condition", Text)
		}
		return nil
	}
	if len(c.Attributes) != 1 {
		return fmt.Errorf("a %q comparator reads one attribute, not %d", Text, len(c.Attributes))
	}
	_, err := ParseCondition(when)
	return err
}

func (t *Training) validate() error {
	switch t.Method {
	case Estimated, Untrained, Imported:
	default:
		return fmt.Errorf("training.method: %q, want %q, %q or %q", t.Method, Estimated, Untrained, Imported)
	}
	for i, v := range []int64{t.Records, t.Pairs, t.RandomPairs, t.BlockedPairs, t.LabelledPairs} {
		if v < 0 {
			return fmt.Errorf("training: count %d of records, pairs, random_pairs, blocked_pairs, labelled_pairs is negative", i)
		}
	}
	return nil
}

// inside tells whether p is a probability other than 0 and 1; a NaN is not.
func inside(p float64) bool { return p > 0 && p < 1 }
