package score

import (
	"math"

	"concord/matching/column"
	"concord/matching/compare"
)

// Pair evaluates records a and b in full: their match weight in units of
// 1/Bit and their pattern, whatever the threshold. It is for pairs that come
// one at a time, such as the members of a cluster that no block brought
// together.
func (s *Scorer) Pair(a, b uint32) (weight int32, pattern uint64) {
	weight, pattern = s.strangers(a, b)
	return s.relatives.against(weight, pattern), pattern
}

// Classes is Pair with the weight that the pair would have if there were
// matches and strangers alone.
func (s *Scorer) Classes(a, b uint32) (weight, strangers int32, pattern uint64) {
	strangers, pattern = s.strangers(a, b)
	return s.relatives.against(strangers, pattern), strangers, pattern
}

// strangers is Pair against two strangers alone.
func (s *Scorer) strangers(a, b uint32) (weight int32, pattern uint64) {
	p := column.Pair{A: a, B: b}
	weight = s.prior
	for c, k := range s.kernels {
		level := k.Grade(a, b)
		pattern |= uint64(level) << (LevelBits * c)
		weight += s.compiled[c].weight[level] + s.adjustment(c, p, level)
	}
	return weight, pattern
}

// Explanation is a pair's match weight taken apart. All weights are in bits.
type Explanation struct {
	A, B  uint32
	Prior float64
	Terms []Term
	// Relatives is what it takes off, 0 or less, that the two may be people of
	// one household or office.
	Relatives float64
	Weight    float64 // Prior, the terms and Relatives added up: what the edge carries
}

// Term is what one comparison contributes.
type Term struct {
	Comparison         string
	Level              compare.Level
	Label, Description string  // of the level
	M, U               float64 // 0 at null
	Weight             float64 // log2(m/u), 0 at null
	// Frequency is the share of records that hold the agreed value where the
	// level has a term-frequency adjustment, else 0; Adjustment is what it adds.
	Frequency, Adjustment float64
}

// Probability is the chance, under the model, that the pair is a match.
func (e Explanation) Probability() float64 { return 1 / (1 + math.Exp2(-e.Weight)) }

// Explain takes the match weight of records a and b apart.
func (s *Scorer) Explain(a, b uint32) Explanation {
	strangers, pattern := s.strangers(a, b)
	weight := s.relatives.against(strangers, pattern)
	e := Explanation{A: a, B: b, Prior: bits(s.prior), Relatives: bits(weight - strangers), Weight: bits(weight)}
	for c, p := range s.params.Comparisons {
		level := compare.Level(pattern >> (LevelBits * c) & (1<<LevelBits - 1))
		l := p.Levels[level]
		t := Term{Comparison: p.Name, Level: level, Label: l.Label, Description: l.Description}
		if level != compare.Null {
			t.M, t.U, t.Weight = l.M, l.U, bits(s.compiled[c].weight[level])
			if l.TFStrength > 0 {
				t.Frequency = s.kernels[c].Frequency(a, b, level)
				t.Adjustment = bits(s.adjustment(c, column.Pair{A: a, B: b}, level))
			}
		}
		e.Terms = append(e.Terms, t)
	}
	return e
}

// bits is a fixed-point weight in bits.
func bits(weight int32) float64 { return float64(weight) / Bit }
