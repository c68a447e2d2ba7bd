package strsim

// needLength bounds the lengths that a Need table covers.
const needLength = 32

// Need tells how many Jaro matches a Jaro-Winkler threshold needs, by common
// prefix and lengths: a bound on the matches then becomes a verdict by one
// look-up instead of four divisions. Small enough to stay in the first-level
// cache.
type Need struct {
	matches [prefixLetters + 1][needLength + 1][needLength + 1]uint8
}

// NewNeed makes the table of one threshold.
func NewNeed(threshold float64) *Need {
	n := new(Need)
	for prefix := range n.matches {
		for la := range n.matches[prefix] {
			for lb := range n.matches[prefix][la] {
				n.matches[prefix][la][lb] = needed(la, lb, prefix, threshold)
			}
		}
	}
	return n
}

// needed is the least number of matches with which the threshold may be
// reached; more than there are letters when none is enough.
func needed(la, lb, prefix int, threshold float64) uint8 {
	m := 1
	for m <= min(la, lb) && JaroWinklerAtMost(la, lb, m, prefix) < threshold {
		m++
	}
	return uint8(m)
}

// Reachable tells whether strings of la and lb runes with m matches at most
// and a common prefix of prefix letters may reach the threshold. It is true
// for lengths beyond the table.
func (n *Need) Reachable(la, lb, m, prefix int) bool {
	if la > needLength || lb > needLength {
		return true
	}
	return m >= int(n.matches[prefix][la][lb])
}

// Needs is a Need of two thresholds at the cost of one look-up.
type Needs struct {
	matches [prefixLetters + 1][needLength + 1][needLength + 1][2]uint8
}

// NewNeeds makes the table of two thresholds, low below high.
func NewNeeds(low, high float64) *Needs {
	n := new(Needs)
	for prefix := range n.matches {
		for la := range n.matches[prefix] {
			for lb := range n.matches[prefix][la] {
				n.matches[prefix][la][lb] = [2]uint8{needed(la, lb, prefix, low), needed(la, lb, prefix, high)}
			}
		}
	}
	return n
}

// Reachable tells which of the thresholds may be reached, as [Need.Reachable]
// does for one.
func (n *Needs) Reachable(la, lb, m, prefix int) (low, high bool) {
	if la > needLength || lb > needLength {
		return true, true
	}
	need := n.matches[prefix][la][lb]
	return m >= int(need[0]), m >= int(need[1])
}
