package normalize

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold is the matching form of words: lower-case ASCII letters and digits,
// single spaces between words, apostrophes dropped (O'Hare is "ohare"), every
// other character a word boundary. Fold(Fold(s)) = Fold(s).
//
// Diacritics are dropped rather than spelled out: Müller is "muller", also in
// German, where "mueller" is one edit away. One rule for all languages keeps
// the same name equal whatever language a channel is in; "oe" for ö would
// part Göran from Goran to please Göthe. Other scripts are romanised.
func Fold(s string) string {
	if isASCII(s) {
		return foldASCII(s)
	}
	if f, ok := foldLatin(s); ok {
		return f
	}
	return foldAny(clean(s))
}

// foldAny is Fold of a clean text, by the rules of each script.
func foldAny(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 8)
	for _, w := range scriptRuns(s) {
		b.WriteString(latin(w))
	}
	return foldASCII(b.String())
}

// holdsWord tells whether Fold leaves anything of s.
func holdsWord(s string) bool {
	if !isASCII(s) {
		return Fold(s) != ""
	}
	for i := range len(s) {
		if c := s[i]; isASCIILetter(c) || isDigit(c) {
			return true
		}
	}
	return false
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func foldASCII(s string) string {
	if isFolded(s) {
		return s
	}
	var room [64]byte
	b := room[:0]
	for i := range len(s) {
		b = appendFolded(b, s[i])
	}
	return foldedString(b)
}

// appendFolded appends what Fold makes of an ASCII character behind b.
func appendFolded(b []byte, c byte) []byte {
	switch {
	case c >= 'A' && c <= 'Z':
		return append(b, c+'a'-'A')
	case c >= 'a' && c <= 'z' || isDigit(c):
		return append(b, c)
	case c == '\'' || c == '`':
	case len(b) > 0 && b[len(b)-1] != ' ':
		return append(b, ' ')
	}
	return b
}

func foldedString(b []byte) string {
	if n := len(b); n > 0 && b[n-1] == ' ' {
		b = b[:n-1]
	}
	return string(b)
}

// isFolded tells whether foldASCII would return s.
func isFolded(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c == ' ' {
			if i == 0 || i == len(s)-1 || s[i-1] == ' ' {
				return false
			}
		} else if !(c >= 'a' && c <= 'z' || isDigit(c)) {
			return false
		}
	}
	return true
}

// scriptRuns cuts s where the script changes, so that each run is romanised
// by one rule. Marks and digits belong to the run they follow.
func scriptRuns(s string) []string {
	var runs []string
	start, script := 0, scriptNone
	for i, r := range s {
		k := scriptOf(r)
		if k == scriptInherited || k == script {
			continue
		}
		if i > start {
			runs = append(runs, s[start:i])
		}
		start, script = i, k
	}
	return append(runs, s[start:])
}

// latin romanises a run of one script; separators come through as they are.
func latin(run string) string {
	r, _ := firstRune(run)
	k := scriptOf(r)
	if k == scriptNone || k == scriptLatin {
		return dropDiacritics(run)
	}
	return romanise(run, k)
}

func firstRune(s string) (rune, bool) {
	for _, r := range s {
		return r, true
	}
	return 0, false
}

// latinLetters are the small ones that do not decompose into a base letter and marks.
var latinLetters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ı': "i", 'ħ': "h",
	'ŋ': "n", 'ə': "a", 'ŧ': "t", 'ĸ': "k", 'ƒ': "f", 'ɣ': "g", 'ơ': "o", 'ư': "u",
	'·': "", 'ˊ': "", 'ʻ': "", 'ʿ': "", 'ʾ': "",
}

func dropDiacritics(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case unicode.Is(unicode.M, r):
		default:
			if t, ok := latinLetters[r]; ok {
				b.WriteString(t)
			} else {
				b.WriteString(unknown(r))
			}
		}
	}
	return b.String()
}
