package model

import (
	"bytes"
	"math"
	"os"
	"strings"
	"testing"

	"concord/schemas/attribute"
)

func splinkFile(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/splink.json")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// The weights are Splink's: log2 of m/u as the file gives them, and
// strength·log2(u of equality/f), or of the level's own u where the file says
// so.
func TestSplinkImportKeepsTheWeights(t *testing.T) {
	m, err := ImportSplink(splinkFile(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	surname, dob := m.Comparison("surname"), m.Comparison("dob")
	if surname.Attributes[0] != attribute.FamilyName || dob.Attributes[0] != attribute.BirthDate {
		t.Errorf("attributes %v, %v", surname.Attributes, dob.Attributes)
	}
	const share = 0.0005
	for _, c := range []struct {
		c             *Comparison
		level         int
		when          string
		m, u          float64
		strength, tfU float64
	}{
		{surname, 1, "", 0.2, 0.98, 0, 1},
		{surname, 2, "jaro_winkler >= 0.7", 0.05, 0.014, 1, 0.014},
		{surname, 3, "jaro_winkler >= 0.92", 0.25, 0.002, 0.5, 0.004},
		{surname, 4, "exact", 0.5, 0.004, 1, 0.004},
		{dob, 1, "", 0.0301, 0.99, 0, 1},
		{dob, 2, "levenshtein <= 2", 0.01, 0.009, 0, 1},
		{dob, 3, "damerau_levenshtein <= 1", 0.06, 0.0009, 0, 1},
		{dob, 4, "exact", 0.9, 0.0001, 0, 1},
	} {
		l := c.c.Levels[c.level]
		want := math.Log2(c.m/c.u) + c.strength*math.Log2(c.tfU/share)
		if got := l.Weight + l.TermFrequency.Adjustment(share); l.When != c.when || math.Abs(got-want) > 1e-9 {
			t.Errorf("%s level %d: %q weighs %.12f, want %q %.12f", c.c.Name, c.level, l.When, got, c.when, want)
		}
	}
	if want := math.Log2(0.003 / 0.997); math.Abs(m.PriorWeight()-want) > 1e-9 {
		t.Errorf("prior %g, want %g", m.PriorWeight(), want)
	}
	if len(m.BlockingRules) != 2 || m.BlockingRules[1] != "l.dob = r.dob" {
		t.Errorf("blocking rules %q", m.BlockingRules)
	}
}

func TestSplinkExportReadsBack(t *testing.T) {
	first, err := ImportSplink(splinkFile(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	out, err := first.ExportSplink()
	if err != nil {
		t.Fatal(err)
	}
	second, err := ImportSplink(out, nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	first.BlockingRules = nil // Concord's rules have no SQL: none are written
	a, errA := first.JSON()
	b, errB := second.JSON()
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Errorf("the model changed on the way round:\n%s\n%s", a, b)
	}
}

func TestSplinkImportRefusesByName(t *testing.T) {
	good := string(splinkFile(t))
	for _, c := range []struct{ name, old, new, want string }{
		{"unknown function", `levenshtein(dob_l`, `hamming(dob_l`, `comparisons[1] "dob": sql_condition "hamming(dob_l, dob_r) <= 2": function "hamming" is not supported`},
		{"composed condition", `"ELSE", "label_for_charts": "other", "m_probability": 0.2,`, `"surname_l = surname_r AND dob_l = dob_r", "m_probability": 0.2,`, `comparisons[0] "surname": sql_condition "surname_l`},
		{"two columns in a level", `levenshtein(dob_l, dob_r)`, `levenshtein(dob_l, day_r)`, `compares "dob" with "day"`},
		{"two columns in a comparison", `levenshtein(dob_l, dob_r)`, `levenshtein(day_l, day_r)`, `reads columns "dob" and "day"`},
		{"wrong way round", `(dob_l, dob_r) <= 2`, `(dob_l, dob_r) >= 2`, "not a measure of agreement"},
		{"untrained", `"m_probability": 0.01,`, ``, `level "two edits": no m_probability`},
		{"minimum frequency", `"tf_adjustment_weight": 0.5`, `"tf_minimum_u_value": 0.001`, `level "close": tf_minimum_u_value`},
		{"frequency of another column", `"tf_adjustment_column": "surname", "tf_adjustment_weight": 0.5`, `"tf_adjustment_column": "dob"`, `"dob" is not the compared column`},
		{"unknown key", `"max_iterations"`, `"max_iteration"`, `unknown key "max_iteration", did you mean "max_iterations"?`},
		{"unknown column", `\"surname_l\" IS NULL OR \"surname_r\"`, `\"nickname_l\" IS NULL OR \"nickname_r\"`, `reads columns "nickname" and "surname"`},
		{"no null level", `, "is_null_level": true`, ``, "null first"},
	} {
		t.Run(c.name, func(t *testing.T) {
			bad := strings.Replace(good, c.old, c.new, 1)
			if bad == good {
				t.Fatalf("%q is not in the file", c.old)
			}
			_, err := ImportSplink([]byte(bad), nil)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want it to say %q", err, c.want)
			}
		})
	}
}

func TestSplinkColumnsCanBeNamed(t *testing.T) {
	renamed := []byte(strings.NewReplacer(`surname_l`, `ln_l`, `surname_r`, `ln_r`, `"tf_adjustment_column": "surname"`, `"tf_adjustment_column": "ln"`).Replace(string(splinkFile(t))))
	if _, err := ImportSplink(renamed, nil); err == nil || !strings.Contains(err.Error(), `column "ln" is no known attribute`) {
		t.Errorf("unknown column: %v", err)
	}
	m, err := ImportSplink(renamed, map[string]attribute.Name{"ln": attribute.FamilyName})
	if err != nil || m.Comparisons[0].Attributes[0] != attribute.FamilyName {
		t.Errorf("named column: %v", err)
	}
}

func TestSplinkExportRefusesByName(t *testing.T) {
	if _, err := sample(t).ExportSplink(); err == nil || !strings.Contains(err.Error(), `comparison "sex": comparator "sex" is not expressible`) {
		t.Errorf("composed comparator: %v", err)
	}
	m, err := ImportSplink(splinkFile(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	m.Comparisons[0].Levels[4].TermFrequency.Base *= 1.01
	if _, err := m.ExportSplink(); err == nil || !strings.Contains(err.Error(), `comparison "surname": level "exact": the term-frequency base`) {
		t.Errorf("base: %v", err)
	}
	m, _ = ImportSplink(splinkFile(t), nil)
	m.Comparisons[1].Levels[2].When = "osa <= 2"
	if _, err := m.ExportSplink(); err == nil || !strings.Contains(err.Error(), `condition "osa <= 2" has no SQL function`) {
		t.Errorf("osa: %v", err)
	}
}

// FuzzImportSplink: whatever the bytes, ImportSplink returns; and what it
// accepts is a valid model that exports, or refuses with a reason, and reads
// back with the same weights.
func FuzzImportSplink(f *testing.F) {
	f.Add(splinkFile(f))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := ImportSplink(data, nil)
		if err != nil {
			return
		}
		out, err := m.ExportSplink()
		if err != nil {
			return
		}
		again, err := ImportSplink(out, nil)
		if err != nil {
			t.Fatalf("exported, not imported: %v\n%s", err, out)
		}
		for i := range m.Comparisons {
			for k := range m.Comparisons[i].Levels {
				if a, b := m.Comparisons[i].Levels[k].Weight, again.Comparisons[i].Levels[k].Weight; math.Abs(a-b) > 1e-9 {
					t.Fatalf("weight %g became %g", a, b)
				}
			}
		}
	})
}
