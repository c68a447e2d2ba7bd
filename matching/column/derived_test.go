package column_test

import (
	"slices"
	"testing"

	"concord/matching/column"
	"concord/matching/column/columntest"
	"concord/schemas/attribute"

	"pgregory.net/rapid"
)

var nameAttributes = []attribute.Name{attribute.GivenName, attribute.FamilyName}

func recordKeys(c *column.Column, r int) []string {
	lo, hi := c.Slots(uint32(r))
	var out []string
	for _, code := range c.Codes[lo:hi] {
		if code != 0 {
			out = append(out, c.Values.At(code))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func drawNames(t *rapid.T) [][]string {
	cell := rapid.SampledFrom([]string{"", "ana", "cruz", "ana|anna", "bob", "robert||bob", "hans peter"})
	return rapid.SliceOfN(rapid.SliceOfN(cell, 2, 2), 1, 12).Draw(t, "rows")
}

// A derived column holds, for every record, exactly the keys of its values.
func TestDerivedIsTheKeysOfTheValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := drawNames(t)
		table := columntest.Table(nameAttributes, rows)
		kind := rapid.SampledFrom(column.Kinds()).Draw(t, "kind")
		names := rapid.SampledFrom([][]attribute.Name{nameAttributes[:1], nameAttributes[1:], nameAttributes}).Draw(t, "names")
		got := table.Derived(kind, names...)
		for r := range rows {
			var want []string
			for _, n := range names {
				for _, v := range recordKeys(table.Column(n), r) {
					want = column.Keys(kind, v, want)
				}
			}
			slices.Sort(want)
			want = slices.Compact(want)
			if keys := recordKeys(got, r); !slices.Equal(keys, want) {
				t.Fatalf("record %d of %q has %v keys %q, want %q", r, rows, kind, keys, want)
			}
		}
		if want := columntest.Count(got, table.N); !slices.Equal(got.Count, want) {
			t.Fatalf("Count = %v, want %v", got.Count, want)
		}
	})
}

// Two slots have one combination if and only if all their parts agree.
func TestCombinedIsInjective(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := drawNames(t)
		table := columntest.Table(nameAttributes, rows)
		unordered := rapid.Bool().Draw(t, "unordered")
		got := table.Combined(unordered, column.Part{Name: attribute.GivenName}, column.Part{Name: attribute.FamilyName})
		given, family := table.Column(attribute.GivenName), table.Column(attribute.FamilyName)
		for a := range got.Codes {
			ga, fa := given.Values.At(given.Codes[a]), family.Values.At(family.Codes[a])
			if (got.Codes[a] == 0) != (ga == "" || fa == "") {
				t.Fatalf("slot %d (%q, %q) has code %d", a, ga, fa, got.Codes[a])
			}
			for b := range got.Codes {
				gb, fb := given.Values.At(given.Codes[b]), family.Values.At(family.Codes[b])
				same := (ga == gb && fa == fb) || (unordered && ga == fb && fa == gb)
				if got.Codes[a] != 0 && got.Codes[b] != 0 && (got.Codes[a] == got.Codes[b]) != same {
					t.Fatalf("(%q, %q) and (%q, %q) have codes %d and %d", ga, fa, gb, fb, got.Codes[a], got.Codes[b])
				}
			}
		}
	})
}

func TestCombinedOfThreePartsKeepsOrder(t *testing.T) {
	names := []attribute.Name{attribute.Street, attribute.HouseNumber, attribute.Postcode}
	table := columntest.Table(names, [][]string{
		{"high street", "1", "2"}, {"high street", "2", "1"}, {"high street", "1", "2"}, {"high street", "1", ""},
	})
	got := table.Combined(false, column.Part{Name: names[0]}, column.Part{Name: names[1]}, column.Part{Name: names[2]})
	if c := got.Codes; c[0] == c[1] || c[0] != c[2] || c[3] != 0 {
		t.Fatalf("codes %v", c)
	}
	if !slices.Equal(got.Count, []uint32{1, 2, 1}) {
		t.Fatalf("counts %v", got.Count)
	}
}

func TestMissingAttributesGiveNoColumn(t *testing.T) {
	table := columntest.Table(nameAttributes[:1], [][]string{{"ana"}})
	if c := table.Derived(column.Soundex, attribute.FamilyName); c != nil {
		t.Errorf("Derived of a missing attribute = %v", c)
	}
	if c := table.Derived(column.Soundex, attribute.FamilyName, attribute.GivenName); c == nil {
		t.Error("Derived of one present attribute is nil")
	}
	if c := table.Combined(false, column.Part{Name: attribute.GivenName}, column.Part{Name: attribute.FamilyName}); c != nil {
		t.Errorf("Combined of a missing attribute = %v", c)
	}
}
