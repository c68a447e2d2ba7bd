package extract

import "strconv"

// plainDigits is the longest number written without an exponent: longer than
// any identifier, shorter than a float64's largest values.
const plainDigits = 40

// appendDecimal appends a JSON number in one canonical form, exactly, however
// many digits it has: no exponent up to plainDigits, no leading "+", no zeros
// that say nothing. 1.50, 15e-1 and 1.5 are one text, 1.0 is "1", -0 is "0".
func appendDecimal(dst, lit []byte) []byte {
	if isInteger(lit) {
		return append(dst, lit...)
	}
	start := len(dst)
	if lit[0] == '-' {
		dst = append(dst, '-')
		lit = lit[1:]
	}
	digits := len(dst)
	point, exp, i := -1, 0, 0 // digits before the point, -1 until it is seen
	for ; i < len(lit) && lit[i]|0x20 != 'e'; i++ {
		switch {
		case lit[i] == '.':
			point = len(dst) - digits
		case lit[i] != '0' || len(dst) > digits:
			dst = append(dst, lit[i])
		case point >= 0:
			exp-- // a zero between the point and the first digit
		}
	}
	if point < 0 {
		point = len(dst) - digits
	}
	if i < len(lit) {
		e, err := strconv.Atoi(string(lit[i+1:]))
		if err != nil || e > 1<<30 || e < -1<<30 {
			return append(dst[:start], lit...) // no number anybody means: kept as it is
		}
		exp += e
	}
	for len(dst) > digits && dst[len(dst)-1] == '0' {
		dst = dst[:len(dst)-1]
	}
	n := len(dst) - digits
	if n == 0 {
		return append(dst[:start], '0')
	}
	return placePoint(dst, digits, point+exp)
}

func isInteger(lit []byte) bool {
	for i, c := range lit {
		if c-'0' > 9 && (c != '-' || i > 0) {
			return false
		}
	}
	return len(lit) != 2 || lit[0] != '-' || lit[1] != '0'
}

// placePoint writes the decimal point into the digits from start on, so that
// point of them are before it (negative: zeros come between).
func placePoint(dst []byte, start, point int) []byte {
	n := len(dst) - start
	switch {
	case point > plainDigits || point < -plainDigits:
		if n > 1 {
			dst = insert(dst, start+1, '.', 1)
		}
		dst = append(dst, 'e')
		return strconv.AppendInt(dst, int64(point-1), 10)
	case point >= n:
		for range point - n {
			dst = append(dst, '0')
		}
		return dst
	case point > 0:
		return insert(dst, start+point, '.', 1)
	}
	dst = insert(dst, start, '0', 2-point)
	dst[start+1] = '.'
	return dst
}

// insert puts n copies of c in front of dst[at].
func insert(dst []byte, at int, c byte, n int) []byte {
	old := len(dst)
	for range n {
		dst = append(dst, c)
	}
	copy(dst[at+n:], dst[at:old])
	for i := range n {
		dst[at+i] = c
	}
	return dst
}

// appendFloat appends f in the form of appendDecimal: the shortest decimal
// that reads back as f.
func appendFloat(dst []byte, f float64, bits int) []byte {
	var lit [32]byte
	return appendDecimal(dst, strconv.AppendFloat(lit[:0], f, 'e', -1, bits))
}
