package normalize

import (
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"concord/schemas/attribute"
	"concord/schemas/table"
)

// nationalPrefix marks the canonical form of a number whose country is not
// known: "n:" and its digits as written. Equal texts still match; a number in
// E.164 form begins with "+".
const nationalPrefix = "n:"

// The fewest and most digits a number is kept with: local numbers of towns
// have 7 in North America, and E.164 allows 15.
const (
	minPhoneDigits = 7
	maxPhoneDigits = 15
)

// readPhone reads a telephone number. Its canonical form is E.164 where the
// number is valid in its country, and also, marked uncertain, where it only has
// the length of one: made-up and mistyped numbers must still equal themselves
// in another spelling. Else it is "n:" and the digits, marked uncertain.
// An extension is left out of both forms. Several in one cell are several values.
func readPhone(raw string, o Options, out []Value) []Value {
	if v, ok := readNANP(raw, o.Region); ok {
		return append(out, v)
	}
	numbers := severalPhones(raw)
	if numbers == nil {
		return readAnyPhone(raw, o, out)
	}
	at := len(out)
	for _, n := range numbers {
		out = readAnyPhone(n, o, out)
	}
	return dropRepeats(out, at)
}

// severalPhones cuts a cell at the signs that part numbers, nil where a part
// would be too short for one: "030/1234567" is one number.
func severalPhones(raw string) []string {
	const signs = ";|,/\n"
	if !strings.ContainsAny(raw, signs) {
		return nil
	}
	parts := strings.FieldsFunc(raw, func(r rune) bool { return strings.ContainsRune(signs, r) })
	short := func(p string) bool { return len(digitsOf(p)) < minPhoneDigits }
	if len(parts) < 2 || slices.ContainsFunc(parts, short) {
		return nil
	}
	return parts
}

// readAnyPhone is readPhone without its short cut.
func readAnyPhone(raw string, o Options, out []Value) []Value {
	if isPlainPhone(raw) {
		return readDigits(collapse(raw), digitsOf(raw), o, out)
	}
	s := asciiDigits(clean(raw))
	if isNull(s) {
		return out
	}
	if d, ok := strings.CutPrefix(s, nationalPrefix); ok && allDigits(d) && len(d) >= minPhoneDigits && len(d) <= maxPhoneDigits && !isJunkPhone(d) {
		return append(out, Value{Attribute: attribute.Phone, Shown: s, Canonical: s, Flags: table.Uncertain})
	}
	s = cutExtension(strings.TrimPrefix(strings.ToLower(s), "tel:"))
	if strings.HasSuffix(s, ".0") && allDigits(s[:len(s)-2]) {
		s = s[:len(s)-2] // a number that passed through a spreadsheet
	}
	d := digitsOf(s)
	if !isJunkPhone(d) && !onlyPhoneCharacters(s) {
		return problem(out, attribute.Phone, BadPhone)
	}
	return readDigits(s, d, o, out)
}

// isPlainPhone tells whether raw is a number without words or extension in it:
// enough digits, and the signs that stand between them.
func isPlainPhone(raw string) bool {
	digits := 0
	for i := range len(raw) {
		switch c := raw[i]; {
		case isDigit(c):
			digits++
		case c != ' ' && c != '-' && c != '.' && c != '(' && c != ')' && c != '/' && c != '+':
			return false
		}
	}
	return digits >= minPhoneDigits && !strings.HasSuffix(strings.TrimRight(raw, " "), ".0")
}

// readDigits reads a number that is written as s and has the digits d.
func readDigits(s, d string, o Options, out []Value) []Value {
	switch {
	case isJunkPhone(d):
		return junk(out, attribute.Phone)
	case len(d) < minPhoneDigits || len(d) > maxPhoneDigits+3:
		return problem(out, attribute.Phone, BadPhone)
	}
	if e164, valid := parsePhone(s, d, o.Region); e164 != "" {
		v := Value{Attribute: attribute.Phone, Shown: e164, Canonical: e164}
		if !valid {
			v.Flags |= table.Uncertain
		}
		return append(out, v)
	}
	if len(d) > maxPhoneDigits {
		return problem(out, attribute.Phone, BadPhone)
	}
	return append(out, Value{Attribute: attribute.Phone, Shown: collapse(s), Canonical: nationalPrefix + d, Flags: table.Uncertain})
}

