package train

import (
	"math"
	"slices"

	"concord/schemas/model"
)

// liveShare is the share of a pass's pairs that must hold both values for a
// comparison to count as evidence.
const liveShare = 0.1

// minLive is how many comparisons of a pass must be evidence. With one alone,
// which of its levels belong to matches cannot be told from the counts.
const minLive = 2

// passState is a pass between rounds.
type passState struct {
	rule   string
	run    pass
	m, u   [][]float64 // where the last round ended; nil before the first
	result model.Pass
	others bool // the class found is not of one person's records: see ofOthers
}

// newPasses makes the passes that have enough evidence. u floats in them:
// pairs that share a block are not strangers drawn at random, they live at one
// address or bear one name, and measured by the u of strangers they would all
// be matches.
func (f *fitting) newPasses() (out []*passState) {
	for i := range f.in.Passes {
		p := &f.in.Passes[i]
		var free []int
		for k := range f.in.Comparisons {
			if p.Fixed>>k&1 == 0 {
				free = append(free, k)
			}
		}
		counts := p.Counts.canonical(^p.Fixed)
		if len(counts) == 0 || f.live(counts, free) < minLive {
			continue
		}
		matched, unmatched := f.labels(^p.Fixed)
		out = append(out, &passState{rule: p.Rule, run: pass{
			counts: counts, matched: matched, unmatched: unmatched, judged: f.judgedBy(^p.Fixed),
			free: free, start: startShare, floating: true,
		}})
	}
	return out
}

// advance runs a pass to convergence: from both starts in the first round,
// then from where the round before ended.
func (f *fitting) advance(s *passState) outcome {
	var o outcome
	if s.m == nil {
		o = s.run.run(s.run.excess(f.u, f.priorM), f.u, f.priorM)
	} else {
		o = s.run.climb(s.m, s.u, f.u, f.priorM)
	}
	s.m, s.u, s.run.start = o.m, o.u, o.share
	s.result = f.passFacts(s, &o)
	return o
}

// estimateM runs every pass and pools their expected matches by comparison
// and level, each pass weighed by how sure it is of them. A comparison that
// the passes leave too little is estimated from all blocked pairs together.
func (f *fitting) estimateM() {
	found := make([][]share, len(f.priorM))
	for _, s := range f.passes {
		o := f.advance(s)
		if s.others = f.ofOthers(s.run.free, o.expected); s.others {
			continue
		}
		for _, k := range s.run.free {
			found[k] = append(found[k], shareOf(o.expected[k], o.certainty))
		}
	}
	pooled := zeros(f.priorM)
	for k := range found {
		pool(pooled[k], found[k])
	}
	f.fillFromUnion(pooled)
	f.m = clone(f.priorM)
	for k := range f.m {
		f.limit(k, pooled[k])
		posteriorMean(f.m[k], pooled[k], f.priorM[k], matchesPrior)
		// A class of "matches" that disagrees more than strangers do is not
		// the class of matches: EM has swapped them.
		f.reversed[k] = f.m[k][model.ElseLevel] >= f.u[k][model.ElseLevel]
		if f.reversed[k] {
			copy(f.m[k], f.priorM[k])
		}
		f.repaired[k] = monotone(f.m[k], f.u[k])
	}
}

// mostOthers is the share of a class whose birth dates, or names, are another
// person's from which on it is not one person's records. In files as bad as
// are made on purpose one in seven is; in a class of one household most are.
const mostOthers = 1.0 / 3

// ofOthers tells whether a class of pairs is of several people rather than of
// one: its birth dates or its given names disagree too often. Where few records
// have duplicates, the greatest class beside strangers is that of spouses, or
// of brothers and sisters.
func (f *fitting) ofOthers(free []int, expected [][]float64) bool {
	for _, k := range free {
		labels := another[f.in.Comparisons[k].Name]
		other, all := 0.0, sum(expected[k][model.ElseLevel:])
		for l, level := range f.in.Comparisons[k].Levels {
			if slices.Contains(labels, level.Label) {
				other += expected[k][l]
			}
		}
		if other > mostOthers*all {
			return true
		}
	}
	return false
}

// another are the levels, by comparison, at which a trait is another person's
// or was replaced.
var another = map[string][]string{
	"birth_date": otherBirth,
	"name":       slices.Concat(otherNames, []string{"part_similar"}, otherGiven),
}

// startShare is the share of matches a pass begins with: blocked pairs are
// rich in matches.
const startShare = 0.1

