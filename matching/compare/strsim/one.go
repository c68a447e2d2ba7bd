package strsim

// OneEdit tells whether two strings lie at most one insertion, deletion or
// substitution apart, or one swap of neighbours where swaps count: without
// preparing either. known is false where runes of several bytes are involved:
// then a [Pattern] tells.
func OneEdit(a, b string, swaps bool) (within, known bool) {
	head, n := 0, min(len(a), len(b))
	for head < n && a[head] == b[head] {
		head++
	}
	i, j := len(a), len(b)
	for i > head && j > head && a[i-1] == b[j-1] {
		i, j = i-1, j-1
	}
	if severalBytes(a, head, i) || severalBytes(b, head, j) {
		return false, false
	}
	x, y := a[head:i], b[head:j]
	switch {
	case len(x) <= 1 && len(y) <= 1:
		return true, true
	case swaps && len(x) == 2 && len(y) == 2:
		return x[0] == y[1] && x[1] == y[0], true
	}
	return false, true
}

// severalBytes tells whether a rune of several bytes, or a byte of none, may
// stand in s[from:to], up to as much of it as one edit may touch, or across its
// ends.
func severalBytes(s string, from, to int) bool {
	const longest = 9 // two runes and one byte more
	if from > 0 && s[from-1] >= 0x80 || to < len(s) && s[to] >= 0x80 {
		return true
	}
	for i := from; i < min(to, from+longest); i++ {
		if s[i] >= 0x80 {
			return true
		}
	}
	return false
}
