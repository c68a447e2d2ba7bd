// Package model is the trained match model: the parameters of the
// Fellegi-Sunter comparison model as versioned, strict, human-readable JSON.
//
// matching/train makes a [Model], matching/score turns it into weights,
// transforms/report draws it, and an auditor reads the file. [Parse] accepts
// nothing it does not understand, [Model.Validate] refuses a model whose
// parts do not fit together, and [Model.JSON] gives the same bytes for the
// same model. A model holds parameters and counts, never a value of a record.
//
// The match weight of a pair of records, in bits (log2 odds), is
//
//	log2(λ/(1−λ)) + Σ over comparisons of log2(m/u) at the observed level
//	              + Σ over its term-frequency levels of strength·log2(base/f)
//
// with λ the prior, m and u the shares of matching and of non-matching pairs
// at the level, and f the share of records that hold the agreed value
// (Fellegi and Sunter 1969; term frequencies after Winkler 2000). A null
// level weighs nothing.
//
// A model may know a third class, the relatives: two people who share a
// household or an office. A pair's odds against them are λ/relatives times the
// product of m/r, and its weight is that of a match against both,
// −log2(2^−strangers + 2^−relatives).
package model

import (
	"math"

	"concord/schemas/attribute"
)

// Format and Version open every model file.
const (
	Format  = "concord match model"
	Version = 1
)

// Model is a trained match model. Field order is the order of the file.
type Model struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	// CreatedFor is the digest of the configuration the model was trained
	// for, "" when it was not made by a job.
	CreatedFor string `json:"created_for"`
	// Seed chose the sampled pairs.
	Seed uint64 `json:"seed"`
	// Prior is λ: the probability that two records drawn at random match.
	Prior float64 `json:"prior"`
	// Relatives is the probability that two records drawn at random are of two
	// people who share a household or an office; 0 when the model has no such
	// class.
	Relatives float64 `json:"relatives,omitzero"`
	// Twins is the same of two people who were born on one day besides.
	Twins       float64      `json:"twins,omitzero"`
	Comparisons []Comparison `json:"comparisons"`
	// BlockingRules are the rules whose pairs were counted, in order.
	BlockingRules []string `json:"blocking_rules"`
	// DeterministicRules are the rules λ was estimated from, in order.
	DeterministicRules []string `json:"deterministic_rules"`
	Training           Training `json:"training"`
}

// Comparison is one comparison with its agreement levels.
type Comparison struct {
	Name string `json:"name"`
	// Comparator is the comparator that grades the pairs: one of
	// matching/compare by name, or [Text] for a threshold comparison that the
	// levels themselves describe.
	Comparator  string           `json:"comparator"`
	Attributes  []attribute.Name `json:"attributes"`
	Description string           `json:"description"`
	// Levels are by level number: 0 null, 1 else, from there on better
	// agreements.
	Levels []Level `json:"levels"`
}

// Level is one agreement level.
type Level struct {
	Label       string `json:"label"`
	Description string `json:"description"`
	// When is the condition of a level of a [Text] comparison: see
	// [ParseCondition]. Empty for others, and for null and else.
	When string `json:"when,omitempty"`
	// M and U are the shares of matching and non-matching pairs at this level
	// among pairs where both values are present. Zero for the null level.
	M float64 `json:"m,omitzero"`
	U float64 `json:"u,omitzero"`
	// R is the share of the relatives' pairs, 0 when the model has none.
	R float64 `json:"r,omitzero"`
	// T is the share of the twins' pairs, 0 when the model has none.
	T float64 `json:"t,omitzero"`
	// Weight is log2(M/U) in bits. It is written for the reader and checked
	// against M and U when read; 0 for the null level.
	Weight        float64        `json:"weight"`
	TermFrequency *TermFrequency `json:"term_frequency,omitempty"`
}

// TermFrequency makes agreement on a rare value worth more than on a common
// one: strength·log2(base/f) bits, f being the value's share of the records.
type TermFrequency struct {
	// Strength is 1 for the full adjustment, 0 for none.
	Strength float64 `json:"strength"`
	// Base is the share at which the adjustment is nothing: the harmonic mean
	// of f over non-matching pairs at the level, so that the adjustment leaves
	// the level's mean Bayes factor among non-matches as it was.
	Base float64 `json:"base"`
}

// NullLevel and ElseLevel are the level numbers every comparison has.
const (
	NullLevel = 0
	ElseLevel = 1
)

// PriorWeight is log2(λ/(1−λ)), in bits.
func (m *Model) PriorWeight() float64 { return math.Log2(m.Prior / (1 - m.Prior)) }

// Bits is log2(M/U), 0 for a level without parameters.
func (l *Level) Bits() float64 {
	if l.M == 0 || l.U == 0 {
		return 0
	}
	return math.Log2(l.M / l.U)
}

// Adjustment is the term-frequency part of the weight, in bits, for a value
// that share of the records hold, 0 < share ≤ 1.
func (t *TermFrequency) Adjustment(share float64) float64 {
	if t == nil {
		return 0
	}
	return t.Strength * math.Log2(t.Base/share)
}

// Comparison finds a comparison by name, nil when there is none.
func (m *Model) Comparison(name string) *Comparison {
	for i := range m.Comparisons {
		if m.Comparisons[i].Name == name {
			return &m.Comparisons[i]
		}
	}
	return nil
}

// SetWeights derives every level's Weight from its M and U.
func (m *Model) SetWeights() {
	for i := range m.Comparisons {
		for k := range m.Comparisons[i].Levels {
			l := &m.Comparisons[i].Levels[k]
			l.Weight = l.Bits()
		}
	}
}
