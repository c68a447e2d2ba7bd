package score

import (
	"fmt"
	"math"

	"concord/matching/block"
	"concord/matching/column"
	"concord/matching/compare"
)

// Scorer scores pairs. One goroutine uses it: Clone makes another.
type Scorer struct {
	params    *Params
	compiled  []weights
	prior     int32
	threshold int32
	relatives relatives
	missing   *missing // nil where nothing is abandoned
	kernels   []compare.Kernel
	exact     []uint32            // by comparison: the ceilings that need not be graded
	learned   map[int]*evaluation // by blocking rule
	now       *evaluation         // of the unit's rule
	records   []uint32            // of the unit
	lacking   []uint16            // what they lack
	adjusted  []adjusted          // by comparison, the last
	loaded    uint64              // a bit for each comparison whose kernel has the unit's records

	// Of the pairs of a batch that may still reach the threshold: the most that
	// their weight can be, and the ceilings known of them, packed like levels.
	bounds   []int32
	ceilings []uint64
	levels   []compare.Level // of one comparison and a batch

	Stats Stats
}

// Stats counts a scorer's work. Pairs and Links depend on nothing but the
// plan and the model; Graded also on how units were spread over workers.
type Stats struct {
	Pairs  int64 // pairs walked
	Graded int64 // pairs that the ceilings could not rule out
	Links  int64 // pairs that reached the threshold
}

// New compiles a model for the kernels of its comparisons, in the same order,
// bound to a table of n records. Pairs whose weight is at least threshold, in
// bits, become edges; math.Inf(-1) keeps all.
func New(kernels []compare.Kernel, p Params, n int, threshold float64) (*Scorer, error) {
	if len(kernels) != len(p.Comparisons) {
		return nil, fmt.Errorf("compile match model: %d comparisons for %d kernels", len(p.Comparisons), len(kernels))
	}
	if err := p.validate(); err != nil {
		return nil, fmt.Errorf("compile match model: %w", err)
	}
	s := &Scorer{params: &p, prior: fixed(p.Prior), kernels: kernels, relatives: compileRelatives(&p)}
	s.threshold = math.MinInt32
	if threshold > math.MinInt32/Bit {
		s.threshold = fixed(min(threshold, math.MaxInt32/Bit))
	}
	for i, c := range p.Comparisons {
		s.compiled = append(s.compiled, compile(c, n, kernels[i]))
	}
	if s.threshold > math.MinInt32 {
		s.missing = newMissing(kernels, n, s.prior, s.compiled)
	}
	s.init()
	return s, nil
}

func (s *Scorer) init() {
	s.adjusted = make([]adjusted, len(s.kernels))
	s.learned, s.exact = map[int]*evaluation{}, s.exact[:0]
	for _, k := range s.kernels {
		s.exact = append(s.exact, k.Exact())
	}
	s.bounds, s.ceilings = make([]int32, block.BatchPairs), make([]uint64, block.BatchPairs)
	s.levels = make([]compare.Level, block.BatchPairs)
}

// Clone is a scorer for another goroutine. It shares the compiled model.
func (s *Scorer) Clone() *Scorer {
	c := &Scorer{params: s.params, compiled: s.compiled, prior: s.prior, threshold: s.threshold, relatives: s.relatives, missing: s.missing}
	for _, k := range s.kernels {
		c.kernels = append(c.kernels, k.Clone())
	}
	c.init()
	return c
}

// Unit scores the pairs of the unit that w has just started and appends the
// edges to dst.
func (s *Scorer) Unit(w *block.Walker, dst []Edge) []Edge {
	s.now = s.evaluationOf(w.Rule())
	s.records, s.loaded = w.Records(), 0
	s.lacking = s.missing.of(s.records, s.lacking)
	for w.Next() {
		dst = s.batch(w, dst)
	}
	return dst
}

// batch scores the pairs of a batch, of which it overwrites the slice.
func (s *Scorer) batch(w *block.Walker, dst []Edge) []Edge {
	pairs, rule := w.Pairs(), uint8(w.Rule())
	s.Stats.Pairs += int64(len(pairs))
	pairs = s.filter(pairs)
	s.Stats.Graded += int64(len(pairs))
	for i, places := range pairs {
		var p column.Pair
		p.A, p.B = w.Pair(places)
		weight, pattern, ok := s.grade(p, s.bounds[i], s.ceilings[i])
		if !ok {
			continue
		}
		if weight = s.relatives.against(weight, pattern); weight < s.threshold {
			continue
		}
		s.Stats.Links++
		dst = append(dst, Edge{A: p.A, B: p.B, Weight: weight, Rule: rule, Pattern: pattern})
	}
	return dst
}

