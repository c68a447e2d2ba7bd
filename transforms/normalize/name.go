package normalize

import (
	"slices"
	"strings"
	"unicode"

	"concord/schemas/attribute"
	"concord/schemas/table"
)

// readGiven reads a column of given names: "Dr. Anna M." is the prefix dr,
// the given name anna and the middle name m. Several given names in one cell
// ("Hans Peter") stay together; of two people's ("Hans & Petra") the first is
// read, as uncertain.
func readGiven(raw string, o Options, out []Value) []Value {
	first, joint := firstPerson(nameSigns(clean(raw)))
	words, out, ok := cleanNameWords(strings.Join(first, " "), attribute.GivenName, out)
	if !ok {
		return out
	}
	at := len(out)
	words, out = cutPrefixes(words, out)
	words, middle, suffix := cutEnds(words)
	out = appendName(out, attribute.GivenName, words)
	out = appendName(out, attribute.MiddleName, middle)
	out = appendSuffix(out, suffix)
	return uncertainFrom(out, at, joint)
}

// uncertainFrom marks the values from at on, if they are uncertain.
func uncertainFrom(out []Value, at int, uncertain bool) []Value {
	for i := at; uncertain && i < len(out); i++ {
		out[i].Flags |= table.Uncertain
	}
	return out
}

// cutEnds moves initials and suffixes behind given names out of words, in
// whatever order they stand.
func cutEnds(words []string) (rest, middle, suffix []string) {
	for {
		n := len(words)
		var s []string
		words, s = cutSuffixes(words)
		suffix = slices.Concat(s, suffix)
		for k := len(words) - 1; k > 0 && isInitial(words[k]); k-- {
			middle = slices.Insert(middle, 0, words[k])
			words = words[:k]
		}
		if len(words) == n {
			return words, middle, suffix
		}
	}
}

func readMiddle(raw string, o Options, out []Value) []Value {
	words, out, ok := nameWordsOf(raw, attribute.MiddleName, out)
	if !ok {
		return out
	}
	return appendName(out, attribute.MiddleName, words)
}

// readFamily reads a column of family names, which often holds a suffix too:
// "Smith Sr".
func readFamily(raw string, o Options, out []Value) []Value {
	words, out, ok := nameWordsOf(raw, attribute.FamilyName, out)
	if !ok {
		return out
	}
	words, suffix := cutSuffixes(words)
	out = appendName(out, attribute.FamilyName, words)
	return appendSuffix(out, suffix)
}

func readPrefix(raw string, o Options, out []Value) []Value {
	known := func(w string) (string, bool) {
		c, ok := prefixes[w]
		if !ok {
			c, ok = titleColumnOnly[w]
		}
		return c, ok
	}
	return readTitles(raw, " ", attribute.NamePrefix, known, prefixShown, out)
}

func readSuffix(raw string, o Options, out []Value) []Value {
	known := func(w string) (string, bool) { c, ok := suffixes[w]; return c, ok }
	return readTitles(raw, "", attribute.NameSuffix, known, suffixShown, out)
}

// readTitles reads the words before or behind a name, each by its canonical
// form where it is known. A full stop counts as dot says: it parts "Prof.Dr."
// and joins "Ph.D.".
func readTitles(raw, dot string, a attribute.Name, known func(string) (string, bool), forms map[string]string, out []Value) []Value {
	s := clean(raw)
	if isNull(s) {
		return out
	}
	var canon, shown []string
	for w := range strings.FieldsFuncSeq(strings.ReplaceAll(s, ".", dot), isTitleSpace) {
		words := strings.Fields(Fold(w)) // several where one is romanised
		for _, f := range words {
			c, ok := known(f)
			if !ok {
				c = f
			}
			canon = append(canon, c)
			if len(words) == 1 {
				w = showWord(c, w, ok, forms)
			}
		}
		if len(words) > 0 {
			shown = append(shown, w)
		}
	}
	return appendTitle(out, a, canon, shown)
}

func isTitleSpace(r rune) bool { return r == '-' || isNameSpace(r) }

// showWord is the presentable form of the title w, whose canonical form is c.
func showWord(c, w string, known bool, shown map[string]string) string {
	if s, ok := shown[c]; ok {
		return s
	}
	if known {
		return titleWord(c)
	}
	return titleWord(w)
}

func appendTitle(out []Value, a attribute.Name, canon, shown []string) []Value {
	if len(canon) == 0 {
		return problem(out, a, BadName)
	}
	return append(out, Value{Attribute: a, Shown: strings.Join(shown, " "), Canonical: Fold(strings.Join(canon, " "))})
}

// nameWordsOf cleans a cell of name words. It reports ok=false when there is
// nothing to read, having appended the junk or the problem, if any.
func nameWordsOf(raw string, a attribute.Name, out []Value) ([]string, []Value, bool) {
	return cleanNameWords(clean(raw), a, out)
}

