package train

import (
	"cmp"
	"math"
	"slices"

	"concord/matching/column"
	"concord/matching/compare"
)

// SampleOptions says which random pairs to grade. The zero value works.
type SampleOptions struct {
	// Pairs is the budget per comparison; 0 means DefaultSamplePairs.
	Pairs int64
	// Records is the number of records that hold a value above which a hash
	// sample of about so many stands for them; 0 means DefaultSampleRecords.
	Records int
	// Seed chooses among samples.
	Seed uint64
	// Across leaves out pairs within one source: for jobs that link sources
	// without duplicates of their own.
	Across bool
}

// DefaultSamplePairs shows levels as rare as 1e-6. Rarer ones are counted
// exactly where the comparison allows, or smoothed to half a pair. At some
// 80 ns a pair it costs a tenth of a second per comparison and core.
const DefaultSamplePairs = 1 << 20

// LevelSample is what random pairs show of one comparison: the raw material
// of its u.
type LevelSample struct {
	// Population is the number of pairs among the records that hold a value:
	// those the sample stands for.
	Population float64
	// Graded is how many of them were graded; Levels is by level.
	Graded int64
	Levels []int64
	// Inverse is, by term-frequency level, Σ 1/f over the pairs at it.
	Inverse []float64
	// Exact is how many pairs of the population are at the top level, counted
	// from the frequencies of the values of all records (above
	// SampleOptions.Records: of those sampled, in proportion); -1 where the
	// level has no term frequency to count from, or more than equal values in it.
	Exact int64
	// Parts is how many pairs agree in each part of what the top level agrees
	// in, of Whole pairs that hold them all; nil where it has no parts.
	Parts []float64
	Whole float64
	// Mean is, by term-frequency level, the harmonic mean of f over the pairs
	// that agree on the value f is of, counted from value frequencies; 0 for
	// levels without, and where no two records agree.
	Mean []float64
}

// DefaultSampleRecords bounds the records that a comparison is sampled on: each
// is then met by several others, and the work does not grow with the table.
const DefaultSampleRecords = 1 << 18

// Sample grades random pairs of records for every comparator: deterministic,
// drawn by the records' hashes, without replacement. Of the n records that
// hold a value, in hash order on a ring, each meets the next c; with few
// records that is every pair. A comparator that the table does not bind has a
// nil entry.
func Sample(t *column.Table, comparators []compare.Comparator, o SampleOptions) []*LevelSample {
	out := make([]*LevelSample, len(comparators))
	for i, c := range comparators {
		if k := c.Bind(t); k != nil {
			out[i] = SampleBound(t, c, k, o)
		}
	}
	return out
}

// SampleBound is Sample for one comparator and its kernel, which it uses. It
// is sequential, and comparators are independent of each other: a caller with
// more cores calls it once per comparator.
func SampleBound(t *column.Table, c compare.Comparator, kernel compare.Kernel, o SampleOptions) *LevelSample {
	if o.Pairs <= 0 {
		o.Pairs = DefaultSamplePairs
	}
	if o.Records <= 0 {
		o.Records = DefaultSampleRecords
	}
	levels := c.Levels()
	s := &LevelSample{
		Levels:  make([]int64, len(levels)),
		Inverse: make([]float64, len(levels)),
		Mean:    make([]float64, len(levels)),
		Exact:   -1,
	}
	rows := holders(t, c)
	s.Population = pairsAmong(t, rows, o.Across)
	all := max(len(rows), 1)
	rows = thinned(rows, t.Hash, o)
	shuffle(rows, t.Hash, o.Seed)
	g := grader{sample: s, levels: levels, kernel: kernel, source: t.Source, across: o.Across}
	g.ring(rows, o.Pairs)
	agreeing := g.count(rows, float64(t.N))
	// Counted from frequencies, pairs within a source cannot be told apart.
	_, conditional := kernel.(compare.Conditional)
	if top := len(levels) - 1; !conditional && levels[top].TermFrequency && !o.Across {
		s.Exact = int64(agreeing[top]*float64(all)/float64(max(len(rows), 1)) + 0.5)
	}
	if composed, ok := kernel.(compare.Composed); ok {
		s.compose(composed, o.Across)
	}
	return s
}

// compose puts in what a comparison of several parts knows: frequencies of all
// parts are relative to how often strangers agree in all of them.
func (s *LevelSample) compose(k compare.Composed, across bool) {
	parts, all, pairs := k.Agreeing()
	if pairs == 0 {
		return
	}
	base := 1.0
	for _, p := range parts {
		base *= p / pairs
	}
	for l := range s.Levels {
		if k.Composes(compare.Level(l)) {
			s.Mean[l], s.Inverse[l] = base, 0
		}
	}
	if !across {
		s.Exact, s.Parts, s.Whole = int64(all+0.5), parts, pairs
	}
}

