package score

import "math"

// The weight of a pair is its odds against two strangers. Two people of one
// household or office are no strangers: against them the odds are
//
//	−log2(relatives) + Σ log2(m/r)
//
// with relatives the number of such pairs to one match and r the share of
// the level among them. A pair is a match only against both, so that its
// weight is −log2(2^−strangers + 2^−relatives), at most the lesser of the two:
// what early exit needs.

// relatives is the compiled third class, nil when the model has none.
type relatives struct {
	prior   int32
	weights []row // by comparison: fixed-point log2(m/r) by level, 0 at null
}

func compileRelatives(p *Params) *relatives {
	if p.Relatives == 0 {
		return nil
	}
	out := &relatives{prior: fixed(-math.Log2(p.Relatives)), weights: make([]row, len(p.Comparisons))}
	for c := range p.Comparisons {
		for level, l := range p.Comparisons[c].Levels[1:] {
			out.weights[c][level+1] = fixed(math.Log2(l.M / l.R))
		}
	}
	return out
}

// against is the weight of a pair given its weight against strangers.
func (r *relatives) against(strangers int32, pattern uint64) int32 {
	if r == nil {
		return strangers
	}
	w := r.prior
	for c := range r.weights {
		w += r.weights[c][pattern>>(LevelBits*c)&(1<<LevelBits-1)]
	}
	return softMin(strangers, w)
}

// softMin is −log2(2^−a + 2^−b) of fixed-point a and b, from a table so that
// it is the same on every machine.
func softMin(a, b int32) int32 {
	d := max(a-b, b-a) / softStep
	if int(d) >= len(softTable) {
		return min(a, b)
	}
	return min(a, b) - softTable[d]
}

// softStep is a 64th of a bit; beyond softBits the greater of the two changes
// nothing that the fixed point shows.
const (
	softStep = Bit / 64
	softBits = 16
)

var softTable = func() (t [softBits * 64]int32) {
	for i := range t {
		t[i] = fixed(math.Log2(1 + math.Exp2(-float64(i)/64)))
	}
	return t
}()
