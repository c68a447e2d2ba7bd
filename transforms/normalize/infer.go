package normalize

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"concord/schemas/attribute"
)

// A guess is what InferType makes of a column.
type guess struct {
	typ        attribute.Type
	kind       string
	confidence float64
	why        string
}

// nothing is the guess that a column is left unmapped.
func nothing(confidence float64, why string) guess { return guess{"", "", confidence, why} }

// InferType guesses the semantic type of a column from its name and a sample
// of its values, for `concord init` to propose. kind is an identifier's kind.
// An empty type means that the column is best left unmapped, which is also a
// guess: confidence, from 0 to 1, and why say how sure it is and what it rests
// on. why names no value.
func InferType(column string, samples []string) (t attribute.Type, kind string, confidence float64, why string) {
	s := measure(samples)
	g := byName(column, s)
	if g.why == "" {
		g = byValues(column, s)
	}
	return g.typ, g.kind, g.confidence, g.why
}

// columnWords cuts a column's name into folded words: at separators, between
// small and capital letters, and between letters and digits.
func columnWords(column string) []string {
	var b strings.Builder
	var before rune
	for _, r := range column {
		switch {
		case unicode.IsUpper(r) && unicode.IsLower(before), unicode.IsDigit(r) != unicode.IsDigit(before) && before != 0:
			b.WriteByte(' ')
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			r = ' '
		}
		b.WriteRune(r)
		before = r
	}
	return strings.Fields(Fold(b.String()))
}

// byName guesses from the name, as far as the values do not contradict it. A
// guess without a why is none.
func byName(column string, s *valueShares) guess {
	words := columnWords(column)
	compact := strings.Join(words, "")
	if unmappedNames[compact] {
		return nothing(0.8, fmt.Sprintf("%q is not mapped unless you say so: it changes with time, is a special category of personal data or has no attribute", column))
	}
	if g := byExactName(compact, s, 0.95); g.why != "" {
		return g
	}
	if g := byEnding(words, s); g.why != "" {
		return g
	}
	whats := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return whoseWords[w] })
	if len(whats) < len(words) {
		if g := byExactName(strings.Join(whats, ""), s, 0.9); g.why != "" {
			return g
		}
	}
	if hasForeign(words) {
		return guess{}
	}
	own := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return whoseWords[w] || noiseWords[w] })
	if len(own) > 0 && len(own) < len(words) {
		if g := byExactName(strings.Join(own, ""), s, 0.9); g.why != "" {
			return g
		}
	}
	// The last words say what it is, the first whose: "loyalty_email".
	for i := 1; i < len(words); i++ {
		if g := byExactName(strings.Join(words[i:], ""), s, 0.6); g.why != "" {
			return g
		}
	}
	return guess{}
}

func hasForeign(words []string) bool {
	return hasOthers(words) || slices.ContainsFunc(words, func(w string) bool { return foreignWords[w] })
}

func hasOthers(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return othersWords[strings.TrimRight(w, "0123456789")] })
}

// byExactName looks a whole name up.
func byExactName(compact string, s *valueShares, confidence float64) guess {
	if kind, ok := identifierNames[compact]; ok {
		return identifierGuess(string(kind), s, confidence)
	}
	t, ok := columnNames[compact]
	if !ok {
		return guess{}
	}
	if compact == "county" {
		confidence -= 0.3 // a state column beside it is the better region
	}
	if t == attribute.TypeFullName && !anybodysName[compact] {
		// The name leaves no doubt that these are people.
		return settleNamed(t, s, confidence, nameSaysSo)
	}
	return settle(t, s, confidence)
}

const nameSaysSo = "the name says so"

func identifierGuess(kind string, s *valueShares, confidence float64) guess {
	if kind == "ssn" && s.filled > 0 && s.digits9 < 0.5 {
		// Not the nine digits of the United States: its rules do not hold.
		return guess{attribute.TypeIdentifier, "soc_sec", confidence - 0.1, "the name of a social security number, in values of another shape than the US one"}
	}
	return guess{attribute.TypeIdentifier, kind, confidence, "the name of an identifier"}
}

