package normalize

import (
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What clean and Fold ask of every character is looked up: of those below
// tabled in a table, of the Han characters and Hangul syllables by their range.
const tabled = 0x3100

// A runeClass is what is known of a character.
type runeClass struct {
	script script
	// stable tells that clean leaves the character as it is, whatever stands
	// around it, as long as that is stable too: it is a letter in form NFKC, and
	// no mark, jamo or vowel sign, which alone compose with what is before them.
	stable bool
}

var runeClasses = sync.OnceValue(func() *[tabled]runeClass {
	t := new([tabled]runeClass)
	for r := range rune(tabled) {
		t[r].script = findScript(r)
		jamo := r >= 0x1100 && r < 0x1200
		if unicode.IsLetter(r) && !jamo && t[r].script != scriptOther && t[r].script != scriptInherited {
			s := string(r)
			t[r].stable = norm.NFKC.String(s) == s && cleanOnce(s) == s
		}
	}
	for r := rune(' '); r < 0x7f; r++ {
		t[r].stable = r != '`'
	}
	return t
})

// isHan and isHangul know the characters of two blocks that hold nothing else.
func isHan(r rune) bool    { return r >= 0x4e00 && r <= 0x9fef }
func isHangul(r rune) bool { return r >= 0xac00 && r <= 0xd7a3 }

// isStable tells whether clean changes s in no other way than by its spaces.
func isStable(s string) bool {
	t := runeClasses()
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		if r < tabled {
			if !t[r].stable {
				return false
			}
		} else if !isHan(r) && !isHangul(r) {
			return false
		}
		i += n
	}
	return true
}

func scriptOf(r rune) script {
	switch {
	case r < tabled:
		return runeClasses()[r].script
	case isHan(r):
		return scriptHan
	case isHangul(r):
		return scriptHangul
	}
	return findScript(r)
}
