package block

import (
	"fmt"
	"slices"

	"concord/matching/column"
)

// Binder turns rules into a [Plan] in steps that a caller may spread over
// goroutines: every Derive (any order, at once), then every Group (any order,
// at once), then Plan. [Bind] does them in turn.
type Binder struct {
	table   *column.Table
	options Options
	rules   []Rule
	keys    []Key            // distinct keys of the rules, then the refiners' own
	columns []*column.Column // by key, nil until derived
	grouped []grouped        // by rule
}

// NewBinder prepares rules for the records of t.
func NewBinder(t *column.Table, rules []Rule, o Options) *Binder {
	b := &Binder{table: t, options: o, rules: rules, grouped: make([]grouped, len(rules))}
	for _, r := range rules {
		for _, k := range r.Keys {
			b.add(k)
		}
	}
	for _, k := range refiners(t) {
		b.add(k)
	}
	b.columns = make([]*column.Column, len(b.keys))
	return b
}

func (b *Binder) add(k Key) {
	if b.find(k) < 0 {
		b.keys = append(b.keys, k)
	}
}

// find is the place of k in keys, -1 when it is not there.
func (b *Binder) find(k Key) int {
	name := k.String()
	return slices.IndexFunc(b.keys, func(other Key) bool { return other.String() == name })
}

// Keys is the number of Derive steps.
func (b *Binder) Keys() int { return len(b.keys) }

// Derive makes the column of key i, unless it is made.
func (b *Binder) Derive(i int) {
	if b.columns[i] == nil {
		b.columns[i] = b.keys[i].Column(b.table)
	}
}

// Rules is the number of Group steps.
func (b *Binder) Rules() int { return len(b.rules) }

// Group makes the blocks of rule i, unless they are made. All keys must have
// been derived. It needs 32 bytes per key of a record while it works.
func (b *Binder) Group(i int) error {
	if b.grouped[i].rule.Keys != nil {
		return nil
	}
	rule := b.rules[i]
	columns := make([]*column.Column, len(rule.Keys))
	for j, k := range rule.Keys {
		if columns[j] = b.columns[b.find(k)]; columns[j] == nil {
			return fmt.Errorf("blocking rule %q: no channel maps what key %q reads", rule, k)
		}
	}
	packing, err := pack(columns)
	if err != nil {
		return fmt.Errorf("blocking rule %q: %w", rule, err)
	}
	entries := packing.entries(b.table.N, b.options.Unlinkable)
	sorted, spare := sortEntries(entries, make([]entry, len(entries)), packing.keyBits)
	g := grouper{sorted: sorted, refiners: b.refinersOf(rule), kept: spare[:0]}
	g.fit(b.options.maxBlock(), b.options.MaxPairs)
	several := packing.explodes() || g.refined > 0 && slices.ContainsFunc(g.refiners, multiValued)
	b.grouped[i] = grouped{rule: rule, groups: g.byRecord(b.table.N, several)}
	b.grouped[i].count = b.count(&b.grouped[i], &g)
	return nil
}

func multiValued(c *column.Column) bool { return c.Starts != nil }

// refinersOf are the columns that split the rule's oversized blocks: those of
// attributes that the rule does not read.
func (b *Binder) refinersOf(r Rule) []*column.Column {
	var out []*column.Column
	for _, k := range refiners(b.table) {
		if !r.reads(k) {
			out = append(out, b.columns[b.find(k)])
		}
	}
	return out
}

// Plan is the plan of all rules, in the order given.
func (b *Binder) Plan() *Plan {
	d := b.draft()
	for _, g := range b.grouped {
		d.add(g)
	}
	return d.plan()
}

func (b *Binder) draft() *draft { return &draft{table: b.table, options: b.options} }

// Bind makes the plan of the rules over the records of t, in the order given.
func Bind(t *column.Table, rules []Rule, o Options) (*Plan, error) {
	b := NewBinder(t, rules, o)
	if err := b.run(); err != nil {
		return nil, err
	}
	return b.Plan(), nil
}

// run takes the binder's steps in turn.
func (b *Binder) run() error {
	for i := range b.Keys() {
		b.Derive(i)
	}
	for i := range b.Rules() {
		if err := b.Group(i); err != nil {
			return err
		}
	}
	return nil
}

// count is what the rule costs; New is filled in by the plan.
func (b *Binder) count(r *grouped, g *grouper) Count {
	c := Count{
		Rule: r.rule.String(), Blocks: int(g.blocks), Records: len(g.kept),
		Limit: g.limit, Refined: g.refined, Skipped: g.skipped,
	}
	within := make([]int32, len(b.options.DuplicateFree))
	runs(g.kept, func(run []entry) {
		c.Largest = max(c.Largest, len(run))
		c.Pairs += pairs(len(run)) - b.barred(run, within)
	})
	return c
}

// barred counts the pairs of the run within duplicate-free sources. within is
// scratch, by source, all zero before and after.
func (b *Binder) barred(run []entry, within []int32) int64 {
	if len(within) == 0 {
		return 0
	}
	total := int64(0)
	for _, e := range run {
		if s := b.table.Source[e.rec]; b.options.DuplicateFree[s] {
			total += int64(within[s])
			within[s]++
		}
	}
	for _, e := range run {
		within[b.table.Source[e.rec]] = 0
	}
	return total
}
