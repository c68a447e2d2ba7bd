package score

import (
	"math"
	"slices"
	"testing"

	"concord/matching/block"
	"concord/matching/compare"

	"pgregory.net/rapid"
)

// full evaluates every pair of the plan without early exit.
func full(s *Scorer, plan *block.Plan, n uint32, threshold int32) []Edge {
	var out []Edge
	for a := range n {
		for b := a + 1; b < n; b++ {
			rule, ok := plan.First(a, b)
			if !ok {
				continue
			}
			if weight, pattern := s.Pair(a, b); weight >= threshold {
				out = append(out, Edge{a, b, weight, uint8(rule), pattern})
			}
		}
	}
	return out
}

func TestEarlyExitKeepsTheLinksOfFullEvaluation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan := drawPlan(t)
		n := plan.Records()
		kernels, p := drawModel(t, n)
		threshold := rapid.Float64Range(-30, 20).Draw(t, "threshold")
		s, err := New(kernels, p, n, threshold)
		if err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "learned") { // also with the order settled and pairs abandoned
			for k := range plan.Len() {
				e := s.evaluationOf(k)
				for _, o := range []*order{&e.ceilings, &e.grades} {
					slices.Reverse(o.order)
					o.pairs = learnPairs
				}
			}
		}
		var got []Edge
		walk(plan, func(w *block.Walker) { got = s.Unit(w, got) })
		half := rapid.IntRange(0, len(got)).Draw(t, "half") // what one of two workers found
		got = Merge(n, got[half:], got[:half])
		want := full(s.Clone(), plan, uint32(n), fixed(threshold))
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
		if s.Stats.Links != int64(len(got)) || s.Stats.Pairs != plan.Pairs() {
			t.Fatalf("stats %+v for %d pairs", s.Stats, plan.Pairs())
		}
	})
}

func TestCountTalliesEveryPair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan := drawPlan(t)
		n := plan.Records()
		kernels, p := drawModel(t, n)
		s, err := New(kernels, p, n, math.Inf(-1))
		if err != nil {
			t.Fatal(err)
		}
		var even, odd, all Patterns
		turn := 0
		walk(plan, func(w *block.Walker) {
			if turn++; turn%2 == 0 {
				s.Count(w, &even)
			} else {
				s.Count(w, &odd)
			}
		})
		all.Merge(&odd)
		all.Merge(&even)
		want := map[uint64]int64{}
		for _, e := range full(s, plan, uint32(n), math.MinInt32) {
			want[e.Pattern]++
		}
		got := all.Sorted()
		if len(got) != len(want) {
			t.Fatalf("%d patterns, want %d", len(got), len(want))
		}
		for i, c := range got {
			if c.Pairs != want[c.Pattern] || i > 0 && got[i-1].Pattern >= c.Pattern {
				t.Fatalf("pattern %d: %+v, want %d", i, c, want[c.Pattern])
			}
		}
	})
}

// twoValues is a kernel of two records that agree at level 2 on a value that a
// quarter of the records hold.
func twoValues() *toyKernel {
	return &toyKernel{
		codes: []uint32{1, 1, 0, 0}, top: 2,
		level:     [][]compare.Level{{0, 0}, {0, 2}},
		frequency: []float64{1, .25},
	}
}

// TestPairByHand works one weight out: prior 2^-4; level 2 has m/u = .5/.125,
// 2 bits; the value is twice as common as the base (1/8), so full strength
// takes 1 bit off, half strength half a bit.
func TestPairByHand(t *testing.T) {
	for _, c := range []struct{ strength, want float64 }{{0, -2}, {.5, -2.5}, {1, -3}} {
		p := Params{Prior: -4, Comparisons: []Comparison{{Name: "name", Levels: []Level{
			{Label: "null"}, {Label: "else", M: .5, U: .875},
			{Label: "exact", Description: "equal", M: .5, U: .125, TFStrength: c.strength},
		}}}}
		s, err := New([]compare.Kernel{twoValues()}, p, 4, 0)
		if err != nil {
			t.Fatal(err)
		}
		e := s.Explain(0, 1)
		if e.Weight != c.want || e.Terms[0].Label != "exact" || e.Terms[0].Weight != 2 || e.Terms[0].Adjustment != c.want+2 {
			t.Errorf("strength %v: %+v, want %v", c.strength, e, c.want)
		}
		if null := s.Explain(0, 2); null.Weight != -4 || null.Terms[0].Level != compare.Null {
			t.Errorf("a null comparison moves the weight: %+v", null)
		}
		if got, want := e.Probability(), 1/(1+math.Exp2(-c.want)); got != want {
			t.Errorf("probability %v, want %v", got, want)
		}
	}
}

func TestExplanationAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kernels, p := drawModel(t, 2)
		s, err := New(kernels, p, 2, 0)
		if err != nil {
			t.Fatal(err)
		}
		e := s.Explain(0, 1)
		sum := e.Prior
		for _, term := range e.Terms {
			sum += term.Weight + term.Adjustment
		}
		if sum != e.Weight { // multiples of 2^-16 add exactly in a float64
			t.Fatalf("terms add up to %v, weight is %v", sum, e.Weight)
		}
	})
}

func TestAdjustmentOfACountIsThatOfItsFrequency(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 1<<20).Draw(t, "records")
		l := drawLevel(t, true)
		tf := newTermFrequency(l, n)
		frequency := float64(rapid.IntRange(1, n).Draw(t, "count")) / float64(n)
		if got, want := tf.adjustment(frequency), fixed(l.TFStrength*(l.base()-math.Log2(frequency))); got != want {
			t.Fatalf("adjustment(%v) of %d records is %d, want %d", frequency, n, got, want)
		}
		if rarer := rapid.Float64Range(0.1, 1).Draw(t, "share") * frequency; tf.bound(rarer) < tf.adjustment(frequency) {
			t.Fatalf("bound(%v) is below adjustment(%v)", rarer, frequency)
		}
	})
}

func TestNewRefusesParametersThatAreNoProbabilities(t *testing.T) {
	good := func() Params {
		return Params{Comparisons: []Comparison{{Name: "sex", Levels: []Level{{}, {Label: "else", M: .1, U: .5}, {Label: "exact", M: .9, U: .5}}}}}
	}
	for name, c := range map[string]struct {
		spoil func(p *Params)
		want  string
	}{
		"zero m":     {func(p *Params) { p.Comparisons[0].Levels[2].M = 0 }, `compile match model: comparison "sex" level "exact": m is 0: want a probability above 0`},
		"u over one": {func(p *Params) { p.Comparisons[0].Levels[1].U = 1.5 }, `compile match model: comparison "sex" level "else": u is 1.5: want a probability above 0`},
		"no levels":  {func(p *Params) { p.Comparisons[0].Levels = nil }, `compile match model: comparison "sex" has 0 levels: want 2 to 32`},
		"prior":      {func(p *Params) { p.Prior = math.NaN() }, `compile match model: prior log2 odds NaN: want at most ±256`},
		"too many": {func(p *Params) {
			for range MaxComparisons {
				p.Comparisons = append(p.Comparisons, p.Comparisons[0])
			}
		}, "compile match model: the model has 13 comparisons and 12 fit a pattern: leave out the least informative"},
	} {
		p := good()
		c.spoil(&p)
		_, err := New(make([]compare.Kernel, len(p.Comparisons)), p, 1, 0)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := New(nil, good(), 1, 0); err == nil {
		t.Error("one comparison without a kernel is accepted")
	}
}

func TestUnitAllocatesNothingPerPair(t *testing.T) {
	s, plan := benchmarkData(t, 2000)
	blocks := plan.Blocks(0)
	w := plan.Walker()
	edges := make([]Edge, 0, 1<<16)
	allocs := testing.AllocsPerRun(3, func() {
		for _, u := range blocks.Units() {
			w.Start(blocks, u)
			edges = s.Unit(w, edges[:0])
		}
	})
	if limit := float64(2 * len(blocks.Units())); allocs > limit {
		t.Errorf("%v allocations for %d units", allocs, len(blocks.Units()))
	}
}
