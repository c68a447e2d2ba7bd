package train

import (
	"math"
	"testing"

	"concord/schemas/model"

	"pgregory.net/rapid"
)

// household is a name comparison and two others, with m and u of a customer
// file.
func household() (cs []model.Comparison, m, u [][]float64) {
	levels := func(labels ...string) (out []model.Level) {
		for _, l := range append([]string{"null", "else"}, labels...) {
			out = append(out, model.Level{Label: l})
		}
		return out
	}
	cs = []model.Comparison{
		{Name: "name", Comparator: "name", Levels: levels("family_only", "exact")},
		{Name: "birth_date", Comparator: "birth_date", Levels: levels("exact")},
		{Name: "address", Comparator: "address", Levels: levels("exact")},
	}
	m = [][]float64{{0, 0.0015, 0.003, 0.9955}, {0, 0.05, 0.95}, {0, 0.2, 0.8}}
	u = [][]float64{{0, 0.989, 0.01, 0.001}, {0, 0.9999, 0.0001}, {0, 0.9999, 0.0001}}
	return cs, m, u
}

// TestRelateRecoversHouseholds builds the exact expected counts of a file with
// more relatives than matches and asks for their number back, from parameters
// that took a fifth of the relatives for matches.
func TestRelateRecoversHouseholds(t *testing.T) {
	cs, m, u := household()
	r := ofRelatives.among(cs, m, u)
	const pairs, matched, related = 5e7, 4000.0, 6000.0
	f := fittingOf(cs, m, u, pairs, func(at func([][]float64) float64) float64 {
		return matched*at(m) + related*at(r) + (pairs-matched-related)*at(u)
	})
	f.lambda = (matched + related/5) / pairs
	f.m[0] = []float64{0, 0.05, 0.15, 0.80}
	f.m[1] = []float64{0, 0.25, 0.75}
	f.relate()
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"matches", f.lambda * pairs, matched},
		{"relatives", f.kin[relatives].size * pairs, related},
		{"m of another birth date", f.m[1][1], m[1][1]},
	} {
		if math.Abs(c.got/c.want-1) > 0.15 {
			t.Errorf("%s: %.4f, want %.4f", c.what, c.got, c.want)
		}
	}
	// Nothing tells twins here, so a few are assumed, at the cost of these.
	if got := f.m[0][2]; got > m[0][2] || got < m[0][2]/3 {
		t.Errorf("m of family_only: %.4f, want %.4f or a little less", got, m[0][2])
	}
}

func TestKinAreDistributions(t *testing.T) {
	cs, m, u := household()
	for _, of := range []kind{ofRelatives, ofTwins} {
		for k, levels := range of.among(cs, m, u) {
			if total := sum(levels); math.Abs(total-1) > 1e-12 || levels[model.NullLevel] != 0 {
				t.Errorf("%s: %v sums to %v", cs[k].Name, levels, total)
			}
		}
	}
	if haveKin(cs[:2]) {
		t.Error("without an address or a telephone there is nothing that relatives share")
	}
	if !haveTwins(cs) || haveTwins(cs[1:]) {
		t.Error("twins are told by name and birth date")
	}
}

// twinned is household with a sex, in which twins differ and one person's
// records do not.
func twinned() (cs []model.Comparison, m, u [][]float64) {
	cs, m, u = household()
	cs = append(cs, model.Comparison{Name: "sex", Comparator: "sex", Levels: cs[1].Levels})
	return cs, append(m, []float64{0, 0.01, 0.99}), append(u, []float64{0, 0.5, 0.5})
}

// TestRelateRecoversTwins builds the exact expected counts of a file in which
// one pair in ten is of twins, and asks for their number from parameters that
// took them all for matches.
func TestRelateRecoversTwins(t *testing.T) {
	cs, m, u := twinned()
	const pairs, matched, related, twin = 5e7, 4000.0, 2000.0, 400.0
	r, tw := ofRelatives.among(cs, m, u), ofTwins.among(cs, m, u)
	f := fittingOf(cs, m, u, pairs, func(at func([][]float64) float64) float64 {
		return matched*at(m) + related*at(r) + twin*at(tw) + (pairs-matched-related-twin)*at(u)
	})
	f.lambda = (matched + twin) / pairs
	f.m[0] = []float64{0, 0.02, 0.09, 0.89}
	f.relate()
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"matches", f.lambda * pairs, matched},
		{"relatives", f.kin[relatives].size * pairs, related},
		{"twins", f.kin[twins].size * pairs, twin},
	} {
		if math.Abs(c.got/c.want-1) > 0.15 {
			t.Errorf("%s: %.4f, want %.4f", c.what, c.got, c.want)
		}
	}
}

