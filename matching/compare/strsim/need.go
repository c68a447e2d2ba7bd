package strsim

import "math"

// Need tells how many Jaro matches a Jaro-Winkler threshold needs, so that a
// bound on the matches becomes a verdict by two multiplications rather than
// four divisions. With m matches and none out of order, the similarity reaches
// the threshold when
//
//	m/la + m/lb + 1 ≥ 3·c   ⟺   m·(la+lb) ≥ (3c−1)·la·lb
//
// c being the Jaro similarity that the common prefix leaves to be reached.
type Need struct {
	share [prefixLetters + 1]int64 // by prefix: 3c−1 in units of 1/needUnit, rounded down
}

// needUnit makes a millionth of the similarity visible; lengths of millions of
// letters still do not overflow.
const needUnit = 1 << 20

// NewNeed is the need of one threshold.
func NewNeed(threshold float64) Need {
	var n Need
	for prefix := range n.share {
		n.share[prefix] = int64(math.Floor((3*jaroCutoff(threshold, prefix) - 1) * needUnit))
	}
	return n
}

// Unreachable is the need that nothing meets.
var Unreachable = Need{[prefixLetters + 1]int64{never, never, never, never, never}}

// never is more than any two strings share, small enough not to overflow.
const never = 3 * needUnit

// Easier is the need that is met whenever one of two is.
func Easier(a, b Need) Need {
	for prefix := range a.share {
		a.share[prefix] = min(a.share[prefix], b.share[prefix])
	}
	return a
}

// Reachable tells whether strings of la and lb runes with m matches at most
// and a common prefix of prefix letters may reach the threshold.
func (n *Need) Reachable(la, lb, m, prefix int) bool {
	return int64(m)*int64(la+lb)*needUnit >= n.share[prefix]*int64(la)*int64(lb)
}