// cleanNameWords is nameWordsOf of a cleaned cell.
func cleanNameWords(s string, a attribute.Name, out []Value) ([]string, []Value, bool) {
	if isNull(s) {
		return nil, out, false
	}
	s = dropQuoted(s)
	if isFillerName(Fold(s)) {
		return nil, junk(out, a), false
	}
	words := splitName(s)
	if len(words) == 0 || !hasLetter(Fold(s)) {
		return nil, problem(out, a, BadName), false
	}
	return words, out, true
}

// splitName cuts a name into words; initials written together ("J.R.") are
// words of their own.
func splitName(s string) []string {
	words := strings.FieldsFunc(strings.ReplaceAll(s, ".", ". "), isNameSpace)
	return slices.DeleteFunc(words, func(w string) bool { return Fold(w) == "" })
}

// isNameSpace tells what parts the words of a name: everything but letters,
// marks and digits, and the signs that names are written with.
func isNameSpace(r rune) bool {
	if r < 0x80 {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '\'' || r == '-' || r == '.')
	}
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r)
}

func hasLetter(folded string) bool {
	return strings.ContainsAny(folded, "abcdefghijklmnopqrstuvwxyz")
}

// dropQuoted removes a nickname or birth name in quotes or parentheses inside
// a name: Robert "Bob" Smith. A text that is nothing else stays.
func dropQuoted(s string) string {
	for _, q := range []string{`""`, "()", "[]"} {
		i := strings.IndexByte(s, q[0])
		if i < 0 {
			continue
		}
		j := strings.IndexByte(s[i+1:], q[1])
		if j < 0 {
			continue
		}
		rest := collapse(s[:i] + " " + s[i+j+2:])
		if hasLetter(Fold(rest)) {
			return dropQuoted(rest)
		}
	}
	return s
}

// isFillerGiven tells whether a folded given name says what somebody is: "girl",
// "baby boy".
func isFillerGiven(f string) bool {
	if fillerGiven.has(f) {
		return true
	}
	if strings.IndexByte(f, ' ') < 0 {
		return false
	}
	for w := range strings.FieldsSeq(f) {
		if !fillerGivenWords[w] {
			return false
		}
	}
	return true
}

// isFillerName tells whether a folded name is one that people type to get past
// a form: a word of the list, or one letter three times or more.
func isFillerName(f string) bool {
	if fillerPhrases.has(f) || fillerNames.has(f) {
		return true
	}
	if len(f) < 3 {
		return false
	}
	return strings.Count(f, f[:1]) == len(f) && hasLetter(f) && f != "iii"
}

func isInitial(w string) bool {
	f := Fold(w)
	return len(f) == 1 && hasLetter(f) && scriptOfWord(w) <= scriptGreek
}

func scriptOfWord(w string) script {
	for _, r := range w {
		if k := scriptOf(r); k > scriptInherited {
			return k
		}
	}
	return scriptNone
}

func cutPrefixes(words []string, out []Value) ([]string, []Value) {
	n := leadingTitles(words)
	if n > 0 {
		out = readPrefix(strings.Join(words[:n], " "), Options{}, out)
	}
	return words[n:], out
}

// leadingTitles is how many words at the start are titles, but for the last word.
func leadingTitles(words []string) int {
	n := 0
	for n < len(words)-1 && isTitle(words[n]) {
		n++
	}
	return n
}

func isTitle(w string) bool { return prefixes[Fold(w)] != "" }

func cutSuffixes(words []string) (rest, suffix []string) {
	n := len(words)
	for n > 1 && isSuffix(words[n-1]) {
		n--
	}
	return words[:n], words[n:]
}

// isSuffix leaves "V" alone: behind a name it is an initial more often.
func isSuffix(w string) bool {
	f := Fold(w)
	return suffixes[f] != "" && f != "v"
}

func appendSuffix(out []Value, words []string) []Value {
	if len(words) == 0 {
		return out
	}
	return readSuffix(strings.Join(words, " "), Options{}, out)
}

// appendName adds a name of these words, if there are any.
func appendName(out []Value, a attribute.Name, words []string) []Value {
	if len(words) == 0 {
		return out
	}
	shown := restoreCase(strings.Join(words, " "))
	canon := Fold(strings.Join(words, " "))
	if a == attribute.FamilyName {
		canon = joinParticle(canon)
	}
	switch {
	case isNull(shown):
		return out
	case !hasLetter(canon):
		return problem(out, a, BadName)
	case isFillerName(Fold(shown)), a == attribute.GivenName && isFillerGiven(canon):
		return junk(out, a)
	}
	return append(out, Value{Attribute: a, Shown: shown, Canonical: canon})
}

// joinParticle writes the Irish and Scottish particles that are spelled with
// and without a space in one way: "o brien" and "mc donald" joined.
func joinParticle(canon string) string {
	for _, p := range []string{"o ", "mc "} {
		rest, ok := strings.CutPrefix(canon, p)
		if first, _, _ := strings.Cut(rest, " "); ok && len(first) > 2 {
			return p[:len(p)-1] + rest
		}
	}
	return canon
}
