package pipeline

import (
	"strings"

	"concord/matching/cluster"
	"concord/matching/score"
	"concord/schemas/model"
)

// Evidence against a pair of two records of one cluster is weighed with care.
// A cluster's pairs are not independent: a record that was badly typed
// disagrees with all the person's others for the same reason, and two that
// have nothing in common but their silence start from the prior, once for
// every pair. Added up in full, that splits people whose records are many. On
// the other hand one birth date against another is two people, however many
// records without a birth date stand between them.

// damping is the part that counts of the evidence that two records are
// strangers' rather than one person's. Evidence that they are kin's counts in
// full: it was weighed against all that they share.
const damping = 0.4

// Where one of these disagrees and a match seldom does, the two records are
// two people unless the pair's evidence is for it all the same.
const (
	// opposing is the weight, in bits, from which a level opposes a match: 1 in
	// 23 of what strangers show.
	opposing = -4.5
	// opposed is what such a pair weighs in a cluster, in bits: more than a few
	// weak links can bear.
	opposed = -20
)

// opposition tells, by comparison and level, what opposes a match.
type opposition [score.MaxComparisons][1 << score.LevelBits]bool

// opposingLevels are the levels of a comparison, worst first, at which a
// person's lasting traits differ by more than a slip.
func opposingLevels(comparison string) int {
	switch {
	case comparison == "birth_date":
		return 3 // else, within a decade, within a year
	case strings.HasPrefix(comparison, "identifier_"):
		return 1
	}
	return 0
}

func newOpposition(m *model.Model) *opposition {
	out := &opposition{}
	for k := range m.Comparisons {
		levels := m.Comparisons[k].Levels
		for l := model.ElseLevel; l < min(model.ElseLevel+opposingLevels(m.Comparisons[k].Name), len(levels)); l++ {
			out[k][l] = levels[l].Bits() <= opposing
		}
	}
	return out
}

// in tells whether a pattern has an opposing level.
func (o *opposition) in(pattern uint64) bool {
	for k := range o {
		if o[k][pattern>>(score.LevelBits*k)&(1<<score.LevelBits-1)] {
			return true
		}
	}
	return false
}

// weigh is what a pair that no link joins weighs in a cluster, in the
// clusterer's units. weight and strangers are those of the pair against all
// classes and against strangers alone.
func (o *opposition) weigh(weight, strangers int32, pattern uint64) int32 {
	w := clusterWeight(weight)
	if w >= 0 {
		return w
	}
	if o.in(pattern) {
		return min(w, opposed*cluster.Bit)
	}
	apart := float64(clusterWeight(min(strangers, 0)))
	return w - int32((1-damping)*apart)
}
