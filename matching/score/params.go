// Package score turns agreement levels into match weights.
//
// A [Scorer] holds a model compiled to integers and walks the units of a
// block plan. The match weight of a pair is the log2 odds that the two records
// are the same person (Fellegi & Sunter 1969, in the logarithmic form):
//
//	weight = log2(λ/(1-λ)) + Σ over comparisons of log2(m/u) + term-frequency adjustments
//
// Pairs that cannot reach the threshold are abandoned early, by exact upper
// bounds: the links are those of full evaluation. The same walk, evaluated in
// full, counts agreement patterns for training.
//
// Weights are fixed-point integers, so their sums do not depend on order or
// machine. Everything here is sequential and pure; [Scorer.Clone] makes one
// for each worker.
package score

import (
	"fmt"
	"math"

	"concord/matching/compare"
)

// Bit is one bit of match weight, odds of 2 to 1, in the fixed-point unit of
// [Edge.Weight].
const Bit = 1 << 16

// MaxComparisons is how many comparisons a pattern holds, 5 bits each.
const MaxComparisons = 64 / LevelBits

// LevelBits is how many bits of a pattern hold one comparison's level.
const LevelBits = 5

// Params is a model as the scorer takes it.
type Params struct {
	Prior float64 // log2(λ/(1-λ)), λ the chance that two random records match
	// Relatives is how many pairs of relatives there are to one match, people
	// who share a household or an office; 0 for a model that knows none.
	Relatives float64
	// Twins is the same of those born on one day besides.
	Twins       float64
	Comparisons []Comparison
}

// Comparison is the parameters of one comparison. Comparison k has bits 5k to
// 5k+4 of a pattern.
type Comparison struct {
	Name   string
	Levels []Level // by compare.Level; the null level's m and u are not read
}

// Level is the parameters of one agreement level.
type Level struct {
	Label, Description string
	M, U               float64 // chance of the level among matches, among non-matches
	R                  float64 // among relatives; not read without Params.Relatives
	T                  float64 // among twins; not read without Params.Twins
	// TFStrength, from 0 (no adjustment) to 1, scales the term-frequency
	// adjustment log2(TFBase ÷ frequency of the agreed value).
	TFStrength float64
	// TFBase is the chance that two random records agree on what the frequency
	// is of, Σ p² over its values: 0 means U.
	TFBase float64
}

// Weight is log2(m/u).
func (l Level) Weight() float64 { return math.Log2(l.M / l.U) }

// base is log2 of what the frequency of an agreed value is relative to.
func (l Level) base() float64 {
	if l.TFBase > 0 {
		return math.Log2(l.TFBase)
	}
	return math.Log2(l.U)
}

// maxWeight bounds one level's weight and the prior, in bits: sums of twelve
// stay far from the ends of an int32.
const maxWeight = 256

// maxRelatives bounds the relatives and the twins to one match: 2^40.
const maxRelatives = 1 << 40

func (p *Params) validate() error {
	if len(p.Comparisons) > MaxComparisons {
		return fmt.Errorf("the model has %d comparisons and %d fit a pattern: leave out the least informative", len(p.Comparisons), MaxComparisons)
	}
	if !(math.Abs(p.Prior) <= maxWeight) {
		return fmt.Errorf("prior log2 odds %v: want at most ±%d", p.Prior, maxWeight)
	}
	if !(p.Relatives >= 0 && p.Relatives <= maxRelatives) {
		return fmt.Errorf("relatives to one match %v: want 0 to %v", p.Relatives, maxRelatives)
	}
	if !(p.Twins >= 0 && p.Twins <= maxRelatives) {
		return fmt.Errorf("twins to one match %v: want 0 to %v", p.Twins, maxRelatives)
	}
	for _, c := range p.Comparisons {
		if len(c.Levels) < 2 || len(c.Levels) > compare.MaxLevels {
			return fmt.Errorf("comparison %q has %d levels: want 2 to %d", c.Name, len(c.Levels), compare.MaxLevels)
		}
		if c.Levels[compare.Else].TFStrength != 0 {
			return fmt.Errorf("comparison %q: values that disagree have no term frequency", c.Name)
		}
		for _, l := range c.Levels[1:] {
			if err := l.validate(); err != nil {
				return fmt.Errorf("comparison %q level %q: %w", c.Name, l.Label, err)
			}
			if p.Relatives > 0 && !(l.R > 0 && l.R <= 1) {
				return fmt.Errorf("comparison %q level %q: r is %v: want a probability above 0", c.Name, l.Label, l.R)
			}
			if p.Twins > 0 && !(l.T > 0 && l.T <= 1) {
				return fmt.Errorf("comparison %q level %q: t is %v: want a probability above 0", c.Name, l.Label, l.T)
			}
		}
	}
	return nil
}

func (l Level) validate() error {
	switch {
	case !(l.M > 0 && l.M <= 1):
		return fmt.Errorf("m is %v: want a probability above 0", l.M)
	case !(l.U > 0 && l.U <= 1):
		return fmt.Errorf("u is %v: want a probability above 0", l.U)
	case !(l.TFStrength >= 0 && l.TFStrength <= 1):
		return fmt.Errorf("term-frequency strength is %v: want 0 to 1", l.TFStrength)
	case !(l.TFBase >= 0 && l.TFBase <= 1):
		return fmt.Errorf("term-frequency base is %v: want a probability, or 0 for u", l.TFBase)
	case !(math.Abs(l.Weight()) <= maxWeight):
		return fmt.Errorf("weight is %v bits: want at most ±%d", l.Weight(), maxWeight)
	}
	return nil
}

// fixed is a weight in bits as a fixed-point integer.
func fixed(bits float64) int32 { return int32(math.Round(bits * Bit)) }
