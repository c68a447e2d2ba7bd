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

// Propose chooses rules for the records of t among [Candidates] under a limit
// of effort, 0 meaning [DefaultEffort], and makes their plan. First come the
// candidates that add most likely matches for their effort, until what is left
// adds next to none; then, while effort is left, the cheapest, for the matches
// that no evidence shows. The choices stand in the order they were made.
//
// Above 100,000 records the candidates are first bound to a sample of them;
// what the sample shows to be too dear or to add nothing is dropped, and
// stands last among the choices.
func Propose(t *column.Table, effort int64, o Options) (*Plan, []Choice, error) {
	if effort == 0 {
		effort = DefaultEffort(t.N)
	}
	if o.MaxPairs == 0 {
		o.MaxPairs = max(1, effort/ruleShare)
	}
	rules, dropped := Candidates(t), []Choice(nil)
	if t.N > sampleRecords {
		var err error
		if rules, dropped, err = narrow(t, rules, effort, o); err != nil {
			return nil, nil, err
		}
	}
	b, err := bind(t, rules, o)
	if err != nil {
		return nil, nil, err
	}
	draft, choices, err := b.assemble(effort, 1)
	if err != nil {
		return nil, nil, err
	}
	return draft.plan(), append(choices, dropped...), nil
}

// narrow leaves of the rules those that a sample of the records speaks for.
func narrow(t *column.Table, rules []Rule, effort int64, o Options) (kept []Rule, dropped []Choice, err error) {
	rate := sampleRecords / float64(t.N)
	small, err := sampleTable(t, o, rate)
	if err != nil {
		return nil, nil, err
	}
	b, err := bind(small, rules, scaled(o, rate))
	if err != nil {
		return nil, nil, err
	}
	draft, choices, err := b.assemble(effort, rate)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range choices {
		if !c.Chosen && !tooFew(c.Count) {
			dropped = append(dropped, c.scaled(rate))
		}
	}
	for k := range draft.rules {
		kept = append(kept, draft.rules[k].rule)
	}
	for _, g := range b.grouped { // what is too rare to show in a sample costs little
		if tooFew(g.count) && !contains(kept, g.rule) {
			kept = append(kept, g.rule)
		}
	}
	return kept, dropped, nil
}

// scaled are the options for a sample: a block shrinks with the rate, its
// pairs with the rate's square.
func scaled(o Options, rate float64) Options {
	o.Unlinkable = nil // they are not in the sample
	o.MaxBlock = max(2, int(float64(o.maxBlock())*rate))
	o.MaxPairs = max(1, int64(float64(o.MaxPairs)*rate*rate))
	return o
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
