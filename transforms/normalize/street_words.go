package normalize

import "strings"

// A streetWord is what the tables of street.go say about one word: each field
// is "" where they say nothing.
type streetWord struct {
	kind      string // by streetTypes
	direction string
	ordinal   string
	asLast    string // by lastOnly
	isLast    bool   // lastOnly has the word
}

// streetLexicon joins the tables, so that a word is looked up once.
var streetLexicon = newStreetLexicon()

func newStreetLexicon() map[string]streetWord {
	m := map[string]streetWord{}
	add := func(words map[string]string, set func(e *streetWord, to string)) {
		for w, to := range words {
			e := m[w]
			set(&e, to)
			m[w] = e
		}
	}
	add(streetTypes, func(e *streetWord, to string) { e.kind = to })
	add(directions, func(e *streetWord, to string) { e.direction = to })
	add(ordinals, func(e *streetWord, to string) { e.ordinal = to })
	add(lastOnly, func(e *streetWord, to string) { e.asLast, e.isLast = to, true })
	return m
}

// foldStreet is the canonical form of a street: folded words, kinds and
// directions spelled out, German compounds with "straße" split ("Hauptstr."
// is "haupt street").
func foldStreet(s string) string {
	f := Fold(s)
	var room [8]string
	words, changed := streetWords(f, room[:0])
	for i, w := range words {
		if c := foldStreetWord(w, i, words); c != w {
			words[i], changed = c, true
		}
	}
	if !changed {
		return f
	}
	return strings.Join(words, " ")
}

// streetWords appends the words of a folded street to words, compounds split.
func streetWords(f string, words []string) (out []string, split bool) {
	for f != "" {
		w, rest, _ := strings.Cut(f, " ")
		n := len(words)
		words = splitCompound(w, words)
		split = split || len(words) != n+1
		f = rest
	}
	return words, split
}

// splitCompound parts "hauptstr" from its kind of street.
func splitCompound(w string, words []string) []string {
	for _, suffix := range [...]string{"strasse", "straat", "str"} {
		if rest, ok := strings.CutSuffix(w, suffix); ok && len(rest) > 2 {
			return append(splitCompound(rest, words), "street")
		}
	}
	return append(words, w)
}

// foldStreetWord is the canonical form of the i-th word, w, of words. Those
// before it can be in canonical form already.
func foldStreetWord(w string, i int, words []string) string {
	e, ok := streetLexicon[w]
	if !ok {
		return w
	}
	last := i == len(words)-1
	switch {
	case e.direction != "":
		if len(words) == 2 && i == 0 && len(w) == 1 && streetLexicon[words[1]].kind != "" {
			return w // E Street
		}
		return e.direction
	case e.ordinal != "":
		return e.ordinal
	case i == 0 && !last:
		return foldFirstWord(w)
	case e.isLast:
		if last && e.asLast != "" && i > 0 {
			return e.asLast
		}
		return w
	case e.kind != "" && i > 0:
		return e.kind
	}
	return w
}

// foldFirstWord reads the first of several words of a street, where a saint
// or a mountain is as likely as a kind of street.
func foldFirstWord(w string) string {
	switch w {
	case "st":
		return "saint"
	case "mt":
		return "mount"
	case "ul", "av", "avda", "calle", "rue", "via":
		return streetTypes[w]
	}
	return w
}
