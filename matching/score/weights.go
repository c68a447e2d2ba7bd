package score

import (
	"math"

	"concord/matching/compare"
)

// row is a value for every level of one comparison.
type row [compare.MaxLevels]int32

// weights is a compiled comparison, read-only.
type weights struct {
	weight row // fixed-point log2(m/u) by level; 0 at null
	// upper is, by ceiling, the most that a pair may still get: the greatest
	// weight of the levels from else to the ceiling, each with its
	// term-frequency adjustment at the rarest frequency there is.
	upper row
	most  int32 // the greatest entry of upper
	// fall is most less upper: what a ceiling takes off a bound. Null takes off
	// nothing: bounds start without the comparisons that a record lacks.
	fall row
	tf   [compare.MaxLevels]*termFrequency // by level; nil where there is none
}

// termFrequency is the adjustment of one level.
type termFrequency struct {
	strength float64
	base     float64 // log2
	records  float64
	// byCount is the adjustment for values that so many records hold: most do
	// not occur more often, and a logarithm costs as much as a comparison.
	byCount []int32
}

// tabulated is how many records a value must have for its logarithm to be
// taken anew.
const tabulated = 1 << 12

func newTermFrequency(l Level, n int) *termFrequency {
	t := &termFrequency{strength: l.TFStrength, base: l.base(), records: float64(max(n, 1))}
	t.byCount = make([]int32, min(n+1, tabulated))
	for count := range t.byCount {
		t.byCount[count] = t.compute(float64(max(count, 1)) / t.records)
	}
	return t
}

// adjustment is the fixed-point weight that agreement on a value of the given
// frequency adds. Frequencies are counts divided by the number of records.
func (t *termFrequency) adjustment(frequency float64) int32 {
	if count := int(frequency*t.records + 0.5); count < len(t.byCount) && float64(count)/t.records == frequency {
		return t.byCount[count]
	}
	return t.compute(frequency)
}

func (t *termFrequency) compute(frequency float64) int32 {
	return fixed(t.strength * (t.base - math.Log2(frequency)))
}

// bound is at least adjustment(f) for every f ≥ frequency: one unit covers a
// logarithm that is not quite monotone.
func (t *termFrequency) bound(frequency float64) int32 { return t.adjustment(frequency) + 1 }

// compile makes a comparison's tables for n records and its kernel, which may
// be nil.
func compile(c Comparison, n int, kernel compare.Kernel) weights {
	var w weights
	for level, l := range c.Levels {
		if level == int(compare.Null) {
			continue
		}
		w.weight[level] = fixed(l.Weight())
		if l.TFStrength > 0 {
			w.tf[level] = newTermFrequency(l, n)
		}
	}
	rarest := 1 / float64(max(n, 1))
	var bonus row
	composed, _ := kernel.(compare.Composed)
	for level, tf := range w.tf {
		if tf == nil {
			continue
		}
		least := rarest
		if composed != nil && composed.Composes(compare.Level(level)) {
			least = min(least, composed.Rarest())
		}
		bonus[level] = tf.bound(least)
	}
	w.upper, w.most = w.reach(&bonus, len(c.Levels))
	for level := 1; level < len(w.fall); level++ {
		w.fall[level] = w.most - w.upper[level]
	}
	return w
}

// reach is the upper table when each level may get the bonus given for it.
func (w *weights) reach(bonus *row, levels int) (upper row, most int32) {
	best := int32(math.MinInt32)
	for level := 1; level < levels; level++ {
		best = max(best, w.weight[level]+bonus[level])
		upper[level] = best
	}
	for level := levels; level < len(upper); level++ {
		upper[level] = best
	}
	return upper, max(best, 0)
}
