package block

import (
	"fmt"
	"slices"
	"sync"

	"concord/matching/column"
)

// binder turns rules into a [Plan]: it derives the column of every key, then
// groups every rule's records into blocks.
type binder struct {
	table   *column.Table
	options Options
	rules   []Rule
	keys    []Key // distinct keys of the rules, then the refiners' own
	columns []derived
	grouped []grouped // by rule
}

// derived is the column of a key, made when it is first asked for: refiners are
// dear, and few rules need one.
type derived struct {
	once   sync.Once
	column *column.Column
}

// bind groups the records of t by each of the rules.
func bind(t *column.Table, rules []Rule, o Options) (*binder, error) {
	b := &binder{table: t, options: o, rules: rules, grouped: make([]grouped, len(rules))}
	for _, r := range rules {
		for _, k := range r.Keys {
			b.add(k)
		}
	}
	ruleKeys := len(b.keys)
	for _, k := range refiners(t) {
		b.add(k)
	}
	b.columns = make([]derived, len(b.keys))
	derive := func(i int) error {
		b.column(b.keys[i])
		return nil
	}
	if err := o.each(ruleKeys, derive); err != nil {
		return nil, err
	}
	return b, o.each(len(b.rules), b.group)
}

// column is the column of a key. It may be called from several goroutines.
func (b *binder) column(k Key) *column.Column {
	d := &b.columns[b.find(k)]
	d.once.Do(func() { d.column = k.Column(b.table) })
	return d.column
}

func (b *binder) add(k Key) {
	if b.find(k) < 0 {
		b.keys = append(b.keys, k)
	}
}

// find is the place of k in keys, -1 when it is not there.
func (b *binder) find(k Key) int {
	name := k.String()
	return slices.IndexFunc(b.keys, func(other Key) bool { return other.String() == name })
}

// group makes the blocks of rule i. It needs 32 bytes per key of a record while
// it works.
func (b *binder) group(i int) error {
	rule := b.rules[i]
	columns := make([]*column.Column, len(rule.Keys))
	for j, k := range rule.Keys {
		if columns[j] = b.column(k); columns[j] == nil {
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
	several := packing.explodes() || g.refined > 0 && slices.ContainsFunc(g.refiners(), multiValued)
	b.grouped[i] = grouped{rule: rule, groups: g.byRecord(b.table.N, several)}
	b.grouped[i].count = b.count(&b.grouped[i], &g)
	return nil
}

func multiValued(c *column.Column) bool { return c.Starts != nil }

// refinersOf gives the columns that split the rule's oversized blocks: those of
// attributes that the rule does not read.
func (b *binder) refinersOf(r Rule) func() []*column.Column {
	return sync.OnceValue(func() (out []*column.Column) {
		for _, k := range refiners(b.table) {
			if !r.reads(k) {
				out = append(out, b.column(k))
			}
		}
		return out
	})
}

// Bind makes the plan of the rules over the records of t, in the order given.
func Bind(t *column.Table, rules []Rule, o Options) (*Plan, error) {
	b, err := bind(t, rules, o)
	if err != nil {
		return nil, err
	}
	d := b.draft(b.grouped)
	if err := d.count(); err != nil {
		return nil, err
	}
	return d.plan(), nil
}

func (b *binder) draft(rules []grouped) *draft {
	return &draft{table: b.table, options: b.options, rules: rules}
}

// count is what the rule costs; New is filled in by the plan.
func (b *binder) count(r *grouped, g *grouper) Count {
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
func (b *binder) barred(run []entry, within []int32) int64 {
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
