package store

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestGlob(t *testing.T) {
	tests := []struct {
		pattern string
		yes, no []string
	}{
		{"extracts/crm/*.csv", []string{"extracts/crm/2026.csv"}, []string{"extracts/crm/a/b.csv", "extracts/crm/a.csv.gz", "extracts/crm/.hidden.csv", "extracts/crm"}},
		{"extracts/**", []string{"extracts/a", "extracts/a/b"}, []string{"extracts", "extract/a", "extracts/.DS_Store", "extracts/.git/a"}},
		{"**/*.csv", []string{"a.csv", "a/b/c.csv"}, []string{"a/b/c.tsv"}},
		{"a/**/b/**/c", []string{"a/b/c", "a/x/b/y/z/c", "a/b/b/c/c"}, []string{"a/c", "a/b", "b/c"}},
		{"a?[0-9][^x].csv", []string{"ab1y.csv", "aü1y.csv"}, []string{"ab1x.csv", "a1y.csv"}},
		{`lit\*eral`, []string{"lit*eral"}, []string{"literal", "litXeral"}},
		{".hidden/*", []string{".hidden/a"}, []string{"hidden/a"}},
	}
	for _, tt := range tests {
		g, err := ParseGlob(tt.pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range tt.yes {
			if !g.Match(key) {
				t.Errorf("%q does not match %q", tt.pattern, key)
			}
		}
		for _, key := range tt.no {
			if g.Match(key) {
				t.Errorf("%q matches %q", tt.pattern, key)
			}
		}
	}
	for _, bad := range []string{"", "/abs", "a//b", "../x", "a/../b", "a**", "a/**b", "[a", "a/[z-", `a\`} {
		if _, err := ParseGlob(bad); err == nil {
			t.Errorf("glob %q: no error", bad)
		}
	}
}

// Against a regular expression, for patterns of names, *, ? and **; and
// everything that matches is in the scope.
func TestGlobAgainstRegexp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom([]string{"**", "*", "a", "b", "a*", "*b", "?", "*a*"}), 1, 5).Draw(t, "parts")
		key := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "ab", "ba", "c"}), 1, 6).Draw(t, "key"), "/")
		g, err := ParseGlob(strings.Join(parts, "/"))
		if err != nil {
			t.Fatal(err)
		}
		var expr strings.Builder
		for i, p := range parts {
			if p == "**" && i == len(parts)-1 {
				expr.WriteString("(/[^/]+)+")
				continue
			}
			if p == "**" {
				expr.WriteString("(/[^/]+)*")
				continue
			}
			expr.WriteString("/" + strings.NewReplacer("*", "[^/]*", "?", "[^/]").Replace(p))
		}
		want := regexp.MustCompile("^" + expr.String() + "$").MatchString("/" + key)
		if got := g.Match(key); got != want {
			t.Fatalf("%q matches %q: %v, by %s %v", parts, key, got, &expr, want)
		}
		if want && !g.Scope().in(key) {
			t.Fatalf("%q matches %q, which its scope %+v leaves out", parts, key, g.Scope())
		}
	})
}

func TestMatchLists(t *testing.T) {
	var m Memory
	for _, key := range []string{"x/b.csv", "x/a.csv", "x/y/c.csv", "x/a.json", "z"} {
		if _, err := m.PutIf(t.Context(), key, nil, Absent); err != nil {
			t.Fatal(err)
		}
	}
	list, err := Match(t.Context(), &m, "x/*.csv")
	var got []string
	for _, i := range list {
		got = append(got, i.Key)
	}
	if want := []string{"x/a.csv", "x/b.csv"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("matched %q, %v, want %q", got, err, want)
	}
	if _, err := Match(t.Context(), &m, "[x"); err == nil {
		t.Error("a bad pattern: no error")
	}
}
