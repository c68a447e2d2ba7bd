package normalize

import (
	"strings"

	"concord/schemas/attribute"
)

// countryAliases are names that the compiled table does not have: short and
// old forms, parts of a state that have no code of their own, and one frequent
// misspelling.
var countryAliases = map[string]string{
	"uk": "GB", "u k": "GB", "great britain": "GB", "britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB",
	"united kingdom of great britain and northern ireland": "GB", "usa": "US", "u s a": "US", "u s": "US", "america": "US",
	"united states of america": "US", "etats unis d amerique": "US", "estados unidos de america": "US", "holland": "NL", "the netherlands": "NL",
	"lichtenstein": "LI", "korea": "KR", "republic of korea": "KR", "russian federation": "RU", "brasil": "BR", "espana": "ES", "osterreich": "AT",
	"schweiz": "CH", "suisse": "CH", "svizzera": "CH", "czech republic": "CZ", "burma": "MM", "ivory coast": "CI", "swaziland": "SZ",
	"macedonia": "MK", "viet nam": "VN", "hong kong": "HK", "macau": "MO", "uae": "AE", "roc": "TW", "prc": "CN", "peoples republic of china": "CN",
	"republic of ireland": "IE", "eire": "IE", "turkey": "TR", "turkiye": "TR", "cape verde": "CV", "east timor": "TL", "vatican": "VA",
	"myanmar": "MM", "bosnia": "BA", "bosnia and herzegovina": "BA", "trinidad": "TT", "congo": "CG", "drc": "CD", "palestine": "PS", "syria": "SY",
}

// lookupCountry finds the alpha-2 code of a country by code or name.
func lookupCountry(s string) (string, bool) {
	t := countries()
	u := strings.ToUpper(strings.Trim(s, ". "))
	if t.two[u] {
		return u, true
	}
	if c, ok := t.three[u]; ok {
		return c, true
	}
	return lookupCountryName(s)
}

func lookupCountryName(s string) (string, bool) {
	f := Fold(s)
	if c, ok := countryAliases[f]; ok {
		return c, true
	}
	if c, ok := countries().byName[f]; ok {
		return c, true
	}
	c, ok := countries().byName[strings.TrimPrefix(f, "the ")]
	return c, ok
}

// readCountry reads a country by its code or by its name in one of ten
// languages. Shown is the ISO 3166-1 alpha-2 code, Canonical the same in
// small letters.
func readCountry(raw string, o Options, out []Value) []Value {
	s := clean(raw)
	if s != "NA" && isNull(s) { // NA is Namibia
		return out
	}
	code, ok := lookupCountry(s)
	if !ok {
		return problem(out, attribute.Country, BadCountry)
	}
	return append(out, Value{Attribute: attribute.Country, Shown: code, Canonical: strings.ToLower(code)})
}
