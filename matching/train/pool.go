package train

import (
	"cmp"
	"slices"

	"concord/schemas/model"
)

// share is what one pass found of a comparison: the share of each level among
// its expected matches, and how much it counts.
type share struct {
	levels []float64 // by level; null is 0
	weight float64   // expected matches that hold both values, times how sure the pass is of them
}

func shareOf(expected []float64, certainty float64) share {
	s := share{levels: make([]float64, len(expected))}
	n := sum(expected[model.ElseLevel:])
	for l := model.ElseLevel; l < len(expected) && n > 0; l++ {
		s.levels[l] = expected[l] / n
	}
	s.weight = certainty * n
	return s
}

// pool makes expected counts of the passes' shares: level by level their
// weighted median, scaled to add up to all the weight there is.
//
// The median, not the mean, since a pass can go wrong as a whole. Two
// comparisons, one of them weak, do not tell two classes apart (Allman, Matias
// and Rhodes 2009: three are needed), and where a block holds families its
// second class may be "relatives". Such a pass expects too many matches, so in
// a mean it has the loudest voice.
func pool(to []float64, found []share) {
	found = slices.DeleteFunc(found, func(s share) bool { return s.weight == 0 })
	if len(found) == 0 {
		return
	}
	total, weight := 0.0, 0.0
	for l := model.ElseLevel; l < len(to); l++ {
		to[l] = weightedMedian(found, l)
		total += to[l]
	}
	for _, s := range found {
		weight += s.weight
	}
	for l := model.ElseLevel; l < len(to) && total > 0; l++ {
		to[l] *= weight / total
	}
}

// weightedMedian is the value at half the weight, between its neighbours in
// proportion, so that two passes give their mean.
func weightedMedian(found []share, level int) float64 {
	s := slices.Clone(found)
	slices.SortStableFunc(s, func(x, y share) int { return cmp.Compare(x.levels[level], y.levels[level]) })
	half := 0.0
	for _, x := range s {
		half += x.weight / 2
	}
	// A value stands at the middle of its weight.
	at, before := 0.0, share{}
	for i, x := range s {
		here := at + x.weight/2
		if here >= half {
			if i == 0 {
				return x.levels[level]
			}
			from := at - before.weight/2
			return before.levels[level] + (half-from)/(here-from)*(x.levels[level]-before.levels[level])
		}
		at += x.weight
		before = x
	}
	return before.levels[level]
}
