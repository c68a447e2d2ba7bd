package compare

import "math/bits"

// packed is a string of up to eight bytes in one word, the first lowest, zeros
// behind its end: dates, postal codes and house numbers are compared without
// touching memory. 0 is no value, or one that is too long.
type packed uint64

func pack(s string) packed {
	if len(s) > 8 {
		return 0
	}
	p := packed(0)
	for i := range len(s) {
		p |= packed(s[i]) << (8 * i)
	}
	return p
}

// packDigits is a string of eight digits in half a word: four bits each, the
// first lowest.
func packDigits(s string) uint32 {
	p := uint32(0)
	for i := range len(s) {
		p |= uint32(s[i]-'0') << (4 * i)
	}
	return p
}

// slipDigits is slip of eight digits each.
func slipDigits(a, b uint32) bool {
	x := a ^ b
	if x == 0 {
		return false
	}
	first := uint(bits.TrailingZeros32(x)) / 4 * 4
	rest := x >> first
	switch {
	case rest < 1<<4:
		return true
	case rest >= 1<<8:
		return false
	}
	pa, pb := uint8(a>>first), uint8(b>>first)
	return pa == pb<<4|pb>>4
}

// slip tells whether a and b differ by one slip of the hand: one character
// replaced, one more at the end, or two neighbours swapped.
func slip(a, b packed) bool {
	if a == 0 || b == 0 {
		return false
	}
	x := uint64(a ^ b)
	if x == 0 {
		return false
	}
	first := uint(bits.TrailingZeros64(x)) / 8 * 8
	rest := x >> first
	switch {
	case rest < 1<<8:
		return true
	case rest >= 1<<16:
		return false
	}
	// Two neighbouring bytes differ: swapped when they hold each other's.
	pa, pb := uint16(a>>first), uint16(b>>first)
	return pa == pb<<8|pb>>8
}
