package compare_test

import (
	"testing"

	"concord/matching/column/columntest"
	"concord/matching/compare"
	"concord/schemas/attribute"
)

func TestBirthPlaceLevels(t *testing.T) {
	table := columntest.Table([]attribute.Name{attribute.BirthPlace}, [][]string{
		{"kensington"}, {"kensington"}, {"kensinton"}, {"leeds"}, {""},
	})
	k := compare.BirthPlace{}.Bind(table)
	for _, c := range []struct {
		b    uint32
		want string
	}{{1, "exact"}, {2, "near"}, {3, "else"}, {4, "null"}} {
		if got := (compare.BirthPlace{}).Levels()[k.Grade(0, c.b)].Label; got != c.want {
			t.Errorf("records 0 and %d agree at %q, want %q", c.b, got, c.want)
		}
	}
	if got := k.Frequency(0, 2, k.Grade(0, 2)); got != 2.0/5 {
		t.Errorf("frequency %g of a near place, want that of the commoner one, 2 of 5", got)
	}
}
