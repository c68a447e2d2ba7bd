package block

import "math"

// exactPairs is the number of pairs up to which a rule's new pairs are
// counted one by one; above it, about so many are looked at.
const exactPairs = 1 << 21

// countNew fills in the new pairs of rule k given the rules before it.
//
// Above exactPairs it looks at the blocks of the records whose hash falls
// under a threshold only, so the estimate depends on neither row order nor
// dictionary codes. Each pair is seen from both its records: hence the half.
func (p *Plan) countNew(k int) {
	c := &p.rules[k].count
	if k == 0 && p.rules[0].groups.starts == nil {
		c.New, c.NewExact = c.Pairs, true
		return
	}
	rate := 1.0
	if c.Pairs > exactPairs {
		rate = exactPairs / float64(c.Pairs)
	}
	threshold := uint64(math.MaxUint64)
	if rate < 1 {
		threshold = uint64(rate * float64(1<<63) * 2)
	}
	seen := p.seen(k, threshold)
	c.NewExact = rate == 1
	c.New = int64(float64(seen)/rate/2 + 0.5)
}

// seen counts the ordered pairs of rule k, new under it, whose first record's
// hash is at most threshold.
func (p *Plan) seen(k int, threshold uint64) int64 {
	g := &p.rules[k].groups
	b := p.Blocks(k)
	total := int64(0)
	for r := range uint32(p.table.N) {
		if p.table.Hash[r] > threshold {
			continue
		}
		for _, id := range g.of(r) {
			for _, other := range b.Members(id) {
				if other != r && p.isNew(k, id, r, other) {
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
