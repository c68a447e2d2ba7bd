package main

import (
	"path/filepath"
	"testing"
)

// TestMadeTowns resolves the made-up towns with the product's defaults and
// holds pairwise precision and recall, and how many pairs of two people are put
// together by what they have to do with each other. The floors are what was
// measured, less a margin for honest changes.
func TestMadeTowns(t *testing.T) {
	floors := []struct {
		set               string
		mapping           mapping
		precision, recall float64
		wrong             map[string]int // most pairs of two people together; others: 40
	}{
		{"made_customers", written, .965, .91, map[string]int{"household": 90, "namesakes": 80, "one office": 4, "twins": 6}},
		{"made_patients", masked, .98, .975, map[string]int{"twins": 8, "one office": 4}},
		{"made_patients", written, .993, .985, map[string]int{"twins": 4, "household": 10, "one office": 2}},
		{"made_small", written, .97, .83, map[string]int{"household": 2, "strangers": 2}},
		{"made_names_and_addresses", written, .95, .90, map[string]int{"household": 70, "namesakes": 100}},
		{"made_names_and_postcodes", written, .88, .89, map[string]int{"household": 110, "namesakes": 90, "strangers": 80, "father and son": 60}},
		{"made_names_and_birth_dates", written, .90, .96, map[string]int{"namesakes": 300, "strangers": 120, "household": 60}},
		{"made_tiny", written, .95, .95, nil},
	}
	sets := map[string]madeSet{}
	for _, m := range madeSets() {
		sets[m.name] = m
	}
	for _, f := range floors {
		t.Run(f.set+" "+string(f.mapping), func(t *testing.T) {
			dir := t.TempDir()
			m := sets[f.set]
			town, err := m.write(dir)
			if err != nil {
				t.Fatal(err)
			}
			o := options{data: dir, workers: 2}
			x, _, err := o.resolve(t.Context(), &town.set, f.mapping)
			if err != nil {
				t.Fatal(err)
			}
			e, err := x.Evaluate(filepath.Join(dir, town.truth))
			if err != nil {
				t.Fatal(err)
			}
			if r := e.Clusters.Pairwise; r.Precision < f.precision || r.Recall < f.recall {
				t.Errorf("precision %.4f and recall %.4f, want at least %.3f and %.3f", r.Precision, r.Recall, f.precision, f.recall)
			}
			_, wrong := town.tally(x.Clusters())
			for _, s := range wrong {
				most, named := f.wrong[s.name]
				if !named {
					most = 40
				}
				if s.together > most {
					t.Errorf("%s: %d pairs of two people together, want at most %d", s.name, s.together, most)
				}
			}
		})
	}
}

// TestTownsAreDrawnFromTheirSeed holds that a town is the same at every draw
// and has somebody for every story.
func TestTownsAreDrawnFromTheirSeed(t *testing.T) {
	a, b := newTown(5, 2000), newTown(5, 2000)
	stories := map[string]int{}
	for i := range a.people {
		p, q := &a.people[i], &b.people[i]
		if p.given != q.given || p.email != q.email || p.birth != q.birth {
			t.Fatalf("person %d is another at the second draw", i)
		}
		stories[p.special]++
		stories[a.history(i)]++
		if p.office >= 0 {
			stories["at an office"]++
		}
	}
	for _, s := range []string{"twins", "father and son", "married", "moved", "settled", "at an office"} {
		if stories[s] < 10 {
			t.Errorf("%s: %d people of 2,000", s, stories[s])
		}
	}
}
