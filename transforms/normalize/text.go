package normalize

import (
	"maps"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// clean makes a text presentable without changing its words: valid UTF-8 in
// form NFKC, no control or format characters, straight quotes and plain
// hyphens, single spaces, trimmed. clean(clean(s)) = clean(s).
func clean(s string) string {
	if isPlain(s) || isStable(s) {
		return collapse(s)
	}
	// Dropping a character can bring two others together that compose, so one
	// pass may not be the last; texts that need a third are not seen in
	// practice, and the bound keeps hostile ones from costing more.
	for range 4 {
		t := cleanOnce(s)
		if t == s {
			break
		}
		s = t
	}
	return s
}

func cleanOnce(s string) string {
	s = strings.Map(cleanRune, strings.ToValidUTF8(s, ""))
	s = norm.NFKC.String(s)
	return collapse(strings.Map(cleanRune, s))
}

func cleanRune(r rune) rune {
	switch r {
	case '\t', '\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029':
		return ' '
	case '’', '‘', '‛', 'ʼ', 'ʹ', '′', '`', '´', 'ˈ':
		return '\''
	case '“', '”', '„', '‟', '«', '»':
		return '"'
	case '‐', '‑', '‒', '–', '—', '―', '−':
		return '-'
	case utf8.RuneError:
		return -1
	}
	if r < 0x7f {
		if r < ' ' {
			return -1
		}
		return r
	}
	if unicode.IsSpace(r) {
		return ' '
	}
	if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Variation_Selector) {
		return -1
	}
	return r
}

// isPlain tells whether s is printable ASCII that clean changes in no other
// way than by its spaces.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '`' {
			return false
		}
	}
	return true
}

// collapse trims s and makes every run of spaces one.
func collapse(s string) string {
	s = strings.Trim(s, " ")
	if !strings.Contains(s, "  ") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := range len(s) {
		if s[i] == ' ' && s[i-1] == ' ' {
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// nullWords stand for "no value" in whatever case. "na" and "nan" are names
// of people, so that only their spellings as a missing value are listed.
var nullWords = wordSet("null none n/a n.a. n.a #n/a #na <na> <null> (null) (none) (blank) \\n unknown unk undefined missing empty " +
	"unbekannt inconnu desconocido sconosciuto onbekend desconhecido")

var nullPhrases = []string{
	"not available", "not applicable", "not provided", "not known", "not specified", "not given", "no data",
	"no value", "keine angabe", "k.a.", "k. a.", "non renseigné", "non renseigne", "sin datos", "to be confirmed", "tbc", "tbd",
}

// nulls are nullWords and nullPhrases together. None begins with a digit.
var nulls = func() rareWords {
	m := wordSetOf(nullPhrases...)
	maps.Copy(m, nullWords)
	return rarely(m)
}()

// maxNull is the length in bytes of a text that can be one of nulls.
const maxNull = 24

// isNull tells whether a clean text stands for "no value".
func isNull(s string) bool {
	if s == "" || s == "NA" || s == "NaN" || s == "NAN" {
		return true
	}
	if isDigit(s[0]) {
		return false
	}
	if len(s) > maxNull {
		return isMarks(s)
	}
	var lower [maxNull]byte
	for i := range len(s) {
		c := s[i]
		if c >= 0x80 {
			l := strings.ToLower(s)
			return nulls.has(l) || isMarks(l)
		}
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		lower[i] = c
	}
	return nulls.has(string(lower[:len(s)])) || isMarks(s)
}

// isMarks tells whether s is nothing but signs that stand for "no value".
func isMarks(s string) bool {
	for i := range len(s) {
		switch s[i] {
		case '-', '.', '_', ' ', '?', '/', '*', '#', ',':
		default:
			return false
		}
	}
	return true
}

// asciiDigits writes every decimal digit of any script as 0 to 9.
func asciiDigits(s string) string {
	if isPlain(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r < 0x80 || !unicode.Is(unicode.Nd, r) {
			return r
		}
		return '0' + digitValue(r)
	}, s)
}

// digitValue uses that Unicode encodes the decimal digits of a script as ten
// consecutive characters, zero first, and never splits a range elsewhere.
func digitValue(r rune) rune {
	for _, g := range unicode.Nd.R16 {
		if r >= rune(g.Lo) && r <= rune(g.Hi) {
			return (r - rune(g.Lo)) % 10
		}
	}
	for _, g := range unicode.Nd.R32 {
		if r >= rune(g.Lo) && r <= rune(g.Hi) {
			return (r - rune(g.Lo)) % 10
		}
	}
	return 0
}

// digitsOf is the decimal digits of s, in order.
func digitsOf(s string) string {
	if allDigits(s) {
		return s
	}
	var room [32]byte
	b := room[:0]
	for i := range len(s) {
		if isDigit(s[i]) {
			b = append(b, s[i])
		}
	}
	return string(b)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func allDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

// wordSet is the set of the space-separated words of s.
func wordSet(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// wordMap maps each word of a line "key: word word" to its key.
func wordMap(lines string) map[string]string {
	m := map[string]string{}
	for l := range strings.Lines(lines) {
		key, words, ok := strings.Cut(l, ":")
		if !ok {
			continue
		}
		key = strings.TrimSpace(key)
		m[key] = key
		for _, w := range strings.Fields(words) {
			m[w] = key
		}
	}
	return m
}