// settle turns the type that a name suggests into a guess, after a look at the
// values: they choose between near types, or refute the name.
func settle(t attribute.Type, s *valueShares, confidence float64) guess {
	if s.filled == 0 {
		return settleNamed(t, s, confidence, nameSaysSo)
	}
	t, why := refine(t, s)
	return settleNamed(t, s, confidence, why)
}

// settleNamed weighs a type that the name has decided against the values.
func settleNamed(t attribute.Type, s *valueShares, confidence float64, why string) guess {
	fit := s.fits(t)
	switch {
	case s.filled == 0:
		return guess{t, "", confidence - 0.3, "by its name alone: the sample holds no values"}
	case fit < 0:
		return guess{t, "", confidence - 0.1, why}
	case fit < 0.3:
		return guess{}
	case fit < 0.7:
		return guess{t, "", confidence * (0.4 + fit*0.6), fmt.Sprintf("%s; %.0f%% of the values read as such", why, 100*fit)}
	}
	return guess{t, "", confidence, fmt.Sprintf("%s; %.0f%% of the values agree", why, 100*fit)}
}

// refine chooses between types that share their names.
func refine(t attribute.Type, s *valueShares) (attribute.Type, string) {
	switch t {
	case attribute.TypeFullName:
		if s.organisation > 0.3 || s.hasNoPeople() {
			return attribute.TypeOrganisation, "a name, and the values look like organisations"
		}
	case attribute.TypeNamePrefix:
		if s.title < 0.5 {
			return attribute.TypeText, "a title, but not one of address: a position or a heading"
		}
	case attribute.TypeBirthDate:
		if s.date < 0.3 && s.dayNumber > 0.9 {
			return attribute.TypeBirthDay, "a birthday of which the values are the day"
		}
	case attribute.TypeAddress:
		if s.address < 0.3 {
			return refineStreet(s)
		}
	case attribute.TypeStreetAddress:
		return refineStreet(s)
	case attribute.TypeStreet:
		if s.startsWithNumber > 0.4 {
			return attribute.TypeStreetAddress, "the name of a street, and numbers in the values"
		}
	case attribute.TypeGivenName:
		if s.words > 1.6 && s.fullName > 0.5 {
			return attribute.TypeFullName, "a name, and the values are whole names"
		}
	case attribute.TypeLocality:
		if s.address > 0.5 {
			return attribute.TypeAddress, "an address line that holds whole addresses"
		}
	}
	return t, nameSaysSo
}

func refineStreet(s *valueShares) (attribute.Type, string) {
	switch {
	case s.address >= 0.6:
		return attribute.TypeAddress, "an address line that holds whole addresses"
	case s.startsWithNumber < 0.2 && s.hasDigit < 0.3:
		return attribute.TypeStreet, "an address line without house numbers"
	}
	return attribute.TypeStreetAddress, "an address line with house numbers"
}

// hasNoPeople tells that hardly any of many values has a known given or family
// name, and that their shape is not people's either: those mostly have two
// words, or three, where names of companies have one to five. Of names in other
// scripts than Latin the tables know too few to tell.
func (s *valueShares) hasNoPeople() bool {
	unknown := s.filled >= 20 && s.words > 1.5 && s.family < 0.4 && s.given < 0.15 && s.fullName < 0.15
	return unknown && s.otherScript < 0.5 && max(s.twoWords, s.threeWords) < 0.65
}

