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
	fall  row   // most less upper: what a ceiling takes off a bound
	// rare is the least ceiling whose upper entry depends on how frequent a
	// value is; MaxLevels when none does.
	rare compare.Level
	tf   []termFrequency
}

// termFrequency is the adjustment of one level.
type termFrequency struct {
	level    compare.Level
	strength float64
	base     float64 // log2
}

// adjustment is the fixed-point weight that agreement on a value of the given
// frequency adds.
func (t *termFrequency) adjustment(frequency float64) int32 {
	return fixed(t.strength * (t.base - math.Log2(frequency)))
}

// bound is at least adjustment(f) for every f ≥ frequency. The two units
// cover both roundings.
func (t *termFrequency) bound(frequency float64) int32 {
	return int32(math.Ceil(t.strength*(t.base-log2Floor(frequency))*Bit)) + 2
}

// compile makes a comparison's tables for n records.
func compile(c Comparison, n int) weights {
	var w weights
	for level, l := range c.Levels {
		if level == int(compare.Null) {
			continue
		}
		w.weight[level] = fixed(l.Weight())
		if l.TFStrength > 0 {
			w.tf = append(w.tf, termFrequency{compare.Level(level), l.TFStrength, l.base()})
		}
	}
	rarest := 1 / float64(max(n, 1))
	var bonus row
	for i := range w.tf {
		bonus[w.tf[i].level] = w.tf[i].bound(rarest)
	}
	w.upper, w.most = w.reach(&bonus, len(c.Levels))
	w.rare = compare.MaxLevels
	for i := range w.tf {
		w.rare = min(w.rare, w.tf[i].level)
	}
	for level := range w.fall {
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

// log2Table is log2 of the lower ends of 64 equal parts of [1, 2).
var log2Table = func() (t [64]float64) {
	for i := range t {
		t[i] = math.Log2(1 + float64(i)/64)
	}
	return t
}()

// log2Floor is at most log2(x) for a normal x > 0, by less than 0.023: five
// times as fast, for bounds.
func log2Floor(x float64) float64 {
	b := math.Float64bits(x)
	return float64(int(b>>52)-1023) + log2Table[b>>46&63]
}