// filter keeps the pairs whose ceilings let them reach the threshold, taking
// one comparison at a time in the order learned.
func (s *Scorer) filter(pairs []column.Pair) []column.Pair {
	s.missing.start(pairs, s.lacking, s.bounds)
	clear(s.ceilings[:len(pairs)])
	order := &s.now.ceilings
	if order.learning() {
		for _, c := range order.order {
			pairs = pairs[:s.lower(c, pairs, math.MinInt32)]
			order.note(c, s.fell(c, len(pairs)))
		}
		order.learn(len(pairs))
		return pairs
	}
	for _, c := range order.order {
		if len(pairs) == 0 {
			break
		}
		pairs = pairs[:s.lower(c, pairs, s.threshold)]
	}
	return pairs
}

// lower lowers the bounds by comparison c, moves the pairs that stay at or
// above the threshold to the front and returns how many they are.
func (s *Scorer) lower(c int, pairs []column.Pair, threshold int32) int {
	fall, shift, n := &s.compiled[c].fall, LevelBits*c, len(pairs)
	levels, bounds, ceilings, kept := s.levels[:n], s.bounds[:n], s.ceilings[:n], 0
	if s.loaded>>c&1 == 0 {
		s.kernels[c].Load(s.records)
		s.loaded |= 1 << c
	}
	s.kernels[c].Ceilings(pairs, levels)
	for i, level := range levels {
		bound := bounds[i] - fall[level&(compare.MaxLevels-1)]
		pairs[kept], bounds[kept], ceilings[kept] = pairs[i], bound, ceilings[i]|uint64(level)<<shift
		if bound >= threshold {
			kept++
		}
	}
	return kept
}

// fell is by how much the ceilings of comparison c lowered n bounds.
func (s *Scorer) fell(c, n int) int64 {
	sum := int64(0)
	for _, level := range s.levels[:n] {
		sum += int64(s.compiled[c].fall[level])
	}
	return sum
}

// grade evaluates the comparisons of one pair until its weight is known or its
// bound falls below the threshold. Ceilings of null and else are exact.
func (s *Scorer) grade(p column.Pair, bound int32, ceilings uint64) (weight int32, pattern uint64, ok bool) {
	order := &s.now.grades
	learning := order.learning()
	weight = s.prior
	for _, c := range order.order {
		ceiling := ceilings >> (LevelBits * c) & (1<<LevelBits - 1)
		w := &s.compiled[c]
		if ceiling <= uint64(compare.Else) {
			pattern |= ceiling << (LevelBits * c)
			weight += w.weight[ceiling]
			continue
		}
		level := compare.Level(ceiling)
		if s.exact[c]>>ceiling&1 == 0 {
			level = s.kernels[c].Grade(p.A, p.B)
		}
		pattern |= uint64(level) << (LevelBits * c)
		gets := w.weight[level] + s.adjustment(c, p, level)
		weight += gets
		fall := w.upper[ceiling] - gets
		bound -= fall
		if learning {
			order.note(c, int64(fall))
		} else if bound < s.threshold {
			return 0, 0, false
		}
	}
	order.learn(1)
	return weight, pattern, weight >= s.threshold
}

// adjustment is the term-frequency adjustment of comparison c for two records
// that agree at the level. Pairs of one record come after each other, so that the
// last frequency is often asked for again.
func (s *Scorer) adjustment(c int, p column.Pair, level compare.Level) int32 {
	tf := s.compiled[c].tf[level]
	if tf == nil {
		return 0
	}
	frequency, last := s.kernels[c].Frequency(p.A, p.B, level), &s.adjusted[c]
	if last.level != level || last.frequency != frequency {
		*last = adjusted{level, frequency, tf.adjustment(frequency)}
	}
	return last.adjustment
}

// adjusted is the adjustment that a frequency has at a level.
type adjusted struct {
	level      compare.Level
	frequency  float64
	adjustment int32
}
