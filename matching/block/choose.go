package block

import (
	"slices"

	"concord/matching/column"
)

// Effort bounds by default: see [DefaultEffort].
const (
	effortPerRecord = 100
	minEffort       = 20_000_000
	maxEffort       = 1_000_000_000
)

// DefaultEffort is the work worth spending on n records, in pairs compared,
// each record of a block counting as [loadCost] pairs: 100 a record, at least
// 20 million, at most a thousand million.
func DefaultEffort(n int) int64 {
	return min(max(int64(n)*effortPerRecord, minEffort), maxEffort)
}

const (
	// loadCost is what bringing a record into a unit costs, in pairs compared:
	// a cache miss or two for each comparison. It makes a tight rule that every
	// record takes part in as dear as a loose one.
	loadCost = 8
	// ruleShare is the part of the effort that the pairs of one rule may use:
	// 1/ruleShare. A looser rule's large blocks are split until it fits.
	ruleShare = 4
	// covered is the share of the likely matches below which what a rule adds
	// no longer decides: from there on the cheapest comes first.
	covered = 0.001
	// sampleRecords is the number of records on which candidates are compared.
	// Above it, a hash sample of about so many first drops those that do not
	// fit or add nothing.
	sampleRecords = 100_000
)

// Choice is what became of a candidate rule.
type Choice struct {
	Count
	Chosen bool
	Reason string // one sentence
}

// Proposal chooses rules for a table, in steps that a caller may spread over
// goroutines. Its binder is first that of the candidates, above 100,000
// records bound to a sample of them; Narrow makes it that of the rules that
// are left, bound to all records. Steps already taken do nothing.
//
//	p := block.NewProposal(t, effort, options)
//	p.Derive(i) for i < p.Keys(), then p.Group(i) for i < p.Rules()
//	p.Narrow()
//	p.Derive(i) for i < p.Keys(), then p.Group(i) for i < p.Rules()
//	plan, choices := p.Choose()
//
// [Propose] does them in turn.
type Proposal struct {
	*Binder
	all     *column.Table
	options Options
	effort  int64
	rate    float64 // share of records in the sample, 1: all
	dropped []Choice
}

// NewProposal prepares the choice among [Candidates] under a limit of effort,
// 0 meaning [DefaultEffort].
func NewProposal(t *column.Table, effort int64, o Options) *Proposal {
	if effort == 0 {
		effort = DefaultEffort(t.N)
	}
	if o.MaxPairs == 0 {
		o.MaxPairs = max(1, effort/ruleShare)
	}
	p := &Proposal{all: t, options: o, effort: effort, rate: 1}
	if t.N > sampleRecords {
		p.rate = sampleRecords / float64(t.N)
		t, o = sampleTable(t, o.Unlinkable, p.rate), scaled(o, p.rate)
	}
	p.Binder = NewBinder(t, Candidates(t), o)
	return p
}

// scaled are the options for a sample: a block shrinks with the rate, its
// pairs with the rate's square.
func scaled(o Options, rate float64) Options {
	o.Unlinkable = nil // they are not in the sample
	o.MaxBlock = max(2, int(float64(o.maxBlock())*rate))
	o.MaxPairs = max(1, int64(float64(o.MaxPairs)*rate*rate))
	return o
}

// Narrow drops the candidates that the sample shows to be too dear or to add
// nothing, and turns to all records. Without a sample it changes nothing.
func (p *Proposal) Narrow() {
	if p.rate == 1 {
		return
	}
	draft, choices := p.assemble(p.effort, p.rate)
	var rules []Rule
	for _, c := range choices {
		if !c.Chosen && !tooFew(c.Count) {
			p.dropped = append(p.dropped, c.scaled(p.rate))
		}
	}
	for k := range draft.rules {
		rules = append(rules, draft.rules[k].rule)
	}
	for _, g := range p.grouped { // what is too rare to show in a sample costs little
		if tooFew(g.count) && !contains(rules, g.rule) {
			rules = append(rules, g.rule)
		}
	}
	p.Binder, p.rate = NewBinder(p.all, rules, p.options), 1
}

// fewPairs is the number of pairs in a sample below which it says nothing
// about a rule's worth.
const fewPairs = 100

func tooFew(c Count) bool { return c.Pairs < fewPairs && c.Limit > 1 }

func contains(rules []Rule, r Rule) bool {
	return slices.ContainsFunc(rules, func(other Rule) bool { return other.String() == r.String() })
}

// scaled estimates the counts over all records from those of a sample.
func (c Choice) scaled(rate float64) Choice {
	square := func(n int64) int64 { return int64(float64(n) / rate / rate) }
	c.Pairs, c.New, c.Skipped = square(c.Pairs), square(c.New), square(c.Skipped)
	c.NewExact = false
	c.Reason += " (judged on a sample of records)"
	return c
}

// Choose makes the plan. First come the candidates that add most likely
// matches for their effort, until what is left adds next to none; then, while
// effort is left, the cheapest, for the matches that no evidence shows. The
// choices stand in the order they were made, those dropped on a sample last.
func (p *Proposal) Choose() (*Plan, []Choice) {
	draft, choices := p.assemble(p.effort, 1)
	return draft.plan(), append(choices, p.dropped...)
}

// Propose chooses rules for the records of t under a limit of effort, 0
// meaning [DefaultEffort], and makes their plan.
func Propose(t *column.Table, effort int64, o Options) (*Plan, []Choice, error) {
	p := NewProposal(t, effort, o)
	if err := p.run(); err != nil {
		return nil, nil, err
	}
	p.Narrow()
	if err := p.run(); err != nil {
		return nil, nil, err
	}
	plan, choices := p.Choose()
	return plan, choices, nil
}
