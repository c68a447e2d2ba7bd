package strsim

// Limits is how many bits of two signatures may differ, by the lengths of the
// strings and whether their first letters are equal, for a comparison to be
// worth making. One population count and one look-up then rule most pairs out.
type Limits [LongestLimited + 1]Row

// Row is the limits of one length: those of other lengths, first for strings
// that begin alike, then for those that do not. Below 0 no signature will do.
type Row [2 << 8]int8

// LongestLimited is the length from which on strings are always worth comparing.
const LongestLimited = 63

// NewLimits tabulates most, which gives the number of differing bits beyond
// which strings of la and lb runes need not be compared, with equal first
// letters or without. An empty string is worth comparing with nothing.
func NewLimits(most func(la, lb int, alike bool) int) *Limits {
	var out Limits
	for la := range out {
		for lb := range 1 << 8 {
			for differ := range 2 {
				limit := wordBits
				switch {
				case la == 0 || lb == 0:
					limit = -1
				case la < LongestLimited && lb < LongestLimited:
					limit = max(-1, min(limit, most(la, lb, differ == 0)))
				}
				out[la][differ<<8|lb] = int8(limit)
			}
		}
	}
	return &out
}

// Of is the limits of strings of so many runes.
func (l *Limits) Of(length int) *Row { return &l[min(length, LongestLimited)] }

// Bits is how many bits of the signatures of strings of la and lb runes may
// differ for the similarity to reach the threshold, with a common prefix of so
// many letters: a match leaves neither of its letters over, and each letter that
// is left over sets one bit at most.
func (n *Need) Bits(la, lb, prefix int) int {
	matches := min(la, lb)
	if !n.Reachable(la, lb, matches, prefix) {
		return -1
	}
	for matches > 0 && n.Reachable(la, lb, matches-1, prefix) {
		matches--
	}
	return la + lb - 2*matches
}

// EditBits is how many bits of the signatures of strings of la and lb runes may
// differ when they lie at most so many edits apart.
func EditBits(la, lb, edits int) int {
	if la-lb > edits || lb-la > edits {
		return -1
	}
	return 2 * edits
}
