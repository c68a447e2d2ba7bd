package block

import (
	"math"

	"concord/matching/column"
)

// draft is a plan in the making: rules with their blocks.
type draft struct {
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

// count counts the new pairs of every rule.
func (d *draft) count() error {
	return d.options.each(len(d.rules), func(k int) error {
		d.countNew(k)
		return nil
	})
}

// plan is the draft made final.
func (d *draft) plan() *Plan {
	p := &Plan{table: d.table, options: d.options}
	for k := range d.rules {
		p.rules = append(p.rules, d.rules[k].rule)
		p.counts = append(p.counts, d.rules[k].count)
		laid := d.rules[k].groups.laid
		laid.Rule = k
		p.blocks = append(p.blocks, laid)
	}
	p.layout = newLayout(d.table.N, d.rules)
	return p
}

const (
	// exactPairs is the number of pairs up to which a rule's new pairs are
	// counted one by one when the plan is made.
	exactPairs = 1 << 15
	// lookedAt is the number of pairs looked at where there are more: enough
	// for a standard error about one per cent of the rule's pairs.
	lookedAt = 1 << 12
	// stride spreads them: one partner in so many of each sampled record, so
	// that a few records of large blocks do not stand for all.
	stride = 16
)

// sample is which ordered pairs of a rule are looked at: the first record's
// hash at most threshold, the second one in every step of its block.
type sample struct {
	threshold uint64
	step      uint64
	rate      float64 // share of the ordered pairs
}

// sampleOf is the sample of a rule of so many pairs: all of up to exact.
func sampleOf(pairs, exact int64) sample {
	if pairs <= exact {
		return sample{math.MaxUint64, 1, 1}
	}
	outer := min(1, lookedAt*stride/float64(pairs))
	threshold := uint64(math.MaxUint64)
	if outer < 1 {
		threshold = uint64(outer * (1 << 63) * 2)
	}
	return sample{threshold, stride, outer / stride}
}

// countNew fills in the new pairs of rule k given the rules before it. The
// sample depends on record hashes and order alone, so the estimate does not
// depend on dictionary codes.
func (d *draft) countNew(k int) {
	c := &d.rules[k].count
	if k == 0 && d.rules[0].groups.starts == nil {
		c.New, c.NewExact = c.Pairs, true
		return
	}
	s := sampleOf(c.Pairs, exactPairs)
	c.NewExact = s.rate == 1
	// Each pair is seen from both its records: hence the half.
	c.New = min(c.Pairs, int64(float64(d.seen(k, s))/s.rate/2+0.5))
}

// seen counts the sampled ordered pairs of rule k that are new under it.
func (d *draft) seen(k int, s sample) int64 {
	total := int64(0)
	d.visit(k, s, func(id, a, b uint32) {
		if d.isNew(k, id, a, b) {
			total++
		}
	})
	return total
}

// visit calls f for the sampled ordered pairs of rule k, with their block.
func (d *draft) visit(k int, s sample, f func(id, a, b uint32)) {
	g := &d.rules[k].groups
	for r := range uint32(d.table.N) {
		h := d.table.Hash[r]
		if h > s.threshold {
			continue
		}
		for _, id := range g.of(r) {
			members := g.laid.Members(id)
			for i := h % s.step; i < uint64(len(members)); i += s.step {
				if members[i] != r {
					f(id, r, members[i])
				}
			}
		}
	}
}

// isNew tells whether block id of rule k is the first to pair the records.
func (d *draft) isNew(k int, id, a, b uint32) bool {
	if barred(d.table, d.options, a, b) {
		return false
	}
	for r := range k {
		g := &d.rules[r].groups
		if _, ok := firstCommon(g.of(a), g.of(b)); ok {
			return false
		}
	}
	g := &d.rules[k].groups
	first, _ := firstCommon(g.of(a), g.of(b))
	return first == id
}
