package normalize

import (
	"slices"
	"strings"
)

// Words in names on one line that are no part of a person's name.
var (
	// jointWords stand between two people. "y", "e" and "i" are not among them:
	// they join the halves of one family name; "or" is somebody's name, and parts
	// whole names alone.
	jointWords = wordSet("& + / and und et")
	orWords    = wordSet("or oder ou")
	// birthNameWords stand before a name somebody used to have.
	birthNameWords = wordSet("nee geb geborene born formerly fka aka")
	// familyWords stand for all who bear a family name.
	familyWords = wordSet("family familie famille familia famiglia")
	// onBehalf are written before the name of whom a thing is for.
	onBehalf = []string{"c/o ", "care of ", "attn ", "attn: ", "attn. ", "attention ", "the estate of ", "estate of ", "the late "}
)

// onePerson leaves of a name on one line what names one person: the first of
// several ("John & Mary Smith"), the name somebody has now ("Mary Smith née
// Jones"), without numbers and what stands before a name. It reports whether
// the text names others too.
func onePerson(s string) (name string, joint bool) {
	words := nameSigns(withoutBehalf(s))
	words = slices.DeleteFunc(words, func(w string) bool { return allDigits(w) && len(words) > 1 })
	if i := slices.IndexFunc(words, func(w string) bool { return birthNameWords[sign(w)] }); i > 0 && i < len(words)-1 {
		words = words[:i]
	}
	words, joint = firstPerson(words)
	return strings.Join(words, " "), joint
}

// nameSigns cuts a name at spaces, and at signs that stand between names.
func nameSigns(s string) []string {
	if strings.ContainsAny(s, "&+,") {
		s = spacedSigns.Replace(s)
	}
	return strings.Fields(s)
}

var spacedSigns = strings.NewReplacer("&", " & ", "+", " + ", ",", ", ")

// firstPerson is the words that name the first of several people, all where
// they name one.
func firstPerson(words []string) (first []string, joint bool) {
	for i := 1; i < len(words)-1; i++ {
		f := sign(words[i])
		if !jointWords[f] && !(i > 1 && orWords[f]) {
			continue
		}
		words, joint = firstOf(words[:i], words[i+1:])
		if joint {
			words, _ = firstPerson(words)
			return words, true
		}
	}
	return words, joint
}

// sign is a word of this file's tables folded, and "" for most others: names are
// many, and to fold each would cost more than all else here.
func sign(w string) string {
	if len(w) > len("geborene.") {
		return ""
	}
	switch w[0] | 0x20 {
	case '&', '+', '/':
		return w
	case 'a', 'b', 'e', 'f', 'g', 'n', 'o', 'u':
		return Fold(w)
	}
	return ""
}

func withoutBehalf(s string) string {
	for _, p := range onBehalf {
		if len(s) > len(p) && strings.EqualFold(s[:len(p)], p) {
			return withoutBehalf(strings.TrimSpace(s[len(p):]))
		}
	}
	return s
}

// firstOf is the first of two people: all that stands before, where it is a
// whole name, else that with the family name of the other. Two titles are no
// two people until more is said.
func firstOf(first, second []string) (words []string, joint bool) {
	named := slices.IndexFunc(first, func(w string) bool { return !isTitle(w) })
	if named < 0 {
		return slices.Concat(first, second), false
	}
	whole := slices.ContainsFunc(first, func(w string) bool { return strings.HasSuffix(w, ",") }) ||
		slices.ContainsFunc(first[named+1:], func(w string) bool { return !isInitial(w) })
	if whole {
		return first, true
	}
	rest := second[leadingTitles(second)+1:] // behind the other's given name
	for len(rest) > 0 && isInitial(rest[0]) {
		rest = rest[1:]
	}
	return slices.Concat(first, rest), true
}

// familyOf is the family name of "The Smith Family" and "Familie Müller"; nil
// for names of people.
func familyOf(words []string) []string {
	n := len(words)
	if n > 2 && Fold(words[0]) == "the" {
		words, n = words[1:], n-1
	}
	switch {
	case n < 2:
	case familyWords[Fold(words[n-1])]:
		return words[:n-1]
	case familyWords[Fold(words[0])]:
		return words[1:]
	}
	return nil
}

// unnamed is how many words at the start of a name say what somebody is: two in
// "Baby Boy Smith".
func unnamed(words []string) int {
	n := 0
	for n < len(words)-1 && fillerGivenWords[Fold(words[n])] {
		n++
	}
	if n < 2 {
		return 0
	}
	return n
}
