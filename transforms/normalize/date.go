package normalize

import (
	"fmt"
	"strings"
	"time"

	"concord/schemas/attribute"
	"concord/schemas/table"
)

// shortYearPivot reads the two-digit years 00 to 29 as 20xx and the others as
// 19xx where the reference year is not known.
const shortYearPivot = 30

// fillerDates are dates of birth that systems write where they have none: the
// first days of the epochs of spreadsheets, Unix and databases, and the last
// day that a date column holds.
var fillerDates = wordSet("1900-01-01 1901-01-01 1899-12-30 1899-12-31 1904-01-01 1970-01-01 1111-11-11 0001-01-01 1753-01-01 1800-01-01 9999-12-31 9999-09-09 2999-12-31 2099-12-31")

// readBirthDate reads a date of birth: "YYYY-MM-DD", or a prefix of it where
// the text gives less. A date whose shape is complete but which no calendar
// has (1973-02-31) or no living person can have (1040-12-28) keeps its
// canonical form, marked uncertain, so that near matches still compare; it is
// not shown.
func readBirthDate(raw string, o Options, out []Value) []Value {
	s := clean(raw)
	if isNull(s) {
		return out
	}
	s = strings.TrimSuffix(s, ".0") // a number that passed through a spreadsheet
	if strings.Trim(s, "0-/.") == "" {
		return junk(out, attribute.BirthDate)
	}
	t := parseDate(s, o.DateOrder, true)
	if !t.ok {
		t = spreadsheetDate(s)
	}
	switch {
	case !t.ok:
		return problem(out, attribute.BirthDate, BadDate)
	case t.ambiguous:
		return problem(out, attribute.BirthDate, AmbiguousDate)
	}
	return append(out, birthDate(t, o.ReferenceYear))
}

// spreadsheetDate reads a date that a spreadsheet saved as the number of days
// since 1899-12-30, of five digits: from 1927 on. It is a guess.
func spreadsheetDate(s string) dateText {
	if len(s) != 5 || !allDigits(s) || s[0] == '0' {
		return dateText{}
	}
	d := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, atoi(s))
	return dateText{ymd: ymd{year: d.Year(), month: int(d.Month()), day: d.Day()}, ok: plausibleYear(d.Year()), guessed: true}
}

// birthDate judges a date that was read.
func birthDate(t dateText, reference int) Value {
	v := Value{Attribute: attribute.BirthDate}
	d := t.ymd
	if d.shortYear {
		d.year = fullYear(d.year, reference)
	}
	if d.month == 0 {
		d.day = 0 // a prefix of the date is all that can be compared
	}
	v.Canonical = isoDate(d)
	if fillerDates[v.Canonical] {
		return Value{Attribute: v.Attribute, Flags: table.Junk}
	}
	if t.guessed {
		v.Flags |= table.Uncertain
	}
	future := reference > 0 && d.year > reference
	switch {
	case d.month != 0 && d.day != 0 && (!d.onCalendar() || !plausibleYear(d.year) || future):
		v.Flags |= table.Uncertain
	case future:
		return Value{Attribute: v.Attribute, Problem: FutureDate}
	case !plausibleYear(d.year), d.month > 12:
		return Value{Attribute: v.Attribute, Problem: ImpossibleDate}
	default:
		v.Shown = v.Canonical
	}
	return v
}

// fullYear gives a two-digit year its century: the latest that a date of birth
// can have by the reference year.
func fullYear(yy, reference int) int {
	if reference <= 0 {
		if yy < shortYearPivot {
			return 2000 + yy
		}
		return 1900 + yy
	}
	y := reference - reference%100 + yy
	if y > reference {
		y -= 100
	}
	return y
}

// isoDate is YYYY-MM-DD as far as d has month and day.
func isoDate(d ymd) string {
	switch {
	case d.month == 0 && d.day == 0:
		return fmt.Sprintf("%04d", d.year)
	case d.day == 0:
		return fmt.Sprintf("%04d-%02d", d.year, d.month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.year, d.month, d.day)
}

// PartSeparator joins year, month and day for [BirthParts].
const PartSeparator = "\x1f"

// BirthParts reads the three columns of a date of birth, joined as
// "YYYY\x1fMM\x1fDD": any part may be empty or null. A missing month drops the
// day too.
var BirthParts Normalizer = &normalizer{
	name:        attribute.TypeBirthDate,
	description: "a date of birth from its year, month and day in three columns",
	read:        readBirthParts,
}

func readBirthParts(raw string, o Options, out []Value) []Value {
	parts := strings.Split(raw, PartSeparator)
	if len(parts) != 3 {
		return readBirthDate(raw, o, out)
	}
	var n [3]int
	var width [3]int
	for i, p := range parts {
		p = strings.TrimSuffix(asciiDigits(clean(p)), ".0")
		if isNull(p) || strings.Trim(p, "0") == "" {
			continue
		}
		v := atoi(p)
		if i == 1 && months[Fold(p)] > 0 {
			v = months[Fold(p)]
		} else if !allDigits(p) || len(p) > 4 {
			return problem(out, attribute.BirthDate, BadDate)
		}
		n[i], width[i] = v, len(p)
	}
	if width[0] == 0 {
		if width[1]+width[2] == 0 {
			return out
		}
		return problem(out, attribute.BirthDate, BadDate)
	}
	d := ymd{year: n[0], month: n[1], day: n[2], shortYear: width[0] <= 2}
	if d.month > 99 || d.day > 99 || width[0] == 3 {
		return problem(out, attribute.BirthDate, ImpossibleDate)
	}
	return append(out, birthDate(dateText{ymd: d, ok: true}, o.ReferenceYear))
}

// readDate reads a date of the job's own, with its time where it has one:
// "2026-03-01" or "2026-03-01T10:00:00Z".
func readDate(raw string, o Options, out []Value) []Value {
	s := clean(raw)
	if isNull(s) {
		return out
	}
	t := parseDate(s, o.DateOrder, true)
	switch {
	case !t.ok:
		return problem(out, o.Attribute, BadDate)
	case t.ambiguous:
		return problem(out, o.Attribute, AmbiguousDate)
	}
	d := t.ymd
	if d.shortYear {
		d.year = fullYear(d.year, o.ReferenceYear)
	}
	if !plausibleYear(d.year) || d.month == 0 && d.day != 0 || d.day != 0 && !d.onCalendar() || d.month > 12 {
		return problem(out, o.Attribute, ImpossibleDate)
	}
	v := Value{Attribute: o.Attribute, Shown: isoDate(d)}
	if t.guessed {
		v.Flags |= table.Uncertain
	}
	if clock, ok := parseClock(s); ok && d.day != 0 {
		v.Shown += "T" + clock.String()
	}
	v.Canonical = strings.ToLower(v.Shown)
	return append(out, v)
}
