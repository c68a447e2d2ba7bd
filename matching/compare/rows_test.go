package compare_test

import (
	"slices"
	"testing"

	"concord/matching/column"
	"concord/matching/column/columntest"
	"concord/matching/compare"
	"concord/schemas/attribute"
)

// manyValued is people of whom some have several values of an attribute, some
// none.
func manyValued() *column.Table {
	names := []attribute.Name{attribute.GivenName, attribute.FamilyName, attribute.BirthDate, attribute.Email, attribute.Street, attribute.City, attribute.Sex}
	return columntest.Table(names, [][]string{
		{"ana", "cruz", "1980-05-31", "ana@x.org|ana.cruz@y.org", "high street|low street", "leeds|york", "f"},
		{"ana", "cruz", "1980-05-13", "ana.cruz@y.org", "low street", "york", ""},
		{"", "", "", "", "", "", ""},
		{"ana|anna", "smith|cruz", "1980", "", "hugh street", "leeds", "f"},
		{"john", "smith", "1951-01-02|1951-02-01", "john@x.org|ana@x.org|jon@x.org", "", "york|", "m"},
		{"jon", "smith", "1951-02-01", "|jon@x.org", "|low street", "|york", "m"},
	})
}

func TestInterleavedKernelsGradeAlike(t *testing.T) {
	for name, table := range map[string]*column.Table{"several values": manyValued(), "one value": people(200), "no record": people(0)} {
		var apart []compare.Kernel
		for _, c := range compare.Default(table) {
			apart = append(apart, c.Bind(table))
		}
		together, rows, err := compare.Bind(table, compare.Default(table), nil)
		if err != nil {
			t.Fatal(err)
		}
		rows.Arrays(func(array any) { // to other memory: what is left there is wrong
			old := array.(*[]uint64)
			elsewhere := slices.Clone(*old)
			for i := range *old {
				(*old)[i] = ^uint64(0)
			}
			*old = elsewhere
		})
		for c, k := range together {
			for a := range uint32(table.N) {
				for b := range uint32(table.N) {
					if got, want := k.Clone().Grade(a, b), apart[c].Grade(a, b); got != want {
						t.Fatalf("%s, comparison %d, records %d and %d: %d, want %d", name, c, a, b, got, want)
					}
				}
			}
		}
	}
}