// abroad stands for the region of a number that begins with a country code.
const abroad = "ZZ"

// parsePhone gives the E.164 form of a number: the first reading that is valid
// in its country, else the first that has the length of one. 00 is read as +,
// and a number of a country's full length without + is tried with it, since
// exports lose the sign.
func parsePhone(s, digits, region string) (e164 string, valid bool) {
	possible := ""
	for _, r := range [...]struct {
		digits, region string
		use            bool
	}{
		{digits, abroad, strings.HasPrefix(s, "+")},
		{strings.TrimPrefix(digits, "00"), abroad, strings.HasPrefix(digits, "00")},
		{digits, strings.ToUpper(region), region != "" && !strings.HasPrefix(s, "+")},
		{digits, abroad, region != "" && !strings.HasPrefix(s, "0") && len(digits) >= 11},
		{digits, abroad, region == "" && len(digits) == 11 && digits[0] == '1'},
	} {
		if !r.use {
			continue
		}
		n := readPlanned(r.digits, r.region)
		if n.valid {
			return n.e164, true
		}
		if possible == "" && n.possible {
			possible = n.e164
		}
	}
	return possible, false
}

// readPlanned reads digits by the plan of their country.
func readPlanned(digits, region string) planReading {
	if region == abroad {
		if r, ok := readInternational(digits); ok {
			return r
		}
		return readByLibrary("+"+digits, region)
	}
	if r, ok := readRegional(digits, region); ok {
		return r
	}
	return readByLibrary(digits, region)
}

func readByLibrary(text, region string) (r planReading) {
	n, err := phonenumbers.Parse(text, region)
	if err != nil {
		return r
	}
	r.valid = phonenumbers.IsValidNumber(n)
	r.possible = phonenumbers.IsPossibleNumberWithReason(n) == phonenumbers.IS_POSSIBLE
	if r.valid || r.possible {
		r.e164 = phonenumbers.Format(n, phonenumbers.E164)
	}
	return r
}

// cutExtension removes "ext. 12", "x12", "#12" behind a number.
func cutExtension(s string) string {
	for _, mark := range []string{";ext=", "extension", "ext", "durchwahl", "poste", "x", "#", "/w"} {
		i := strings.Index(s, mark)
		if i < 0 || len(digitsOf(s[:i])) < minPhoneDigits {
			continue
		}
		rest := strings.Trim(s[i+len(mark):], " .:=")
		if len(rest) <= 7 && (rest == "" || allDigits(rest)) {
			return collapse(s[:i])
		}
	}
	return s
}

func onlyPhoneCharacters(s string) bool {
	for _, w := range []string{"mobile", "mob", "home", "work", "office", "cell", "phone", "fax"} {
		s = strings.ReplaceAll(s, w, "")
	}
	return strings.Trim(s, "0123456789+-()./ :,[]_") == ""
}

// isJunkPhone knows numbers typed to get past a form: one digit repeated, a
// run up or down the keypad, and 555-0100 to 555-0199, which the North
// American plan reserves for fiction.
func isJunkPhone(d string) bool {
	if len(d) < 6 {
		return d != "" && strings.Count(d, d[:1]) == len(d) && len(d) > 2
	}
	national := d
	if len(d) == 11 && d[0] == '1' {
		national = d[1:]
	}
	if isMonotonous(national) || isMonotonous(strings.TrimLeft(national, "0")) {
		return true
	}
	return len(national) == 10 && national[0] >= '2' && strings.HasPrefix(national[3:], "55501") || len(national) == 7 && strings.HasPrefix(national, "55501")
}

// isMonotonous tells whether digits repeat one digit, or count up or down by
// one throughout (9 is followed by 0).
func isMonotonous(d string) bool {
	if len(d) < 6 {
		return d == ""
	}
	step := (int(d[1]) - int(d[0]) + 10) % 10
	if step != 0 && step != 1 && step != 9 {
		return false
	}
	for i := 1; i < len(d); i++ {
		if (int(d[i])-int(d[i-1])+10)%10 != step {
			return false
		}
	}
	return true
}
