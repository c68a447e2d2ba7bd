package normalize

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The parameters of Punycode as RFC 3492 section 5 sets them for IDNA.
const (
	punyBase        = 36
	punyTMin        = 1
	punyTMax        = 26
	punySkew        = 38
	punyDamp        = 700
	punyInitialBias = 72
	punyInitialN    = 128
)

// decodeLabel writes an "xn--" label of a domain in its own script, lower
// case. It returns the label unchanged when it is not valid Punycode or holds
// anything but letters, marks, digits and hyphens.
func decodeLabel(label string) string {
	code, ok := strings.CutPrefix(label, "xn--")
	if !ok {
		return label
	}
	text, ok := punyDecode(code)
	if !ok || isASCII(text) || clean(strings.ToLower(text)) != text {
		return label
	}
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != '-' {
			return label
		}
	}
	return text
}

// punyDecode is the decoding procedure of RFC 3492 section 6.2.
func punyDecode(code string) (string, bool) {
	var out []rune
	if i := strings.LastIndexByte(code, '-'); i >= 0 {
		out, code = []rune(code[:i]), code[i+1:]
	}
	n, i, bias := punyInitialN, 0, punyInitialBias
	for code != "" {
		old, weight := i, 1
		for k := punyBase; ; k += punyBase {
			if code == "" {
				return "", false
			}
			d := punyDigit(code[0])
			code = code[1:]
			if d < 0 || d > (utf8.MaxRune<<8-i)/weight {
				return "", false
			}
			i += d * weight
			t := min(max(k-bias, punyTMin), punyTMax)
			if d < t {
				break
			}
			weight *= punyBase - t
		}
		bias = punyAdapt(i-old, len(out)+1, old == 0)
		n += i / (len(out) + 1)
		i %= len(out) + 1
		if n > utf8.MaxRune || !utf8.ValidRune(rune(n)) || len(out) > 63 {
			return "", false
		}
		out = append(out[:i], append([]rune{rune(n)}, out[i:]...)...)
		i++
	}
	return string(out), true
}

func punyDigit(c byte) int {
	switch {
	case c >= 'a' && c <= 'z':
		return int(c - 'a')
	case isDigit(c):
		return int(c-'0') + 26
	}
	return -1
}

func punyAdapt(delta, points int, first bool) int {
	if first {
		delta /= punyDamp
	} else {
		delta /= 2
	}
	delta += delta / points
	k := 0
	for delta > (punyBase-punyTMin)*punyTMax/2 {
		delta /= punyBase - punyTMin
		k += punyBase
	}
	return k + (punyBase-punyTMin+1)*delta/(delta+punySkew)
}
