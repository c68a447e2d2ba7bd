package consent

import (
	"fmt"
	"math"

	schema "concord/schemas/consent"
)

// Request is a use to decide about: a cell without its anchor, and the legal
// basis that the job declares for it. Purpose may name a channel at its end
// ("marketing.communications.email") when Channel is [schema.AnyChannel].
type Request struct {
	Controller string
	Brand      string
	Purpose    string
	Channel    schema.Channel
	Basis      schema.Basis
	// Topic is what the messages are about, "" for anything: where it is not
	// wanted, the request is denied.
	Topic string
	// Shows are the kinds of data that the use is of, nil for any: it is permitted
	// if some of them may be used, and the answer says which.
	Shows []string
	// Category asks about one kind of data alone.
	Category string
}

// question is a request in codes.
type question struct {
	controller, brand uint16
	purpose           schema.PurposeCode
	channel           schema.Channel
	basis             schema.Basis
	aboutPerson       bool
	topic             string
	data              data // that alone is asked about, or anyData
	shows             schema.CategorySet
}

// Options of an engine.
type Options struct {
	// AsOf is the instant decided for, in microseconds since 1970 UTC. What
	// begins later has not happened yet.
	AsOf int64
	// NoFeed says that the job reads no consent events at all: a basis of
	// consent then permits nobody, whatever the regime's default.
	NoFeed bool
}

// Engine decides requests over one log and clustering at one instant. It is
// read-only: any number of deciders may share it.
type Engine struct {
	log       *Log
	clusters  *Clustering
	policy    *schema.Policy
	reg       *schema.Registry
	requests  []Request
	questions []question
	asOf      int64
	noFeed    bool
	// crowded holds, by anchor index, the meet over all holders of an anchor
	// that more than maxHolders clusters hold, one per question and data.
	crowded map[uint32][]meet
	// narrow tells, by cluster, whether any of its events names kinds of data;
	// nil where no event does.
	narrow []bool
}

// maxHolders is how many clusters may hold an anchor before their meet is
// taken once instead of for each of them: the work then grows with the
// number of holders, not with its square.
const maxHolders = 8

// NewEngine prepares the requests. An unknown purpose is refused here, before
// anything is decided. The clustering must be sealed.
func NewEngine(log *Log, clusters *Clustering, requests []Request, opt Options) (*Engine, error) {
	e := &Engine{
		log: log, clusters: clusters, policy: log.policy, reg: log.policy.Registry(),
		requests: requests, asOf: opt.AsOf, noFeed: opt.NoFeed, crowded: map[uint32][]meet{},
	}
	for i, r := range requests {
		q, err := e.question(r)
		if err != nil {
			return nil, fmt.Errorf("consent request %d: %w", i, err)
		}
		e.questions = append(e.questions, q)
	}
	e.markNarrow()
	e.meetCrowded()
	return e, nil
}

func (e *Engine) question(r Request) (question, error) {
	purpose, channel, split, err := e.reg.Resolve(r.Purpose)
	switch {
	case err != nil:
		return question{}, err
	case split && r.Channel != schema.AnyChannel && r.Channel != channel:
		return question{}, fmt.Errorf("purpose %q names another channel than %q", r.Purpose, r.Channel)
	case !split:
		channel = r.Channel
	}
	of, err := e.log.dataOf(r.Category)
	if err != nil {
		return question{}, err
	}
	return question{
		data:        of,
		shows:       e.reg.CategorySetOf(r.Shows),
		controller:  code(e.log.controllers, r.Controller),
		brand:       code(e.log.brands, r.Brand),
		purpose:     purpose,
		channel:     channel,
		basis:       r.Basis,
		aboutPerson: e.reg.Purpose(purpose).About == schema.AboutPerson,
		topic:       schema.FoldTopic(r.Topic),
	}, nil
}

// Requests is the requests in the order of their numbers. The slice is
// shared: do not change it.
func (e *Engine) Requests() []Request { return e.requests }

// AboutPerson tells whether request number r is about the person rather than a
// contact point.
func (e *Engine) AboutPerson(r int) bool { return e.questions[r].aboutPerson }

// Decide answers one cell: the pure function of the design, for callers with
// one question rather than millions.
func Decide(log *Log, clusters *Clustering, cluster ClusterID, anchor AnchorID, r Request, opt Options) (schema.Verdict, error) {
	e, err := NewEngine(log, clusters, []Request{r}, opt)
	if err != nil {
		return schema.Verdict{}, err
	}
	var res Result
	e.Decider().Decide(cluster, anchor, 0, &res)
	return e.Verdict(&res), nil
}

