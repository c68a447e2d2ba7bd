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
	// Each runs unit(i) once for every i in [0, n), in any order and at once if
	// it can, and returns when all have returned: how a caller spreads the work
	// over goroutines. An error may keep units from beginning and is returned.
	// nil: one after the other.
	Each func(n int, unit func(i int) error) error
}

// each runs the units as the caller wants them run.
func (o Options) each(n int, unit func(i int) error) error {
	if o.Each != nil {
		return o.Each(n, unit)
	}
	for i := range n {
		if err := unit(i); err != nil {
			return err
		}
	}
	return nil
}

func (o Options) maxBlock() int {
	if o.MaxBlock > 0 {
		return o.MaxBlock
	}
	return MaxBlock
}

// Plan is the pairs to compare: rules in order, each with its blocks. It is
// read-only once made, but for Release, and holds 8 bytes per record and rule,
// more for rules that give a record several blocks.
type Plan struct {
	table   *column.Table
	options Options
	rules   []Rule
	counts  []Count
	blocks  []*Blocks // by rule, nil once released
	layout  layout
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
func (p *Plan) Rule(k int) Rule { return p.rules[k] }

// Counts lists what each rule costs, in rule order. The slice is shared: do
// not change it.
func (p *Plan) Counts() []Count { return p.counts }

// Pairs is the number of pairs the plan compares: the sum of Count.New.
func (p *Plan) Pairs() int64 {
	total := int64(0)
	for k := range p.counts {
		total += p.counts[k].New
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
	for k := range p.counts {
		c := &p.counts[k]
		if sum += c.New; sum > budget {
			return &BudgetError{Budget: budget, Total: p.Pairs(), Rule: c.Rule, Pairs: c.New}
		}
	}
	return nil
}

// shares tells whether rule k puts two records in one block.
func (p *Plan) shares(k int, a, b uint32) bool {
	_, ok := firstCommon(p.layout.of(k, a), p.layout.of(k, b))
	return ok
}

// First is the first rule that puts the two records in one block; ok is false
// when none does. Records of one duplicate-free source are never compared.
func (p *Plan) First(a, b uint32) (rule int, ok bool) {
	if a == b || barred(p.table, p.options, a, b) {
		return 0, false
	}
	for k := range p.rules {
		if p.shares(k, a, b) {
			return k, true
		}
	}
	return 0, false
}

// barred tells whether both records are of one duplicate-free source.
func barred(t *column.Table, o Options, a, b uint32) bool {
	return o.DuplicateFree != nil && t.Source[a] == t.Source[b] && o.DuplicateFree[t.Source[a]]
}

// firstCommon is the least entry of two ascending lists.
func firstCommon(x, y []uint32) (id uint32, ok bool) {
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
