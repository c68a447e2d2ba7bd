package compare_test

import (
	"slices"
	"testing"

	"concord/matching/column/columntest"
	"concord/matching/compare"
	"concord/schemas/attribute"
)

func TestGenerations(t *testing.T) {
	table := columntest.Table([]attribute.Name{attribute.FamilyName, attribute.NameSuffix}, [][]string{
		{"smith", "jr"}, {"smith", "ii"}, {"smith", "sr"}, {"smith", "phd"}, {"smith", ""}, {"smith", "jr|sr"}, {"smith", "jr|sr|ii"},
	})
	if got, want := compare.Generations(table), []uint32{2, 2, 1, 0, 0, 0, 0}; !slices.Equal(got, want) {
		t.Errorf("generations %v, want %v", got, want)
	}
	none := columntest.Table([]attribute.Name{attribute.FamilyName}, [][]string{{"smith"}})
	if got := compare.Generations(none); got != nil {
		t.Errorf("without suffixes: %v, want nil", got)
	}
}