// live counts the comparisons for which enough pairs hold both values.
func (f *fitting) live(counts Table, free []int) int {
	present := make([]int64, len(f.in.Comparisons))
	for _, c := range counts {
		for _, k := range free {
			if Level(c.Pattern, k) != model.NullLevel {
				present[k] += c.Pairs
			}
		}
	}
	need := liveShare * float64(counts.Pairs())
	n := 0
	for _, p := range present {
		if p > 0 && float64(p) >= need {
			n++
		}
	}
	return n
}

// fillFromUnion estimates the comparisons for which the passes expect fewer
// matches than the default is worth: by EM over all blocked pairs, the share
// of matches being that of all pairs, u held.
func (f *fitting) fillFromUnion(pooled [][]float64) {
	f.fromUnion = make([]bool, len(pooled))
	for k := range pooled {
		f.fromUnion[k] = sum(pooled[k][model.ElseLevel:]) < matchesPrior
	}
	if !slices.Contains(f.fromUnion, true) {
		return
	}
	if f.whole == nil {
		matched, unmatched := f.labels(math.MaxUint64)
		f.whole = &passState{rule: "all blocked pairs", run: pass{
			counts: f.union, matched: matched, unmatched: unmatched, judged: f.judged,
			free: f.all(), total: float64(f.in.Pairs) * f.share, start: f.lambda,
		}}
	}
	o := f.advance(f.whole)
	if f.whole.others = f.ofOthers(f.whole.run.free, o.expected); f.whole.others {
		return
	}
	for k, from := range f.fromUnion {
		if from {
			copy(pooled[k], o.expected[k])
		}
	}
}

// limit scales the pooled counts of a comparison down to the matches that
// exist: a pair that six passes found is one pair, and must not outweigh the
// default six times.
func (f *fitting) limit(k int, pooled []float64) {
	n, known := sum(pooled[model.ElseLevel:]), sum(f.expected[k][model.ElseLevel:])
	if known == 0 || n <= known {
		return
	}
	for l := range pooled {
		pooled[l] *= known / n
	}
}

// passFacts tells how a pass went, iterations and log-likelihoods over all
// rounds.
func (f *fitting) passFacts(s *passState, o *outcome) model.Pass {
	p := model.Pass{
		Rule: s.rule, Pairs: s.run.counts.Pairs(), Matches: o.matches,
		Iterations: s.result.Iterations + o.iterations, Converged: o.converged, LastChange: o.lastChange,
		LogLikelihood: append(s.result.LogLikelihood, o.likelihood...),
	}
	for _, k := range s.run.free {
		p.Estimated = append(p.Estimated, f.in.Comparisons[k].Name)
	}
	return p
}

// estimateLambda prefers capture-recapture, which also sees the matches that
// blocking missed; else λ is the EM estimate with m and u held. Where the two
// differ beyond reason the smaller is taken: precision first.
func (f *fitting) estimateLambda() {
	pairs := math.Max(float64(f.in.Pairs), 1)
	byMatches := f.expectLambda()
	switch {
	case f.isRecaptured && f.trained && f.recaptured.value > maxDisagreement*byMatches*pairs:
		f.lambda = byMatches
		f.prior = model.Prior{Method: "expected matches", Low: byMatches, High: clampShare(f.recaptured.high / pairs)}
	case f.isRecaptured:
		f.lambda = clampShare(f.recaptured.value / pairs)
		f.prior = model.Prior{
			Method: "capture-recapture",
			Low:    clampShare(f.recaptured.low / pairs), High: clampShare(f.recaptured.high / pairs),
		}
	case f.trained:
		f.lambda = byMatches
		f.prior = model.Prior{Method: "expected matches", Low: byMatches, High: byMatches}
	default:
		f.prior = model.Prior{Method: "default", Low: f.lambda, High: f.lambda}
	}
}

// maxDisagreement is the factor between the two estimates of λ beyond which
// the deterministic rules are taken to link strangers.
const maxDisagreement = 4

// expectLambda is the share of matches in all pairs that reproduces itself:
// the expected matches among blocked pairs, over all pairs.
func (f *fitting) expectLambda() float64 {
	pairs := math.Max(float64(f.in.Pairs), 1)
	saved := f.lambda
	defer func() { f.lambda = saved }()
	for range maxIterations {
		n := 0.5
		for _, w := range f.weigh() {
			n += w.matches
		}
		next := clampShare(n / (pairs + 1))
		done := math.Abs(next-f.lambda) <= tolerance*next
		f.lambda = next
		if done {
			break
		}
	}
	return f.lambda
}

func sum(v []float64) (n float64) {
	for _, x := range v {
		n += x
	}
	return n
}
