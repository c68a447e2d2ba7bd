package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"concord/jobs/engine"
)

// testRecords writes n records of a seed to a temporary file.
func testRecords(t *testing.T, n int, seed uint64) string {
	t.Helper()
	p, err := newPopulation(filepath.Join("..", ".."), seed)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "records.parquet")
	if err := writeParquet(path, p.records(n)); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestSidesAgree is the benchmark's claim on a small scale: the same pairs by
// rule and pattern, and at several thresholds the same links.
func TestSidesAgree(t *testing.T) {
	m, err := readModel("model.json")
	if err != nil {
		t.Fatal(err)
	}
	path := testRecords(t, 4000, 7)
	for _, c := range []struct {
		full      bool
		threshold float64
	}{{true, 0}, {false, -12}, {false, 0}, {false, 17.5}} {
		var results []*result
		for _, side := range []string{"concord", "duckdb"} {
			r, err := sides[side](&task{Records: path, Threads: 2, Threshold: c.threshold, Full: c.full, model: m})
			if err != nil {
				t.Fatalf("%s: %v", side, err)
			}
			r.sorted()
			results = append(results, r)
		}
		if err := same(results[0], results[1], len(m.BlockingRules)); err != nil {
			t.Errorf("full %t, threshold %g: %v", c.full, c.threshold, err)
		}
		if r := results[0]; r.Records != 4000 || r.Pairs < 1000 || len(r.Counts)+len(r.Links) < 100 {
			t.Errorf("full %t, threshold %g: %d records, %d pairs, %d counts, %d links: too few to tell anything",
				c.full, c.threshold, r.Records, r.Pairs, len(r.Counts), len(r.Links))
		}
	}
}

// TestModelIsTheFittedOne: model.json holds the comparisons and rules that fit
// drafts, and fit is a function of the records.
func TestModelIsTheFittedOne(t *testing.T) {
	kept, err := readModel("model.json")
	if err != nil {
		t.Fatal(err)
	}
	table, err := load(testRecords(t, 4000, 7), engine.Local{Count: 2})
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for workers := 1; workers <= 2; workers++ {
		m, err := fit(table, engine.Local{Count: workers})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(m.BlockingRules, kept.BlockingRules) || len(m.Comparisons) != len(kept.Comparisons) {
			t.Fatal("the kept model has other rules or comparisons: run fit")
		}
		for i := range m.Comparisons {
			for k := range m.Comparisons[i].Levels {
				if a, b := m.Comparisons[i].Levels[k].When, kept.Comparisons[i].Levels[k].When; a != b {
					t.Errorf("comparison %d level %d: %q, kept %q", i, k, a, b)
				}
			}
		}
		text, err := m.JSON()
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	if texts[0] != texts[1] {
		t.Error("one worker and two fit different models")
	}
}

func TestRecordsAreTheSeeds(t *testing.T) {
	var files []string
	for _, seed := range []uint64{1, 1, 2} {
		b, err := os.ReadFile(testRecords(t, 500, seed))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, string(b))
	}
	if files[0] != files[1] || files[0] == files[2] {
		t.Error("the same seed must give the same bytes, another seed others")
	}
}

func TestSameNamesTheDifference(t *testing.T) {
	base := func() *result {
		return &result{Records: 9, Counts: []count{{0, 4, 10}, {1, 4, 5}}, Links: []link{{A: 1, B: 2, Weight: 7}}}
	}
	if err := same(base(), base(), 2); err != nil {
		t.Errorf("equal results: %v", err)
	}
	for _, c := range []struct {
		spoil func(*result)
		want  string
	}{
		{func(r *result) { r.Records++ }, "records"},
		{func(r *result) { r.Counts[1].Pairs++ }, "pairs by rule"},
		{func(r *result) { r.Counts[0].Pattern = 5 }, "levels"},
		{func(r *result) { r.Links = nil }, "links: 1 and 0"},
		{func(r *result) { r.Links[0].Weight++ }, "link 0"},
		{func(r *result) { r.Links[0].B++ }, "link 0"},
	} {
		r := base()
		c.spoil(r)
		if err := same(base(), r, 2); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want it to say %q", err, c.want)
		}
	}
}

// TestNearly: only rounding at the threshold is forgiven.
func TestNearly(t *testing.T) {
	ours := []link{{A: 1, B: 2, Weight: 3}, {A: 1, B: 3, Weight: 1000}}
	for _, c := range []struct {
		theirs []link
		edge   int
		want   string
	}{
		{ours, 0, ""},
		{ours[1:], 1, ""},
		{ours[:1], 1, "lacks"},
		{[]link{ours[0], {A: 1, B: 3, Weight: 1005}}, 0, ""},
		{[]link{ours[0], {A: 1, B: 3, Weight: 2000}}, 0, "weight"},
		{append(slices.Clone(ours), link{A: 4, B: 5, Weight: 2000}), 1, "alone"},
	} {
		edge, err := nearly(ours, c.theirs, 0, 6)
		if edge != c.edge || (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %d, %v; want %d, %q", c.theirs, edge, err, c.edge, c.want)
		}
	}
}

func TestMisspeltValuesKeepTheirShape(t *testing.T) {
	p, err := newPopulation(filepath.Join("..", ".."), 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range p.records(5000) {
		if d := r[birth]; d != "" && (len(d) != 10 || d[5:7] < "01" || d[5:7] > "12" || d[8:] < "01" || d[8:] > "31") {
			t.Fatalf("%q is no date", d)
		}
		if n := r[phone]; n != "" && (len(n) != 12 || n[:2] != "+1") {
			t.Fatalf("%q is no number of this generator", n)
		}
	}
}
