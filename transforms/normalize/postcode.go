package normalize

import (
	"regexp"
	"strings"

	"concord/schemas/attribute"
	"concord/schemas/table"
)

// A postcodeShape is the shape of a country's postcodes: letters and digits
// alone, upper case, and where the space or hyphen goes.
type postcodeShape struct {
	country string
	compact *regexp.Regexp
	behind  int // characters behind the separator
	sep     string
}

// postcodeShapes are those that a country's letters make unmistakable, then
// those that hold only in a known country. Sources: the national postal
// services' address guides, as the Universal Postal Union collects them.
var postcodeShapes = []postcodeShape{
	{"", regexp.MustCompile(`^(GIR0AA|[A-PR-UWYZ][A-HK-Y]?[0-9][0-9A-HJKMNPR-Y]?[0-9][ABD-HJLNP-UW-Z]{2})$`), 3, " "}, // GB
	{"", regexp.MustCompile(`^[A-CEGHJ-NPR-TVXY][0-9][A-CEGHJ-NPR-TV-Z][0-9][A-CEGHJ-NPR-TV-Z][0-9]$`), 3, " "},       // CA
	{"", regexp.MustCompile(`^[0-9]{4}[A-Z]{2}$`), 2, " "},                                                            // NL
	{"IE", regexp.MustCompile(`^[A-Z][0-9][0-9W][0-9A-Z]{4}$`), 4, " "},
	{"PL", regexp.MustCompile(`^[0-9]{5}$`), 3, "-"},
	{"PT", regexp.MustCompile(`^[0-9]{7}$`), 3, "-"},
	{"BR", regexp.MustCompile(`^[0-9]{8}$`), 3, "-"},
	{"JP", regexp.MustCompile(`^[0-9]{7}$`), 4, "-"},
	{"SE", regexp.MustCompile(`^[0-9]{5}$`), 2, " "},
	{"CZ", regexp.MustCompile(`^[0-9]{5}$`), 2, " "},
	{"SK", regexp.MustCompile(`^[0-9]{5}$`), 2, " "},
	{"GR", regexp.MustCompile(`^[0-9]{5}$`), 2, " "},
	{"", regexp.MustCompile(`^[0-9]{9}$`), 4, "-"}, // US, ZIP+4
}

// zeroPadded are the countries whose postcodes lose leading zeros in
// spreadsheets, with their length.
var zeroPadded = map[string]int{"US": 5, "DE": 5, "FR": 5, "IT": 5, "ES": 5, "SG": 6}

var countryPrefix = regexp.MustCompile(`^(?:[A-Z]{1,3}-)([0-9]{3,6})$`)

// readPostcode reads a postal code. Shown has the country's separator;
// Canonical is letters and digits alone, a ZIP+4 code without its add-on.
func readPostcode(raw string, o Options, out []Value) []Value {
	s := asciiDigits(clean(raw))
	if isNull(s) {
		return out
	}
	s = strings.ToUpper(s)
	if rest, ok := strings.CutSuffix(s, ".0"); ok && allDigits(rest) {
		s = rest // a number that passed through a spreadsheet
	}
	if m := countryPrefix.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	c := compactPostcode(s)
	if n := zeroPadded[strings.ToUpper(o.Region)]; n > 0 && allDigits(c) && len(c) < n && len(c) >= 3 {
		c = strings.Repeat("0", n-len(c)) + c
	}
	canon := strings.ToLower(c)
	if len(c) == 9 && allDigits(c) {
		canon = c[:5]
	}
	switch {
	case strings.Trim(canon, "0") == "" && c != "", canon == "99999":
		return junk(out, attribute.Postcode)
	case len(c) < 2 || len(c) > 10 || !hasDigit(c):
		return problem(out, attribute.Postcode, BadPostcode)
	}
	v := Value{Attribute: attribute.Postcode, Shown: showPostcode(c, strings.ToUpper(o.Region)), Canonical: canon}
	if !isPostcodeLike(c) {
		v.Flags |= table.Uncertain
	}
	return append(out, v)
}

func compactPostcode(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, s)
}

// showPostcode puts the separator where the code's shape has it.
func showPostcode(c, country string) string {
	for _, p := range postcodeShapes {
		if (p.country == "" || p.country == country) && p.compact.MatchString(c) {
			return c[:len(c)-p.behind] + p.sep + c[len(c)-p.behind:]
		}
	}
	return c
}

// isPostcodeLike tells whether a compact code is of a known shape or all
// digits: what else holds a digit may be a code with a typing error.
func isPostcodeLike(c string) bool {
	return allDigits(c) && len(c) >= 3 && len(c) <= 9 || showPostcode(c, "") != c
}
