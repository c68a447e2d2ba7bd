package block

import (
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

// ruleShare is the part of the budget that one rule may use: 1/ruleShare.
// Four loose rules may fill the budget; a looser one is split until it fits.
const ruleShare = 4

// Choice is what became of a candidate rule.
type Choice struct {
	Count
	Chosen bool
	Reason string // one sentence
}

// Choose makes the plan of the candidates that fit a budget of pairs, cheapest
// first: a rule with few pairs has the most matches a pair. A candidate that
// finds no pair the chosen ones lack, or whose new pairs no longer fit, is left
// out. The choices stand in the order they were made.
func (b *Binder) Choose(budget int64) (*Plan, []Choice) {
	order := slices.Clone(b.grouped)
	slices.SortStableFunc(order, func(x, y grouped) int {
		switch {
		case x.count.Pairs < y.count.Pairs:
			return -1
		case x.count.Pairs > y.count.Pairs:
			return 1
		}
		return 0
	})
	p := &Plan{table: b.table, options: b.options}
	var choices []Choice
	left := budget
	for _, candidate := range order {
		reason, chosen := "chosen", false
		switch c := &candidate.count; {
		case c.Pairs == 0:
			reason = "no two records share its key in a block small enough"
		default:
			p.rules = append(p.rules, candidate)
			p.countNew(len(p.rules) - 1)
			candidate.count = p.rules[len(p.rules)-1].count
			if reason, chosen = worth(candidate.count, left); !chosen {
				p.rules = p.rules[:len(p.rules)-1]
			}
		}
		if chosen {
			left -= candidate.count.New
		}
		choices = append(choices, Choice{candidate.count, chosen, reason})
	}
	return p, choices
}

// worth tells whether a candidate with its new pairs counted joins the plan.
func worth(c Count, left int64) (reason string, chosen bool) {
	switch {
	case c.New == 0:
		return "the rules before it find all its pairs", false
	case c.New > left:
		return "its new pairs exceed what is left of the budget", false
	}
	return "chosen", true
}

// Propose chooses rules for the records of t under a budget of pairs, 0
// meaning [DefaultBudget], and makes their plan.
func Propose(t *column.Table, budget int64, o Options) (*Plan, []Choice, error) {
	if budget == 0 {
		budget = DefaultBudget(t.N)
	}
	b := NewProposal(t, budget, o)
	if err := b.run(); err != nil {
		return nil, nil, err
	}
	p, choices := b.Choose(budget)
	return p, choices, nil
}

// NewProposal is the binder of all candidates for t, each limited to its share
// of the budget.
func NewProposal(t *column.Table, budget int64, o Options) *Binder {
	if o.MaxPairs == 0 {
		o.MaxPairs = max(1, budget/ruleShare)
	}
	return NewBinder(t, Candidates(t), o)
}
