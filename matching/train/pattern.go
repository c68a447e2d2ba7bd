package train

import (
	"cmp"
	"slices"
)

// LevelBits is how many bits of a pattern hold one comparison's level.
const LevelBits = 5

// Count is how many pairs of records show one agreement pattern. The pattern
// packs the level of comparison k into bits 5k to 5k+4.
type Count struct {
	Pattern uint64
	Pairs   int64
}

// Table is the agreement patterns of a set of pairs. Order and repetition of
// patterns do not matter.
type Table []Count

// Level is the level of comparison k in a pattern.
func Level(pattern uint64, k int) int {
	return int(pattern >> (LevelBits * k) & (1<<LevelBits - 1))
}

// Pairs is the number of pairs in the table.
func (t Table) Pairs() int64 {
	var n int64
	for _, c := range t {
		n += c.Pairs
	}
	return n
}

// canonical is the table sorted by pattern, each pattern once: what makes
// floating-point sums independent of the order the counts arrived in. Levels
// of comparisons outside keep are set to null, which merges patterns that
// differ only there.
func (t Table) canonical(keep uint64) Table {
	var mask uint64
	for k := range 64 / LevelBits {
		if keep>>k&1 == 1 {
			mask |= (1<<LevelBits - 1) << (LevelBits * k)
		}
	}
	out := make(Table, 0, len(t))
	for _, c := range t {
		if c.Pairs > 0 {
			out = append(out, Count{c.Pattern & mask, c.Pairs})
		}
	}
	slices.SortFunc(out, func(a, b Count) int { return cmp.Compare(a.Pattern, b.Pattern) })
	merged := out[:0]
	for _, c := range out {
		if n := len(merged); n > 0 && merged[n-1].Pattern == c.Pattern {
			merged[n-1].Pairs += c.Pairs
			continue
		}
		merged = append(merged, c)
	}
	return merged
}
