package train

import (
	"fmt"
	"math"
	"math/rand/v2"

	"concord/schemas/attribute"
	"concord/schemas/model"
)

// world is a known model to draw counts from: what training must recover.
type world struct {
	records int64
	lambda  float64
	m, u    [][]float64 // by comparison and level; level 0 is the share of nulls
	seed    uint64
}

func (w *world) pairs() int64   { return w.records * (w.records - 1) / 2 }
func (w *world) matches() int64 { return int64(math.Round(w.lambda * float64(w.pairs()))) }

// names are chosen so that the defaults differ.
var names = []string{"name", "birth_date", "email", "phone", "address", "sex"}

func (w *world) comparisons() []model.Comparison {
	var out []model.Comparison
	for k := range w.m {
		c := model.Comparison{Name: names[k], Comparator: names[k], Attributes: []attribute.Name{attribute.Email}, Description: "drawn"}
		for l := range w.m[k] {
			c.Levels = append(c.Levels, model.Level{Label: fmt.Sprintf("level_%d", l), Description: "drawn"})
		}
		top := &c.Levels[len(c.Levels)-1]
		top.TermFrequency = &model.TermFrequency{Strength: 1}
		out = append(out, c)
	}
	return out
}

// draw makes the input of a training run: matches one by one, non-matches
// that agree at the top of a blocked comparison, and a random sample for u.
// Each of the first blocked comparisons is the key of one pass.
func (w *world) draw(blocked int) Input {
	r := rand.New(rand.NewPCG(w.seed, 1))
	in := Input{Comparisons: w.comparisons(), Records: w.records, Pairs: w.pairs()}
	passes := make([]map[uint64]int64, blocked)
	for k := range passes {
		passes[k] = map[uint64]int64{}
	}
	union := map[uint64]int64{}
	count := func(pattern uint64) (first int) {
		first = -1
		for k := range passes {
			if Level(pattern, k) == len(w.m[k])-1 {
				passes[k][pattern]++
				if first < 0 {
					first = k
					union[pattern]++
				}
			}
		}
		return first
	}
	for range w.matches() {
		count(w.pattern(r, w.m, -1))
	}
	for k := range passes {
		top := len(w.u[k]) - 1
		n := float64(w.pairs()-w.matches()) * w.u[k][top] * (1 - w.u[k][0])
		for range int64(n) {
			pattern := w.pattern(r, w.u, k)
			passes[k][pattern]++
			if first := w.first(pattern, blocked); first == k {
				union[pattern]++
			}
		}
	}
	for k := range passes {
		in.Passes = append(in.Passes, Pass{Rule: names[k], Fixed: 1 << k, Counts: table(passes[k])})
	}
	in.Union = table(union)
	for k := range w.m {
		in.Samples = append(in.Samples, w.sample(r, k))
	}
	return in
}

// first is the first blocked comparison a pattern is at the top of.
func (w *world) first(pattern uint64, blocked int) int {
	for k := range blocked {
		if Level(pattern, k) == len(w.m[k])-1 {
			return k
		}
	}
	return -1
}

// pattern draws a level per comparison; the fixed one is at its top.
func (w *world) pattern(r *rand.Rand, p [][]float64, fixed int) (pattern uint64) {
	for k := range p {
		l := len(p[k]) - 1
		if k != fixed {
			l = level(r, p[k])
		}
		pattern |= uint64(l) << (LevelBits * k)
	}
	return pattern
}

func level(r *rand.Rand, p []float64) int {
	if r.Float64() < p[0] {
		return 0
	}
	x := r.Float64()
	for l := 1; l < len(p); l++ {
		if x -= p[l]; x < 0 {
			return l
		}
	}
	return len(p) - 1
}

// sample draws random pairs: of matches and non-matches as λ has it.
func (w *world) sample(r *rand.Rand, k int) *LevelSample {
	s := &LevelSample{Population: float64(w.pairs()), Exact: -1}
	s.Levels, s.Inverse = make([]int64, len(w.u[k])), make([]float64, len(w.u[k]))
	for range min(w.pairs(), 400_000) {
		p := w.u[k]
		if r.Float64() < w.lambda {
			p = w.m[k]
		}
		s.Graded++
		s.Levels[level(r, p)]++
	}
	// The top level is counted, not sampled, as Sample does.
	top := len(w.u[k]) - 1
	matches := float64(w.matches()) * w.m[k][top] * (1 - w.m[k][0])
	others := float64(w.pairs()-w.matches()) * w.u[k][top] * (1 - w.u[k][0])
	s.Exact, s.Mean = int64(matches+others), make([]float64, top+1)
	s.Mean[top] = w.u[k][top]
	return s
}

func table(counts map[uint64]int64) Table {
	var t Table
	for p, n := range counts {
		t = append(t, Count{p, n})
	}
	return t.canonical(math.MaxUint64)
}
