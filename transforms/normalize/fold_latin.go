package normalize

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// latinEnd is behind the Latin Extended-B block, which ends the letters that
// take two bytes of UTF-8 and that European names are written with.
const (
	latinFirst = 0xc0
	latinEnd   = 0x250
)

// latinForms gives the folded form of the letters from latinFirst on that are
// in form NFKC already: such a letter is folded on its own, whatever stands
// around it, as long as that is no mark. "" is for all others.
var latinForms = sync.OnceValue(func() *[latinEnd - latinFirst]string {
	t := new([latinEnd - latinFirst]string)
	for r := rune(latinFirst); r < latinEnd; r++ {
		s := string(r)
		if unicode.IsLetter(r) && norm.NFKC.String(s) == s && cleanOnce(s) == s {
			if f := foldAny(s); f != "" && !strings.Contains(f, " ") {
				t[r-latinFirst] = f
			}
		}
	}
	return t
})

// latinForm is the folded form of the two-byte letter at s[i], "" where
// latinForms has none.
func latinForm(t *[latinEnd - latinFirst]string, s string, i int) string {
	if i+1 == len(s) || s[i] < 0xc3 || s[i] > 0xdf || s[i+1]&0xc0 != 0x80 {
		return ""
	}
	r := rune(s[i]&0x1f)<<6 | rune(s[i+1]&0x3f)
	if r >= latinEnd {
		return ""
	}
	return t[r-latinFirst]
}

// foldLatin is Fold of a text of printable ASCII and letters of latinForms,
// about a tenth of the cost; ok is false for any other text.
func foldLatin(s string) (folded string, ok bool) {
	t := latinForms()
	var room [64]byte
	b := room[:0]
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < 0x80 {
			if c < ' ' || c == 0x7f {
				return "", false
			}
			b = appendFolded(b, c)
			continue
		}
		f := latinForm(t, s, i)
		if f == "" {
			return "", false
		}
		b = append(b, f...)
		i++
	}
	return foldedString(b), true
}