// Result is a verdict in the engine's form. Its slices are reused from one
// decision to the next.
type Result struct {
	Allowed               bool
	Reasons               schema.ReasonSet
	Basis                 schema.Basis
	Regime                schema.Regime
	ValidFrom, ValidUntil int64
	Deciding              []uint32 // facts and limits of the log, unsorted, may repeat
	// Categories are the kinds of data that an ALLOW is for.
	Categories schema.CategorySet
}

// scene is a cluster as seen at one instant: what its cells have in common.
type scene struct {
	cluster  ClusterID
	ready    bool
	set      schema.JurisdictionSet
	minority schema.Minority
	rules    []schema.Rule // by question
	denials  []denial      // that might travel
	bars     []uint32      // of person scope or wider
}

// denial is one that other anchors of the cluster may feel.
type denial struct {
	fact   uint32
	anchor AnchorID
	lift   stand // the standing grant on exactly the denied cell, if any, for any data
}

// Decider decides for one goroutine. Decisions of one cluster in a row are
// cheapest.
type Decider struct {
	e          *Engine
	own, other scene
	rules      map[schema.JurisdictionSet][]schema.Rule
	scratch    Result        // of meetOf
	single     Result        // of allows
	part       Result        // of narrowly
	grants     []uint32      // that permit, of the decision under way
	blockers   []uint32      // of meetOf
	heard      []uint32      // of narrowed: preferences
	voice      []*preference // of voices
	warmed     warming
}

// Decider makes a decider.
func (e *Engine) Decider() *Decider {
	return &Decider{e: e, rules: map[schema.JurisdictionSet][]schema.Rule{}}
}

// Decide answers request number r for an anchor of a cluster into out. It
// allocates nothing once its buffers have grown.
func (d *Decider) Decide(k ClusterID, a AnchorID, r int, out *Result) {
	if d.e.narrow != nil && d.e.narrowed(k, a) {
		d.narrowly(k, a, r, out)
		return
	}
	d.ask(k, a, r, anyData, out)
	out.Categories = schema.AllCategories
}

// ask answers a request about some data.
func (d *Decider) ask(k ClusterID, a AnchorID, r int, of data, out *Result) {
	d.enter(&d.own, k)
	d.decide(&d.own, a, r, of, out)
	if !out.Allowed {
		return
	}
	if holders := d.e.clusters.Holders(a); holders != nil {
		d.meet(holders, a, r, of, out)
	}
}

// enter prepares a scene for cluster k.
func (d *Decider) enter(s *scene, k ClusterID) {
	if s.ready && s.cluster == k {
		return
	}
	e := d.e
	s.cluster, s.ready = k, true
	s.set, s.minority = e.clusters.sets[k], e.clusters.minority[k]
	s.rules = d.rulesOf(s.set)
	s.denials, s.bars = s.denials[:0], s.bars[:0]
	for _, a := range e.clusters.Anchors(k) {
		lo, hi := e.log.of(a)
		for i := lo; i < hi; i++ {
			f := &e.log.facts[i]
			if f.state.Travels() {
				s.denials = append(s.denials, denial{i, a, d.lift(s, a, f, anyData)})
			}
		}
		for i, hi := e.log.barsOf(a); i < hi; i++ {
			if e.log.bars[i].reach != schema.AnchorScope {
				s.bars = append(s.bars, i)
			}
		}
	}
}

// rulesOf is the strictest rules of a set of jurisdictions, by question. Few
// sets occur, so they are kept.
func (d *Decider) rulesOf(set schema.JurisdictionSet) []schema.Rule {
	rules, ok := d.rules[set]
	if !ok {
		rules = make([]schema.Rule, len(d.e.questions))
		for i, q := range d.e.questions {
			rules[i] = d.e.policy.Strictest(set, q.purpose, q.channel)
		}
		d.rules[set] = rules
	}
	return rules
}

// lift looks for the grant that lifts a denial: one on exactly the denied
// cell that stands there, for the data in question. That it always covers the
// contact point it was given for says nothing of others.
func (d *Decider) lift(s *scene, a AnchorID, f *fact, of data) stand {
	of.self = false
	c := cell{a, f.controller, f.brand, f.purpose, f.channel, of}
	rule := d.e.policy.Strictest(s.set, f.purpose, f.channel)
	st := d.e.standing(s, &c, &rule)
	// A denial that is still to come ends the grant, and the lifting with it.
	st.until = min(st.until, st.nextDenial)
	return st
}

// until is lo + period, or Forever.
func until(lo, period int64) int64 {
	if period > math.MaxInt64-max(lo, 0) {
		return schema.Forever
	}
	return lo + period
}
