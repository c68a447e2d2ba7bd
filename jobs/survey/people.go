package survey

import (
	"strings"

	"concord/schemas/attribute"
)

// believedFrom is the least confidence at which a column speaks for a table
// being about people.
const believedFrom = 0.5

// evidence is how much a column of a type speaks for a table of people, by
// what it is evidence of; a table needs two points. An organisation's name
// alone is a table of companies, a device alone a log of events.
func evidence(f *Field, c *column) (of string, points int) {
	switch f.Type {
	case attribute.TypeGivenName:
		return "given name", 1
	case attribute.TypeFamilyName:
		return "family name", 1
	case attribute.TypeFullName:
		if wordsPerValue(c) < 1.5 {
			return "given name", 1 // a list of names rather than of people
		}
		return "full name", 2
	case attribute.TypeEmail:
		return "email", 2
	case attribute.TypeIdentifier:
		if f.Kind == "lei" || f.Kind == "ein" || f.Kind == "vat" {
			return "organisation", 1
		}
		return "identifier", 2
	case attribute.TypePhone:
		return "phone", 1
	case attribute.TypeBirthDate, attribute.TypeBirthYear:
		return "birth", 1
	case attribute.TypeAddress, attribute.TypeStreetAddress, attribute.TypeStreet, attribute.TypePostcode:
		return "address", 1
	case attribute.TypeOrganisation:
		return "organisation", 1
	case attribute.TypeDevice:
		return "device", 1
	}
	return "", 0
}

func wordsPerValue(c *column) float64 {
	words, values := 0, 0
	for _, v := range c.values {
		if v != "" {
			words += len(strings.Fields(v))
			values++
		}
	}
	if values == 0 {
		return 0
	}
	return float64(words) / float64(values)
}

// notPeople says why a table is not about people, "" when it is.
func notPeople(fields []Field, columns []column) string {
	best := map[string]int{}
	for i := range fields {
		if f := &fields[i]; f.Mapped && f.Confidence >= believedFrom {
			of, n := evidence(f, &columns[i])
			best[of] = max(best[of], n)
		}
	}
	sum := 0
	for _, n := range best {
		sum += n
	}
	what := "not about people"
	switch {
	case sum >= 2:
		return ""
	case best["organisation"] > 0:
		what = "organisations, not people"
	case best["device"] > 0:
		what = "events of devices, not people"
	case best["given name"]+best["family name"] > 0:
		what = "a list of names, not of people"
	}
	return what + ": too little of names, contact points and identifiers of persons"
}
