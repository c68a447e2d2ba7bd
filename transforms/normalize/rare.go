package normalize

import "math/bits"

// rareWords is a set of words that hardly any text is one of. A few bits of a
// text tell of most others that they are none, without hashing them.
type rareWords struct {
	sieve sieve
	words map[string]bool
}

func rarely(words map[string]bool) rareWords {
	r := rareWords{sieve: sieveOf(len(words)), words: words}
	for w := range words {
		r.sieve.add(w)
	}
	return r
}

func (r *rareWords) has(s string) bool { return r.sieve.passes(s) && r.words[s] }

// sieve passes all texts that were added to it and few others.
type sieve struct {
	bits []uint64
	mask uint32
}

// sieveOf is a sieve for n texts: of sixteen bits and more, one is set by each.
func sieveOf(n int) sieve {
	size := max(64, 1<<bits.Len(uint(16*n-1)))
	return sieve{make([]uint64, size/64), uint32(size - 1)}
}

func (s *sieve) add(text string) {
	h := s.hash(text)
	s.bits[h/64] |= 1 << (h % 64)
}

func (s *sieve) passes(text string) bool {
	h := s.hash(text)
	return s.bits[h/64]>>(h%64)&1 != 0
}

// hash is of the length and four bytes, from both ends and the middle.
func (s *sieve) hash(text string) uint32 {
	n := len(text)
	if n == 0 {
		return 0
	}
	h := uint32(text[0]) | uint32(text[n/2])<<8 | uint32(text[n-1])<<16 | uint32(text[n/3])<<24
	h = (h ^ uint32(n)*0x9e3779b1) * 0x85ebca6b
	return (h ^ h>>15) & s.mask
}
