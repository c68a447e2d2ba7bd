package train

import (
	"math"
	"testing"

	"concord/schemas/model"

	"pgregory.net/rapid"
)

func almost(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9*math.Max(1, math.Abs(want)) {
		t.Errorf("%s: %.12g, want %.12g", what, got, want)
	}
}

// Two rules find 200 and 100 matches, 50 of them the same: 201·101/51 − 1.
func TestChapmanByHand(t *testing.T) {
	rules := []Capture{{"email", 1, 200}, {"phone", 2, 100}, {"email and name", 1 | 4, 90}}
	both := []Recapture{{0, 1, 50}, {0, 2, 89}}
	e, ok := captureRecapture(rules, both)
	if !ok {
		t.Fatal("two independent rules with 50 in common: no estimate")
	}
	almost(t, "matches", e.value, 201.0*101/51-1)
	if !(e.low > 250 && e.low < e.value && e.value < e.high && e.high < 600) {
		t.Errorf("interval %.0f to %.0f around %.0f, and 250 were seen", e.low, e.high, e.value)
	}
	if _, ok := captureRecapture(rules, both[1:]); ok {
		t.Error("rules that read one comparison both were taken for independent")
	}
	if _, ok := captureRecapture(rules, []Recapture{{0, 1, 7}}); ok {
		t.Error("an overlap of 7 was taken for enough")
	}
}

// Half the time two independent rules of known reach are within the interval's
// promise: the estimate recovers 10,000 matches.
func TestChapmanRecovers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const matches = 10_000
		p1, p2 := rapid.Float64Range(0.1, 0.95).Draw(t, "p1"), rapid.Float64Range(0.1, 0.95).Draw(t, "p2")
		e := chapman(math.Round(matches*p1), math.Round(matches*p2), math.Round(matches*p1*p2))
		if math.Abs(e.value/matches-1) > 0.02 || e.low > matches || e.high < matches {
			t.Fatalf("%.0f in %.0f to %.0f, want 10,000", e.value, e.low, e.high)
		}
	})
}

// Of 1,000 pairs 110 share the given name and 60 the family name, 10 of each
// being matches: 1,000 · 100/1,000 · 50/1,000. However many of the pairs that
// share both are expected to match, strangers are as common as that.
func TestStrangersByParts(t *testing.T) {
	s := &LevelSample{
		Population: 1000, Graded: 1000, Levels: []int64{0, 850, 135, 15}, Exact: 15, Parts: []float64{110, 60}, Whole: 1000,
	}
	almost(t, "strangers who share both", s.byParts(10), 5)
	fallback := [][]float64{{0, 0.9, 0.09, 0.01}}
	for _, matches := range []float64{8, 10, 15} {
		u := estimateU([]*LevelSample{s}, fallback, zeros(fallback), [][]float64{{0, 0, 10 - min(matches, 10), matches}})
		want := math.Max(15-matches, s.byParts(math.Max(matches, 10)))
		if got := u[0][3] * 1000; got < want || got > want+1 {
			t.Errorf("%.0f matches: %.2f strangers share both, want %.2f and half a pair", matches, got, want)
		}
	}
}

// Nobody's addresses agree at the two best levels, so what the default expects
// there is expected at the best that is: of the sample or of the blocked pairs.
func TestDefaultsWithoutUnreachableLevels(t *testing.T) {
	m := [][]float64{{0, 0.1, 0.1, 0.3, 0.3, 0.2}, {0, 0.5, 0.5}}
	f := &fitting{
		in:     &Input{Samples: []*LevelSample{{Levels: []int64{5, 90, 5, 0, 0, 0}, Exact: -1}, {Levels: []int64{0, 9, 0}, Exact: -1}}},
		priorM: clone(m), counted: [][]float64{{0, 0, 0, 2, 0, 0}, {0, 0, 0}},
	}
	f.withoutUnreachable()
	for l, want := range []float64{0, 0.1, 0.1, 0.8 - 2*least, least, least} {
		almost(t, "m", f.priorM[0][l], want)
	}
	// Where nobody agrees at all there is no best level.
	almost(t, "m of agreement", f.priorM[1][2], 0.5)
}

// Levels 2 and 3 are out of order: 0.3/0.1 = 3 above 0.2/0.2 = 1. Pooled they
// have 0.5/0.3, so m becomes 1/6 and 1/3.
func TestMonotoneByHand(t *testing.T) {
	m, u := []float64{0, 0.1, 0.3, 0.2, 0.4}, []float64{0, 0.6, 0.1, 0.2, 0.1}
	bits := monotone(m, u)
	for l, want := range []float64{0, 0.1, 1.0 / 6, 1.0 / 3, 0.4} {
		almost(t, "m", m[l], want)
	}
	almost(t, "mean change", bits, 0.3*math.Log2(0.3*6)+0.2*math.Log2(1/(3*0.2)))
}

func TestMonotoneLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 31).Draw(t, "levels")
		share := rapid.SliceOfN(rapid.Float64Range(1e-6, 1), n, n)
		m, u := append([]float64{0}, share.Draw(t, "m")...), append([]float64{0}, share.Draw(t, "u")...)
		before := append([]float64(nil), m...)
		total := sum(m)
		bits := monotone(m, u)
		if math.Abs(sum(m)-total) > 1e-9 {
			t.Fatalf("Σm went from %g to %g", total, sum(m))
		}
		ordered := true
		for l := 2; l <= n; l++ {
			ordered = ordered && before[l]/u[l] >= before[l-1]/u[l-1]
			if m[l]/u[l] < m[l-1]/u[l-1]*(1-1e-12) {
				t.Fatalf("level %d: %g after %g", l, m[l]/u[l], m[l-1]/u[l-1])
			}
		}
		if ordered && bits != 0 {
			t.Fatalf("levels in order were changed by %g bits", bits)
		}
		if again := monotone(m, u); again > 1e-9 {
			t.Fatalf("a second repair changed by %g", again)
		}
	})
}

