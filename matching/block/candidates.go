package block

import (
	"concord/matching/column"
	"concord/schemas/attribute"
)

// Candidates lists the rules that [Binder.Choose] picks from, for the
// attributes that t has: the same for every data set. They run from keys that
// alone nearly prove a match to single names, which only pay where the value
// is rare: the pair limit splits their large blocks and keeps the small ones.
func Candidates(t *column.Table) []Rule {
	var out []Rule
	for i := range t.Columns {
		if name := t.Columns[i].Name; name.Kind() != "" {
			out = append(out,
				Rule{[]Key{Of(name, column.Whole)}},
				Rule{[]Key{Of(name, column.Last4)}})
		}
	}
	for _, r := range fixed {
		if available(t, r) {
			out = append(out, r)
		}
	}
	return out
}

func available(t *column.Table, r Rule) bool {
	for _, k := range r.Keys {
		for _, n := range k.Names {
			if t.Column(n) == nil {
				return false
			}
		}
	}
	return true
}

// refiners lists the keys that split an oversized block, for the attributes
// that t has: coarse and robust first, so that as few pairs as possible are
// lost.
func refiners(t *column.Table) []Key {
	var out []Key
	for _, k := range splitting {
		if available(t, Rule{[]Key{k}}) {
			out = append(out, k)
		}
	}
	return out
}

var splitting = []Key{
	Of(attribute.BirthDate, column.Year),
	Of(attribute.GivenName, column.Initial),
	Of(attribute.FamilyName, column.Initial),
	Of(attribute.Postcode, column.PostcodeArea),
	Of(attribute.City, column.Soundex),
	Of(attribute.GivenName, column.Soundex),
	Of(attribute.FamilyName, column.Soundex),
	Of(attribute.BirthDate, column.MonthDay),
	Of(attribute.Street, column.FirstToken),
	Of(attribute.Organisation, column.FirstToken),
}

// Short names for the table below.
var (
	givenSound  = Of(attribute.GivenName, column.Soundex)
	familySound = Of(attribute.FamilyName, column.Soundex)
	birthYear   = Of(attribute.BirthDate, column.Year)
	birthDay    = Of(attribute.BirthDate, column.MonthDay)
	birthMonth  = Of(attribute.BirthDate, column.YearMonth)
	birthDigits = Of(attribute.BirthDate, column.DateDigits)
	postcode    = Of(attribute.Postcode, column.Whole)
	city        = Of(attribute.City, column.Soundex)
	street      = Of(attribute.Street, column.FirstToken)
	birthPlace  = Of(attribute.BirthPlace, column.Soundex)
	house       = Of(attribute.HouseNumber, column.Whole)
	anyName     = Key{Names: []attribute.Name{attribute.GivenName, attribute.FamilyName}, Kind: column.Soundex}
	bothNames   = Key{Names: []attribute.Name{attribute.GivenName, attribute.FamilyName}, Kind: column.Spelling, Pair: true}
)

var fixed = []Rule{
	// One strong value.
	{[]Key{Of(attribute.Email, column.Whole)}},
	{[]Key{Of(attribute.Email, column.LocalPart)}},
	{[]Key{Of(attribute.Phone, column.Last7)}},
	{[]Key{Of(attribute.Device, column.Whole)}},
	{[]Key{Of(attribute.BirthDate, column.Whole)}},
	// The whole name, in either order.
	{[]Key{bothNames}},
	// A name and part of a birth date.
	{[]Key{familySound, birthYear}},
	{[]Key{familySound, birthDay}},
	{[]Key{Of(attribute.GivenName, column.Roots), birthYear}},
	{[]Key{givenSound, birthYear}},
	{[]Key{givenSound, birthDay}},
	{[]Key{anyName, birthMonth}},
	{[]Key{anyName, birthDigits}},
	{[]Key{Of(attribute.FamilyName, column.Suffix3), birthMonth}},
	{[]Key{Of(attribute.GivenName, column.Suffix3), birthMonth}},
	{[]Key{Of(attribute.FamilyName, column.Initial), Of(attribute.GivenName, column.Initial), birthYear}},
	{[]Key{Of(attribute.FamilyName, column.Initial), Of(attribute.GivenName, column.Initial), birthDay}},
	// Parts of both names.
	{[]Key{familySound, Of(attribute.GivenName, column.Initial)}},
	{[]Key{familySound, Of(attribute.GivenName, column.Roots)}},
	{[]Key{givenSound, Of(attribute.FamilyName, column.Initial)}},
	{[]Key{Of(attribute.FamilyName, column.Prefix3), Of(attribute.GivenName, column.Prefix3)}},
	{[]Key{Of(attribute.FamilyName, column.Suffix3), Of(attribute.GivenName, column.Suffix3)}},
	// A name and a place.
	{[]Key{anyName, postcode}},
	{[]Key{anyName, city}},
	{[]Key{anyName, street}},
	{[]Key{familySound, house}},
	{[]Key{givenSound, house}},
	// A place and part of a birth date.
	{[]Key{postcode, birthYear}},
	{[]Key{postcode, birthDay}},
	{[]Key{city, birthYear}},
	{[]Key{city, birthDay}},
	{[]Key{birthMonth, Of(attribute.Postcode, column.PostcodeArea)}},
	// A place of birth, which stays when people move.
	{[]Key{familySound, birthPlace}},
	{[]Key{birthPlace, birthYear}},
	// A dwelling.
	{[]Key{house, street}},
	{[]Key{house, postcode}},
	{[]Key{street, postcode}},
	{[]Key{street, city}},
	// An organisation.
	{[]Key{Of(attribute.Organisation, column.Whole)}},
	{[]Key{Of(attribute.Organisation, column.Tokens), postcode}},
	{[]Key{Of(attribute.Organisation, column.Tokens), city}},
	{[]Key{Of(attribute.Organisation, column.FirstToken)}},
	{[]Key{Of(attribute.Organisation, column.Spelling)}},
	// One weak value: what the pair limit leaves are the rare ones.
	{[]Key{Of(attribute.FamilyName, column.Spelling)}},
	{[]Key{Of(attribute.GivenName, column.Spelling)}},
	{[]Key{postcode}},
	{[]Key{street}},
	{[]Key{birthDay}},
	{[]Key{birthMonth}},
}
