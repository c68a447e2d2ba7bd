package column_test

import (
	"slices"
	"testing"

	"concord/matching/column"

	"pgregory.net/rapid"
)

func TestKeys(t *testing.T) {
	for _, c := range []struct {
		kind  column.Kind
		value string
		want  []string
	}{
		{column.Whole, "ana", []string{"ana"}},
		{column.Initial, "ana", []string{"a"}},
		{column.Initial, "éva", []string{"é"}},
		{column.Prefix3, "an", nil},
		{column.Prefix3, "anna", []string{"ann"}},
		{column.Suffix3, "anna", []string{"nna"}},
		{column.Soundex, "robert", []string{"r163"}},
		{column.Spelling, "mohammed", []string{"muamad"}},
		{column.FirstToken, "hans-peter", []string{"hans"}},
		{column.Tokens, "hans peter hans j", []string{"hans", "peter"}},
		{column.Roots, "bob", []string{"bob", "robert"}},
		{column.Roots, "", nil},
		{column.Year, "1980", []string{"1980"}},
		{column.YearMonth, "1980", nil},
		{column.YearMonth, "1980-05", []string{"1980-05"}},
		{column.MonthDay, "1980-05-31", []string{"05-31"}},
		{column.DateDigits, "1980-05-31", []string{"00113589"}},
		{column.Last7, "+442079460018", []string{"9460018"}},
		{column.Last7, "n:04 02121465", []string{"2121465"}},
		{column.Last7, "12345", nil},
		{column.Last4, "3817305", []string{"7305"}},
		{column.LocalPart, "ana@x.org", []string{"ana"}},
		{column.LocalPart, "ana", nil},
		{column.PostcodeArea, "ls1 4ap", []string{"ls1"}},
		{column.PostcodeArea, "sw988af", []string{"sw98"}},
		{column.PostcodeArea, "89111", []string{"891"}},
	} {
		got := column.Keys(c.kind, c.value, nil)
		slices.Sort(got)
		if c.kind == column.Roots && len(c.want) > 0 {
			for _, w := range c.want {
				if !slices.Contains(got, w) {
					t.Errorf("Keys(%v, %q) = %q lacks %q", c.kind, c.value, got, w)
				}
			}
			continue
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("Keys(%v, %q) = %q, want %q", c.kind, c.value, got, c.want)
		}
	}
}

func TestKeysAreDistinctPresentAndAppended(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(column.Kinds()).Draw(t, "kind")
		value := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z]{0,6}[ -]?[a-z0-9]{0,6}`)).Draw(t, "value")
		got := column.Keys(kind, value, []string{"before"})
		if got[0] != "before" {
			t.Fatalf("Keys overwrote what out held: %q", got)
		}
		keys := got[1:]
		if slices.Contains(keys, "") {
			t.Fatalf("Keys(%v, %q) = %q holds the null key", kind, value, keys)
		}
		if !kind.Multiple() && len(keys) > 1 {
			t.Fatalf("Keys(%v, %q) = %q, want one at most", kind, value, keys)
		}
		slices.Sort(keys)
		if len(slices.Compact(slices.Clone(keys))) != len(keys) {
			t.Fatalf("Keys(%v, %q) = %q repeats itself", kind, value, keys)
		}
	})
}

func TestEveryKindHasAName(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range column.Kinds() {
		if k.String() == "" || k.String() == "unknown" || seen[k.String()] {
			t.Errorf("kind %d has the name %q", k, k)
		}
		seen[k.String()] = true
	}
}
