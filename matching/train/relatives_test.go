package train

import (
	"math"
	"testing"

	"concord/schemas/model"
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
	m = [][]float64{{0, 0.04, 0.02, 0.94}, {0, 0.05, 0.95}, {0, 0.2, 0.8}}
	u = [][]float64{{0, 0.989, 0.01, 0.001}, {0, 0.9999, 0.0001}, {0, 0.9999, 0.0001}}
	return cs, m, u
}

// TestRelateRecoversHouseholds builds the exact expected counts of a file with
// more relatives than matches and asks for their number back, from parameters
// that took a fifth of the relatives for matches.
func TestRelateRecoversHouseholds(t *testing.T) {
	cs, m, u := household()
	r := relatives(cs, m, u)
	const pairs, matched, related = 5e7, 4000.0, 6000.0
	f := &fitting{
		in: &Input{Comparisons: cs, Pairs: pairs}, share: 1, trained: true,
		priorM: clone(m), priorU: clone(u), counted: zeros(m), repaired: make([]float64, 3),
		m: clone(m), u: clone(u), lambda: (matched + related/5) / pairs,
	}
	for name := 1; name <= 3; name++ {
		for birth := 1; birth <= 2; birth++ {
			for address := 1; address <= 2; address++ {
				at := func(p [][]float64) float64 { return p[0][name] * p[1][birth] * p[2][address] }
				n := matched*at(m) + related*at(r) + (pairs-matched-related)*at(u)
				pattern := uint64(name | birth<<LevelBits | address<<(2*LevelBits))
				f.union = append(f.union, Count{pattern, int64(math.Round(n))})
			}
		}
	}
	f.m[0] = []float64{0, 0.05, 0.15, 0.80}
	f.m[1] = []float64{0, 0.25, 0.75}
	f.relate()
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"matches", f.lambda * pairs, matched},
		{"relatives", f.kin * pairs, related},
		{"m of family_only", f.m[0][2], m[0][2]},
		{"m of another birth date", f.m[1][1], m[1][1]},
	} {
		if math.Abs(c.got/c.want-1) > 0.15 {
			t.Errorf("%s: %.4f, want %.4f", c.what, c.got, c.want)
		}
	}
}

func TestRelativesAreADistribution(t *testing.T) {
	cs, m, u := household()
	for k, levels := range relatives(cs, m, u) {
		if total := sum(levels); math.Abs(total-1) > 1e-12 || levels[model.NullLevel] != 0 {
			t.Errorf("%s: %v sums to %v", cs[k].Name, levels, total)
		}
	}
	if relatives(cs[:2], m[:2], u[:2]) != nil {
		t.Error("without an address or a telephone there is nothing that relatives share")
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
	if f.r != nil || f.kin != 0 || f.lambda != 1e-4 || f.m[0][3] != m[0][3] {
		t.Errorf("relatives %v, λ %v, m %v", f.kin, f.lambda, f.m[0])
	}
}
