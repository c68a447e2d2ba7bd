package train

import (
	"bytes"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"concord/schemas/model"

	"pgregory.net/rapid"
)

// drawInput draws counts that no world need have produced.
func drawInput(t *rapid.T) Input {
	w := &world{records: rapid.Int64Range(0, 5000).Draw(t, "records")}
	n := rapid.IntRange(1, 4).Draw(t, "comparisons")
	for range n {
		w.m = append(w.m, make([]float64, rapid.IntRange(3, 7).Draw(t, "levels")))
	}
	in := Input{Comparisons: w.comparisons(), Records: w.records, Pairs: w.pairs()}
	patterns := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Count {
		var p uint64
		for k := range n {
			p |= uint64(rapid.IntRange(0, len(w.m[k])-1).Draw(t, "level")) << (LevelBits * k)
		}
		return Count{p, rapid.Int64Range(0, 100_000).Draw(t, "pairs")}
	}), 0, 20)
	in.Union = patterns.Draw(t, "union")
	for range rapid.IntRange(0, 3).Draw(t, "passes") {
		in.Passes = append(in.Passes, Pass{"rule", rapid.Uint64Range(0, 1<<n-1).Draw(t, "fixed"), patterns.Draw(t, "pass")})
	}
	for k := range n {
		s := &LevelSample{Population: float64(w.pairs()), Exact: -1, Inverse: make([]float64, len(w.m[k]))}
		for range w.m[k] {
			c := rapid.Int64Range(0, 1_000_000).Draw(t, "sampled")
			s.Levels = append(s.Levels, c)
			s.Graded += c
		}
		in.Samples = append(in.Samples, s)
	}
	for _, c := range patterns.Draw(t, "labels") {
		in.Labels = append(in.Labels, Label{c.Pattern, rapid.Bool().Draw(t, "match"), c.Pairs % 100})
	}
	in.Captures = []Capture{{"a", 1, rapid.Int64Range(0, 1000).Draw(t, "a")}, {"b", 2, rapid.Int64Range(0, 1000).Draw(t, "b")}}
	in.Recaptures = []Recapture{{0, 1, rapid.Int64Range(0, min(in.Captures[0].Pairs, in.Captures[1].Pairs)).Draw(t, "both")}}
	return in
}

// Whatever the counts, the model is valid, every weight is finite and better
// levels weigh no less than worse ones.
func TestAnyCountsGiveAValidModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, err := Train(drawInput(t), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if w := m.PriorWeight(); math.IsInf(w, 0) || math.IsNaN(w) {
			t.Fatalf("prior weight %g", w)
		}
		for _, c := range m.Comparisons {
			for l := 1; l < len(c.Levels); l++ {
				if w := c.Levels[l].Weight; math.IsInf(w, 0) || math.IsNaN(w) {
					t.Fatalf("%s level %d weighs %g", c.Name, l, w)
				}
				if l > 1 && c.Levels[l].Weight < c.Levels[l-1].Weight-1e-9 {
					t.Fatalf("%s level %d weighs %g, level %d below it %g", c.Name, l, c.Levels[l].Weight, l-1, c.Levels[l-1].Weight)
				}
			}
		}
	})
}

// Order and splitting of the counts do not reach a single bit of the file.
func TestCountsAreASet(t *testing.T) {
	w := &world{records: 2000, lambda: 5e-4, seed: 2}
	w.m, w.u = people(1e-3)
	in := w.draw(3)
	want := file(t, in)
	r := rand.New(rand.NewPCG(1, 2))
	jumble := func(counts Table) Table {
		var out Table
		for _, c := range counts {
			half := c.Pairs / 2
			out = append(out, Count{c.Pattern, half}, Count{c.Pattern, c.Pairs - half})
		}
		r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
		return out
	}
	in.Union = jumble(in.Union)
	for i := range in.Passes {
		in.Passes[i].Counts = jumble(in.Passes[i].Counts)
	}
	if got := file(t, in); !bytes.Equal(got, want) {
		t.Error("the model depends on the order or the splitting of its counts")
	}
}

