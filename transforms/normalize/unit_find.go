package normalize

import "strings"

// unitWords are the words of unitWord by their first letter, in its order.
var unitWords = func() (words ['z' + 1][]string) {
	for w := range strings.SplitSeq(unitWord, "|") {
		words[w[0]] = append(words[w[0]], w)
	}
	return words
}()

// A foundUnit is where a flat or suite stands in a line, and its number.
type foundUnit struct {
	lo, hi int
	number string
}

// findUnit finds what unitPattern does, of whose cost it is a twentieth. No
// part of the pattern can begin where another may end, so that at each place
// one reading is tried for each word. Text with letters in disguise is the
// pattern's to read.
func findUnit(s string) (u foundUnit, ok bool) {
	for i := range len(s) {
		if i > 0 && s[i-1] != ' ' && s[i-1] != ',' {
			continue
		}
		if u, ok = unitAt(s, i); ok {
			return u, true
		}
	}
	return u, false
}

func unitAt(s string, i int) (foundUnit, bool) {
	if s[i] == '#' {
		at := skipSpaces(s, i+1)
		end := unitRun(s, at)
		ok := end > at && end-at <= 9 && s[at] != '/' && s[at] != '-' && endsUnit(s, end)
		return foundUnit{i, end, s[at:end]}, ok
	}
	if !isASCIILetter(s[i]) {
		return foundUnit{}, false
	}
	for _, w := range unitWords[s[i]|0x20] {
		if len(s)-i < len(w) || !equalFoldASCII(s[i:i+len(w)], w) {
			continue
		}
		at := skipOne(s, i+len(w), '.')
		for _, read := range [...]func(string, int) (int, int, bool){unitNumber, unitLetter} {
			if lo, hi, ok := read(s, at); ok {
				return foundUnit{i, hi, s[lo:hi]}, true
			}
		}
	}
	return foundUnit{}, false
}

// unitNumber reads "5", "no. 5b" or "# 12/3" behind a word.
func unitNumber(s string, i int) (lo, hi int, ok bool) {
	i = skipSpaces(s, i)
	switch {
	case len(s)-i > 2 && s[i]|0x20 == 'n' && s[i+1]|0x20 == 'o':
		i = skipSpaces(s, skipOne(s, i+2, '.'))
	case i < len(s) && s[i] == '#':
		i = skipSpaces(s, i+1)
	}
	digits := i
	for digits < len(s) && isDigit(s[digits]) {
		digits++
	}
	end := unitRun(s, digits)
	return i, end, digits > i && end-digits <= 8 && endsUnit(s, end)
}

// unitLetter reads a letter behind a word and a space, with up to five digits.
func unitLetter(s string, i int) (lo, hi int, ok bool) {
	at := skipSpaces(s, i)
	if at == i || at == len(s) || !isASCIILetter(s[at]) {
		return 0, 0, false
	}
	end := skipOne(s, at+1, '-')
	for n := 0; n < 5 && end < len(s) && isDigit(s[end]); n++ {
		end++
	}
	return at, end, endsUnit(s, end)
}

// unitRun is the end of the letters, digits, slashes and hyphens from i on.
func unitRun(s string, i int) int {
	for i < len(s) && (isASCIILetter(s[i]) || isDigit(s[i]) || s[i] == '/' || s[i] == '-') {
		i++
	}
	return i
}

func endsUnit(s string, i int) bool {
	return i == len(s) || s[i] == ' ' || s[i] == ',' || s[i] == '.' || s[i] == ';'
}

func skipSpaces(s string, i int) int {
	for i < len(s) && s[i] == ' ' {
		i++
	}
	return i
}

// equalFoldASCII tells whether s is the small letters w in any case.
func equalFoldASCII(s, w string) bool {
	for i := range len(w) {
		if s[i]|0x20 != w[i] {
			return false
		}
	}
	return true
}
