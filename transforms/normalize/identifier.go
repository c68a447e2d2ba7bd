package normalize

import (
	"strings"

	"concord/schemas/attribute"
	"concord/schemas/table"
)

// An identifierKind is a kind of identifier that Concord can check.
type identifierKind struct {
	// names are the declared kinds it applies to; the first is its own.
	names string
	// check tells whether compact (upper case, letters and digits alone) can
	// be such an identifier.
	check func(compact string) bool
	// show writes it as its issuer does; nil leaves it compact.
	show func(compact string) string
}

// identifierKinds lists the kinds with a check. A kind that is not here is
// accepted as it is.
var identifierKinds = []identifierKind{
	{"ssn us_ssn social_security_number", isSSN, groups(3, 2, 4)},
	{"iban", isIBAN, fours},
	{"credit_card card_number pan", isCard, fours},
	{"nhs nhs_number", isNHS, func(c string) string { return c[:3] + " " + c[3:6] + " " + c[6:] }},
	{"nif dni nie spanish_id", isSpanishID, nil},
	{"vat vat_number vat_id", isVAT, nil},
	{"lei lei_number", isLEI, nil},
	{"ein us_ein", isEIN, groups(2, 7)},
	{"bsn", isBSN, nil},
	{"cpf", isCPF, func(c string) string { return c[:3] + "." + c[3:6] + "." + c[6:9] + "-" + c[9:] }},
	{"codice_fiscale", isCodiceFiscale, nil},
	{"pesel", isPESEL, nil},
	{"steuer_id german_tax_id", isGermanTaxID, nil},
	{"siren", func(c string) bool { return len(c) == 9 && luhn(c) }, nil},
	{"siret", func(c string) bool { return len(c) == 14 && luhn(c) }, nil},
	{"imei", func(c string) bool { return len(c) == 15 && luhn(c) }, nil},
}

func kindOf(declared string) *identifierKind {
	declared = strings.ToLower(declared)
	for i := range identifierKinds {
		for n := range strings.FieldsSeq(identifierKinds[i].names) {
			if n == declared {
				return &identifierKinds[i]
			}
		}
	}
	return nil
}

// readIdentifier reads an identifier of a declared kind. It is compared in
// small letters and digits alone. Where the kind has a checksum or rules that
// a value breaks, the value is shown to nobody and matched by nothing: a
// mistyped identifier that happens to equal another's is the worst evidence
// there is.
func readIdentifier(raw string, o Options, out []Value) []Value {
	a := target(attribute.TypeIdentifier, o)
	s := asciiDigits(clean(raw))
	if isNull(s) {
		return out
	}
	if rest, ok := strings.CutSuffix(s, ".0"); ok && allDigits(rest) {
		s = rest // a number that passed through a spreadsheet
	}
	compact := compactIdentifier(s)
	switch {
	case compact == "" || len(compact) > 128:
		return problem(out, a, BadIdentifier)
	case isJunkIdentifier(strings.ToUpper(compact)):
		return junk(out, a)
	}
	v := Value{Attribute: a, Shown: s, Canonical: strings.ToLower(compact)}
	k := kindOf(o.Kind)
	if k == nil {
		if len(compact) < 3 {
			v.Flags |= table.Uncertain
		}
		return append(out, v)
	}
	upper := strings.ToUpper(compact)
	if !isASCII(upper) || !k.check(upper) {
		return problem(out, a, BadChecksum)
	}
	v.Shown = upper
	if k.show != nil {
		v.Shown = k.show(upper)
	}
	return append(out, v)
}

// compactIdentifier drops separators; letters of other scripts stay.
func compactIdentifier(s string) string {
	return clean(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -./_:#'\"()[]{}\\,", r) {
			return -1
		}
		return r
	}, clean(strings.ToLower(s))))
}

// isJunkIdentifier knows identifiers typed to get past a form: one character
// repeated, or a run of digits.
func isJunkIdentifier(c string) bool {
	if len(c) < 4 {
		return strings.Trim(c, "0") == ""
	}
	if strings.Count(c, c[:1]) == len(c) {
		return true
	}
	return allDigits(c) && (isMonotonous(c) || c == "1234" || c == "12345" || c == "0123")
}

// groups shows digits in groups of these lengths, joined by hyphens.
func groups(lengths ...int) func(string) string {
	return func(c string) string {
		var parts []string
		for _, n := range lengths {
			parts = append(parts, c[:n])
			c = c[n:]
		}
		return strings.Join(parts, "-")
	}
}

// fours shows an identifier in groups of four.
func fours(c string) string {
	var b strings.Builder
	for i := range len(c) {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteByte(c[i])
	}
	return b.String()
}
