package train

import (
	"math"
	"testing"

	"concord/schemas/model"
)

// people are typical parameters: 5 comparisons, 10 % nulls in two of them.
func people(uTop float64) (m, u [][]float64) {
	m = [][]float64{
		{0, 0.05, 0.03, 0.12, 0.80},
		{0, 0.04, 0.10, 0.86},
		{0.1, 0.30, 0.05, 0.65},
		{0.1, 0.25, 0.75},
		{0, 0.30, 0.20, 0.50},
	}
	u = [][]float64{
		{0, 0.95 - 10*uTop, 0.05, 9 * uTop, uTop},
		{0, 0.98 - uTop, 0.02, uTop},
		{0.1, 0.999 - uTop, 0.001, uTop},
		{0.1, 1 - uTop, uTop},
		{0, 0.93 - uTop, 0.07, uTop},
	}
	return m, u
}

func TestRecoversKnownParameters(t *testing.T) {
	for _, c := range []struct {
		name    string
		records int64
		lambda  float64
		uTop    float64
		bits    float64 // allowed error of a weight with 100 matches behind it
		lambdaE float64 // allowed relative error
	}{
		{"one pair in a thousand", 1_500, 1e-3, 1e-3, 0.45, 0.08},
		{"one in ten thousand", 10_000, 1e-4, 1e-4, 0.3, 0.05},
		{"one in a hundred thousand", 60_000, 1e-5, 4e-5, 0.3, 0.05},
		{"one in a million", 120_000, 1e-6, 1e-5, 0.4, 0.08},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &world{records: c.records, lambda: c.lambda, seed: 11}
			w.m, w.u = people(c.uTop)
			got, err := Train(w.draw(4), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if !got.Training.Converged || got.Training.Method != model.Estimated {
				t.Errorf("converged %v, %s: %v", got.Training.Converged, got.Training.Method, got.Training.Warnings)
			}
			// Matches that agree on no blocked comparison are out of sight:
			// what blocking finds is λ's share to be recovered.
			found := 1.0
			missed := 1.0
			for k := range 4 {
				top := len(w.m[k]) - 1
				missed *= 1 - w.m[k][top]*(1-w.m[k][0])
			}
			found -= missed
			if e := got.Prior/(c.lambda*found) - 1; math.Abs(e) > c.lambdaE {
				t.Errorf("λ %.3g, want %.3g: off by %.1f %%", got.Prior, c.lambda*found, 100*e)
			}
			for k := range w.m {
				for l := 1; l < len(w.m[k]); l++ {
					level := got.Comparisons[k].Levels[l]
					if w.m[k][l]*float64(w.matches()) < 30 {
						continue
					}
					if e := level.Weight - math.Log2(w.m[k][l]/w.u[k][l]); math.Abs(e) > c.bits {
						t.Errorf("%s level %d: m %.4f u %.3g, true %.4f %.3g: off by %.2f bits", names[k], l, level.M, level.U, w.m[k][l], w.u[k][l], e)
					}
				}
			}
		})
	}
}

// 500 records with 50 matches: weights stay finite and sane, and no level
// without a match behind it weighs as if it were certain. 5.5 bits is what a
// level loses that 50 matches should show twice and by chance do not show,
// while the default holds it for rare.
func TestFewMatchesStayStable(t *testing.T) {
	for seed := range uint64(8) {
		w := &world{records: 500, lambda: 4e-4, seed: seed}
		w.m, w.u = people(1e-3)
		got, err := Train(w.draw(4), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if e := math.Log2(got.Prior / w.lambda); math.Abs(e) > 0.7 {
			t.Errorf("seed %d: λ off by %.2f bits", seed, e)
		}
		for k := range w.m {
			for l := 1; l < len(w.m[k]); l++ {
				level := got.Comparisons[k].Levels[l]
				if e := level.Weight - math.Log2(w.m[k][l]/w.u[k][l]); math.Abs(e) > 5.5 {
					t.Errorf("seed %d: %s level %d weighs %.1f, off by %.1f bits", seed, names[k], l, level.Weight, e)
				}
			}
		}
	}
}

// Two in three pairs that share an address are of people who live together:
// same phone, same family name more often than not, another birth date. They
// are not matches, and m must not learn from them.
func TestHouseholdsAreNotMatches(t *testing.T) {
	w := &world{records: 10_000, lambda: 1e-4, seed: 5}
	w.m, w.u = people(1e-4)
	w.m[0] = []float64{0, 0.03, 0.01, 0.14, 0.82}
	w.m[1] = []float64{0, 0.01, 0.10, 0.89}
	in := w.draw(4)
	const together = 6000
	// name level 2 (family name alone), birth date else, e-mail else, phone
	// and address equal.
	pattern := uint64(2) | 1<<5 | 1<<10 | 2<<15 | 3<<20
	for i := range in.Passes {
		if in.Passes[i].Rule == "phone" {
			in.Passes[i].Counts = append(in.Passes[i].Counts, Count{pattern, together})
		}
	}
	in.Union = append(in.Union, Count{pattern, together})
	got, err := Train(in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if m := got.Comparisons[1].Levels[model.ElseLevel].M; m > 0.03 {
		t.Errorf("m of another birth date %.3f, true 0.01: people of one household were taken for matches", m)
	}
	if m := got.Comparisons[0].Levels[2].M; m > 0.03 {
		t.Errorf("m of the family name alone %.3f, true 0.01", m)
	}
}

// What people judged of some pairs of a pattern says how likely the others are.
func TestLabelsSpeakForTheirPattern(t *testing.T) {
	w := &world{records: 1500, lambda: 1e-3, seed: 5}
	w.m, w.u = people(1e-3)
	in := w.draw(4)
	doubtful := uint64(4 | 1<<5 | 1<<10 | 1<<15 | 1<<20) // the first comparison agrees, nothing else
	var expected [2]float64
	for i, match := range []bool{false, true} {
		labelled := in
		labelled.Labels = []Label{{Pattern: doubtful, Match: match, Pairs: 20}}
		f := newFitting(&labelled)
		for range 3 {
			f.round()
		}
		found := false
		for _, w := range f.weigh() {
			if w.pattern == doubtful {
				expected[i], found = w.matches/float64(w.pairs), true
			}
		}
		if !found {
			t.Fatal("no pair has the pattern")
		}
	}
	if expected[0] > 0.2 || expected[1] < 0.8 {
		t.Errorf("of a pattern of which 20 were judged, %.2f are taken for matches when all were found different, %.2f when all were found the same", expected[0], expected[1])
	}
}

func TestLabelsAreBelieved(t *testing.T) {
	w := &world{records: 500, lambda: 4e-4, seed: 3}
	w.m, w.u = people(1e-3)
	in := w.draw(4)
	without, err := Train(in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	// People judged 200 pairs of another e-mail address to be matches.
	in.Labels = []Label{{Pattern: 4 | 3<<5 | 1<<10 | 2<<15 | 3<<20, Match: true, Pairs: 200}}
	with, err := Train(in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	a, b := without.Comparisons[2].Levels[model.ElseLevel].M, with.Comparisons[2].Levels[model.ElseLevel].M
	if b < a+0.1 || with.Training.LabelledPairs != 200 {
		t.Errorf("m of another e-mail address %.3f without, %.3f with labels", a, b)
	}
}
