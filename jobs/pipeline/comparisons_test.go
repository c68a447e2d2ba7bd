package pipeline

import (
	"slices"
	"testing"

	"concord/matching/column/columntest"
	"concord/matching/compare"
	"concord/schemas/attribute"
	"concord/schemas/model"
)

// TestNumbersOfRecordsAreNotCompared holds that an identifier is compared where
// two records share one, where the model has it, or where nothing else is left.
func TestNumbersOfRecordsAreNotCompared(t *testing.T) {
	t.Parallel()
	mrn, card := attribute.Identifier("mrn"), attribute.Identifier("card")
	numbered := [][]string{{"cruz", "m1", "c7"}, {"diaz", "m2", "c7"}, {"ruiz", "m3", ""}}
	trained := &model.Model{Comparisons: []model.Comparison{{Name: string(mrn)}}}
	for _, c := range []struct {
		about string
		names []attribute.Name
		rows  [][]string
		model *model.Model
		want  []string
	}{
		{"numbered", []attribute.Name{attribute.FamilyName, mrn, card}, numbered, nil, []string{"name", string(card)}},
		{"numbered, in the model", []attribute.Name{attribute.FamilyName, mrn, card}, numbered, trained, []string{"name", string(card), string(mrn)}},
		{"shared", []attribute.Name{attribute.FamilyName, mrn}, [][]string{{"cruz", "m1"}, {"cruz", "m1"}}, nil, []string{"name", string(mrn)}},
		{"nothing else", []attribute.Name{mrn}, [][]string{{"m1"}, {"m2"}}, nil, []string{string(mrn)}},
	} {
		table := columntest.Table(c.names, c.rows)
		r := &run{Config: &Config{Observe: Silent{}}}
		var got []string
		for _, k := range r.worthwhile(compare.Default(table), table, c.model) {
			got = append(got, k.Name())
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: compared by %q, want %q", c.about, got, c.want)
		}
	}
}
