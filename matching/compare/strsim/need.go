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
				m := 1
				for m <= min(la, lb) && JaroWinklerAtMost(la, lb, m, prefix) < threshold {
					m++
				}
				n.matches[prefix][la][lb] = uint8(m)
			}
		}
	}
	return n
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
