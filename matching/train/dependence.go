package train

import (
	"cmp"
	"math"
	"slices"

	"concord/schemas/model"
)

// dependences measures, for each pair of comparisons, how much their levels
// tell about each other among matches: the mutual information of the expected
// counts, in bits, less the (r−1)(c−1)/(2n·ln 2) that chance alone gives
// (Miller 1955). The model takes it for nothing, so by so much the sum of the
// two weights is overstated on average. Worst first; pairs at or below 0 are
// left out.
func dependences(cs []model.Comparison, counts []weighed) []model.Dependence {
	var out []model.Dependence
	for a := range cs {
		for b := a + 1; b < len(cs); b++ {
			if bits := mutualInformation(counts, a, b, len(cs[a].Levels), len(cs[b].Levels)); bits > 0 {
				out = append(out, model.Dependence{A: cs[a].Name, B: cs[b].Name, Bits: bits})
			}
		}
	}
	slices.SortStableFunc(out, func(x, y model.Dependence) int { return cmp.Compare(y.Bits, x.Bits) })
	return out
}

// weighed is a pattern, its weight and how many matches it is expected to
// hold.
type weighed struct {
	pattern uint64
	pairs   int64
	weight  float64 // nats, prior included
	matches float64
}

func mutualInformation(counts []weighed, a, b, levelsA, levelsB int) float64 {
	joint := make([]float64, levelsA*levelsB)
	rows, columns := make([]float64, levelsA), make([]float64, levelsB)
	n := 0.0
	for _, c := range counts {
		la, lb := Level(c.pattern, a), Level(c.pattern, b)
		if la == 0 || lb == 0 {
			continue
		}
		joint[la*levelsB+lb] += c.matches
		rows[la] += c.matches
		columns[lb] += c.matches
		n += c.matches
	}
	if n < minDependenceMatches {
		return 0
	}
	information := 0.0
	for la, r := range rows {
		for lb, c := range columns {
			if o := joint[la*levelsB+lb]; o > 0 {
				information += o / n * math.Log2(o*n/(r*c))
			}
		}
	}
	seen := func(margin []float64) (k float64) {
		for _, v := range margin {
			if v > 0.5 {
				k++
			}
		}
		return k
	}
	return information - (seen(rows)-1)*(seen(columns)-1)/(2*n*math.Ln2)
}

const (
	// minDependenceMatches is the number of expected matches below which
	// dependence cannot be told from chance.
	minDependenceMatches = 100
	// warnDependence is the mutual information, in bits, that is worth a
	// warning.
	warnDependence = 0.1
)
