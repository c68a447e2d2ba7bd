package train

import (
	"math"

	"concord/schemas/model"
)

// Limits of the EM algorithm.
const (
	// maxIterations ends a pass that does not converge, which is then said.
	maxIterations = 200
	// tolerance is the largest change of an m parameter, and the largest
	// relative change of the share of matches, at which a pass has converged.
	tolerance = 1e-4
)

// pass is the input of one run of the EM algorithm.
type pass struct {
	counts Table // canonical
	// matched and unmatched are labelled pairs, whose class is given.
	matched, unmatched Table
	judged             judged // the same by pattern
	// free are the comparisons that are evidence and whose m is estimated.
	free []int
	// total is the number of pairs the share of matches refers to: at least
	// those counted. The rest are taken for non-matches.
	total float64
	// start is the share of matches to begin with.
	start float64
	// floating lets u move with the pass, from the u given, which then weighs
	// as much as floatingPairs pairs.
	floating bool
}

// outcome is what a pass found.
type outcome struct {
	matches float64 // expected, labelled ones included
	share   float64 // of matches in total
	// expected is the expected number of matches by comparison and level;
	// others the same of the counted non-matches.
	expected, others [][]float64
	certainty        float64 // mean posterior of a match: Σp²/Σp
	iterations       int
	converged        bool
	lastChange       float64
	likelihood       []float64 // nats per pair by iteration
	// objective is the log posterior at the end, in nats: what tells two
	// starts apart.
	objective float64
	m, u      [][]float64
}

// run is the EM algorithm for a two-class mixture with conditionally
// independent comparisons (Dempster, Laird and Rubin 1977; Winkler 1988):
// m and the share of matches are estimated, u is held (see pass.floating).
// m carries a Dirichlet prior, so an empty level keeps a finite weight and a
// small pass stays near the default. The sums run in pattern order.
//
// EM finds the summit nearest to where it starts. With u floating it starts
// twice, from the u of strangers and from one halfway to the pass's own
// counts, and keeps the likelier end: the first start can end with a class of
// households, the second, where nearly all pairs match, with half of them.
func (p *pass) run(m, u, priorM [][]float64) outcome {
	o := p.climb(m, u, u, priorM)
	if !p.floating {
		return o
	}
	if other := p.climb(m, p.halfway(u), u, priorM); other.objective > o.objective {
		return other
	}
	return o
}

// halfway is the mean of u and the shares of all the pass's pairs.
func (p *pass) halfway(u [][]float64) [][]float64 {
	counts := zeros(u)
	for _, c := range p.counts {
		addLevels(counts, c.Pattern, p.free, float64(c.Pairs))
	}
	out := clone(u)
	for _, k := range p.free {
		posteriorMean(out[k], counts[k], u[k], sum(counts[k][1:]))
	}
	return out
}

// excessShare is how much of the agreement that a pass starts from is its own
// excess, the rest being the prior's.
const excessShare = 0.9

// excess is where m starts: the share of disagreement is the prior's, and
// agreement is spread over the levels as in the pass's pairs, less what
// strangers have of it. The prior alone knows nothing of the data: where no
// street is recorded, two addresses agree at the postal code at best, which it
// takes for a coincidence.
func (p *pass) excess(u, priorM [][]float64) [][]float64 {
	counts := zeros(u)
	for _, c := range p.counts {
		addLevels(counts, c.Pattern, p.free, float64(c.Pairs))
	}
	out := clone(priorM)
	for _, k := range p.free {
		pairs := sum(counts[k][model.ElseLevel:])
		excess := make([]float64, len(u[k]))
		for l := model.ElseLevel + 1; l < len(u[k]); l++ {
			excess[l] = math.Max(counts[k][l]-u[k][l]*pairs, 0)
		}
		total, agree := sum(excess), 1-priorM[k][model.ElseLevel]
		for l := model.ElseLevel + 1; l < len(u[k]) && total > 0; l++ {
			out[k][l] = excessShare*agree*excess[l]/total + (1-excessShare)*priorM[k][l]
		}
	}
	return out
}

// climb is one run from m and u; u0 is what a floating u is pulled to.
func (p *pass) climb(m, u, u0, priorM [][]float64) outcome {
	m, u = clone(m), clone(u)
	o := outcome{share: p.start}
	weights, logU := zeros(m), zeros(u)
	for o.iterations < maxIterations {
		o.iterations++
		logRatio(weights, m, u)
		logs(logU, u)
		p.expect(&o, weights, logU)
		o.lastChange = p.maximise(&o, m, priorM)
		if p.floating {
			p.float(&o, u, u0)
		}
		if o.lastChange < tolerance {
			o.converged = true
			break
		}
	}
	o.m, o.u = m, u
	o.objective = o.likelihood[len(o.likelihood)-1]*p.size() + p.logPrior(m, priorM, matchesPrior)
	if p.floating {
		o.objective += p.logPrior(u, u0, floatingPairs)
	}
	return o
}