func file(t *testing.T, in Input) []byte {
	t.Helper()
	m, err := Train(in, Options{Seed: 7, CreatedFor: "sha256:00"})
	if err != nil {
		t.Fatal(err)
	}
	data, err := m.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Ten times the counts of everything are the same shares, seen more often.
func TestScalingChangesOnlyTheDefaultsShare(t *testing.T) {
	w := &world{records: 20_000, lambda: 5e-5, seed: 4}
	w.m, w.u = people(1e-4)
	in := w.draw(4)
	a, err := Train(in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	times := func(counts Table) Table {
		out := append(Table(nil), counts...)
		for i := range out {
			out[i].Pairs *= 10
		}
		return out
	}
	in.Pairs *= 10
	in.Union = times(in.Union)
	for i := range in.Passes {
		in.Passes[i].Counts = times(in.Passes[i].Counts)
	}
	for _, s := range in.Samples {
		s.Population *= 10
		s.Exact *= 10
	}
	b, err := Train(in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if e := math.Abs(math.Log2(a.Prior / b.Prior)); e > 0.01 {
		t.Errorf("λ %g and %g", a.Prior, b.Prior)
	}
	for k := range a.Comparisons {
		for l := 1; l < len(a.Comparisons[k].Levels); l++ {
			x, y := a.Comparisons[k].Levels[l], b.Comparisons[k].Levels[l]
			if math.Abs(x.M-y.M) > 0.01 {
				t.Errorf("%s level %d: m %.4f and %.4f", names[k], l, x.M, y.M)
			}
		}
	}
}

// UnionShare tells that a share of the blocked pairs was counted: the model
// is then about all of them.
func TestSampledUnionIsScaled(t *testing.T) {
	w := &world{records: 20_000, lambda: 5e-5, seed: 4}
	w.m, w.u = people(1e-4)
	in := w.draw(4)
	whole, err := Train(in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range in.Union {
		in.Union[i].Pairs *= 3 // stands for counts a third of which were taken
	}
	in.Pairs *= 12
	for _, s := range in.Samples {
		s.Population *= 12
		s.Exact *= 12
	}
	in.UnionShare = 0.25
	part, err := Train(in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if e := math.Abs(math.Log2(whole.Prior / part.Prior)); e > 0.02 {
		t.Errorf("λ %g and, sampled, %g", whole.Prior, part.Prior)
	}
}

func TestDegenerateInputs(t *testing.T) {
	w := &world{records: 1000, lambda: 0, seed: 1}
	w.m, w.u = people(1e-3)
	strangers := w.draw(4)
	w = &world{records: 3000, lambda: 3e-4, seed: 1}
	w.m, w.u = people(1e-3)
	one := &world{records: 3000, lambda: 3e-4, seed: 1, m: w.m[:1], u: w.u[:1]}
	null := w.draw(4)
	for i := range null.Samples {
		null.Samples[i] = &LevelSample{Population: 0, Exact: 0, Levels: make([]int64, len(w.m[i])), Inverse: make([]float64, len(w.m[i])), Mean: make([]float64, len(w.m[i]))}
	}
	null.Union = Table{{0, 5000}}
	null.Passes = []Pass{{"city", 0, Table{{0, 5000}}}}
	few := w.draw(4)
	few.Records = 9
	for _, c := range []struct {
		name   string
		in     Input
		method model.Method
		want   string // in the warnings
		most   float64
	}{
		{"no matches", strangers, model.Estimated, "m rests largely on the defaults", 1e-4},
		{"one comparison", one.draw(1), model.Estimated, "no blocking rule leaves it free", 1e-3},
		{"all null", null, model.Estimated, "no expected match holds both values", 1e-3},
		{"few records", few, model.Untrained, "9 records are fewer than", 0.1},
		{"no pairs", Input{Comparisons: w.comparisons(), Records: 5000, Pairs: 5000 * 4999 / 2}, model.Untrained, "no blocked pairs", 1e-3},
		{"no records", Input{Comparisons: w.comparisons()}, model.Untrained, "0 records", 0.2},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := Train(c.in, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if m.Training.Method != c.method || !strings.Contains(strings.Join(m.Training.Warnings, "\n"), c.want) {
				t.Errorf("%s, warnings %q, want %s and %q", m.Training.Method, m.Training.Warnings, c.method, c.want)
			}
			if m.Prior > c.most {
				t.Errorf("λ = %g", m.Prior)
			}
		})
	}
}

func TestRefusesImpossibleInput(t *testing.T) {
	w := &world{records: 1000, lambda: 1e-3, seed: 1}
	w.m, w.u = people(1e-3)
	for want, spoil := range map[string]func(*Input){
		"0 comparisons":       func(in *Input) { in.Comparisons = nil },
		"has no level 7":      func(in *Input) { in.Union = Table{{7, 1}} },
		"more comparisons":    func(in *Input) { in.Passes[0].Counts = Table{{1 << 60, 1}} },
		"negative count":      func(in *Input) { in.Union = Table{{1, -1}} },
		"level samples":       func(in *Input) { in.Samples = in.Samples[:1] },
		"deterministic rules": func(in *Input) { in.Recaptures = []Recapture{{0, 9, 1}} },
		`of "labels"`:         func(in *Input) { in.Labels = []Label{{Pattern: 31, Pairs: 1}} },
	} {
		in := w.draw(2)
		spoil(&in)
		if _, err := Train(in, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want it to say %q", err, want)
		}
	}
}

// The defaults themselves obey the model's laws, for any number of levels.
func TestDefaults(t *testing.T) {
	for _, name := range []string{"name", "birth_date", "address", "email", "phone", "sex", "organisation", "identifier_ssn", "device_id", "nickname"} {
		for levels := 3; levels <= 32; levels++ {
			c := &model.Comparison{Name: name, Levels: make([]model.Level, levels)}
			m, u := DefaultM(c), DefaultU(c)
			if a, b := sum(m), sum(u); math.Abs(a-1) > 1e-12 || math.Abs(b-1) > 1e-12 {
				t.Fatalf("%s with %d levels: m sums to %g, u to %g", name, levels, a, b)
			}
			for l := 1; l < levels; l++ {
				if m[l] <= 0 || u[l] <= 0 || l > 1 && m[l]/u[l] < m[l-1]/u[l-1]*(1-1e-12) {
					t.Fatalf("%s with %d levels: level %d has m %g u %g", name, levels, l, m[l], u[l])
				}
			}
		}
	}
}
