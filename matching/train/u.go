package train

import (
	"math"

	"concord/schemas/model"
)

// estimateU makes u of what random pairs show, less the matches among them:
// in a set with duplicates most pairs that agree on an e-mail address are
// matches, and counting them as coincidence would cost ten bits.
//
// counted and expected are by comparison and level, over all pairs: how many
// pairs blocking found, and how many of those are expected to match. A level
// too rare for the sample is at least as common as blocking has shown.
func estimateU(samples []*LevelSample, fallback, counted, expected [][]float64) [][]float64 {
	u := clone(fallback)
	for k, s := range samples {
		if s == nil || s.Graded == s.Levels[model.NullLevel] || s.Population == 0 {
			continue
		}
		scale := s.Population / float64(s.Graded)
		present := float64(s.Graded-s.Levels[model.NullLevel]) * scale
		total := 0.0
		for l := 1; l < len(u[k]); l++ {
			pairs := float64(s.Levels[l]) * scale
			if l == len(u[k])-1 && s.Exact >= 0 {
				pairs = float64(s.Exact)
			}
			pairs = math.Max(pairs, counted[k][l])
			strangers := math.Max(pairs-expected[k][l], 0)
			if l == len(u[k])-1 {
				strangers = math.Max(strangers, s.byParts(sum(expected[k][1:])))
			}
			u[k][l] = strangers + smoothU(scale, present, fallback[k][l])
			total += u[k][l]
		}
		for l := 1; l < len(u[k]); l++ {
			u[k][l] /= total
		}
	}
	return u
}

// strangers is u, given how many of the pairs at each level are expected to
// match. Where values are compared that people hold alone, and nothing else, no
// other comparison can tell how many of the pairs with one value are chance:
// then what is known of such values does.
func (f *fitting) strangers(expected [][]float64) [][]float64 {
	u := estimateU(f.in.Samples, f.priorU, f.counted, expected)
	if len(u) != 1 || defaultsFor(f.in.Comparisons[0].Name).coincidence > heldAlone {
		return u
	}
	top := len(u[0]) - 1
	bound(u[0], func(l int) bool { return l == top }, f.priorU[0][top])
	return u
}

// heldAlone is the chance of coincidence up to which a value is somebody's own.
const heldAlone = 1e-6

// byParts is how many pairs of strangers agree in all parts if these are
// independent, so many matches being taken to agree in each; 0 where there are
// no parts. What is left of the pairs that agree in all after the matches is a
// small difference of two numbers, one of them an estimate: namesakes who were
// once taken for matches make names look rarer than they are, and so themselves
// more surely matches. Each part alone has far more strangers than matches.
// Names go together in families of languages, so this is a lower bound.
func (s *LevelSample) byParts(matches float64) float64 {
	pairs := s.Whole
	for _, agreeing := range s.Parts {
		pairs *= math.Max(agreeing-matches, 0) / s.Whole
	}
	return pairs
}

// smoothU is what a level's count is raised by: half a sampled pair, or, where
// so few pairs could be compared that half a pair would be an absurd share,
// what the default u leads one to expect.
func smoothU(scale, present, fallback float64) float64 {
	return math.Min(halfCount*scale, present*fallback)
}

// minBaseSample is how many sampled pairs a term-frequency base needs.
const minBaseSample = 30

// bases are the term-frequency bases by level: the harmonic mean of the agreed
// value's frequency over the pairs at the level, as sampled. At the top, and
// where the sample shows too few pairs, it is the mean over all pairs that
// agree on the value, from counts, and u where nothing was counted.
//
// For names, whose bearers are mostly strangers, the mean is Σf², the exact u.
// For identifiers that single people hold it is the share one person's records
// have: a value that more hold loses weight, and one person's own loses none.
func bases(s *LevelSample, u []float64) []float64 {
	out := make([]float64, len(u))
	for l := model.ElseLevel + 1; l < len(u); l++ {
		base := u[l]
		switch {
		case s == nil:
		case l < len(u)-1 && s.Levels[l] >= minBaseSample && s.Inverse[l] > 0:
			base = float64(s.Levels[l]) / s.Inverse[l]
		case l < len(s.Mean) && s.Mean[l] > 0:
			base = s.Mean[l]
		}
		// A value every record holds has frequency 1: keep inside (0, 1).
		out[l] = math.Min(base, 1-1e-9)
	}
	return out
}
