package block

import (
	"cmp"
	"math"
	"slices"

	"concord/schemas/attribute"
)

// maxCandidates is how many candidate rules a sampled pair can tell apart.
const maxCandidates = 128

// seenPair is a sampled pair with the candidates that cover it.
type seenPair struct {
	a, b   uint32
	covers [maxCandidates / 64]uint64
	// weight is how many pairs it stands for: the reciprocal of its chance to
	// be sampled (Horvitz & Thompson 1952).
	weight float64
	likely bool // whether the keys it shares are unlikely by chance
}

func (s *seenPair) covered(k int) bool { return s.covers[k/64]>>(k%64)&1 == 1 }

// surprise is how many bits beyond even odds the shared keys of a likely
// match must be worth.
const surprise = 5

// evidence samples the pairs of all candidates together. What one candidate
// adds to others is then a matter of bits.
//
// A pair is a likely match when the rules it shares without sharing an
// attribute are together too improbable for chance: the sum of their -log2
// selectivities exceeds log2(n/2), the odds against two random records of n
// when each has one match, by a margin. It takes no labels and no model.
func (d *draft) evidence() ([]seenPair, error) {
	byRule := make([][]seenPair, len(d.rules))
	err := d.options.each(len(d.rules), func(k int) error {
		byRule[k] = d.sampleRule(k)
		return nil
	})
	if err != nil {
		return nil, err
	}
	pairs := slices.Concat(byRule...)
	slices.SortFunc(pairs, func(x, y seenPair) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) })
	pairs = slices.CompactFunc(pairs, func(x, y seenPair) bool { return x.a == y.a && x.b == y.b })
	const chunk = 1 << 12
	judge := newJudge(d)
	return pairs, d.options.each((len(pairs)+chunk-1)/chunk, func(unit int) error {
		for i := unit * chunk; i < min(len(pairs), (unit+1)*chunk); i++ {
			d.cover(&pairs[i])
			judge.rule(&pairs[i])
		}
		return nil
	})
}

// sampleRule is a sample of rule k's pairs.
func (d *draft) sampleRule(k int) []seenPair {
	var out []seenPair
	d.visit(k, sampleOf(d.rules[k].count.Pairs, lookedAt), func(_ uint32, a, b uint32) {
		if !barred(d.table, d.options, a, b) {
			out = append(out, seenPair{a: min(a, b), b: max(a, b)})
		}
	})
	return out
}

// cover notes which rules cover the pair, and so how likely it was sampled.
func (d *draft) cover(s *seenPair) {
	missed := 1.0
	for k := range d.rules {
		g := &d.rules[k].groups
		if _, ok := firstCommon(g.of(s.a), g.of(s.b)); ok {
			s.covers[k/64] |= 1 << (k % 64)
			// Either record may be the one sampled.
			missed *= 1 - min(1, 2*sampleOf(d.rules[k].count.Pairs, lookedAt).rate)
		}
	}
	s.weight = 1 / (1 - missed)
}

// judge tells likely matches from chance.
type judge struct {
	order []int     // rules, the most selective first
	bits  []float64 // by rule: -log2 of its share of all pairs
	reads []uint64  // by rule: the attributes it reads
	need  float64
}

func newJudge(d *draft) judge {
	n := float64(max(d.linkable(), 2))
	j := judge{need: math.Log2(n/2) + surprise}
	var names []attribute.Name
	for k := range d.rules {
		share := float64(max(d.rules[k].count.Pairs, 1)) / (n * (n - 1) / 2)
		j.bits = append(j.bits, -math.Log2(share))
		reads := uint64(0)
		for _, key := range d.rules[k].rule.Keys {
			for _, name := range key.Names {
				at := slices.Index(names, name)
				if at < 0 {
					at, names = len(names), append(names, name)
				}
				reads |= 1 << at
			}
		}
		j.reads, j.order = append(j.reads, reads), append(j.order, k)
	}
	slices.SortStableFunc(j.order, func(x, y int) int { return cmp.Compare(j.bits[y], j.bits[x]) })
	return j
}

func (j *judge) rule(s *seenPair) {
	bits, read := 0.0, uint64(0)
	for _, k := range j.order {
		if s.covered(k) && j.reads[k]&read == 0 {
			bits += j.bits[k]
			read |= j.reads[k]
		}
	}
	s.likely = bits >= j.need
}

// linkable is the number of records that may be in a block.
func (d *draft) linkable() int {
	n := d.table.N
	for _, out := range d.options.Unlinkable {
		if out {
			n--
		}
	}
	return n
}
