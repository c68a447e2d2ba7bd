package normalize

import (
	"slices"
	"strings"
	"unicode"

	"concord/schemas/attribute"
	"concord/schemas/names"
)

// readFull reads a whole name on one line: "Dr. Ana de la Cruz Jr",
// "Cruz, Ana M.", "SMITH John", "王杰". An organisation in such a column is
// returned as an organisation, marked uncertain.
func readFull(raw string, o Options, out []Value) []Value {
	s := clean(raw)
	if isNull(s) {
		return out
	}
	if hasLegalForm(s) {
		return uncertainFrom(readOrganisation(raw, o, out), len(out), true)
	}
	s = dropQuoted(s)
	if f := Fold(s); isFillerName(f) || fillerWholeNames[f] {
		return junk(out, attribute.FamilyName)
	}
	s, joint := onePerson(s)
	p := parseFull(s, o.NameOrder)
	if len(p.given)+len(p.family) == 0 {
		return problem(out, attribute.FamilyName, BadName)
	}
	at := len(out)
	if len(p.prefix) > 0 {
		out = readPrefix(strings.Join(p.prefix, " "), o, out)
	}
	out = appendName(out, attribute.GivenName, p.given)
	out = appendName(out, attribute.MiddleName, p.middle)
	out = appendName(out, attribute.FamilyName, p.family)
	out = appendSuffix(out, p.suffix)
	return uncertainFrom(out, at, p.guessed || joint)
}

// fullName is a name taken apart, each part as words.
type fullName struct {
	prefix, given, middle, family, suffix []string
	guessed                               bool // the order was read from name frequencies
}

func parseFull(s string, order NameOrder) fullName {
	var parts [][]string
	var p fullName
	for part := range strings.FieldsFuncSeq(s, isComma) {
		words := splitName(part)
		rest := words
		if len(parts) > 0 {
			if rest = dropTitles(words, &p); len(rest) == 0 {
				continue
			}
		}
		if len(rest) > 0 {
			parts = append(parts, rest)
		}
	}
	switch len(parts) {
	case 0:
	case 1:
		p.uncut(parts[0], order)
	default:
		p.lastFirst(parts[0], slices.Concat(parts[1:]...))
	}
	if len(p.given) > 1 {
		given, middle, suffix := cutEnds(p.trim(p.given))
		p.given, p.middle, p.suffix = given, slices.Concat(middle, p.middle), slices.Concat(p.suffix, suffix)
	}
	return p
}

func isComma(r rune) bool { return r == ',' || r == ';' || r == '،' || r == '、' }

// dropTitles moves a part that holds only titles ("Jr", "Dr") out of words.
func dropTitles(words []string, p *fullName) []string {
	for _, w := range words {
		if !isSuffix(w) && !isTitle(w) {
			return words
		}
	}
	for _, w := range words {
		if isSuffix(w) {
			p.suffix = append(p.suffix, w)
		} else {
			p.prefix = append(p.prefix, w)
		}
	}
	return nil
}

// lastFirst reads "Last, First Middle".
func (p *fullName) lastFirst(family, rest []string) {
	family = p.trim(family)
	rest = p.trim(rest)
	p.family = family
	if len(rest) > 0 {
		p.given, p.middle = rest[:1], rest[1:]
	}
}

// trim moves titles at either end of words to the prefix and suffix.
func (p *fullName) trim(words []string) []string {
	n := leadingTitles(words)
	p.prefix = append(p.prefix, words[:n]...)
	words, suffix := cutSuffixes(words[n:])
	p.suffix = append(p.suffix, suffix...)
	return words
}

// uncut reads a name without comma.
func (p *fullName) uncut(words []string, order NameOrder) {
	words = p.trim(words)
	family, fillers, capitals := familyOf(words), unnamed(words), familyInCapitals(words)
	switch {
	case len(words) == 0:
	case len(words) == 1:
		p.single(words[0])
	case family != nil:
		p.family = family
	case fillers > 0:
		p.given, p.family = words[:fillers], words[fillers:]
	case capitals > 0:
		p.familyFirst(words, capitals)
	case order == FamilyFirst:
		p.familyFirst(words, familyBeforeGiven(words))
	case order == GivenFirst:
		p.natural(words)
	case eastAsian(words):
		p.family, p.given = words[:1], words[1:]
	case particles[Fold(words[0])] && names.Given()[Fold(words[0])] == 0:
		n := leadingFamily(words)
		p.family, p.given = words[:n], words[n:]
	case familyComesFirst(words):
		p.family, p.given, p.guessed = words[:1], words[1:], true
	default:
		p.natural(words)
	}
}

