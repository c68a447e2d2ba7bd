package block

import (
	"fmt"

	"concord/matching/column"
)

// MaxBlock is the default size of the largest block that is compared whole:
// 8192 records are 34 M pairs, about two seconds of one core. A key that more
// records share says little about any two of them.
const MaxBlock = 8192

// Options are the facts about records that no key shows. The zero value
// compares every pair that shares a block of up to MaxBlock records.
type Options struct {
	// DuplicateFree tells, by source, that a source holds nobody twice: its
	// records are compared with other sources' only. All true links sources
	// without looking for duplicates within them. nil: none is.
	DuplicateFree []bool
	// Unlinkable tells, by record, that a record may not be linked at all
	// (consent to be linked denied): it is in no block. nil: none is.
	Unlinkable []bool
	// MaxBlock replaces the default when positive.
	MaxBlock int
	// MaxPairs is the most pairs a rule may have; above it, ever smaller blocks
	// are split by further keys. 0: no limit.
	MaxPairs int64
}

func (o Options) maxBlock() int {
	if o.MaxBlock > 0 {
		return o.MaxBlock
	}
	return MaxBlock
}

// Plan is the pairs to compare: rules in order, each with its blocks. It is
// read-only once made and holds 4 bytes per record and rule, more for rules
// that give a record several blocks.
type Plan struct {
	table   *column.Table
	options Options
	rules   []grouped
}

// grouped is a rule with its blocks and counts.
type grouped struct {
	rule   Rule
	groups groups
	count  Count
}

// Count is what a rule costs.
type Count struct {
	Rule string
	// Blocks is the number of keys that two records or more share, Records the
	// places in them, Largest the records of the largest.
	Blocks, Records, Largest int
	// Pairs is exact: Σ n(n-1)/2 over the blocks, less the pairs within
	// duplicate-free sources. A pair that shares two blocks counts twice.
	Pairs int64
	// New is the pairs that no earlier rule has, each once: exact where
	// NewExact, else estimated from a sample of records by hash.
	New      int64
	NewExact bool
	// Limit is the largest block compared whole under this rule. Refined keys
	// had larger blocks and were split by further keys; Skipped pairs of
	// theirs are compared under no refinement: recall at risk, unless another
	// rule has them.
	Limit   int
	Refined int
	Skipped int64
}

// Len is the number of rules.
func (p *Plan) Len() int { return len(p.rules) }

// Rule is the k-th rule.
func (p *Plan) Rule(k int) Rule { return p.rules[k].rule }

// Counts lists what each rule costs, in rule order.
func (p *Plan) Counts() []Count {
	counts := make([]Count, len(p.rules))
	for k := range p.rules {
		counts[k] = p.rules[k].count
	}
	return counts
}

// Pairs is the number of pairs the plan compares: the sum of Count.New.
func (p *Plan) Pairs() int64 {
	total := int64(0)
	for k := range p.rules {
		total += p.rules[k].count.New
	}
	return total
}

// Records is the number of records of the table, in blocks or not.
func (p *Plan) Records() int { return p.table.N }

// BudgetError refuses a plan that compares more pairs than the budget allows.
type BudgetError struct {
	Budget int64
	Total  int64  // pairs of all rules
	Rule   string // the rule at which the budget ran out
	Pairs  int64  // its own new pairs
}

func (e *BudgetError) Error() string {
	return fmt.Sprintf("blocking rule %q brings the plan over its budget of %d pairs: %d of its own, %d in all; "+
		"add a key to the rule, remove it, or raise match.budget.pairs", e.Rule, e.Budget, e.Pairs, e.Total)
}

// Check refuses the plan when it compares more than budget pairs.
func (p *Plan) Check(budget int64) error {
	sum := int64(0)
	for k := range p.rules {
		c := &p.rules[k].count
		if sum += c.New; sum > budget {
			return &BudgetError{Budget: budget, Total: p.Pairs(), Rule: c.Rule, Pairs: c.New}
		}
	}
	return nil
}

// shares tells whether rule k puts two records in one block, and in which
// first.
func (p *Plan) shares(k int, a, b uint32) (id uint32, ok bool) {
	x, y := p.rules[k].groups.of(a), p.rules[k].groups.of(b)
	for i, j := 0, 0; i < len(x) && j < len(y); {
		switch {
		case x[i] < y[j]:
			i++
		case x[i] > y[j]:
			j++
		default:
			return x[i], true
		}
	}
	return 0, false
}

// First is the first rule that puts the two records in one block; ok is false
// when none does. Records of one duplicate-free source are never compared.
func (p *Plan) First(a, b uint32) (rule int, ok bool) {
	if a == b || p.barred(a, b) {
		return 0, false
	}
	for k := range p.rules {
		if _, ok := p.shares(k, a, b); ok {
			return k, true
		}
	}
	return 0, false
}

// barred tells whether both records are of one duplicate-free source.
func (p *Plan) barred(a, b uint32) bool {
	free := p.options.DuplicateFree
	return free != nil && p.table.Source[a] == p.table.Source[b] && free[p.table.Source[a]]
}
