package pipeline

import (
	"concord/matching/evaluate"
	"concord/matching/score"
	"concord/schemas/model"
)

// Recovered sets a level's estimated parameters beside those that the truth
// gives.
type Recovered struct {
	Comparison, Label string
	M, U              float64 // of the model
	TrueM             float64 // share of the level in the true pairs that hold both values
	TruePairs         int64   // at the level
}

// Recovery compares the model's m with the truth's, level by level, and its
// number of matches, λ times the pairs, with the true one.
func (x *Resolution) Recovery(truth string) (levels []Recovered, matches, trueMatches float64, err error) {
	r := x.run
	entity, err := r.readTruth(truth, &Evaluation{})
	if err != nil {
		return nil, 0, 0, failedf(ErrConfig, "truth %s: %w", truth, err)
	}
	comparisons := r.matcher.model.Comparisons
	counts := make([][]int64, len(comparisons))
	for c := range counts {
		counts[c] = make([]int64, len(comparisons[c].Levels))
	}
	for _, members := range groupBy(entity) {
		if entity[members[0]] == evaluate.Unknown {
			continue
		}
		for i, a := range members {
			for _, b := range members[i+1:] {
				trueMatches++
				_, pattern := r.matcher.scorer.Pair(a, b)
				for c := range counts {
					counts[c][pattern>>(score.LevelBits*c)&(1<<score.LevelBits-1)]++
				}
			}
		}
	}
	for c := range comparisons {
		held := int64(0)
		for _, n := range counts[c][model.ElseLevel:] {
			held += n
		}
		for l := model.ElseLevel; l < len(comparisons[c].Levels); l++ {
			from := &comparisons[c].Levels[l]
			levels = append(levels, Recovered{
				Comparison: comparisons[c].Name, Label: from.Label, M: from.M, U: from.U,
				TrueM: float64(counts[c][l]) / float64(max(held, 1)), TruePairs: counts[c][l],
			})
		}
	}
	return levels, r.matcher.model.Prior * float64(possiblePairs(r.matcher.table, r.duplicateFree())), trueMatches, nil
}
