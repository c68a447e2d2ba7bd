package signal

import "math"

// bits reads big-endian fields from base64url text, six bits a character. The
// first fault stays and makes every later read zero, so a decoder reads
// straight through and asks once, with end.
type bits struct {
	text string
	at   int // in bits
	code Code
}

// newBits checks the alphabet of RFC 4648 section 5, without padding.
func newBits(text string) *bits {
	b := &bits{text: text}
	for i := range len(text) {
		if sextet(text[i]) < 0 {
			b.fail(BadBase64)
			break
		}
	}
	return b
}

func (b *bits) fail(code Code) {
	if b.code == "" {
		b.code = code
	}
}

func (b *bits) size() int { return 6 * len(b.text) }

// sextet is the value of a base64url character, -1 for any other byte.
func sextet(c byte) int {
	switch {
	case 'A' <= c && c <= 'Z':
		return int(c - 'A')
	case 'a' <= c && c <= 'z':
		return int(c-'a') + 26
	case '0' <= c && c <= '9':
		return int(c-'0') + 52
	case c == '-':
		return 62
	case c == '_':
		return 63
	}
	return -1
}

// uint reads n bits, n ≤ 63.
func (b *bits) uint(n int) uint64 {
	if b.code == "" && b.size()-b.at < n {
		b.fail(Truncated)
	}
	if b.code != "" {
		return 0
	}
	var v uint64
	for n > 0 {
		have := 6 - b.at%6
		take := min(have, n)
		digit := uint64(sextet(b.text[b.at/6])) >> (have - take) & (1<<take - 1)
		v = v<<take | digit
		b.at += take
		n -= take
	}
	return v
}

func (b *bits) int(n int) int { return int(b.uint(n)) }

func (b *bits) bool() bool { return b.uint(1) == 1 }

// letters reads n letters of six bits each, A = 0.
func (b *bits) letters(n int) string {
	out := make([]byte, n)
	for i := range out {
		v := b.int(6)
		if v >= 26 {
			b.fail(BadValue)
		}
		out[i] = 'A' + byte(v%26)
	}
	return string(out)
}

// flags reads n bits as the set of their 1-based positions, n ≤ 63.
func (b *bits) flags(n int) Flags {
	v, set := b.uint(n), Flags(0)
	for i := range n {
		set |= Flags(v>>i&1) << (n - i)
	}
	return set
}

// fibonacci reads an integer ≥ 1 in Fibonacci coding (Zeckendorf's digits,
// least first, ended by two ones; GPP, "Fibonacci Encoding").
func (b *bits) fibonacci() int {
	sum, fib, next := 0, 1, 2
	for last := false; b.code == ""; {
		one := b.bool()
		switch {
		case b.code != "":
			return 0
		case one && last:
			return sum
		case fib > math.MaxInt32:
			b.fail(BadValue)
		case one:
			sum += fib
		}
		last = one
		fib, next = next, fib+next
	}
	return 0
}

// end says what is wrong with the text once all fields are read. What follows
// them must be zeros, at most slack of them; slack < 0 sets no limit.
func (b *bits) end(slack int) Code {
	if b.code != "" {
		return b.code
	}
	if left := b.size() - b.at; slack >= 0 && left > slack {
		return TrailingData
	}
	for b.at < b.size() {
		if b.uint(min(b.size()-b.at, 48)) != 0 {
			return TrailingData
		}
	}
	return ""
}
