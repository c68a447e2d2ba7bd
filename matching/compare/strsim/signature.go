package strsim

import "math/bits"

// Signature is a thermometer code of how often each class of rune occurs in a
// string: a class with room for k bits has min(count, k) of them set. Every
// rune belongs to exactly one class.
//
// Let a and b be strings and A, B their signatures.
//
//   - A bit of A that is not in B is an occurrence of its class that a has and
//     b has not: |A∖B| ≤ the runes of a left over when runes of one class are
//     paired off. Jaro pairs equal runes only, so its matches m satisfy
//     m ≤ |a| − |A∖B| and m ≤ |b| − |B∖A|.
//   - An insertion, deletion or substitution removes at most one occurrence
//     and adds at most one; a swap does neither. So |A∖B| ≤ d and |B∖A| ≤ d
//     for an edit distance of d, Levenshtein or OSA.
type Signature uint64

// Sign is the signature for text: two bits for each letter a to z, one for
// each digit, and two classes for every other rune.
func Sign(s string) Signature {
	var sig Signature
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z':
			sig = raise(sig, 2*uint(r-'a'), 2)
		case r >= '0' && r <= '9':
			sig = raise(sig, 52+uint(r-'0'), 1)
		default:
			sig = raise(sig, 62+uint(r)&1, 1)
		}
	}
	return sig
}

// SignDigits is the signature for telephone numbers, dates and identifiers:
// five bits for each digit, seven classes of two bits for every other rune.
func SignDigits(s string) Signature {
	var sig Signature
	for _, r := range s {
		if r >= '0' && r <= '9' {
			sig = raise(sig, 5*uint(r-'0'), 5)
		} else {
			sig = raise(sig, 50+2*(uint(r)%7), 2)
		}
	}
	return sig
}

// raise sets the next bit of the class at [at, at+room), unless it is full.
func raise(sig Signature, at, room uint) Signature {
	class := Signature(1<<room-1) << at
	return sig | (sig&class<<1|1<<at)&class
}

// Unshared is how many runes of each string, at least, are left over when equal
// ones are paired off: |A∖B| and |B∖A|.
func Unshared(a, b Signature) (onlyA, onlyB int) {
	return bits.OnesCount64(uint64(a &^ b)), bits.OnesCount64(uint64(b &^ a))
}

// EditsAtLeast is a lower bound of the edit distance of two strings with these
// signatures.
func EditsAtLeast(a, b Signature) int {
	return max(bits.OnesCount64(uint64(a&^b)), bits.OnesCount64(uint64(b&^a)))
}

// MatchesAtMost is an upper bound of the Jaro matches of strings of la and lb
// runes with these signatures.
func MatchesAtMost(a, b Signature, la, lb int) int {
	return min(la-bits.OnesCount64(uint64(a&^b)), lb-bits.OnesCount64(uint64(b&^a)))
}

// JaroWinklerAtMost is an upper bound of the Jaro-Winkler similarity of
// strings of la and lb runes with m matches at most and a common prefix of
// prefix letters (counted up to four).
func JaroWinklerAtMost(la, lb, m, prefix int) float64 {
	if m <= 0 {
		return 0
	}
	return winkler(jaroOf(la, lb, m, 0), prefix) + cutoffSlack
}
