// Package train estimates the parameters of the Fellegi-Sunter model from the
// data itself: λ, m and u, without labels, or with some.
//
// In flow counts, out flows a [model.Model]. The counts are level samples of
// random pairs ([Sample]) and agreement patterns of blocked pairs ([Table]),
// both integers, so that however the counting was split over workers the
// model is the same to the last bit. Nothing here sees a value of a record.
//
// How the parameters are estimated:
//
//	u  from random pairs and exact value frequencies, less expected matches    u.go
//	m  by the EM algorithm, one pass per blocking rule, each for the           em.go
//	   comparisons its keys leave free; passes pooled by expected matches      passes.go
//	λ  by capture-recapture over deterministic rules, else from the matches    lambda.go
//	   expected among all blocked pairs
//
// m and u alternate until neither moves. Every share carries a weak default
// (prior.go), better levels never weigh less than worse ones (monotone.go),
// and what did not converge, rests on defaults or depends on each other is
// said in the model's warnings. Decision record 0010 has the alternatives and
// their figures.
package train

import (
	"math"

	"concord/matching/compare"
	"concord/schemas/model"
)

// Input is what the model is estimated from.
type Input struct {
	// Comparisons are described without parameters: see [Describe].
	Comparisons []model.Comparison
	Records     int64
	// Pairs is the number of pairs that could match: n(n−1)/2, or those across
	// sources for a job that links them.
	Pairs int64
	// Samples are by comparison: see [Sample]. A nil entry leaves u at its
	// default.
	Samples []*LevelSample
	Passes  []Pass
	// Union counts the pairs that any blocking rule finds, each once.
	Union Table
	// UnionShare is the share of those pairs that Union counts, when records
	// were sampled; 0 means all.
	UnionShare float64
	// Captures and Recaptures are the deterministic rules and their overlaps.
	Captures   []Capture
	Recaptures []Recapture
	Labels     []Label
}

// Pass is one blocking rule for the EM algorithm.
type Pass struct {
	Rule string
	// Fixed are the comparisons whose attributes the rule's keys read, as
	// bits: within a block they say nothing of how matches agree at large.
	Fixed uint64
	// Counts are all pairs of the rule, those that other rules find too: a
	// table of pairs new to the rule lacks the matches that agree best.
	Counts Table
}

// Label is pairs a person has judged, by their pattern. Their class is taken
// as given; a pair may count for more than one by raising Pairs.
type Label struct {
	Pattern uint64
	Match   bool
	Pairs   int64
}

// Options identify the model. The zero value works.
type Options struct {
	Seed       uint64
	CreatedFor string
}

// Describe lists the comparisons of a model to be trained. Levels with a term
// frequency carry one without parameters yet.
func Describe(comparators []compare.Comparator) []model.Comparison {
	out := make([]model.Comparison, len(comparators))
	for i, c := range comparators {
		out[i] = model.Comparison{
			Name: c.Name(), Comparator: c.Name(), Attributes: c.Attributes(), Description: c.Description(),
		}
		threshold, isText := c.(*compare.Threshold)
		if isText {
			out[i].Comparator = model.Text
		}
		for k, l := range c.Levels() {
			level := model.Level{Label: l.Label, Description: l.Description}
			if isText && k > model.ElseLevel {
				level.When = threshold.Conditions()[k].String()
			}
			if l.TermFrequency {
				level.TermFrequency = &model.TermFrequency{Strength: 1}
			}
			out[i].Levels = append(out[i].Levels, level)
		}
	}
	return out
}

// Limits of the alternation between m and u.
const (
	maxRounds = 20
	// settled is the largest change of an m at which the rounds end.
	settled = 1e-3
	// minRecords is what training needs: with fewer, m stays at its defaults.
	minRecords = 10
)

// Train estimates the model. It always returns a valid one: where the data
// hold too little, the defaults, marked as such.
func Train(in Input, o Options) (*model.Model, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	f := newFitting(&in)
	for f.rounds < maxRounds && !f.settled {
		f.round()
	}
	f.order()
	f.relate()
	m := f.model(o)
	if err := m.Validate(); err != nil {
		return nil, err
	}
	return m, nil
}

// fitting is the state of an estimation.
type fitting struct {
	in           *Input
	union        Table
	share        float64 // of the blocked pairs that union counts
	counted      [][]float64
	priorM       [][]float64
	priorU       [][]float64
	m, u         [][]float64
	lambda       float64
	prior        model.Prior
	expected     [][]float64 // matches among all blocked pairs, by level
	matches      float64     // their number
	trained      bool
	rounds       int
	settled      bool
	passes       []*passState
	whole        *passState // all blocked pairs, when it is needed
	fromUnion    []bool     // by comparison: no pass left it free
	repaired     []float64  // by comparison: see monotone
	reversed     []bool     // by comparison: disagreement spoke for a match
	kin          [kinClasses]kin
	judged       judged    // labels by pattern
	most         []float64 // by pattern of union: how likely a match at most, where EM drifted; nil elsewhere
	replaced     replaced  // see boundReplaced; zero: no bounds
	recaptured   interval
	isRecaptured bool
}