// thinned leaves about o.Records of the rows, those of the least mixed hashes.
// The slice is reused.
func thinned(rows []uint32, hash []uint64, o SampleOptions) []uint32 {
	if len(rows) <= o.Records {
		return rows
	}
	threshold := uint64(float64(o.Records) / float64(len(rows)) * math.MaxUint64)
	kept := rows[:0]
	for _, r := range rows {
		if order(hash[r], o.Seed) <= threshold {
			kept = append(kept, r)
		}
	}
	return kept
}

// order is a record's place in the sample's order.
func order(hash, seed uint64) uint64 { return mix(hash ^ mix(seed)) }

// holders are the records with a value in any attribute the comparator reads.
func holders(t *column.Table, c compare.Comparator) []uint32 {
	var columns []*column.Column
	for _, name := range c.Attributes() {
		if col := t.Column(name); col != nil {
			columns = append(columns, col)
		}
	}
	rows := make([]uint32, 0, t.N)
	for r := range uint32(t.N) {
		if slices.ContainsFunc(columns, func(col *column.Column) bool { return holds(col, r) }) {
			rows = append(rows, r)
		}
	}
	return rows
}

func holds(c *column.Column, r uint32) bool {
	lo, hi := c.Slots(r)
	for _, v := range c.Codes[lo:hi] {
		if v != 0 {
			return true
		}
	}
	return false
}

// shuffle orders rows by their hashes mixed with the seed: an order that
// depends on neither row order nor dictionary codes.
func shuffle(rows []uint32, hash []uint64, seed uint64) {
	slices.SortFunc(rows, func(a, b uint32) int {
		ha, hb := order(hash[a], seed), order(hash[b], seed)
		if c := cmp.Compare(ha, hb); c != 0 {
			return c
		}
		return cmp.Compare(hash[a], hash[b])
	})
}

// mix is the finalizer of MurmurHash3 (Appleby): every input bit reaches
// every output bit.
func mix(h uint64) uint64 {
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// pairsAmong is the number of pairs of the rows, across sources if asked.
func pairsAmong(t *column.Table, rows []uint32, across bool) float64 {
	n := float64(len(rows))
	pairs := n * (n - 1) / 2
	if !across {
		return pairs
	}
	var bySource [1 << 16]float64
	for _, r := range rows {
		bySource[t.Source[r]]++
	}
	for _, k := range bySource {
		pairs -= k * (k - 1) / 2
	}
	return pairs
}

// grader grades pairs of rows into a sample.
type grader struct {
	sample *LevelSample
	levels []compare.LevelSpec
	kernel compare.Kernel
	source []uint16
	across bool
}

// ring grades each of the rows with the next c of them.
func (g *grader) ring(rows []uint32, budget int64) {
	n := len(rows)
	if n < 2 {
		return
	}
	c := int(min((budget+int64(n)-1)/int64(n), int64(n/2)))
	for i := range int(min(int64(n), budget)) {
		reach := c
		if 2*c == n && i >= n/2 {
			reach-- // the opposite record of an even ring has met this one
		}
		for j := i + 1; j <= i+reach; j++ {
			g.pair(rows[i], rows[j%n])
		}
	}
}

func (g *grader) pair(a, b uint32) {
	if g.across && g.source[a] == g.source[b] {
		return
	}
	level := g.kernel.Grade(a, b)
	g.sample.Graded++
	g.sample.Levels[level]++
	if g.levels[level].TermFrequency {
		g.sample.Inverse[level] += 1 / g.kernel.Frequency(a, b, level)
	}
}

// count counts, for each term-frequency level, the pairs that agree on the
// value its frequency is of, and fills in the mean frequency over them. A value
// that c = n·f records hold makes c(c−1)/2 pairs, (c−1)/2 for each of its
// holders; LeastFrequency gives f. Records that hold several values count with
// their rarest, so the count is a lower bound for those.
func (g *grader) count(rows []uint32, n float64) (pairs []float64) {
	pairs = make([]float64, len(g.levels))
	inverse := make([]float64, len(g.levels))
	for _, r := range rows {
		for l := range g.levels {
			if !g.levels[l].TermFrequency {
				continue
			}
			f := g.kernel.LeastFrequency(r, compare.Level(l))
			if c := n * f; c > 1.5 {
				pairs[l] += (c - 1) / 2
				inverse[l] += (c - 1) / 2 / f
			}
		}
	}
	for l := range pairs {
		if pairs[l] > 0 {
			g.sample.Mean[l] = pairs[l] / inverse[l]
		}
	}
	return pairs
}