// One fair coin copied is one bit; two fair coins are none, less what chance
// gives: (2−1)(2−1)/(2·1000·ln 2).
func TestMutualInformationByHand(t *testing.T) {
	chance := 1 / (2 * 1000 * math.Ln2)
	pattern := func(a, b int) uint64 { return uint64(a) | uint64(b)<<LevelBits }
	copied := []weighed{{pattern: pattern(1, 1), matches: 500}, {pattern: pattern(2, 2), matches: 500}, {pattern: pattern(0, 2), matches: 99}}
	almost(t, "copied", mutualInformation(copied, 0, 1, 3, 3), 1-chance)
	apart := []weighed{{pattern: pattern(1, 1), matches: 250}, {pattern: pattern(1, 2), matches: 250}, {pattern: pattern(2, 1), matches: 250}, {pattern: pattern(2, 2), matches: 250}}
	almost(t, "independent", mutualInformation(apart, 0, 1, 3, 3), -chance)
}

// One comparison, u known, half the pairs agree: EM's fixed point solves
// m = agreements among expected matches. With a prior of 10 at 0.9 and one
// step by hand from share 0.5, m 0.9, u 0.1: an agreeing pair is a match with
// 0.9, a disagreeing one with 0.1; 100 of each give 90 and 10 expected
// matches.
func TestExpectationByHand(t *testing.T) {
	p := &pass{counts: Table{{1, 100}, {2, 100}}, free: []int{0}, start: 0.5}
	m, u := [][]float64{{0, 0.1, 0.9}}, [][]float64{{0, 0.9, 0.1}}
	weights, logU := zeros(m), zeros(u)
	logRatio(weights, m, u)
	logs(logU, u)
	o := outcome{share: 0.5}
	p.expect(&o, weights, logU)
	almost(t, "expected matches that agree", o.expected[0][2], 90)
	almost(t, "expected matches that disagree", o.expected[0][1], 10)
	almost(t, "certainty", o.certainty, (90*0.9+10*0.1)/100)
	almost(t, "log-likelihood", o.likelihood[0], math.Log(0.5))
	p.maximise(&o, m, [][]float64{{0, 0.1, 0.9}})
	almost(t, "m", m[0][2], (90+10*0.9)/110)
	almost(t, "share", o.share, 100.5/201)
}

// Each EM step raises the log posterior: here by its likelihood part alone,
// the prior being weak against 10⁵ pairs.
func TestLikelihoodRises(t *testing.T) {
	w := &world{records: 10_000, lambda: 1e-4, seed: 9}
	w.m, w.u = people(1e-4)
	in := w.draw(4)
	f := newFitting(&in)
	s := f.passes[0]
	o := s.run.climb(f.priorM, f.u, f.u, f.priorM)
	for i := 1; i < len(o.likelihood); i++ {
		if o.likelihood[i] < o.likelihood[i-1]-1e-4 {
			t.Errorf("iteration %d: %.6f after %.6f", i+1, o.likelihood[i], o.likelihood[i-1])
		}
	}
	if !o.converged || len(o.likelihood) != o.iterations {
		t.Errorf("converged %v, %d iterations, %d likelihoods", o.converged, o.iterations, len(o.likelihood))
	}
}

// 60 of a million random pairs agree exactly, by count 100 do, 80 of which
// are matches: u is 20 in a million.
func TestEstimateUByHand(t *testing.T) {
	s := &LevelSample{Population: 1e6, Graded: 1e6, Levels: []int64{0, 999_940, 60}, Inverse: []float64{0, 0, 0}, Exact: 100, Mean: []float64{0, 0, 1.0 / 500}}
	fallback := [][]float64{{0, 1 - 1e-12, 1e-12}}
	u := estimateU([]*LevelSample{s}, fallback, [][]float64{{0, 0, 0}}, [][]float64{{0, 5, 80}})
	if math.Abs(u[0][2]*1e6-20) > 0.01 {
		t.Errorf("u = %g, want 2e-5", u[0][2])
	}
	if b := bases(s, u[0]); b[2] != 1.0/500 {
		t.Errorf("base %g, want 1/500", b[2])
	}
	none := estimateU([]*LevelSample{nil}, fallback, [][]float64{{0, 0, 0}}, [][]float64{{0, 0, 0}})
	if none[0][2] != fallback[0][2] {
		t.Error("without a sample u is not the default")
	}
}

// A level that no pair shows gets half a sampled pair, or the default where
// half a pair would be more.
func TestSmoothUByHand(t *testing.T) {
	almost(t, "large sample", smoothU(1, 1e6, 1e-5), 0.5)
	almost(t, "small sample", smoothU(1, 180, 1e-6), 180e-6)
	almost(t, "sampled", smoothU(100, 1e8, 1e-3), 50)
}

func TestCanonical(t *testing.T) {
	in := Table{{2 | 1<<5, 3}, {1, 0}, {2 | 2<<5, 4}, {2 | 1<<5, 1}}
	got := in.canonical(1)
	if len(got) != 1 || got[0] != (Count{2, 8}) {
		t.Errorf("comparison 0 alone: %v", got)
	}
	if got = in.canonical(math.MaxUint64); len(got) != 2 || got[0] != (Count{2 | 1<<5, 4}) {
		t.Errorf("all comparisons: %v", got)
	}
	if Level(2|7<<5, 1) != 7 || got.Pairs() != 8 || model.NullLevel != 0 {
		t.Error("levels are packed 5 bits a comparison, comparison 0 lowest")
	}
}