// TestReplacedNamesStay holds that a file in which whole values are replaced,
// birth dates as well as names, keeps its share of matches with other names.
func TestReplacedNamesStay(t *testing.T) {
	cs, m, u := household()
	cs[0].Levels = append(cs[0].Levels[:3:3], model.Level{Label: "given_typo"}, cs[0].Levels[3])
	m[0], u[0] = []float64{0, 0.02, 0.07, 0.09, 0.82}, []float64{0, 0.988, 0.01, 0.001, 0.001}
	f := &fitting{in: &Input{Comparisons: cs}, m: clone(m)}
	f.boundReplaced(f.replacedShares())
	if got := f.m[0][2]; math.Abs(got-0.05) > 1e-9 {
		t.Errorf("with birth dates replaced in 5 %% and given names in 7 %%: %.4f, want the former", got)
	}
	f.m[1] = []float64{0, 0, 1}
	f.boundReplaced(f.replacedShares())
	if got := f.m[0][2]; got > 1.05*seldom {
		t.Errorf("with no birth date replaced: %.4f, want %.4f", got, seldom)
	}
	f.m[0] = []float64{0, 0.02, 0.01, 0.005, 0.965}
	f.boundReplaced(f.replacedShares())
	if got := f.m[0][1]; got > 1.05*seldom/2 {
		t.Errorf("with given names seldom misspelt: %.4f with nothing in common, want %.4f", got, seldom/2)
	}
	f.m[0], f.m[1] = []float64{0, 0.02, 0.07, 0.03, 0.88}, []float64{0, 0.10, 0.90}
	f.boundReplaced(f.replacedShares())
	if got := f.m[1][1]; math.Abs(got-0.03) > 1e-9 {
		t.Errorf("with birth dates replaced in 10 %% and given names misspelt in 3 %%: %.4f, want the latter", got)
	}
	if total := sum(f.m[0]); math.Abs(total-1) > 1e-9 {
		t.Errorf("m of names sums to %v", total)
	}
}

// TestBothNamesTakeTwoSlips holds that names with nothing in common are as rare as
// a slip in either name is, four times, and that birth dates of which the year
// stays are not bounded.
func TestBothNamesTakeTwoSlips(t *testing.T) {
	level := func(labels ...string) (out []model.Level) {
		for _, l := range append([]string{"null", "else"}, labels...) {
			out = append(out, model.Level{Label: l})
		}
		return out
	}
	cs := []model.Comparison{
		{Name: "name", Levels: level("given_typo", "family_typo", "exact")},
		{Name: "birth_date", Levels: level("within_year", "exact")},
	}
	f := &fitting{in: &Input{Comparisons: cs}, m: [][]float64{{0, 0.05, 0.06, 0.04, 0.85}, {0, 0.01, 0.3, 0.69}}}
	f.boundReplaced(f.replacedShares())
	if got, want := f.m[0][1], 4*0.06*0.04; math.Abs(got-want) > 1e-9 {
		t.Errorf("given names misspelt in 6 %%, family names in 4 %%: %.4f have nothing in common, want %.4f", got, want)
	}
	if got := f.m[1][2]; math.Abs(got-0.3) > 1e-9 {
		t.Errorf("three birth dates in ten stand in the same year: %.4f, want them kept", got)
	}
}

// fittingOf is a fitting over the exact counts that density gives each
// pattern.
func fittingOf(cs []model.Comparison, m, u [][]float64, pairs float64, density func(at func([][]float64) float64) float64) *fitting {
	f := &fitting{
		in: &Input{Comparisons: cs, Pairs: int64(pairs)}, share: 1, trained: true,
		priorM: clone(m), priorU: clone(u), counted: zeros(m), repaired: make([]float64, len(m)),
		m: clone(m), u: clone(u),
	}
	levels := make([]int, len(cs))
	var fill func(k int)
	fill = func(k int) {
		if k < len(cs) {
			for levels[k] = 1; levels[k] < len(cs[k].Levels); levels[k]++ {
				fill(k + 1)
			}
			return
		}
		pattern := uint64(0)
		for k, l := range levels {
			pattern |= uint64(l) << (LevelBits * k)
		}
		n := density(func(p [][]float64) float64 {
			product := 1.0
			for k, l := range levels {
				product *= p[k][l]
			}
			return product
		})
		f.union = append(f.union, Count{pattern, int64(math.Round(n))})
	}
	fill(0)
	return f
}

