package normalize

import (
	"strings"
	"unicode"

	"github.com/mozillazg/go-unidecode"
	"golang.org/x/text/unicode/norm"
)

// A script is what romanise has a rule for.
type script uint8

const (
	scriptNone      script = iota // separators, digits, symbols
	scriptInherited               // marks, which belong to what they follow
	scriptLatin
	scriptCyrillic
	scriptGreek
	scriptArabic
	scriptHan
	scriptHangul
	scriptOther
)

// findScript is scriptOf without its tables.
func findScript(r rune) script {
	switch {
	case r < 0x80:
		if r|0x20 >= 'a' && r|0x20 <= 'z' {
			return scriptLatin
		}
		return scriptNone
	case unicode.Is(unicode.M, r), r == 'ـ':
		return scriptInherited
	case !unicode.IsLetter(r):
		return scriptNone
	}
	switch {
	case unicode.Is(unicode.Latin, r):
		return scriptLatin
	case unicode.Is(unicode.Cyrillic, r):
		return scriptCyrillic
	case unicode.Is(unicode.Greek, r):
		return scriptGreek
	case unicode.Is(unicode.Arabic, r):
		return scriptArabic
	case unicode.Is(unicode.Han, r):
		return scriptHan
	case unicode.Is(unicode.Hangul, r):
		return scriptHangul
	}
	return scriptOther
}

// romaniseAnew is romanise of a word that is not kept: a known name by its
// usual Latin spelling, else by the script's letters, else by unidecode.
func romaniseAnew(word string, k script) string {
	word = strings.ToLower(norm.NFC.String(word))
	if k == scriptArabic {
		return arabicWord(word)
	}
	if l, ok := romanised()[dropStress(word, k)]; ok {
		return l
	}
	switch k {
	case scriptCyrillic:
		return cyrillicWord(dropStress(word, k))
	case scriptGreek:
		return greekWord(word)
	}
	var b strings.Builder
	for _, r := range word {
		b.WriteString(unknown(r))
	}
	return b.String()
}

// dropStress removes the acute accent with which Russian texts mark stress.
func dropStress(word string, k script) string {
	if k != scriptCyrillic {
		return word
	}
	return strings.ReplaceAll(word, "\u0301", "")
}

// unknown is unidecode's form of one character: the last resort. Han
// characters come with a space behind, so that each is a word.
func unknown(r rune) string {
	if unicode.Is(unicode.Nd, r) {
		return string('0' + digitValue(r))
	}
	return strings.ToLower(unidecode.Unidecode(string(r)))
}

// cyrillic follows BGN/PCGN (1947) where English usage does: no apostrophes
// for the signs, e for ё and э.
var cyrillic = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "e", 'ж': "zh", 'з': "z", 'и': "i", 'й': "y",
	'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f",
	'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch", 'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "yu", 'я': "ya",
	'і': "i", 'ї': "yi", 'є': "ye", 'ґ': "g", 'ў': "v", 'ј': "j", 'љ': "lj", 'њ': "nj", 'ћ': "c", 'ђ': "dj", 'џ': "dz",
	'ѓ': "gj", 'ќ': "kj", 'ѕ': "dz", 'қ': "k", 'ғ': "g", 'ә': "a", 'ө': "o", 'ү': "u", 'ұ': "u", 'ң': "n", 'һ': "h",
}

func cyrillicWord(w string) string {
	ukrainian := strings.ContainsAny(w, "ґєї") || strings.Contains(w, "і") && !strings.ContainsAny(w, "ыўэё")
	for _, e := range []struct{ ending, latin string }{{"ский", "sky"}, {"ий", "y"}, {"ый", "y"}, {"ій", "iy"}} {
		if rest, ok := strings.CutSuffix(w, e.ending); ok && rest != "" {
			return cyrillicLetters(rest, ukrainian) + e.latin
		}
	}
	return cyrillicLetters(w, ukrainian)
}

func cyrillicLetters(w string, ukrainian bool) string {
	var b strings.Builder
	soft := false
	for _, r := range w {
		l, ok := cyrillic[r]
		switch {
		case soft && (r == 'е' || r == 'ё' || r == 'є'):
			l = "ie" // Васильев is Vasiliev
		case ukrainian && r == 'г':
			l = "h"
		case ukrainian && r == 'и':
			l = "y"
		case !ok:
			l = unknown(r)
		}
		soft = r == 'ь' || r == 'ъ'
		b.WriteString(l)
	}
	return b.String()
}

// greekPairs are read before single letters (ELOT 743, without its accents).
var greekPairs = []struct{ greek, latin string }{
	{"ου", "ou"}, {"αυ", "av"}, {"ευ", "ev"}, {"ηυ", "iv"}, {"γγ", "ng"}, {"γξ", "nx"}, {"γχ", "nch"}, {"μπ", "b"}, {"ντ", "nt"}, {"γκ", "gk"},
}

var greek = map[rune]string{
	'α': "a", 'β': "v", 'γ': "g", 'δ': "d", 'ε': "e", 'ζ': "z", 'η': "i", 'θ': "th", 'ι': "i", 'κ': "k", 'λ': "l",
	'μ': "m", 'ν': "n", 'ξ': "x", 'ο': "o", 'π': "p", 'ρ': "r", 'σ': "s", 'ς': "s", 'τ': "t", 'υ': "y", 'φ': "f",
	'χ': "ch", 'ψ': "ps", 'ω': "o",
}

func greekWord(w string) string {
	w = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.M, r) {
			return -1
		}
		return r
	}, norm.NFD.String(w))
	var b strings.Builder
next:
	for w != "" {
		for _, p := range greekPairs {
			if rest, ok := strings.CutPrefix(w, p.greek); ok {
				b.WriteString(p.latin)
				w = rest
				continue next
			}
		}
		r, _ := firstRune(w)
		l, ok := greek[r]
		if !ok {
			l = unknown(r)
		}
		b.WriteString(l)
		w = w[len(string(r)):]
	}
	return b.String()
}
