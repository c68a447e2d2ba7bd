package main

import "math/bits"

// stream is a sequence of pseudo-random numbers: SplitMix64 (Steele, Lea and
// Flood, "Fast splittable pseudorandom number generators", 2014). Everything
// about an entity is drawn from streams that start at a hash of the seed and
// the entity's index, so no entity depends on how many others there are.
// Probabilities are whole numbers: floating point may round differently on
// another processor.
type stream uint64

// tag tells apart the streams of one index.
type tag uint64

const (
	tagBlock tag = iota + 1
	tagHousehold
	tagPerson
	tagRecords
	tagRecord
	tagConsent
)

func newStream(seed uint64, t tag, index uint64) stream {
	return stream(mix(mix(seed+uint64(t)*0xd1342543de82ef95) ^ index*0x9e3779b97f4a7c15))
}

// mix is the finalizer of SplitMix64: a bijection that spreads every input
// bit over all output bits.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (s *stream) next() uint64 {
	*s += 0x9e3779b97f4a7c15
	return mix(uint64(*s))
}

// n draws from 0 to n-1. The bias of taking the high half of the product is
// below n/2⁶⁴.
func (s *stream) n(n int) int {
	hi, _ := bits.Mul64(s.next(), uint64(n))
	return int(hi)
}

// between draws from lo to hi, both included.
func (s *stream) between(lo, hi int) int { return lo + s.n(hi-lo+1) }

// certain is a probability of 1 in the unit of [stream.chance].
const certain = 10_000

// chance is true in p of [certain] cases.
func (s *stream) chance(p int) bool { return s.n(certain) < p }

// weighted draws an index with probability weight/sum.
func (s *stream) weighted(weights []int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	x := s.n(sum)
	for i, w := range weights {
		if x < w {
			return i
		}
		x -= w
	}
	return len(weights) - 1
}

// scatter is a bijection of the numbers of equal length in decimal: keys look
// unrelated, stay short in a small population, and never collide.
func scatter(k uint64) uint64 {
	if k < 10 {
		return k
	}
	base := uint64(10)
	for k >= base*10 {
		base *= 10
	}
	// 7919 is prime to 2, 3 and 5, hence to the bracket's size 9·10ᵈ.
	hi, lo := bits.Mul64(k-base, 7919)
	_, rest := bits.Div64(hi, lo, 9*base)
	return base + (rest+base/3)%(9*base)
}
