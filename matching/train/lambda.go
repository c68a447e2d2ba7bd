package train

import (
	"math"
	"slices"
)

// Capture is a deterministic rule seen as an observer of matches.
type Capture struct {
	Rule string
	// Reads are the comparisons whose attributes the rule reads, as bits.
	Reads uint64
	// Pairs is how many pairs the rule finds.
	Pairs int64
}

// Recapture is how many pairs two rules, by index, both find.
type Recapture struct {
	A, B  int
	Pairs int64
}

// minRecaptured is the overlap below which Chapman's estimate is biased and
// not used (Robson and Regier 1964: unbiased to 2 % above 7).
const minRecaptured = 8

// interval is an estimate with its 95 % interval.
type interval struct{ value, low, high float64 }

// captureRecapture estimates the number of matches from how much the
// deterministic rules find in common (Chapman 1951): two observers who see n₁
// and n₂ matches, m of them the same, have
//
//	M = (n₁+1)(n₂+1)/(m+1) − 1
//
// to look at, if they look independently. Only rules that read different
// comparisons are paired. Of several such pairs the median counts: rules that
// err alike pull it down, a rule that links strangers pulls it up. The
// interval is the median's, log-normal, widened to span the other pairs'
// estimates. ok is false when no two rules qualify.
func captureRecapture(rules []Capture, both []Recapture) (e interval, ok bool) {
	var all []interval
	for _, r := range both {
		a, b := rules[r.A], rules[r.B]
		if a.Reads&b.Reads != 0 || r.Pairs < minRecaptured {
			continue
		}
		all = append(all, chapman(float64(a.Pairs), float64(b.Pairs), float64(r.Pairs)))
	}
	if len(all) == 0 {
		return interval{}, false
	}
	slices.SortFunc(all, func(a, b interval) int {
		switch {
		case a.value < b.value:
			return -1
		case a.value > b.value:
			return 1
		}
		return 0
	})
	e = all[(len(all)-1)/2]
	e.low = math.Min(e.low, all[0].value)
	e.high = math.Max(e.high, all[len(all)-1].value)
	return e, true
}

// chapman is the estimate and its 95 % interval, log-normal on the matches
// that neither rule saw (Seber 1982, 3.1.4).
func chapman(n1, n2, m float64) interval {
	value := (n1+1)*(n2+1)/(m+1) - 1
	variance := (n1 + 1) * (n2 + 1) * (n1 - m) * (n2 - m) / ((m + 1) * (m + 1) * (m + 2))
	seen := n1 + n2 - m
	unseen := math.Max(value-seen, 0.5)
	spread := math.Exp(1.96 * math.Sqrt(math.Log1p(variance/(unseen*unseen))))
	return interval{value, seen + unseen/spread, seen + unseen*spread}
}
