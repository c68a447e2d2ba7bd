package normalize

import (
	"strings"

	"concord/schemas/attribute"
)

// houseNumberOf reads a text that is a house number and nothing else: one to
// six digits, a letter, a range of two, "No." or "#" in front. number is s
// without what is in front. Its test has the grammar as a regular expression,
// which this loop is a tenth of the cost of.
func houseNumberOf(s string) (number string, ok bool) {
	number = s[numberSign(s):]
	i := houseDigits(number, 0)
	if i == 0 {
		return "", false
	}
	i = houseLetter(number, i)
	j := skipOne(number, i, ' ')
	if k := skipOne(number, skipOne(number, j, '-'), '/'); k == j+1 {
		if k = skipOne(number, k, ' '); houseDigits(number, k) > k {
			i = houseLetter(number, houseDigits(number, k))
		}
	}
	return number, i == len(number)
}

func isHouseNumber(s string) bool {
	_, ok := houseNumberOf(s)
	return ok
}

// numberSign is the length of "No. ", "Nr ", "n°" or "#" before a number.
func numberSign(s string) int {
	switch {
	case s == "":
		return 0
	case s[0] == '#':
		return 1
	case len(s) < 3 || s[0]|0x20 != 'n':
		return 0
	case s[1]|0x20 == 'o' || s[1]|0x20 == 'r':
		return skipOne(s, skipOne(s, 2, '.'), ' ')
	case strings.HasPrefix(s[1:], "°"):
		return skipOne(s, 1+len("°"), ' ')
	}
	return 0
}

// houseDigits is the end of the one to six digits at i, or i.
func houseDigits(s string, i int) int {
	end := i
	for end < len(s) && end < i+6 && isDigit(s[end]) {
		end++
	}
	return end
}

// houseLetter skips a space and a letter, where they are.
func houseLetter(s string, i int) int {
	i = skipOne(s, i, ' ')
	if i < len(s) && isASCIILetter(s[i]) {
		i++
	}
	return i
}

func skipOne(s string, i int, c byte) int {
	if i < len(s) && s[i] == c {
		i++
	}
	return i
}

func isASCIILetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// readHouseNumber reads a house number: digits, a letter, a range. Canonical
// has no spaces and no leading zeros ("012 A" is "12a"). What is no such
// number is kept folded, since house numbers are misread often.
func readHouseNumber(raw string, o Options, out []Value) []Value {
	s := asciiDigits(clean(raw))
	if isNull(s) {
		return out
	}
	if rest, ok := strings.CutSuffix(s, ".0"); ok && allDigits(rest) {
		s = rest
	}
	number, ok := houseNumberOf(s)
	if !ok {
		number, ok = houseNumberOf(joined(Fold(s)))
	}
	if ok {
		return appendHouseNumber(number, out)
	}
	canon := joined(Fold(s))
	if canon == "" || len(canon) > 20 {
		return problem(out, attribute.HouseNumber, BadAddress)
	}
	return append(out, Value{Attribute: attribute.HouseNumber, Shown: s, Canonical: canon})
}

func appendHouseNumber(s string, out []Value) []Value {
	s = strings.ToUpper(strings.ReplaceAll(s, " ", ""))
	canon := strings.ToLower(strings.ReplaceAll(s, "/", "-"))
	if strings.Trim(canon, "0-") == "" {
		return junk(out, attribute.HouseNumber)
	}
	if t := strings.TrimLeft(canon, "0"); isDigit(t[0]) {
		canon = t
	}
	return append(out, Value{Attribute: attribute.HouseNumber, Shown: s, Canonical: canon})
}
