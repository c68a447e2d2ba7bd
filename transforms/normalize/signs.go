package normalize

import "strings"

// signs are what one look at a line of an address says about the parts it can
// hold. Each is a condition that a pattern of this package needs: where it is
// absent the pattern cannot match and is not tried. Most lines are a number
// and a street, and have none.
type signs uint16

const (
	signBox         signs = 1 << iota // a word of a post-office box
	signUnit                          // a word of a flat, or "#"
	signFloor                         // a word of a floor
	signHouse                         // a penthouse and such
	signLetterDigit                   // a letter with a digit behind it, or GIR, of GIR 0AA
	signHyphen                        // a hyphen
	signFourDigits                    // four digits on end
	signThreeTwo                      // a digit, a space and a digit
)

// everySign is assumed of a line with one of the two characters beyond ASCII
// that patterns which ignore case take for a letter of ASCII: the long s and
// the sign of the kelvin. Any other is to patterns as good as a full stop.
const everySign = ^signs(0)

// isLetterInDisguise tells whether such a character begins at s[i].
func isLetterInDisguise(s string, i int) bool {
	return s[i] == 0xc5 && strings.HasPrefix(s[i:], "ſ") || s[i] == 0xe2 && strings.HasPrefix(s[i:], "\u212a")
}

// signsOf looks at every byte of s, and looks up every run of letters.
func signsOf(s string) (found signs) {
	var run [16]byte // the letters before s[i], lower-case
	n, digits := 0, 0
	for i := range len(s) {
		c := s[i]
		if isASCIILetter(c) {
			if n < len(run) {
				run[n] = c | 0x20
			}
			n++
			digits = 0
			continue
		}
		if n > 1 && n <= len(run) {
			found |= signWords.of(string(run[:n]))
		}
		switch {
		case c >= 0x80:
			if isLetterInDisguise(s, i) {
				return everySign
			}
			digits = 0
		case isDigit(c):
			if digits++; digits == 4 {
				found |= signFourDigits
			}
			if n > 0 {
				found |= signLetterDigit
			}
			if i > 1 && s[i-1] == ' ' && isDigit(s[i-2]) {
				found |= signThreeTwo
			}
		default:
			digits = 0
			if c == '#' {
				found |= signUnit
			} else if c == '-' {
				found |= signHyphen
			}
		}
		n = 0
	}
	if n > 1 && n <= len(run) {
		found |= signWords.of(string(run[:n]))
	}
	return found
}

// signWords gives the signs of a run of letters. "no" can be written onto a
// word before a number.
var signWords = signTable()

// wordSigns gives words their signs, of which most have none.
type wordSigns struct {
	sieve sieve
	signs map[string]signs
}

func (t *wordSigns) of(word string) signs {
	if !t.sieve.passes(word) {
		return 0
	}
	return t.signs[word]
}

func signTable() *wordSigns {
	m := map[string]signs{"gir": signLetterDigit}
	add := func(s signs, words ...string) {
		for _, w := range words {
			m[w] |= s
		}
	}
	for _, w := range strings.Fields("box obox pobox gpobox postfach apartado correos postale postbus bag") {
		add(signBox, w, w+"no")
	}
	for w := range strings.SplitSeq(unitWord, "|") {
		add(signUnit, w, w+"no")
	}
	add(signFloor, strings.Fields("floor fl etage stock og level lvl")...)
	add(signHouse, strings.Fields("penthouse basement ground attic erdgeschoss")...)
	t := &wordSigns{sieveOf(len(m)), m}
	for w := range m {
		t.sieve.add(w)
	}
	return t
}
