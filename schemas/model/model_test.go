package model

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sample reads the worked example of a model file.
func sample(t testing.TB) *Model {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "model.json"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestFileReadsBackToTheSameBytes(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "model.json"))
	if err != nil {
		t.Fatal(err)
	}
	out, err := sample(t).JSON()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(out, data) {
		t.Errorf("written again the file differs:\n%s", out)
	}
}

// By hand: λ = 1/1025 weighs log2(1/1024) = −10; exact agreement on sex
// 0.96/0.5; a family name that 1 in 1,000 hold where the base is 1 in 250
// gains 2 bits.
func TestWeightsByHand(t *testing.T) {
	m := sample(t)
	m.Prior = 1.0 / 1025
	if got := m.PriorWeight(); math.Abs(got+10) > 1e-12 {
		t.Errorf("prior weight %g, want −10", got)
	}
	level := m.Comparison("family_name").Levels[3]
	if got := level.TermFrequency.Adjustment(0.001); math.Abs(got-2) > 1e-12 {
		t.Errorf("adjustment %g, want 2", got)
	}
	if got := m.Comparison("sex").Levels[2].Bits(); math.Abs(got-math.Log2(0.96/0.5)) > 1e-12 {
		t.Errorf("weight %g", got)
	}
}

func TestParseRefuses(t *testing.T) {
	good, err := sample(t).JSON()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, old, new, want string }{
		{"unknown key", `"prior":`, `"priors":`, `unknown key "priors", did you mean "prior"?`},
		{"nested unknown key", `"strength":`, `"strenght":`, `comparisons[0].levels[3].term_frequency: unknown key "strenght", did you mean "strength"?`},
		{"other case", `"seed":`, `"Seed":`, `unknown key "Seed", did you mean "seed"?`},
		{"twice", `"seed": 1,`, `"seed": 1, "seed": 1,`, `key "seed" is given twice`},
		{"newer", `"version": 1`, `"version": 2`, "newer than this release reads"},
		{"other format", `"concord match model"`, `"recipe"`, `format: "recipe"`},
		{"wrong kind", `"seed": 1,`, `"seed": "one",`, "seed: a string where uint64 is wanted"},
		{"prior one", `"prior": 0.0001`, `"prior": 1`, "prior: 1, want inside (0, 1)"},
		{"m zero", `"m": 0.04,`, ``, `"sex": level "else": m = 0`},
		{"weight", `"weight": -3.6438561897747253`, `"weight": -3.6`, "weight = -3.6, but log2(m/u) is -3.643856"},
		{"sum", `"u": 0.9956`, `"u": 0.9`, `level "else": weight`},
		{"condition", `"when": "levenshtein <= 1"`, `"when": "levenstein <= 1"`, `measure "levenstein" is unknown, did you mean "levenshtein"?`},
		{"method", `"estimated"`, `"guessed"`, `training.method: "guessed"`},
		{"trailing", "\n}\n", "\n}\n{}", "more than one JSON value"},
		{"truncated", "\n}\n", "", "not JSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			bad := strings.Replace(string(good), c.old, c.new, 1)
			if bad == string(good) {
				t.Fatalf("%q is not in the file", c.old)
			}
			_, err := Parse([]byte(bad))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want it to say %q", err, c.want)
			}
		})
	}
}

func TestValidateChecksSums(t *testing.T) {
	m := sample(t)
	l := &m.Comparisons[1].Levels[1]
	l.M += 0.005
	l.Weight = l.Bits()
	if err := m.Validate(); err == nil || !strings.Contains(err.Error(), "want 1") {
		t.Errorf("estimated model with Σm = 1.005: %v", err)
	}
	m.Training.Method = Imported
	if err := m.Validate(); err != nil {
		t.Errorf("imported model with Σm = 1.005: %v", err)
	}
}

func TestJSONRefusesAnInvalidModel(t *testing.T) {
	m := sample(t)
	m.Comparisons[0].Levels[1].M = math.NaN()
	if _, err := m.JSON(); err == nil {
		t.Error("a model with m = NaN was written")
	}
}

// FuzzParse: whatever the bytes, Parse returns; and what it accepts writes
// and reads back to the same bytes.
func FuzzParse(f *testing.F) {
	data, err := sample(f).JSON()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"format":"concord match model","version":1,"comparisons":[{"levels":[{}]}]}`))
	f.Add([]byte(`[[[{"a":1}]]]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Parse(data)
		if err != nil {
			return
		}
		first, err := m.JSON()
		if err != nil {
			t.Fatalf("accepted, not written: %v", err)
		}
		again, err := Parse(first)
		if err != nil {
			t.Fatalf("written, not accepted: %v", err)
		}
		second, err := again.JSON()
		if err != nil || !bytes.Equal(first, second) {
			t.Fatalf("bytes changed on the way round: %v", err)
		}
	})
}