// logPrior is the logarithm of the Dirichlet prior at v, but for a constant.
func (p *pass) logPrior(v, prior [][]float64, strength float64) (sum float64) {
	for _, k := range p.free {
		for l := 1; l < len(v[k]); l++ {
			sum += strength * prior[k][l] * math.Log(v[k][l])
		}
	}
	return sum
}

// expect is the E step: the posterior of every pattern, and the expected
// counts by level.
func (p *pass) expect(o *outcome, weights, logU [][]float64) {
	o.expected, o.others = zeros(weights), zeros(weights)
	logOdds := math.Log(o.share / (1 - o.share))
	var matches, squares, likelihood float64
	for _, c := range p.counts {
		w, unmatched := logOdds, math.Log1p(-o.share)
		for _, k := range p.free {
			l := Level(c.Pattern, k)
			w += weights[k][l]
			unmatched += logU[k][l]
		}
		n := float64(c.Pairs)
		posterior := p.judged.posterior(c.Pattern, sigmoid(w))
		matches += n * posterior
		squares += n * posterior * posterior
		likelihood += n * (unmatched + log1pExp(w))
		addLevels(o.expected, c.Pattern, p.free, n*posterior)
		addLevels(o.others, c.Pattern, p.free, n*(1-posterior))
	}
	for _, c := range p.matched {
		matches += float64(c.Pairs)
		squares += float64(c.Pairs)
		addLevels(o.expected, c.Pattern, p.free, float64(c.Pairs))
	}
	for _, c := range p.unmatched {
		addLevels(o.others, c.Pattern, p.free, float64(c.Pairs))
	}
	o.matches, o.certainty = matches, squares/math.Max(matches, math.SmallestNonzeroFloat64)
	o.likelihood = append(o.likelihood, likelihood/p.size())
}

// maximise is the M step. It returns the largest change.
func (p *pass) maximise(o *outcome, m, priorM [][]float64) float64 {
	// Half a match and half a pair keep the share inside (0, 1).
	share := (o.matches + 0.5) / (p.size() + 1)
	change := math.Abs(share-o.share) / math.Max(share, o.share)
	o.share = share
	for _, k := range p.free {
		change = math.Max(change, posteriorMean(m[k], o.expected[k], priorM[k], matchesPrior))
	}
	return change
}

// floatingPairs is the weight of the given u against the pass's own
// non-matches.
const floatingPairs = 100

func (p *pass) float(o *outcome, u, u0 [][]float64) {
	for _, k := range p.free {
		posteriorMean(u[k], o.others[k], u0[k], floatingPairs)
	}
}

// size is the number of pairs the share of matches refers to.
func (p *pass) size() float64 {
	labelled := float64(p.matched.Pairs() + p.unmatched.Pairs())
	return math.Max(p.total, float64(p.counts.Pairs())) + labelled
}

// posteriorMean sets to to the mean of the Dirichlet posterior given counts
// and a prior worth strength counts, and returns the largest change. The null
// level has no share.
func posteriorMean(to, counts, prior []float64, strength float64) float64 {
	var n float64
	for _, c := range counts[1:] {
		n += c
	}
	change := 0.0
	for l := 1; l < len(to); l++ {
		v := (counts[l] + strength*prior[l]) / (n + strength)
		change = math.Max(change, math.Abs(v-to[l]))
		to[l] = v
	}
	return change
}

// logRatio sets to to ln(m/u), 0 for the null level.
func logRatio(to, m, u [][]float64) {
	for k := range to {
		for l := 1; l < len(to[k]); l++ {
			to[k][l] = math.Log(m[k][l] / u[k][l])
		}
	}
}

// logs sets to to ln u, 0 for the null level.
func logs(to, u [][]float64) {
	for k := range to {
		for l := 1; l < len(to[k]); l++ {
			to[k][l] = math.Log(u[k][l])
		}
	}
}

func addLevels(to [][]float64, pattern uint64, free []int, n float64) {
	for _, k := range free {
		to[k][Level(pattern, k)] += n
	}
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// log1pExp is ln(1+eˣ) without overflow.
func log1pExp(x float64) float64 {
	if x > 0 {
		return x + math.Log1p(math.Exp(-x))
	}
	return math.Log1p(math.Exp(x))
}

func clone(a [][]float64) [][]float64 {
	out := make([][]float64, len(a))
	for i := range a {
		out[i] = append([]float64(nil), a[i]...)
	}
	return out
}

func zeros(like [][]float64) [][]float64 {
	out := make([][]float64, len(like))
	for i := range like {
		out[i] = make([]float64, len(like[i]))
	}
	return out
}