// TestKinOnlyTakeMatchesAway draws files in which some class of pairs besides
// matches, kin and strangers is large, and parameters to start from, and holds
// that not many more matches come out than were expected before.
func TestKinOnlyTakeMatchesAway(t *testing.T) {
	drifts := 0
	rapid.Check(t, func(t *rapid.T) {
		cs, m, u := twinned()
		cs[0].Levels[2].Label = "given_only"
		u[0] = []float64{0, 0.999989, 0.00001, 0.000001}
		share := func(label string, low, high float64) float64 { return rapid.Float64Range(low, high).Draw(t, label) }
		const pairs = 5e7
		matched, alike := share("matches", 10, 5000), share("alike", 1e4, 1e6)
		others := clone(u)
		others[0], others[3] = []float64{0, 0.001, 0.989, 0.01}, []float64{0, 0.01, 0.99}
		f := fittingOf(cs, m, u, pairs, func(at func([][]float64) float64) float64 {
			return matched*at(m) + alike*at(others) + (pairs-matched-alike)*at(u)
		})
		g, b, a := share("given only", 0.001, 0.6), share("other birth date", 0.05, 0.8), share("other address", 0.2, 0.9)
		f.m[0], f.m[1], f.m[2] = []float64{0, 0.001, g, 0.999 - g}, []float64{0, b, 1 - b}, []float64{0, a, 1 - a}
		f.lambda = matched / pairs
		f.lambda = f.expectLambda()
		f.matches = f.lambda * pairs
		before := f.matches
		f.relate()
		if f.most != nil {
			drifts++
		}
		if f.matches > drifted*before {
			t.Fatalf("%.0f matches, %.0f before", f.matches, before)
		}
	})
	if drifts == 0 {
		t.Error("EM never drifted: nothing was tested")
	}
}

// TestClassesOfOthers tells classes of one person's records, however badly
// kept, from those of several people's.
func TestClassesOfOthers(t *testing.T) {
	cs, _, _ := household()
	f := &fitting{in: &Input{Comparisons: cs}}
	for _, c := range []struct {
		what     string
		free     []int
		expected [][]float64
		want     bool
	}{
		{"one person's", []int{0, 1}, [][]float64{{0, 5, 10, 85}, {0, 10, 90}, nil}, false},
		{"a household's: other given names", []int{0, 2}, [][]float64{{0, 1, 79, 20}, nil, {0, 5, 95}}, true},
		{"spouses': other birth dates", []int{1, 2}, [][]float64{nil, {0, 90, 10}, {0, 5, 95}}, true},
		{"a household's, of which neither is free", []int{2}, [][]float64{nil, nil, {0, 5, 95}}, false},
		{"nobody's", []int{0}, [][]float64{{0, 0, 0, 0}, nil, nil}, false},
	} {
		if got := f.ofOthers(c.free, c.expected); got != c.want {
			t.Errorf("%s: of others %v", c.what, got)
		}
	}
}

func TestNobodyRelatedLeavesTheModelAlone(t *testing.T) {
	cs, m, u := household()
	f := &fitting{
		in: &Input{Comparisons: cs, Pairs: 1e7}, share: 1, trained: true,
		priorM: clone(m), priorU: clone(u), counted: zeros(m), repaired: make([]float64, 3),
		m: clone(m), u: clone(u), lambda: 1e-4,
		union: Table{{3 | 2<<LevelBits | 2<<(2*LevelBits), 714}, {1 | 1<<LevelBits | 1<<(2*LevelBits), 9_999_000}},
	}
	f.relate()
	if f.kin[relatives].size != 0 || f.kin[twins].size != 0 || f.lambda != 1e-4 || f.m[0][3] != m[0][3] {
		t.Errorf("kin %v and %v, λ %v, m %v", f.kin[relatives].size, f.kin[twins].size, f.lambda, f.m[0])
	}
}
