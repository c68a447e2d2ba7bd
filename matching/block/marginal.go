package block

import "math"

const (
	// exactPairs is the number of pairs up to which a rule's new pairs are
	// counted one by one.
	exactPairs = 1 << 15
	// lookedAt is the number of pairs looked at where there are more: enough
	// for a standard error below one per cent of the rule's pairs.
	lookedAt = 1 << 13
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

func sampleOf(pairs int64) sample {
	if pairs <= exactPairs {
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
func (p *Plan) countNew(k int) {
	c := &p.rules[k].count
	if k == 0 && p.rules[0].groups.starts == nil {
		c.New, c.NewExact = c.Pairs, true
		return
	}
	s := sampleOf(c.Pairs)
	c.NewExact = s.rate == 1
	// Each pair is seen from both its records: hence the half.
	c.New = min(c.Pairs, int64(float64(p.seen(k, s))/s.rate/2+0.5))
}

// seen counts the sampled ordered pairs of rule k that are new under it.
func (p *Plan) seen(k int, s sample) int64 {
	g := &p.rules[k].groups
	b := p.Blocks(k)
	total := int64(0)
	for r := range uint32(p.table.N) {
		h := p.table.Hash[r]
		if h > s.threshold {
			continue
		}
		for _, id := range g.of(r) {
			members := b.Members(id)
			for i := h % s.step; i < uint64(len(members)); i += s.step {
				if members[i] != r && p.isNew(k, id, r, members[i]) {
					total++
				}
			}
		}
	}
	return total
}

// isNew tells whether block id of rule k is the first to pair the records.
func (p *Plan) isNew(k int, id, a, b uint32) bool {
	if p.barred(a, b) {
		return false
	}
	for r := range k {
		if _, ok := p.shares(r, a, b); ok {
			return false
		}
	}
	first, _ := p.shares(k, a, b)
	return first == id
}
