package compare

import (
	"slices"
	"testing"

	"concord/schemas/attribute"
	"concord/schemas/model"

	"pgregory.net/rapid"
)

// Published and hand-made distances: DuckDB's damerau_levenshtein agrees on
// ca, abc.
func TestDamerauByHand(t *testing.T) {
	var d damerau
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "abc", 0}, {"ab", "ba", 1}, {"ca", "abc", 2},
		{"kitten", "sitting", 3}, {"smiht", "smith", 1}, {"a cat", "an abct", 4}, {"josé", "joés", 1},
		{"abcdef", "badcfe", 3},
	} {
		if got := d.distance(c.a, c.b); got != c.want {
			t.Errorf("%q %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// The distance is the length of the shortest path in the graph whose steps are
// the four edits: found by breadth-first search over short strings.
func TestDamerauIsTheShortestPath(t *testing.T) {
	word := rapid.StringOfN(rapid.RuneFrom([]rune("abc")), 0, 4, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		var d damerau
		if got, want := d.distance(a, b), shortestPath(a, b); got != want {
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
			for _, e := range edits(s, 6) {
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
	good := func() *model.Comparison {
		return &model.Comparison{
			Name: "city", Comparator: model.Text, Attributes: []attribute.Name{attribute.City}, Description: "cities",
			Levels: []model.Level{{Label: "null"}, {Label: "else"}, {Label: "exact", When: "exact"}},
		}
	}
	if _, err := NewThreshold(good()); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*model.Comparison){
		"other comparator": func(c *model.Comparison) { c.Comparator = "name" },
		"two attributes":   func(c *model.Comparison) { c.Attributes = slices.Repeat(c.Attributes, 2) },
		"two levels":       func(c *model.Comparison) { c.Levels = c.Levels[:2] },
		"no condition":     func(c *model.Comparison) { c.Levels[2].When = "" },
		"frequency of else": func(c *model.Comparison) {
			c.Levels[Else].TermFrequency = &model.TermFrequency{Strength: 1, Base: 0.1}
		},
	} {
		c := good()
		spoil(c)
		if _, err := NewThreshold(c); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