func newFitting(in *Input) *fitting {
	f := &fitting{in: in, share: in.UnionShare, union: in.Union.canonical(math.MaxUint64)}
	if f.share == 0 {
		f.share = 1
	}
	f.judged = f.judgedBy(math.MaxUint64)
	f.priorM = allDefaults(in.Comparisons, DefaultM)
	f.priorU = allDefaults(in.Comparisons, DefaultU)
	f.counted = zeros(f.priorM)
	all := f.all()
	for _, c := range f.union {
		addLevels(f.counted, c.Pattern, all, float64(c.Pairs)/f.share)
	}
	f.expected = zeros(f.priorM)
	f.withoutUnreachable()
	f.m = clone(f.priorM)
	f.repaired = make([]float64, len(f.m))
	f.reversed = make([]bool, len(f.m))
	f.u = f.strangers(f.expected)
	f.recaptured, f.isRecaptured = captureRecapture(in.Captures, in.Recaptures)
	f.lambda = f.startLambda()
	f.trained = in.Records >= minRecords && len(f.union) > 0
	f.passes = f.newPasses()
	return f
}

// startLambda is capture-recapture's, or else one match for every ten
// records.
func (f *fitting) startLambda() float64 {
	matches := float64(f.in.Records) / 10
	if f.isRecaptured {
		matches = f.recaptured.value
	}
	return clampShare(matches / math.Max(float64(f.in.Pairs), 1))
}

// maxLambda bounds λ: more than one pair in ten matching is no set of records
// of many people.
const maxLambda = 0.1

func clampShare(p float64) float64 { return math.Min(math.Max(p, 1e-15), maxLambda) }

// round estimates m from u, then λ, then u from both.
func (f *fitting) round() {
	f.rounds++
	before := f.m
	if f.trained {
		f.estimateM()
	}
	f.estimateLambda()
	f.expected = zeros(f.m)
	f.matches = 0
	all := f.all()
	for _, w := range f.weigh() {
		f.matches += w.matches
		addLevels(f.expected, w.pattern, all, w.matches)
	}
	f.u = f.strangers(f.expected)
	change := 0.0
	for k := range f.m {
		for l := range f.m[k] {
			change = math.Max(change, math.Abs(f.m[k][l]-before[k][l]))
		}
	}
	f.settled = f.rounds > 1 && change < settled
}

// order puts the levels in order once more: u moved after m last did.
func (f *fitting) order() {
	for k := range f.m {
		f.repaired[k] = math.Max(f.repaired[k], monotone(f.m[k], f.u[k]))
		f.restate(k)
	}
}

// restating are levels, by comparison, that say what another comparison has
// said: an e-mail address made of a name, at another domain. They never speak
// for a match.
var restating = map[string]string{"email": "same_name"}

// restate gives what matches show of a restating level, beyond what strangers
// do, to the levels in proportion.
func (f *fitting) restate(k int) {
	label, ok := restating[f.in.Comparisons[k].Name]
	if !ok {
		return
	}
	for l, level := range f.in.Comparisons[k].Levels {
		if level.Label != label || f.m[k][l] <= f.u[k][l] {
			continue
		}
		scale := (1 - f.u[k][l]) / (1 - f.m[k][l])
		for j := range f.m[k] {
			f.m[k][j] *= scale
		}
		f.m[k][l] = f.u[k][l]
	}
}

func (f *fitting) all() []int {
	out := make([]int, len(f.in.Comparisons))
	for k := range out {
		out[k] = k
	}
	return out
}

// weigh gives each pattern of the union its weight and its expected matches,
// scaled to all blocked pairs.
func (f *fitting) weigh() []weighed {
	weights := zeros(f.m)
	logRatio(weights, f.m, f.u)
	logOdds := math.Log(f.lambda / (1 - f.lambda))
	out := make([]weighed, len(f.union))
	for i, c := range f.union {
		w := logOdds
		for k := range weights {
			w += weights[k][Level(c.Pattern, k)]
		}
		out[i] = weighed{c.Pattern, c.Pairs, w, float64(c.Pairs) / f.share * f.judged.posterior(c.Pattern, sigmoid(w))}
	}
	return out
}
