package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestFloors holds pairwise precision and recall on small public sets above
// what was measured, less a margin for honest changes: matching must not get
// worse unnoticed. The sets are not part of the repository.
func TestFloors(t *testing.T) {
	data := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(filepath.Join(data, "truth")); err != nil {
		t.Skip("the public sets are not here: put them into ../shared/data")
	}
	floors := map[string]struct {
		mapping           mapping
		precision, recall float64
	}{
		"febrl1":           {masked, .995, .990},
		"rldata500":        {written, .98, .96},
		"febrl3":           {masked, .997, .994},
		"splink_fake_1000": {written, .99, .95},
		"senzing_truthset": {written, .80, .93},
	}
	o := options{data: data, workers: 2}
	for _, s := range sets() {
		floor, ok := floors[s.name]
		if !ok {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			x, _, err := o.resolve(t.Context(), &s, floor.mapping)
			if err != nil {
				t.Fatal(err)
			}
			e, err := x.Evaluate(filepath.Join(data, s.truth))
			if err != nil {
				t.Fatal(err)
			}
			if r := e.Clusters.Pairwise; r.Precision < floor.precision || r.Recall < floor.recall {
				t.Errorf("precision %.4f and recall %.4f, want at least %.3f and %.3f", r.Precision, r.Recall, floor.precision, floor.recall)
			}
		})
	}
}

// TestJudgedRowsAreWhole checks that judged files turn into rows of one width
// and pairs of known rows.
func TestJudgedRowsAreWhole(t *testing.T) {
	data := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(filepath.Join(data, "judgements")); err != nil {
		t.Skip("the judged pairs are not here: put them into ../shared/data")
	}
	for _, j := range judgedSets() {
		in, err := j.read(data)
		if err != nil {
			t.Fatal(err)
		}
		keys := map[string]bool{}
		for _, row := range in.rows {
			if len(row) != len(in.columns) {
				t.Fatalf("%s: a row of %d values for %d columns", j.name, len(row), len(in.columns))
			}
			keys[row[0]] = true
		}
		for _, p := range in.pairs {
			if !keys[p.a] || !keys[p.b] || p.scenario == "" {
				t.Fatalf("%s: pair %s, %s of scenario %q", j.name, p.a, p.b, p.scenario)
			}
		}
	}
}
