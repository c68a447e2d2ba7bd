package nickname

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSame(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"robert", "bob", true},
		{"william", "bill", true},
		{"alexander", "alex", true},
		{"alexandra", "alex", true},
		{"alexander", "alexandra", false},
		{"mohammed", "muhammad", true},
		{"john", "juan", true},
		{"peggy", "margaret", true},
		{"susan", "sarah", false},
		{"xyzzy", "xyzzy", true},
		{"xyzzy", "john", false},
	} {
		if got := Same(c.a, c.b); got != c.want {
			t.Errorf("Same(%q, %q) = %v, want %v", c.a, c.b, got, c.want)
		}
		if Same(c.a, c.b) != Same(c.b, c.a) {
			t.Errorf("Same(%q, %q) is not symmetric", c.a, c.b)
		}
	}
}

func TestRootsAreSortedDistinctAndHoldTheForm(t *testing.T) {
	forms := make([]string, 0, len(roots()))
	for f := range roots() {
		forms = append(forms, f)
	}
	slices.Sort(forms)
	rapid.Check(t, func(t *rapid.T) {
		form := rapid.OneOf(rapid.SampledFrom(forms), rapid.StringMatching(`[a-z]{1,9}`)).Draw(t, "form")
		got := Roots(form, nil)
		if !slices.IsSorted(got) || !slices.Contains(got, form) {
			t.Fatalf("Roots(%q) = %q", form, got)
		}
		if len(slices.Compact(slices.Clone(got))) != len(got) {
			t.Fatalf("Roots(%q) = %q has a name twice", form, got)
		}
	})
}

func TestTablesHoldFoldedNames(t *testing.T) {
	for _, table := range []string{diminutives, cognates} {
		for line := range strings.Lines(table) {
			if strings.HasPrefix(line, "#") {
				continue
			}
			if words := strings.Fields(line); len(words) < 2 {
				t.Errorf("line %q relates no names", line)
			}
			if i := strings.IndexFunc(line, func(r rune) bool { return (r < 'a' || r > 'z') && r != ' ' && r != '\n' }); i >= 0 {
				t.Errorf("line %q holds a character that canonical names do not", line)
			}
		}
	}
}
