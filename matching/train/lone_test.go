package train

import (
	"testing"

	"concord/matching/compare"
	"concord/schemas/model"
)

// TestLoneComparison holds that equal values that people hold alone are matches
// where nothing else is compared, and that equal names are not.
func TestLoneComparison(t *testing.T) {
	t.Parallel()
	const records, equal = 5000, 3000
	for _, c := range []struct {
		comparator  compare.Comparator
		least, most float64
	}{
		{compare.Email{}, 0.9 * equal, 2 * equal},
		{compare.Phone{}, 0.9 * equal, 2 * equal},
		{compare.Identifier{Kind: "loyalty"}, 0.9 * equal, 2 * equal},
		{compare.Name{}, 0, equal / 10},
	} {
		cs := Describe([]compare.Comparator{c.comparator})
		top := len(cs[0].Levels) - 1
		pairs := int64(records * (records - 1) / 2)
		sample := &LevelSample{
			Population: float64(pairs), Graded: 300_000, Levels: make([]int64, top+1),
			Inverse: make([]float64, top+1), Mean: make([]float64, top+1), Exact: equal,
		}
		sample.Levels[model.ElseLevel], sample.Levels[top] = 300_000-72, 72
		m, err := Train(Input{
			Comparisons: cs, Records: records, Pairs: pairs, Samples: []*LevelSample{sample},
			Union: Table{{uint64(top), equal}, {model.ElseLevel, 500}},
		}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Prior * float64(pairs); got < c.least || got > c.most {
			t.Errorf("%s: %.0f matches are estimated, %d pairs being equal; want %.0f to %.0f", cs[0].Name, got, equal, c.least, c.most)
		}
	}
}
