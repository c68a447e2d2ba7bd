package score

import "math"

// The weight of a pair is its odds against two strangers. Two people of one
// household or office are no strangers: against them the odds are
//
//	−log2(relatives) + Σ log2(m/r)
//
// with relatives the number of such pairs to one match and r the share of
// the level among them; and so against twins with t. A pair is a match only
// against all of them, so that its weight is
//
//	−log2(2^−strangers + 2^−relatives + 2^−twins)
//
// at most the least of the three: what early exit needs.

// relatives is the compiled further classes: none of them, or one, or two.
type relatives []kin

type kin struct {
	prior   int32
	weights []row // by comparison: fixed-point log2(m/r) by level, 0 at null
}

func compileRelatives(p *Params) (out relatives) {
	if p.Relatives > 0 {
		out = append(out, compileKin(p, p.Relatives, func(l *Level) float64 { return l.R }))
	}
	if p.Twins > 0 {
		out = append(out, compileKin(p, p.Twins, func(l *Level) float64 { return l.T }))
	}
	return out
}

func compileKin(p *Params, toOneMatch float64, share func(*Level) float64) kin {
	out := kin{prior: fixed(-math.Log2(toOneMatch)), weights: make([]row, len(p.Comparisons))}
	for c := range p.Comparisons {
		for level := range p.Comparisons[c].Levels[1:] {
			l := &p.Comparisons[c].Levels[level+1]
			out.weights[c][level+1] = fixed(math.Log2(l.M / share(l)))
		}
	}
	return out
}

// against is the weight of a pair given its weight against strangers.
func (r relatives) against(strangers int32, pattern uint64) int32 {
	weight := strangers
	for i := range r {
		w := r[i].prior
		for c := range r[i].weights {
			w += r[i].weights[c][pattern>>(LevelBits*c)&(1<<LevelBits-1)]
		}
		weight = softMin(weight, w)
	}
	return weight
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
