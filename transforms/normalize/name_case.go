package normalize

import (
	"strings"
	"unicode"
)

// restoreCase gives a name written in capitals or in small letters only the
// case that names have; a text of mixed case is left as its owner wrote it.
func restoreCase(s string) string {
	if lower, upper := cases(s); lower == upper {
		return s // mixed, or a script without case
	}
	words := strings.Split(s, " ")
	for i, w := range words {
		if i < len(words)-1 && len(words) > 1 && particles[Fold(w)] && !strings.ContainsAny(w, "-'") {
			words[i] = strings.ToLower(w)
			continue
		}
		words[i] = titleWord(w)
	}
	return strings.Join(words, " ")
}

// cases tells whether s has small letters and whether it has capitals; once it
// has seen both it looks no further.
func cases(s string) (lower, upper bool) {
	for _, r := range s {
		if r < 0x80 {
			lower = lower || r >= 'a' && r <= 'z'
			upper = upper || r >= 'A' && r <= 'Z'
		} else {
			lower = lower || unicode.IsLower(r)
			upper = upper || unicode.IsUpper(r)
		}
		if lower && upper {
			break
		}
	}
	return lower, upper
}

// titleWord capitalises the first letter of w and the letter behind each
// hyphen, and behind the apostrophe of O' and D'.
func titleWord(w string) string {
	var b strings.Builder
	start, letters := true, 0
	for _, r := range w {
		switch {
		case r == '-' || r == '.' || r == '/' || r == '(' || r == '"' || r == '&':
			start, letters = true, 0
		case r == '\'':
			start = letters == 1
		case start && unicode.IsLetter(r):
			r, start = unicode.ToTitle(r), false
			letters++
		case unicode.IsLetter(r):
			r = unicode.ToLower(r)
			letters++
		case unicode.IsDigit(r):
			start = false
		}
		b.WriteRune(r)
	}
	return scottish(b.String())
}

// scottish capitalises the letter behind Mc. Mac is left alone: Macdonald and
// MacDonald both exist, and Macey is neither.
func scottish(w string) string {
	rest, ok := strings.CutPrefix(w, "Mc")
	r, some := firstRune(rest)
	if !ok || !some || len(rest) < 3 {
		return w
	}
	return "Mc" + string(unicode.ToTitle(r)) + rest[len(string(r)):]
}
