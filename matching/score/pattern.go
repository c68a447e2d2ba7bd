package score

import (
	"cmp"
	"slices"

	"concord/matching/block"
)

// PatternCount is how many pairs show one agreement pattern.
type PatternCount struct {
	Pattern uint64 // levels, 5 bits each, comparison 0 lowest
	Pairs   int64
}

// Patterns counts agreement patterns, in an open-addressing table: nothing is
// allocated but when it grows. The zero value is empty.
type Patterns struct {
	keys   []uint64 // pattern with occupied set; 0 is an empty place
	counts []int64
	used   int
}

// occupied marks a place in use; patterns have 60 bits.
const occupied = 1 << 63

// Add counts n pairs of a pattern.
func (p *Patterns) Add(pattern uint64, n int64) {
	if 2*p.used >= len(p.keys) {
		p.grow()
	}
	i := p.place(pattern | occupied)
	if p.keys[i] == 0 {
		p.keys[i] = pattern | occupied
		p.used++
	}
	p.counts[i] += n
}

// place is where key is or belongs.
func (p *Patterns) place(key uint64) int {
	const golden = 0x9e3779b97f4a7c15 // 2^64 ÷ golden ratio, odd
	mask := len(p.keys) - 1
	i := int(key*golden>>32) & mask
	for p.keys[i] != 0 && p.keys[i] != key {
		i = (i + 1) & mask
	}
	return i
}

func (p *Patterns) grow() {
	keys, counts := p.keys, p.counts
	size := max(1024, 2*len(keys))
	p.keys, p.counts = make([]uint64, size), make([]int64, size)
	for i, key := range keys {
		if key != 0 {
			j := p.place(key)
			p.keys[j], p.counts[j] = key, counts[i]
		}
	}
}

// Merge adds the counts of another worker.
func (p *Patterns) Merge(other *Patterns) {
	for i, key := range other.keys {
		if key != 0 {
			p.Add(key&^occupied, other.counts[i])
		}
	}
}

// Sorted lists the counts by pattern.
func (p *Patterns) Sorted() []PatternCount {
	out := make([]PatternCount, 0, p.used)
	for i, key := range p.keys {
		if key != 0 {
			out = append(out, PatternCount{key &^ occupied, p.counts[i]})
		}
	}
	slices.SortFunc(out, func(a, b PatternCount) int { return cmp.Compare(a.Pattern, b.Pattern) })
	return out
}

// Count evaluates every comparison of every pair of the unit that w has just
// started and counts the patterns in p. Set w.Sample beforehand to look at a
// part of the pairs only. No weights are used.
func (s *Scorer) Count(w *block.Walker, p *Patterns) {
	for w.Next() {
		pairs := w.Pairs()
		s.Stats.Pairs += int64(len(pairs))
		patterns := s.ceilings[:len(pairs)]
		clear(patterns)
		for c, k := range s.kernels {
			for i, pair := range pairs {
				patterns[i] |= uint64(k.Grade(w.Pair(pair))) << (LevelBits * c)
			}
		}
		for _, pattern := range patterns {
			p.Add(pattern, 1)
		}
	}
}
