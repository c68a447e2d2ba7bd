package compare_test

import (
	"fmt"
	"slices"
	"testing"

	"concord/matching/column/columntest"
	"concord/matching/compare"
	"concord/matching/compare/comparetest"
	"concord/schemas/attribute"
	"concord/schemas/model"

	"pgregory.net/rapid"
)

// threshold makes a comparison of cities from conditions, worst first; those
// of frequent have a term frequency.
func threshold(t testing.TB, frequent []string, conditions ...string) *compare.Threshold {
	t.Helper()
	c := &model.Comparison{
		Name: "city", Comparator: model.Text, Attributes: []attribute.Name{attribute.City}, Description: "agreement of cities",
		Levels: []model.Level{
			{Label: "null", Description: "a city is missing"},
			{Label: "else", Description: "the cities disagree"},
		},
	}
	for i, when := range conditions {
		l := model.Level{Label: fmt.Sprintf("level_%d", i+2), Description: when, When: when}
		if slices.Contains(frequent, when) {
			l.TermFrequency = &model.TermFrequency{Strength: 1, Base: 0.1}
		}
		c.Levels = append(c.Levels, l)
	}
	out, err := compare.NewThreshold(c)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// cityLevel is the level of two values.
func cityLevel(c compare.Comparator, a, b string) compare.Level {
	k := c.Bind(columntest.Table([]attribute.Name{attribute.City}, [][]string{{a}, {b}}))
	return k.Grade(0, 1)
}

func TestThresholdLaws(t *testing.T) {
	rows := [][]string{}
	for _, v := range []string{"", "smith", "smiht", "smyth", "smithe", "schmidt", "ca", "abc", "josé", "joés", "a|b", "smith|abc", "李", "x"} {
		rows = append(rows, []string{v}, []string{v})
	}
	table := columntest.Table([]attribute.Name{attribute.City}, rows)
	for _, c := range []*compare.Threshold{
		threshold(t, []string{"exact", "jaro_winkler >= 0.92"}, "jaro_winkler >= 0.7", "jaro_winkler >= 0.92", "exact"),
		threshold(t, []string{"exact"}, "levenshtein <= 2", "levenshtein <= 1", "exact"),
		threshold(t, nil, "damerau_levenshtein <= 2", "damerau_levenshtein <= 1", "exact"),
		threshold(t, nil, "jaro >= 0.8", "osa <= 2", "osa <= 1"),
	} {
		comparetest.Describes(t, c)
		comparetest.Laws(t, c, table)
		comparetest.NoAllocations(t, c, table)
	}
}

func TestThresholdByHand(t *testing.T) {
	names := threshold(t, nil, "jaro_winkler >= 0.84", "levenshtein <= 2", "osa <= 1", "exact")
	for _, c := range []struct {
		a, b string
		want compare.Level
	}{
		{"", "leeds", compare.Null},
		{"leeds", "york", compare.Else},
		{"dwayne", "duane", 3},             // distance 2, Jaro-Winkler exactly 0.84
		{"dickson", "dixon", compare.Else}, // distance 3, Jaro-Winkler 0.832
		{"hastings", "hastie", 2},          // distance 3
		{"leeds", "leesd", 4},
		{"leeds", "leeds", 5},
	} {
		if got := cityLevel(names, c.a, c.b); got != c.want {
			t.Errorf("%q %q: level %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// distances is a comparison whose level tells the unrestricted
// Damerau-Levenshtein distance, up to 6: level 8 is 0, level 2 is 6.
func distances(t testing.TB) compare.Comparator {
	var conditions []string
	for k := 6; k > 0; k-- {
		conditions = append(conditions, fmt.Sprintf("damerau_levenshtein <= %d", k))
	}
	return threshold(t, nil, append(conditions, "exact")...)
}

// DuckDB's damerau_levenshtein gives 2 for ca, abc; optimal string alignment
// would give 3.
func TestDamerauByHand(t *testing.T) {
	c := distances(t)
	for _, e := range []struct {
		a, b string
		want int
	}{
		{"abc", "abc", 0}, {"ab", "ba", 1}, {"ca", "abc", 2}, {"kitten", "sitting", 3},
		{"smiht", "smith", 1}, {"a cat", "an abct", 3}, {"josé", "joés", 1}, {"abcdef", "badcfe", 3},
	} {
		if got := 8 - int(cityLevel(c, e.a, e.b)); got != e.want {
			t.Errorf("%q %q: distance %d, want %d", e.a, e.b, got, e.want)
		}
	}
}

// The distance is the length of the shortest path in the graph whose steps are
// the four edits, found by breadth-first search.
func TestDamerauIsTheShortestPath(t *testing.T) {
	c := distances(t)
	word := rapid.StringOfN(rapid.RuneFrom([]rune("abc")), 1, 4, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		if got, want := 8-int(cityLevel(c, a, b)), shortestPath(a, b); got != want {
			t.Fatalf("%q %q: %d, want %d", a, b, got, want)
		}
	})
}

func shortestPath(from, to string) int {
	seen := map[string]bool{from: true}
	frontier := []string{from}
	for steps := 0; ; steps++ {
		var next []string
		for _, s := range frontier {
			if s == to {
				return steps
			}
			for _, e := range edits(s, 5) {
				if !seen[e] {
					seen[e] = true
					next = append(next, e)
				}
			}
		}
		frontier = next
	}
}

// edits are the strings one edit from s, of at most longest letters.
func edits(s string, longest int) (out []string) {
	for i := 0; i <= len(s); i++ {
		for _, c := range "abc" {
			if len(s) < longest {
				out = append(out, s[:i]+string(c)+s[i:])
			}
			if i < len(s) {
				out = append(out, s[:i]+string(c)+s[i+1:])
			}
		}
		if i < len(s) {
			out = append(out, s[:i]+s[i+1:])
		}
		if i+1 < len(s) {
			out = append(out, s[:i]+s[i+1:i+2]+s[i:i+1]+s[i+2:])
		}
	}
	return out
}

func TestNewThresholdRefuses(t *testing.T) {
	for name, spoil := range map[string]func(*model.Comparison){
		"other comparator": func(c *model.Comparison) { c.Comparator = "name" },
		"two attributes":   func(c *model.Comparison) { c.Attributes = append(c.Attributes, attribute.Region) },
		"two levels":       func(c *model.Comparison) { c.Levels = c.Levels[:2] },
		"no condition":     func(c *model.Comparison) { c.Levels[2].When = "" },
		"frequency of else": func(c *model.Comparison) {
			c.Levels[1].TermFrequency = &model.TermFrequency{Strength: 1, Base: 0.1}
		},
	} {
		c := &model.Comparison{
			Name: "city", Comparator: model.Text, Attributes: []attribute.Name{attribute.City},
			Levels: []model.Level{{Label: "null"}, {Label: "else"}, {Label: "exact", When: "exact"}},
		}
		if _, err := compare.NewThreshold(c); err != nil {
			t.Fatal(err)
		}
		spoil(c)
		if _, err := compare.NewThreshold(c); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