// familyFirst reads a name whose first n words are the family name.
func (p *fullName) familyFirst(words []string, n int) {
	end := min(n+1, len(words)) // of the given name
	p.family, p.given, p.middle = words[:n], words[n:end], words[end:]
}

// natural reads a name whose family name comes last.
func (p *fullName) natural(words []string) {
	n := trailingFamily(words)
	p.given, p.middle, p.family = words[:1], words[1:n], words[n:]
}

// single reads a name of one word: Chinese, Japanese and Korean names are
// written without a space; else the more frequent use decides.
func (p *fullName) single(w string) {
	if k := scriptOfWord(w); k == scriptHan || k == scriptHangul {
		if n := eastAsianFamily(w); n > 0 {
			p.family, p.given = []string{w[:n]}, []string{w[n:]}
			return
		}
	}
	f := Fold(w)
	if names.Given()[f] > names.Family()[f] {
		p.given = []string{w}
	} else {
		p.family = []string{w}
	}
}

// eastAsianFamily is the length in bytes of the family name at the start of a
// name written without spaces: the longest known one, else one character. It
// is 0 for a single character or a text longer than names are.
func eastAsianFamily(w string) int {
	runes := []rune(w)
	if len(runes) < 2 || len(runes) > 6 {
		return 0
	}
	for n := min(3, len(runes)-1); n > 1; n-- {
		if _, ok := romanised()[string(runes[:n])]; ok {
			return len(string(runes[:n]))
		}
	}
	return len(string(runes[:1]))
}

func eastAsian(words []string) bool {
	for _, w := range words {
		if k := scriptOfWord(w); k != scriptHan && k != scriptHangul {
			return false
		}
	}
	return true
}

// familyInCapitals counts the leading words in capitals when others are not:
// "DE LA CRUZ Ana", "SMITH John". It is 0 for "John SMITH", "JOHN SMITH" and
// "SMITH JOHN A", since an initial is a capital in either case.
func familyInCapitals(words []string) int {
	n := 0
	for n < len(words) && inCapitals(words[n]) {
		n++
	}
	if slices.ContainsFunc(words[n:], inCapitals) || !slices.ContainsFunc(words[n:], hasLower) {
		return 0
	}
	return n
}

func hasLower(w string) bool { return strings.ContainsFunc(w, unicode.IsLower) }

func inCapitals(w string) bool {
	letters := 0
	for _, r := range w {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			letters++
		}
	}
	return letters > 1
}

// leadingFamily is where the family name ends that a particle begins: "bin
// Salman Mohammed". All of it, when nothing follows.
func leadingFamily(words []string) int {
	n := 0
	for n < len(words)-1 && particles[Fold(words[n])] {
		n++
	}
	return n + 1
}

// familyBeforeGiven is where the family name ends in a name known to begin with
// it. A particle that would leave no given name is the family name where it is
// rather than a given one: "Lê Minh", "Lê Văn Minh", but not "van Dijk".
func familyBeforeGiven(words []string) int {
	n := leadingFamily(words)
	if n == len(words) && leaning(Fold(words[0])) > 0 {
		return 1
	}
	return n
}

// familyComesFirst tells that a name of two words is written family name
// first, as in "Wang Jie" and "Papadopoulos Giorgos": the first word is no
// given name, the second no family name, and one of them is known as what this
// order makes it.
func familyComesFirst(words []string) bool {
	if len(words) != 2 {
		return false
	}
	a, b := Fold(words[0]), Fold(words[1])
	if names.Given()[a] > 0 || names.Family()[b] > 0 || len(a) == 1 || len(b) == 1 {
		return false
	}
	return names.Family()[a] > 0 || names.Given()[b] > 0
}

// trailingFamily is where the family name starts: at the last word, or at the
// particles before it, or at the first half of a joined name.
func trailingFamily(words []string) int {
	n := len(words) - 1
	if n > 2 && connectives[Fold(words[n-1])] && len(Fold(words[n-2])) > 1 {
		n -= 2
	}
	for n > 1 && particles[Fold(words[n-1])] {
		n--
	}
	return n
}
