package block

import (
	"cmp"
	"math"
	"slices"

	"concord/matching/column"
)

// Budget bounds by default: see [DefaultBudget].
const (
	pairsPerRecord = 200
	minBudget      = 5_000_000
	maxBudget      = 500_000_000
)

// DefaultBudget is the number of pairs worth comparing among n records: 200 a
// record, at least 5 million, at most 500 million.
func DefaultBudget(n int) int64 {
	return min(max(int64(n)*pairsPerRecord, minBudget), maxBudget)
}

const (
	// ruleShare is the part of the budget that one rule may use: 1/ruleShare.
	// Four loose rules may fill the budget; a looser one is split until it fits.
	ruleShare = 4
	// redundant is the number of pairs per new one from which a rule is not
	// worth the 4 bytes a record and the test of every later pair.
	redundant = 20
	// sampleRecords is the number of records on which candidates are compared.
	// Above it, a hash sample of about so many first drops those that do not
	// fit or bring nothing.
	sampleRecords = 100_000
)

// Choice is what became of a candidate rule.
type Choice struct {
	Count
	Chosen bool
	Reason string // one sentence
}

// Proposal chooses rules for a table, in steps that a caller may spread over
// goroutines. The proposal's binder is first that of the candidates, above
// 100,000 records over a sample of them; Narrow makes it that of the rules
// that are left, over all records.
//
//	p := block.NewProposal(t, budget, options)
//	p.Derive(i) for i < p.Keys(), then p.Group(i) for i < p.Rules()
//	p.Narrow()
//	p.Group(i) for i < p.Rules()
//	plan, choices := p.Choose()
//
// [Propose] does them in turn.
type Proposal struct {
	*Binder
	options Options
	budget  int64
	rate    float64 // share of records in the sample, 1: all
	dropped []Choice
}

// NewProposal prepares the choice among [Candidates] under a budget of pairs,
// 0 meaning [DefaultBudget].
func NewProposal(t *column.Table, budget int64, o Options) *Proposal {
	if budget == 0 {
		budget = DefaultBudget(t.N)
	}
	if o.MaxPairs == 0 {
		o.MaxPairs = max(1, budget/ruleShare)
	}
	p := &Proposal{options: o, budget: budget, rate: 1}
	if t.N > sampleRecords {
		p.rate = sampleRecords / float64(t.N)
		o = sampled(t, o, p.rate)
	}
	p.Binder = NewBinder(t, Candidates(t), o)
	return p
}

// sampled are options under which the records outside a hash sample of the
// given rate are in no block, with the limits scaled to it: a block shrinks
// with the rate, its pairs with the rate's square.
func sampled(t *column.Table, o Options, rate float64) Options {
	threshold := uint64(rate * math.MaxUint64)
	out := make([]bool, t.N)
	for r, h := range t.Hash {
		out[r] = h > threshold || o.Unlinkable != nil && o.Unlinkable[r]
	}
	o.Unlinkable = out
	o.MaxBlock = max(2, int(float64(o.maxBlock())*rate))
	o.MaxPairs = max(1, int64(float64(o.MaxPairs)*rate*rate))
	return o
}

// Narrow drops the candidates that the sample shows to be too dear or
// redundant and binds the others to all records. Without a sample it changes
// nothing.
func (p *Proposal) Narrow() {
	if p.rate == 1 {
		return
	}
	draft, choices := p.assemble(int64(float64(p.budget) * p.rate * p.rate))
	var rules []Rule
	for _, c := range choices {
		if !c.Chosen && !c.tooFew() {
			p.dropped = append(p.dropped, c.scaled(p.rate))
		}
	}
	for k := range draft.rules {
		rules = append(rules, draft.rules[k].rule)
	}
	for _, g := range p.grouped { // what is too rare to show in a sample costs nothing
		if tooFew(g.count) && !contains(rules, g.rule) {
			rules = append(rules, g.rule)
		}
	}
	p.Binder = p.rebind(rules, p.options)
	p.rate = 1
}

// fewPairs is the number of pairs in a sample below which it says nothing
// about a rule's worth.
const fewPairs = 100

func tooFew(c Count) bool { return c.Pairs < fewPairs && c.Limit > 1 }

func contains(rules []Rule, r Rule) bool {
	return slices.ContainsFunc(rules, func(other Rule) bool { return other.String() == r.String() })
}

func (c Choice) tooFew() bool { return tooFew(c.Count) }

// scaled estimates the counts over all records from those of a sample.
func (c Choice) scaled(rate float64) Choice {
	square := func(n int64) int64 { return int64(float64(n) / rate / rate) }
	c.Pairs, c.New, c.Skipped = square(c.Pairs), square(c.New), square(c.Skipped)
	c.NewExact = false
	c.Reason += " (judged on a sample of records)"
	return c
}

// rebind is a binder of other rules over the same columns.
func (b *Binder) rebind(rules []Rule, o Options) *Binder {
	next := newBinder(b.table, rules, o)
	for _, k := range next.keys {
		next.columns = append(next.columns, b.columns[b.find(k)])
	}
	return next
}

// Choose makes the plan of the candidates that fit the budget, cheapest
// first: a rule with few pairs has the most matches a pair. The choices stand
// in the order they were made, those dropped on a sample last.
func (p *Proposal) Choose() (*Plan, []Choice) {
	draft, choices := p.assemble(p.budget)
	return draft.plan(), append(choices, p.dropped...)
}

func (b *Binder) assemble(budget int64) (*draft, []Choice) {
	order := slices.Clone(b.grouped)
	slices.SortStableFunc(order, func(x, y grouped) int { return cmp.Compare(x.count.Pairs, y.count.Pairs) })
	d := b.draft()
	var choices []Choice
	for _, candidate := range order {
		c := d.add(candidate)
		reason, chosen := worth(c, budget)
		if chosen {
			budget -= c.New
		} else {
			d.rules = d.rules[:len(d.rules)-1]
		}
		choices = append(choices, Choice{c, chosen, reason})
	}
	return d, choices
}

// worth tells whether a candidate with its new pairs counted joins the plan.
func worth(c Count, left int64) (reason string, chosen bool) {
	switch {
	case c.Pairs == 0:
		return "no two records share its key in a block small enough", false
	case c.New*redundant < c.Pairs:
		return "the rules before it have nearly all its pairs", false
	case c.New > left:
		return "its new pairs exceed what is left of the budget", false
	}
	return "chosen", true
}

// Propose chooses rules for the records of t under a budget of pairs, 0
// meaning [DefaultBudget], and makes their plan.
func Propose(t *column.Table, budget int64, o Options) (*Plan, []Choice, error) {
	p := NewProposal(t, budget, o)
	if err := p.run(); err != nil {
		return nil, nil, err
	}
	if p.rate < 1 {
		p.Narrow()
		for i := range p.Rules() {
			if err := p.Group(i); err != nil {
				return nil, nil, err
			}
		}
	}
	plan, choices := p.Choose()
	return plan, choices, nil
}
