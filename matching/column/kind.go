package column

import (
	"strings"
	"unicode/utf8"

	"concord/matching/column/nickname"
	"concord/matching/column/phonetic"
)

// Kind is a derivation: a pure function of one canonical value to the keys it
// has. Two values that share a key may be the same thing misspelt, shortened
// or moved; comparators and blocking rules choose how loose a kind they want.
type Kind uint8

// The kinds. All but Tokens and Roots give at most one key.
const (
	// Whole is the value itself.
	Whole Kind = iota
	// Initial is the first letter.
	Initial
	// Prefix3 is the first three letters, of values that have as many.
	Prefix3
	// Suffix3 is the last three letters, of values that have as many: what
	// survives an error at the beginning.
	Suffix3
	// Soundex is the American Soundex code: phonetic.Soundex.
	Soundex
	// Spelling is the transliteration class: phonetic.Spelling.
	Spelling
	// FirstToken is the first word of a value of several.
	FirstToken
	// Tokens are the distinct words of two letters or more.
	Tokens
	// Roots are the given names a nickname may stand for, of the first word:
	// nickname.Roots.
	Roots
	// Year is the year of a date, "1980" of "1980-05-31".
	Year
	// YearMonth is a date's year and month, "1980-05".
	YearMonth
	// MonthDay is a date's month and day, "05-31".
	MonthDay
	// DateDigits is a date's digits in rising order: equal for dates that
	// differ by swapped digits or swapped parts.
	DateDigits
	// Last7 is the last seven digits of a telephone number: what is left when
	// country and area codes come and go.
	Last7
	// Last4 is the last four letters or digits of an identifier.
	Last4
	// LocalPart is an e-mail address before its @.
	LocalPart
	// PostcodeArea is the coarser part of a postal code: the outward code of a
	// British one, the first three characters of any other.
	PostcodeArea

	kinds
)

var kindNames = [kinds]string{
	"whole", "initial", "prefix3", "suffix3", "soundex", "spelling", "first_token", "tokens", "roots",
	"year", "year_month", "month_day", "date_digits", "last7", "last4", "local_part", "postcode_area",
}

// String is the kind's name in blocking rules and reports.
func (k Kind) String() string {
	if k < kinds {
		return kindNames[k]
	}
	return "unknown"
}

// Kinds lists every kind.
func Kinds() []Kind {
	out := make([]Kind, kinds)
	for i := range out {
		out[i] = Kind(i)
	}
	return out
}

// Multiple tells whether a value may have several keys of kind k.
func (k Kind) Multiple() bool { return k == Tokens || k == Roots }

// Keys appends to out the keys of kind k that value has, without repeats: none
// when the value is too short or has no such part.
func Keys(k Kind, value string, out []string) []string {
	switch k {
	case Tokens:
		return Words(value, 2, out)
	case Roots:
		first := firstWord(value)
		if first == "" {
			return out
		}
		return nickname.Roots(first, out)
	}
	if key := key(k, value); key != "" {
		out = append(out, key)
	}
	return out
}

// key is the one key of the kinds that give one.
func key(k Kind, v string) string {
	switch k {
	case Whole:
		return v
	case Initial:
		return headRunes(v, 1)
	case Prefix3:
		return headRunes(v, 3)
	case Suffix3:
		return tailRunes(v, 3)
	case Soundex:
		return phonetic.Soundex(v)
	case Spelling:
		return phonetic.Spelling(v)
	case FirstToken:
		return firstWord(v)
	case Year:
		return dateKey(v, 0, 4)
	case YearMonth:
		return dateKey(v, 0, 7)
	case MonthDay:
		return dateKey(v, 5, 10)
	case DateDigits:
		return sortedDigits(dateKey(v, 0, 10))
	case Last7:
		return tailDigits(v, 7)
	case Last4:
		return tailRunes(v, 4)
	case LocalPart:
		local, _, found := strings.Cut(v, "@")
		if !found {
			return ""
		}
		return local
	case PostcodeArea:
		return postcodeArea(v)
	}
	return ""
}

// Words appends to out the distinct runs of letters and digits of v that have
// at least least bytes.
func Words(v string, least int, out []string) []string {
	from := len(out)
	for word := range strings.FieldsFuncSeq(v, separates) {
		if len(word) >= least && !contains(out[from:], word) {
			out = append(out, word)
		}
	}
	return out
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// separates tells whether r stands between words: ASCII other than letters
// and digits. Canonical values have no other separators.
func separates(r rune) bool {
	return r < utf8.RuneSelf && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
}

func firstWord(v string) string {
	for word := range strings.FieldsFuncSeq(v, separates) {
		return word
	}
	return ""
}

// headRunes is the first n runes of v, "" when it has fewer.
func headRunes(v string, n int) string {
	end := 0
	for range n {
		if end == len(v) {
			return ""
		}
		_, size := utf8.DecodeRuneInString(v[end:])
		end += size
	}
	return v[:end]
}

// tailRunes is the last n runes of v, "" when it has fewer.
func tailRunes(v string, n int) string {
	start := len(v)
	for range n {
		if start == 0 {
			return ""
		}
		_, size := utf8.DecodeLastRuneInString(v[:start])
		start -= size
	}
	return v[start:]
}

// dateKey is v[lo:hi] of a canonical date, "" of one too partial for it.
func dateKey(v string, lo, hi int) string {
	if len(v) < hi || len(v) > len("2006-01-02") {
		return ""
	}
	return v[lo:hi]
}

func sortedDigits(v string) string {
	var count [10]int
	for i := range len(v) {
		if d := v[i] - '0'; d <= 9 {
			count[d]++
		}
	}
	out := make([]byte, 0, len(v))
	for d, n := range count {
		for range n {
			out = append(out, '0'+byte(d))
		}
	}
	return string(out)
}

// tailDigits is the last n digits of v, "" when it has fewer.
func tailDigits(v string, n int) string {
	out := make([]byte, n)
	for i := len(v) - 1; i >= 0 && n > 0; i-- {
		if c := v[i]; c >= '0' && c <= '9' {
			n--
			out[n] = c
		}
	}
	if n > 0 {
		return ""
	}
	return string(out)
}

// postcodeArea drops the inward code (a digit and two letters) of a British
// postal code, and otherwise keeps three characters.
func postcodeArea(v string) string {
	v = strings.ReplaceAll(v, " ", "")
	if n := len(v); n >= 5 && n <= 7 && letter(v[0]) && digit(v[n-3]) && letter(v[n-2]) && letter(v[n-1]) {
		return v[:n-3]
	}
	return headRunes(v, 3)
}

func digit(c byte) bool  { return c >= '0' && c <= '9' }
func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
