package normalize

import (
	"iter"
	"strings"

	"concord/schemas/names"
)

// NameOrder is the order of given and family name in names on one line.
type NameOrder uint8

// The orders. UnsetNames leaves each name to what its own words tell.
const (
	UnsetNames NameOrder = iota
	GivenFirst
	FamilyFirst
)

// String is the order as a job file writes it.
func (o NameOrder) String() string {
	switch o {
	case GivenFirst:
		return "given_first"
	case FamilyFirst:
		return "family_first"
	}
	return ""
}

// ParseNameOrder reads what [NameOrder.String] writes.
func ParseNameOrder(s string) (NameOrder, bool) {
	for _, o := range []NameOrder{GivenFirst, FamilyFirst} {
		if s == o.String() {
			return o, true
		}
	}
	return UnsetNames, s == ""
}

// NameOrderEvidence counts the names of two words of a column by which order
// their words speak for: a word that is rather a family name than a given name
// stands where the other order has it.
type NameOrderEvidence struct{ GivenFirst, FamilyFirst int }

const (
	// decisiveNames is how many names must speak for an order.
	decisiveNames = 20
	// otherNames is the largest share of names that may speak for the other:
	// many given names are family names too.
	otherNames = 0.2
)

// Order is the order that the evidence proves: UnsetNames where too few names
// speak, or where they contradict each other.
func (e NameOrderEvidence) Order() NameOrder {
	limit := otherNames * float64(e.GivenFirst+e.FamilyFirst)
	switch {
	case e.GivenFirst >= decisiveNames && float64(e.FamilyFirst) <= limit:
		return GivenFirst
	case e.FamilyFirst >= decisiveNames && float64(e.GivenFirst) <= limit:
		return FamilyFirst
	}
	return UnsetNames
}

// leaning tells how much rather a folded word is a family name than a given
// name: positive, negative, or 0 where nothing is known.
func leaning(word string) int { return names.Family()[word] - names.Given()[word] }

// InferNameOrder reads the distinct values of a column of whole names and
// decides the order in it.
func InferNameOrder(values iter.Seq[string]) (NameOrder, NameOrderEvidence) {
	var e NameOrderEvidence
	for raw := range values {
		s := clean(raw)
		if isNull(s) || strings.ContainsFunc(s, isComma) {
			continue
		}
		var p fullName
		words := p.trim(splitName(s))
		if len(words) != 2 || familyInCapitals(words) > 0 {
			continue
		}
		switch d := leaning(Fold(words[0])) - leaning(Fold(words[1])); {
		case d > 0:
			e.FamilyFirst++
		case d < 0:
			e.GivenFirst++
		}
	}
	return e.Order(), e
}
