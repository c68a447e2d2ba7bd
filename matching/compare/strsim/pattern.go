// Package strsim measures how alike two strings are: Jaro, Jaro-Winkler,
// Levenshtein and optimal string alignment (OSA), each bit-parallel, with one
// side prepared once as a [Pattern] and compared with many.
//
// The unit is the rune. ASCII strings of at most 64 letters, which canonical
// values nearly always are, take a path of one machine word; all others are
// computed in blocks of 64 runes with the same results. Bytes that are not
// UTF-8 count as U+FFFD, one each.
//
// [Sign] is a 64-bit signature of a string, computed once per distinct value.
// Two signatures bound the edit distance from below and the Jaro matches from
// above, which settles most pairs without looking at a letter.
package strsim

import "math/bits"

// wordBits is the number of runes in one block.
const wordBits = 64

// Pattern is the prepared left string of a comparison. The zero value is the
// empty string. It keeps its memory between calls of Set, so that comparing
// one pattern after another allocates nothing once the longest has been seen.
// Not for concurrent use.
type Pattern struct {
	// text is the string itself: of a short ASCII pattern, what mask was built
	// from.
	text  string
	short bool
	// mask holds, for each ASCII letter, the positions of the short pattern
	// where it stands.
	mask [128]uint64
	long blocks
}

// Set makes s the left string. The string is kept until the next Set.
func (p *Pattern) Set(s string) {
	p.clear()
	p.text = s
	p.short = len(s) <= wordBits && ascii(s)
	if !p.short {
		p.long.set(s)
		return
	}
	for i := range len(s) {
		p.mask[s[i]&127] |= 1 << uint(i)
	}
}

// clear takes back the bits of the present pattern: cheaper than zeroing the
// kilobyte of masks.
func (p *Pattern) clear() {
	if !p.short {
		return
	}
	for i := range len(p.text) {
		p.mask[p.text[i]&127] = 0
	}
}

// Text is the string the pattern was set to.
func (p *Pattern) Text() string { return p.text }

// fits tells whether s can take the one-word path with this pattern. A long
// path is prepared when it cannot.
func (p *Pattern) fits(s string) bool {
	if p.short && len(s) <= wordBits && ascii(s) {
		return true
	}
	if p.short {
		p.long.set(p.text)
	}
	p.long.setOther(s)
	return false
}

// ascii looks at eight bytes at a time: the compiler makes one load of them.
func ascii(s string) bool {
	var all uint64
	for len(s) >= 8 {
		all |= uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		s = s[8:]
	}
	for i := range len(s) {
		all |= uint64(s[i])
	}
	return all&0x8080808080808080 == 0
}

// lowest is x's lowest set bit alone.
func lowest(x uint64) uint64 { return x & -x }

// firstBits is a word whose n lowest bits are set.
func firstBits(n int) uint64 {
	if n >= wordBits {
		return ^uint64(0)
	}
	return 1<<uint(n) - 1
}

// position is the index of x's lowest set bit.
func position(x uint64) int { return bits.TrailingZeros64(x) }
