package normalize

import (
	"strings"

	"concord/schemas/attribute"
)

// readLocality reads a second address line: the name of a building, estate or
// village, or a flat, which goes to the unit.
func readLocality(raw string, o Options, out []Value) []Value {
	s := strings.Trim(clean(raw), ",;. ")
	if isNull(s) {
		return out
	}
	s, units := cutUnits(asciiDigits(s))
	if f := Fold(s); len(units) == 0 {
		// A sign that is no letter can hide a unit: "Apt+4".
		if rest, more := cutUnits(f); len(more) > 0 {
			s, units = rest, more
		}
	}
	if len(units) > 0 {
		out = readUnit(strings.Join(units, " "), o, out)
	}
	if Fold(s) == "" && len(units) > 0 {
		return out
	}
	return appendPlace(out, attribute.Locality, s)
}

// readCity reads a city, town or suburb.
func readCity(raw string, o Options, out []Value) []Value {
	s := strings.Trim(clean(raw), ",;. ")
	if isNull(s) {
		return out
	}
	return appendPlace(out, attribute.City, s)
}

// readBirthPlace reads the place where a person was born.
func readBirthPlace(raw string, _ Options, out []Value) []Value {
	s := strings.Trim(clean(raw), ",;. ")
	if isNull(s) {
		return out
	}
	return appendPlace(out, attribute.BirthPlace, s)
}

// placeWords are abbreviations in names of towns.
var placeWords = map[string]string{"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "pt": "port", "hts": "heights", "spgs": "springs", "vlg": "village", "twp": "township"}

func appendPlace(out []Value, a attribute.Name, s string) []Value {
	words := strings.Fields(Fold(s))
	for i, w := range words {
		if p, ok := placeWords[w]; ok && i < len(words)-1 {
			words[i] = p
		} else if d, ok := directions[w]; ok && len(words) > 1 && len(w) <= 2 && i == 0 {
			words[i] = d
		}
	}
	canon := strings.Join(words, " ")
	switch {
	case isNull(s):
		return out
	case canon == "":
		return problem(out, a, BadAddress)
	case isFillerName(canon):
		return junk(out, a)
	}
	return append(out, Value{Attribute: a, Shown: restoreCase(s), Canonical: canon})
}
