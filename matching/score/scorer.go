package score

import (
	"fmt"
	"math"

	"concord/matching/block"
	"concord/matching/compare"
)

// Scorer scores pairs. One goroutine uses it: Clone makes another.
type Scorer struct {
	params    *Params
	compiled  []weights
	prior     int32
	threshold int32
	relatives *relatives
	kernels   []compare.Kernel
	learned   map[int]*evaluation // by blocking rule
	now       *evaluation         // of the unit's rule

	bounds    []*row // by comparison: the upper table for the present outer record
	outer     []row  // their memory where they are the outer record's own
	most      []int32
	survivors []survivor
	ceilings  [][]compare.Level // by comparison and partner
	levels    [MaxComparisons]compare.Level
	patterns  []uint64
	pair      [2]uint32

	Stats Stats
}

// Stats counts a scorer's work. Pairs and Links depend on nothing but the
// plan and the model; Graded also on how units were spread over workers.
type Stats struct {
	Pairs  int64 // pairs walked
	Graded int64 // pairs that the ceilings could not rule out
	Links  int64 // pairs that reached the threshold
}

// survivor is a partner that may still reach the threshold.
type survivor struct {
	partner int32 // index into the walker's partners
	bound   int32 // the most its weight can be
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
	for _, c := range p.Comparisons {
		s.compiled = append(s.compiled, compile(c, n))
	}
	s.init()
	return s, nil
}

func (s *Scorer) init() {
	n := len(s.kernels)
	s.learned = map[int]*evaluation{}
	s.bounds, s.outer, s.most = make([]*row, n), make([]row, n), make([]int32, n)
	s.ceilings = make([][]compare.Level, n)
}

// Clone is a scorer for another goroutine. It shares the compiled model.
func (s *Scorer) Clone() *Scorer {
	c := &Scorer{params: s.params, compiled: s.compiled, prior: s.prior, threshold: s.threshold, relatives: s.relatives}
	for _, k := range s.kernels {
		c.kernels = append(c.kernels, k.Clone())
	}
	c.init()
	return c
}

// Unit scores the pairs of the unit that w has just started and appends the
// edges to dst.
func (s *Scorer) Unit(w *block.Walker, dst []Edge) []Edge {
	s.load(w.Rows())
	s.now = s.evaluationOf(w.Rule())
	for w.Next() {
		dst = s.row(w, dst)
	}
	return dst
}

func (s *Scorer) load(rows []uint32) {
	for _, k := range s.kernels {
		k.Load(rows)
	}
}

// row scores the outer record against its partners.
func (s *Scorer) row(w *block.Walker, dst []Edge) []Edge {
	outer, partners := w.Outer(), w.Partners()
	s.Stats.Pairs += int64(len(partners))
	for _, k := range s.kernels {
		k.Outer(outer)
	}
	most := s.bound(len(partners))
	s.filter(partners, most)
	s.Stats.Graded += int64(len(s.survivors))
	rows := w.Rows()
	for _, v := range s.survivors {
		j := int(partners[v.partner])
		weight, ok := s.grade(int(v.partner), j, v.bound)
		if !ok {
			continue
		}
		pattern := s.pattern()
		if weight = s.relatives.against(weight, pattern); weight < s.threshold {
			continue
		}
		s.Stats.Links++
		dst = append(dst, Edge{A: rows[outer], B: rows[j], Weight: weight, Rule: uint8(w.Rule()), Pattern: pattern})
	}
	return dst
}

// ownBoundsFrom is the number of partners from which it pays to bound the
// term-frequency adjustments by the outer record's own values rather than by
// the rarest there are.
const ownBoundsFrom = 8

// bound sets the upper tables for the present outer record and returns the
// most that any partner's weight can be.
func (s *Scorer) bound(partners int) int32 {
	total := s.prior
	for c := range s.compiled {
		w := &s.compiled[c]
		s.bounds[c], s.most[c] = &w.upper, w.most
		if len(w.tf) > 0 && partners >= ownBoundsFrom {
			var bonus row
			for i := range w.tf {
				t := &w.tf[i]
				bonus[t.level] = t.bound(s.kernels[c].OuterFrequency(t.level))
			}
			s.outer[c], s.most[c] = w.reach(&bonus, len(s.params.Comparisons[c].Levels))
			s.bounds[c] = &s.outer[c]
		}
		total += s.most[c]
	}
	return total
}

// filter leaves in survivors the partners whose ceilings let them reach the
// threshold, taking one comparison at a time in the order learned.
func (s *Scorer) filter(partners []int32, most int32) {
	s.survivors = s.survivors[:0]
	for i := range partners {
		s.survivors = append(s.survivors, survivor{int32(i), most})
	}
	learning := s.now.pairs < learnPairs
	for _, c := range s.now.order {
		if cap(s.ceilings[c]) < len(partners) {
			s.ceilings[c] = make([]compare.Level, 2*block.TileRows)
		}
		if learning {
			s.now.drop[c] += s.ceil(c, partners, math.MinInt32)
			continue
		}
		if s.ceil(c, partners, s.threshold); len(s.survivors) == 0 {
			return
		}
	}
	if learning {
		s.now.learn(int64(len(partners)))
		s.drop()
	}
}

// ceil lowers the survivors' bounds by comparison c, removes those below the
// threshold and returns by how much the bounds fell.
func (s *Scorer) ceil(c int, partners []int32, threshold int32) int64 {
	kernel, upper, most, ceilings := s.kernels[c], s.bounds[c], s.most[c], s.ceilings[c][:len(partners)]
	fell := int64(0)
	kept := s.survivors[:0]
	for _, v := range s.survivors {
		level := kernel.Ceiling(int(partners[v.partner]))
		ceilings[v.partner] = level
		fall := most - upper[level&(compare.MaxLevels-1)]
		fell += int64(fall)
		if v.bound -= fall; v.bound >= threshold {
			kept = append(kept, v)
		}
	}
	s.survivors = kept
	return fell
}

// drop removes the survivors below the threshold.
func (s *Scorer) drop() {
	kept := s.survivors[:0]
	for _, v := range s.survivors {
		if v.bound >= s.threshold {
			kept = append(kept, v)
		}
	}
	s.survivors = kept
}

// grade evaluates the comparisons of one partner until its weight is known or
// its bound falls below the threshold. Ceilings of null and else are exact.
func (s *Scorer) grade(partner, j int, bound int32) (weight int32, ok bool) {
	for _, c := range s.now.order {
		ceiling := s.ceilings[c][partner]
		s.levels[c] = ceiling
		if ceiling <= compare.Else {
			continue
		}
		w := &s.compiled[c]
		level := s.kernels[c].Grade(j)
		s.levels[c] = level
		got := w.weight[level]
		if len(w.tf) > 0 {
			got += w.adjustmentAt(s.kernels[c], j, level)
		}
		if bound += got - s.bounds[c][ceiling]; bound < s.threshold {
			return 0, false
		}
	}
	return bound, true
}

func (s *Scorer) pattern() uint64 {
	p := uint64(0)
	for c := range s.kernels {
		p |= uint64(s.levels[c]) << (LevelBits * c)
	}
	return p
}
