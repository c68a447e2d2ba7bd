package survey

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"concord/schemas/attribute"
	"concord/schemas/table"
	"concord/transforms/normalize"
)

// mappedFrom is the least confidence at which a column is mapped: below it a
// wrong mapping is likelier to harm matching than a missing one. The lowest
// guesses that are right on the development data are near 0.4, columns of
// files without header that values alone tell.
const mappedFrom = 0.4

// fieldsOf guesses what every column is, in file order.
func fieldsOf(columns []column) []Field {
	fields := make([]Field, len(columns))
	for i := range columns {
		fields[i] = fieldOf(&columns[i])
	}
	labelSlots(fields)
	oneOfEach(fields, columns)
	nameCustom(fields)
	return fields
}

func fieldOf(c *column) Field {
	f := Field{Column: c.name}
	f.Type, f.Kind, f.Confidence, f.Why = normalize.InferType(meaningful(c.name), c.values)
	f.Consent = consentColumn(c)
	if f.Consent != nil {
		f.Type = ""
		f.Guess = f.Consent.Guess
	}
	if c.filled == 0 && f.Type != "" {
		f.Why = "by its name alone: the rows looked at hold no value"
	}
	f.Mapped = f.Type != "" && f.Confidence >= mappedFrom
	f.settleDates(c)
	return f
}

// settleDates says which order of day and month the values prove, or that
// they prove none: then the run reads no date that could be either.
func (f *Field) settleDates(c *column) {
	if f.Type != attribute.TypeBirthDate && f.Type != attribute.TypeDate {
		return
	}
	switch order, e := normalize.InferDateOrder(slices.Values(c.values)); {
	case e.Ambiguous == 0:
	case order == normalize.Unset:
		f.Why += fmt.Sprintf("; %d of them read day first or month first, and nothing proves which: add date_order: dmy or mdy", e.Ambiguous)
	default:
		f.DateOrder = order.String()
	}
}

// containers are members of nested rows that say nothing of what is in them.
var containers = wordSet("features attributes data record records payload properties fields items entries profile profiles customer customers person persons " +
	"people user users member members identity identities details info body result results")

// meaningful is the part of a column's path that says what it holds:
// "NAME_LAST" of "FEATURES[].NAME_LAST".
func meaningful(path string) string {
	for {
		head, rest, nested := strings.Cut(path, ".")
		if !nested || !containers[strings.ToLower(strings.TrimSuffix(head, "[]"))] {
			return path
		}
		path = rest
	}
}

// labelWords tell several names or addresses of a record apart.
var labelWords = []string{
	"billing", "shipping", "delivery", "mailing", "invoice", "home", "work", "business", "office", "residential", "permanent", "temporary",
	"secondary", "alternate", "alternative", "other", "previous", "former", "old", "native", "maiden", "alias", "aka", "legal", "registered",
	"holiday", "lieferadresse", "rechnungsadresse", "liefer", "rechnung",
}

// labelSlots gives the columns of a second address or name a label, so that
// they do not fill the slot of the first. Columns of one kind of label alone
// need none.
func labelSlots(fields []Field) {
	for _, g := range []attribute.Group{attribute.NameGroup, attribute.AddressGroup} {
		seen := map[string]bool{}
		for i := range fields {
			if f := &fields[i]; f.Mapped && attribute.TypeGroup(f.Type) == g {
				seen[labelOf(f.Column)] = true
			}
		}
		if len(seen) < 2 {
			continue
		}
		for i := range fields {
			if f := &fields[i]; f.Mapped && attribute.TypeGroup(f.Type) == g {
				f.Label = labelOf(f.Column)
			}
		}
	}
}

func labelOf(column string) string {
	words := wordsOf(column)
	for _, w := range words {
		if slices.Contains(labelWords, w) {
			return w
		}
	}
	return ""
}

// wordsOf cuts a column's name into words in lower case and without
// diacritics: at separators and before capitals that follow small letters.
func wordsOf(column string) []string {
	var b strings.Builder
	var before rune
	for _, r := range column {
		if unicode.IsUpper(r) && unicode.IsLower(before) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		before = r
	}
	return strings.FieldsFunc(normalize.Fold(b.String()), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// oneOfEach unmaps the columns whose values others hold already: a second
// column of one type in one slot, a whole name or address beside its parts,
// parts of a date of birth beside the whole.
func oneOfEach(fields []Field, columns []column) {
	for i := range fields {
		for k := range fields {
			a, b := &fields[i], &fields[k]
			if i != k && a.Mapped && b.Mapped && a.Label == b.Label && sameThing(a.Type, b.Type, k < i) && covers(&columns[k], &columns[i]) {
				a.Mapped, a.Why = false, fmt.Sprintf("%s; left out, %s is there too", a.Why, b.Column)
			}
		}
	}
}

// sameThing tells whether a column of type b makes one of type a superfluous
// where it is filled. Of two columns of one type the first stays.
func sameThing(a, b attribute.Type, first bool) bool {
	switch {
	case a == b:
		return attribute.TypeGroup(a) != attribute.NoGroup && first
	case a == attribute.TypeFullName:
		return b == attribute.TypeFamilyName
	case a == attribute.TypeAddress:
		return b == attribute.TypeStreetAddress || b == attribute.TypeStreet
	}
	return attribute.IsBirthPart(a) && b == attribute.TypeBirthDate
}

// covers tells whether b is filled wherever a is, but for one value in
// twenty. Columns whose elements do not correspond cover nothing.
func covers(b, a *column) bool {
	if len(a.values) != len(b.values) {
		return false
	}
	filled, both := 0, 0
	for i, v := range a.values {
		if v != "" {
			filled++
			if b.values[i] != "" {
				both++
			}
		}
	}
	return 20*both >= 19*filled
}

// nameCustom gives custom columns whose name published tables use otherwise a
// name of their own.
func nameCustom(fields []Field) {
	for i := range fields {
		f := &fields[i]
		if attribute.IsCustom(f.Type) && reserved(snake(f.Column)) {
			f.Name = "source_" + snake(f.Column)
		}
	}
}

func reserved(name string) bool {
	if _, known := attribute.Lookup(attribute.Name(name)); known || strings.HasPrefix(name, table.ColFlagPrefix) {
		return true
	}
	return slices.Contains([]string{
		table.ColProfileID, table.ColGoldenID, table.ColController, table.ColBrand, table.ColValidUntil, table.ColAsOf, table.ColRegime,
		table.ColMinor, table.ColJurisdicts, table.ColPermitted, table.ColDenied, table.ColConflict,
	}, name)
}

// rename gives the columns of a file without header the names of what they
// hold.
func (c *Channel) rename(columns []column) {
	taken := map[string]bool{}
	for i := range c.Fields {
		f := &c.Fields[i]
		name := c.Headings[i]
		if f.Mapped {
			name = strings.Trim(string(f.Type)+"_"+f.Kind, "_")
			for n := 2; taken[name]; n++ {
				name = fmt.Sprintf("%s_%d", f.Type, n)
			}
		}
		taken[name] = true
		c.Headings[i], f.Column, columns[i].name = name, name, name
	}
}
