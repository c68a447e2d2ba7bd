package rules

import (
	"slices"
	"unicode/utf8"

	"concord/matching/column"
	"concord/schemas/attribute"
)

// conflicts finds evidence against two records being one person.
type conflicts struct {
	given    nameForms
	birth    *column.Column
	year     column.Derivation // of birth dates
	day      column.Derivation
	suffixes *column.Column
}

func newConflicts(t *column.Table) conflicts {
	c := conflicts{birth: t.Column(attribute.BirthDate), suffixes: t.Column(attribute.NameSuffix)}
	if given := t.Column(attribute.GivenName); given != nil {
		c.given = nameForms{
			column:   given,
			spelling: column.Derive(column.Spelling, given)[0],
			sound:    column.Derive(column.Soundex, given)[0],
			root:     column.Derive(column.Roots, given)[0],
		}
	}
	if c.birth != nil {
		c.year, c.day = column.Derive(column.Year, c.birth)[0], column.Derive(column.MonthDay, c.birth)[0]
	}
	return c
}

// veto tells whether the evidence forbids the rule's link.
func (c *conflicts) veto(r Rule, a, b uint32) bool {
	given, birth := c.givenNames(a, b), c.birthDates(a, b)
	if r.Strict {
		return given || birth || disjoint(c.suffixes, a, b)
	}
	return given && birth
}

// givenNames tells whether both records have given names and none of one can
// be a form, a spelling or the initial of one of the other.
func (c *conflicts) givenNames(a, b uint32) bool {
	if !present(c.given.column, a) || !present(c.given.column, b) {
		return false
	}
	for _, x := range slots(c.given.column, a) {
		for _, y := range slots(c.given.column, b) {
			if c.given.form(x, &c.given, y) {
				return false
			}
		}
	}
	return true
}

// initialOf tells whether one of two names is the bare initial of the other.
func initialOf(v, w string) bool {
	p, n := utf8.DecodeRuneInString(v)
	q, m := utf8.DecodeRuneInString(w)
	return p == q && (n == len(v) || m == len(w))
}

// birthDates tells whether both records have full birth dates that differ in
// the year as well as in the day: one error changes one of them.
func (c *conflicts) birthDates(a, b uint32) bool {
	if c.birth == nil {
		return false
	}
	return c.apart(&c.year, a, b) && c.apart(&c.day, a, b)
}

// apart tells whether birth dates of both records have the part and none in
// common.
func (c *conflicts) apart(part *column.Derivation, a, b uint32) bool {
	known := false
	for _, x := range slots(c.birth, a) {
		for _, y := range slots(c.birth, b) {
			if meet(part, x, part, y) {
				return false
			}
			known = known || part.Codes[x] != 0 && part.Codes[y] != 0
		}
	}
	return known
}

// disjoint tells whether both records have values in c and none in common.
func disjoint(c *column.Column, a, b uint32) bool {
	return present(c, a) && present(c, b) && !meets(c, a, b)
}

func present(c *column.Column, r uint32) bool {
	return c != nil && slices.ContainsFunc(slots(c, r), func(code uint32) bool { return code != 0 })
}

// meets tells whether the records have a value in common.
func meets(c *column.Column, a, b uint32) bool {
	if c == nil {
		return false
	}
	for _, x := range slots(c, a) {
		if x != 0 && slices.Contains(slots(c, b), x) {
			return true
		}
	}
	return false
}

func slots(c *column.Column, r uint32) []uint32 {
	lo, hi := c.Slots(r)
	return c.Codes[lo:hi]
}
