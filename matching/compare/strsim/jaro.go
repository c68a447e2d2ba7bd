package strsim

import "math/bits"

// Jaro is the Jaro similarity (Jaro 1989) of the pattern and s, in 0..1: with
// m matches within the window ⌊max(|p|,|s|)/2⌋−1 and t half-transpositions,
// (m/|p| + m/|s| + (m−⌊t/2⌋)/m) / 3. Two empty strings have 0: nothing agrees.
func (p *Pattern) Jaro(s string) float64 { return p.jaro(s, 0) }

// jaro is Jaro, or 0 when it is found to be less than cutoff.
func (p *Pattern) jaro(s string, cutoff float64) float64 {
	if p.fits(s) {
		return p.shortJaro(s, cutoff)
	}
	return p.long.jaro(cutoff)
}

// boostThreshold and prefixWeight are those of Winkler (1990): a common prefix
// of up to four letters counts for a tenth of the missing similarity each,
// where the Jaro similarity exceeds the threshold.
const (
	boostThreshold = 0.7
	prefixWeight   = 0.1
	prefixLetters  = 4
)

// JaroWinkler is the Jaro-Winkler similarity of the pattern and s, in 0..1, or
// 0 when it is less than cutoff: a positive cutoff saves work on pairs that
// are unlike.
func (p *Pattern) JaroWinkler(s string, cutoff float64) float64 {
	prefix := p.commonPrefix(s)
	similarity := p.jaro(s, jaroCutoff(cutoff, prefix))
	similarity = winkler(similarity, prefix)
	if similarity < cutoff {
		return 0
	}
	return similarity
}

// winkler adds the prefix's share. The conversions keep a compiler from fusing
// multiplication and addition, which would round differently by machine.
func winkler(jaro float64, prefix int) float64 {
	if jaro <= boostThreshold {
		return jaro
	}
	boost := float64(float64(float64(prefix)*prefixWeight) * (1 - jaro))
	return jaro + boost
}

// cutoffSlack keeps rounding from discarding a similarity that lies exactly on
// the cutoff.
const cutoffSlack = 1e-9

// jaroCutoff is the Jaro similarity without which Jaro-Winkler cannot reach
// cutoff: 1 − (1−cutoff)/(1−w), solved from j + w·(1−j) = cutoff with
// w = prefix·prefixWeight.
func jaroCutoff(cutoff float64, prefix int) float64 {
	if cutoff <= boostThreshold {
		return cutoff - cutoffSlack
	}
	return max(boostThreshold, 1-(1-cutoff)*missingShare[prefix]) - cutoffSlack
}

// missingShare is 1/(1−w) by prefix.
var missingShare = [prefixLetters + 1]float64{1, 1 / 0.9, 1 / 0.8, 1 / 0.7, 1 / 0.6}

func (p *Pattern) commonPrefix(s string) int {
	if p.short && ascii(s[:min(len(s), prefixLetters)]) {
		n := 0
		for n < prefixLetters && n < len(s) && n < len(p.text) && s[n] == p.text[n] {
			n++
		}
		return n
	}
	return runePrefix(p.text, s)
}

func runePrefix(a, b string) int {
	n := 0
	var ra, rb [prefixLetters]rune
	la, lb := firstRunes(a, &ra), firstRunes(b, &rb)
	for n < la && n < lb && ra[n] == rb[n] {
		n++
	}
	return n
}

func firstRunes(s string, out *[prefixLetters]rune) int {
	n := 0
	for _, r := range s {
		if n == prefixLetters {
			break
		}
		out[n] = r
		n++
	}
	return n
}

// jaroWindow is how far apart two letters may stand and still match.
func jaroWindow(a, b int) int { return max(max(a, b)/2-1, 0) }

// jaroOf is the similarity of strings of la and lb letters with m matches,
// t of them out of order.
func jaroOf(la, lb, m, t int) float64 {
	if m == 0 {
		return 0
	}
	sum := float64(m) / float64(la)
	sum += float64(m) / float64(lb)
	sum += float64(m-t/2) / float64(m)
	return sum / 3
}

// tooFew tells whether m matches cannot reach the cutoff: m/la + m/lb + 1 <
// 3·cutoff, multiplied out because divisions are what Jaro costs.
func tooFew(la, lb, m int, cutoff float64) bool {
	return float64(m*(la+lb)) < float64((3*cutoff-1)*float64(la*lb))
}

// shortJaro follows the bit-parallel form of RapidFuzz: the window slides over
// the pattern's positions, and the lowest free one that holds the letter is
// taken, as the textbook does.
func (p *Pattern) shortJaro(s string, cutoff float64) float64 {
	la, lb := len(p.text), len(s)
	if tooFew(la, lb, min(la, lb), cutoff) {
		return 0
	}
	window := jaroWindow(la, lb)
	reach := firstBits(window + 1)
	var flags, otherFlags uint64
	for j := range lb {
		hit := lowest(p.mask[s[j]&127] & reach &^ flags)
		flags |= hit
		// Branchless: whether a letter matches is a coin toss to the processor.
		otherFlags |= (hit | -hit) >> (wordBits - 1) << (uint(j) & 63)
		reach <<= 1
		if j < window {
			reach |= 1
		}
	}
	m := bits.OnesCount64(flags)
	if tooFew(la, lb, m, cutoff) {
		return 0
	}
	t := 0
	for ; otherFlags != 0; otherFlags &= otherFlags - 1 {
		next := lowest(flags)
		held := p.mask[s[position(otherFlags)]&127] & next
		t += 1 - int((held|-held)>>(wordBits-1))
		flags ^= next
	}
	return jaroOf(la, lb, m, t)
}

// jaro is the same in blocks.
func (b *blocks) jaro(cutoff float64) float64 {
	la, lb := len(b.pattern), len(b.other)
	if tooFew(la, lb, min(la, lb), cutoff) {
		return 0
	}
	b.patternFlags = zeros(b.patternFlags, b.words)
	b.otherFlags = zeros(b.otherFlags, lb/wordBits+1)
	window := jaroWindow(la, lb)
	m := 0
	for j, r := range b.other {
		if b.flagFirst(r, max(0, j-window), min(la, j+window+1)) {
			b.otherFlags[j/wordBits] |= 1 << uint(j%wordBits)
			m++
		}
	}
	if tooFew(la, lb, m, cutoff) {
		return 0
	}
	return jaroOf(la, lb, m, b.transpositions())
}

// flagFirst takes the lowest free position of r in [lo, hi).
func (b *blocks) flagFirst(r rune, lo, hi int) bool {
	row := b.row(r)
	for w := lo / wordBits; w*wordBits < hi; w++ {
		free := row[w] &^ b.patternFlags[w]
		if start := w * wordBits; lo > start {
			free &^= firstBits(lo - start)
		}
		free &= firstBits(hi - w*wordBits)
		if free != 0 {
			b.patternFlags[w] |= lowest(free)
			return true
		}
	}
	return false
}

// transpositions counts the matched runes of the two strings that differ in
// order.
func (b *blocks) transpositions() int {
	t, w := 0, 0
	for v, flags := range b.otherFlags {
		for ; flags != 0; flags &= flags - 1 {
			for b.patternFlags[w] == 0 {
				w++
			}
			i := w*wordBits + position(b.patternFlags[w])
			b.patternFlags[w] &= b.patternFlags[w] - 1
			if b.pattern[i] != b.other[v*wordBits+position(flags)] {
				t++
			}
		}
	}
	return t
}