// byEnding knows the endings that say what kind of column it is: keys, times,
// flags, counts.
func byEnding(words []string, s *valueShares) guess {
	if len(words) == 0 {
		return guess{}
	}
	first, last := words[0], words[len(words)-1]
	switch {
	case last == "id" || last == "key" || last == "uuid" || last == "guid" || last == "pk" || last == "fk" || last == "hash":
		return nothing(0.8, "an id or key of its source")
	case s.boolean > 0.9 || (first == "is" || first == "has") && len(words) > 1:
		return nothing(0.8, "a yes-or-no flag")
	case s.json > 0.5:
		return nothing(0.8, "structured values")
	case (last == "at" || last == "on" || last == "date" || last == "time" || last == "timestamp" || last == "datetime" || last == "ts" || last == "datum") && (s.date > 0.5 || s.filled == 0):
		return guess{attribute.TypeDate, "", 0.85, "the name of a point in time, and the values are dates"}
	case (last == "cents" || last == "amount" || last == "usd" || last == "eur") && s.number > 0.8:
		return guess{attribute.TypeMoney, "", 0.8, "an amount"}
	case (last == "count" || last == "total" || first == "num") && s.number > 0.8:
		return guess{attribute.TypeNumber, "", 0.8, "a number"}
	case last == "type" || last == "status" || last == "category" || last == "source" || last == "method" || last == "stage":
		return guess{attribute.TypeText, "", 0.7, "a category of the source's own"}
	}
	return guess{}
}

// byValues guesses from the values alone: what has a shape of its own first,
// then names of people as far as frequency tables know them.
func byValues(column string, s *valueShares) guess {
	words := columnWords(column)
	switch {
	case hasOthers(words):
		return nothing(0.5, "the name says that it is somebody else's than the person's")
	case s.filled == 0:
		return nothing(0.5, "the sample holds no values, and the name is not known")
	}
	foreign := hasForeign(words)
	sure := func(t attribute.Type, share, weight float64, what string) guess {
		if foreign {
			weight *= 0.6
		}
		return guess{t, "", share * weight, fmt.Sprintf("%.0f%% of the values read as %s; the name says nothing", 100*share, what)}
	}
	switch {
	case s.email > 0.7:
		return sure(attribute.TypeEmail, s.email, 0.9, "e-mail addresses")
	case s.uuid > 0.7:
		return nothing(0.7, "generated ids")
	case s.json > 0.5 || s.boolean > 0.9 || s.url > 0.7:
		return nothing(0.7, "flags, links or structured values")
	case s.date > 0.8 && s.integer < 0.5:
		return sure(attribute.TypeDate, s.date, 0.7, "dates")
	case foreign:
		return nothing(0.5, "the name says that it is about something else than the person")
	case s.phone > 0.8 && s.integer < 0.9:
		return sure(attribute.TypePhone, s.phone, 0.6, "telephone numbers")
	case s.address > 0.7 && s.street > 0.3:
		return sure(attribute.TypeAddress, s.address, 0.7, "addresses")
	case s.startsWithNumber > 0.7 && s.street > 0.4:
		return sure(attribute.TypeStreetAddress, s.startsWithNumber, 0.7, "streets with house numbers")
	case s.sex > 0.95 && s.distinct <= 6 && s.distinct >= 2 && s.number < 0.1:
		return sure(attribute.TypeSex, s.sex, 0.7, "words for a sex")
	case s.organisation > 0.5 && s.words > 1.2:
		return sure(attribute.TypeOrganisation, s.organisation, 0.6, "organisations")
	case s.fullName > 0.5 && s.words >= 1.7:
		return sure(attribute.TypeFullName, s.fullName, 0.8, "names of people")
	case s.distinct > 10 && max(s.given, s.family) > 0.5 && s.words < 1.6:
		if s.given >= s.family {
			return sure(attribute.TypeGivenName, s.given, 0.7, "given names")
		}
		return sure(attribute.TypeFamilyName, s.family, 0.6, "family names")
	case s.number > 0.9:
		return nothing(0.5, "numbers whose meaning the name does not tell")
	}
	return guess{attribute.TypeText, "", 0.3, "text of no known kind"}
}
