package strsim

import "slices"

// blocks is the form of long and non-ASCII strings: the pattern's runes, the
// positions of each distinct rune in words of 64, and the other string's
// runes. Its buffers grow to the longest strings seen.
type blocks struct {
	source string // what pattern and positions were made from
	ready  bool

	pattern, other []rune
	words          int
	alphabet       []rune   // the pattern's distinct runes, ascending
	positions      []uint64 // words per alphabet entry, then one row of zeros

	// Scratch of the algorithms: words of the pattern, and of the other string.
	vp, vn, d0   []uint64
	patternFlags []uint64
	otherFlags   []uint64
}

// set prepares the pattern s.
func (b *blocks) set(s string) {
	if b.ready && b.source == s {
		return
	}
	b.source, b.ready = s, true
	b.pattern = appendRunes(b.pattern[:0], s)
	b.words = max(1, (len(b.pattern)+wordBits-1)/wordBits)
	b.alphabet = append(b.alphabet[:0], b.pattern...)
	slices.Sort(b.alphabet)
	b.alphabet = slices.Compact(b.alphabet)
	b.positions = zeros(b.positions, (len(b.alphabet)+1)*b.words)
	for i, r := range b.pattern {
		row := b.row(r)
		row[i/wordBits] |= 1 << uint(i%wordBits)
	}
}

// setOther prepares the string the pattern is compared with.
func (b *blocks) setOther(s string) { b.other = appendRunes(b.other[:0], s) }

// row is the positions of r in the pattern: the row of zeros where r does not
// occur.
func (b *blocks) row(r rune) []uint64 {
	i, found := slices.BinarySearch(b.alphabet, r)
	if !found {
		i = len(b.alphabet)
	}
	return b.positions[i*b.words : (i+1)*b.words]
}

func appendRunes(out []rune, s string) []rune {
	for _, r := range s {
		out = append(out, r)
	}
	return out
}

// zeros is buffer with n zero words.
func zeros(buffer []uint64, n int) []uint64 {
	buffer = slices.Grow(buffer[:0], n)[:n]
	clear(buffer)
	return buffer
}
