package block

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

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

	lock sync.Mutex
	idle []work
}

// derived is the keys of one kind, made when they are first asked for and let go
// of after the last rule that reads them.
type derived struct {
	once  sync.Once
	keys  *keyed
	rules atomic.Int32 // that have not been grouped yet
}

// bind groups the records of t by each of the rules.
func bind(t *column.Table, rules []Rule, o Options) (*binder, error) {
	b := &binder{table: t, options: o, rules: rules, grouped: make([]grouped, len(rules))}
	for _, r := range rules {
		for _, k := range r.Keys {
			b.add(k)
		}
	}
	for _, k := range refiners(t) {
		b.add(k)
	}
	b.columns = make([]derived, len(b.keys))
	for _, r := range rules {
		for _, k := range r.Keys {
			b.derived(k).rules.Add(1)
		}
	}
	for _, k := range refiners(t) { // any rule may ask for them
		b.derived(k).rules.Add(int32(len(rules)))
	}
	err := o.each(len(b.rules), b.group)
	b.columns, b.idle = nil, nil
	return b, err
}

func (b *binder) derived(k Key) *derived { return &b.columns[b.find(k)] }

// column is the keys of a kind. It may be called from several goroutines.
func (b *binder) column(k Key) *keyed {
	d := b.derived(k)
	d.once.Do(func() { d.keys = k.of(b.table) })
	return d.keys
}

// release lets go of what no rule after this one reads.
func (b *binder) release(rule Rule) {
	for _, keys := range [][]Key{rule.Keys, refiners(b.table)} {
		for _, k := range keys {
			if d := b.derived(k); d.rules.Add(-1) == 0 {
				d.keys = nil
			}
		}
	}
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

// group makes the blocks of rule i.
func (b *binder) group(i int) error {
	rule := b.rules[i]
	columns := make([]*keyed, len(rule.Keys))
	for j, k := range rule.Keys {
		if columns[j] = b.column(k); columns[j] == nil {
			return fmt.Errorf("blocking rule %q: no channel maps what key %q reads", rule, k)
		}
	}
	packing, err := pack(columns)
	if err != nil {
		return fmt.Errorf("blocking rule %q: %w", rule, err)
	}
	w := b.borrow()
	w.entries = packing.entries(b.table.N, b.options.Unlinkable, w.entries[:0])
	w.spare = resize(w.spare, len(w.entries))
	w.entries, w.spare = sortEntries(w.entries, w.spare, packing.keyBits)
	g := grouper{sorted: w.entries, refiners: b.refinersOf(rule), kept: w.spare[:0]}
	g.fit(b.options.maxBlock(), b.options.MaxPairs)
	several := packing.explodes() || g.refined > 0 && slices.ContainsFunc(g.refiners(), multiValued)
	b.grouped[i] = grouped{rule: rule, groups: g.byRecord(b.table.N, several)}
	b.grouped[i].count = b.count(&b.grouped[i], &g)
	w.spare = g.kept // which may have grown
	b.giveBack(w)
	b.release(rule)
	return nil
}

// work is the memory that grouping a rule takes: 32 bytes per key of a record.
type work struct{ entries, spare []entry }

// borrow is memory that another rule has left, or none.
func (b *binder) borrow() (w work) {
	b.lock.Lock()
	defer b.lock.Unlock()
	if n := len(b.idle); n > 0 {
		w, b.idle = b.idle[n-1], b.idle[:n-1]
	}
	return w
}

func (b *binder) giveBack(w work) {
	b.lock.Lock()
	defer b.lock.Unlock()
	b.idle = append(b.idle, w)
}

func multiValued(c *keyed) bool { return c.starts != nil }

// refinersOf gives the columns that split the rule's oversized blocks: those of
// attributes that the rule does not read.
func (b *binder) refinersOf(r Rule) func() []*keyed {
	return sync.OnceValue(func() (out []*keyed) {
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
