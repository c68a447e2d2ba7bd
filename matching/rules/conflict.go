package rules

import (
	"slices"
	"unicode/utf8"

	"concord/matching/column"
	"concord/schemas/attribute"
)

// conflicts finds evidence against two records being one person.
type conflicts struct {
	given                     *column.Column
	spelling, sound, roots    *column.Column
	birthYear, birthDay, sufx *column.Column
}

func newConflicts(t *column.Table) conflicts {
	return conflicts{
		given:     t.Column(attribute.GivenName),
		spelling:  t.Derived(column.Spelling, attribute.GivenName),
		sound:     t.Derived(column.Soundex, attribute.GivenName),
		roots:     t.Derived(column.Roots, attribute.GivenName),
		birthYear: t.Derived(column.Year, attribute.BirthDate),
		birthDay:  t.Derived(column.MonthDay, attribute.BirthDate),
		sufx:      t.Column(attribute.NameSuffix),
	}
}

// veto tells whether the evidence forbids the rule's link.
func (c *conflicts) veto(r Rule, a, b uint32) bool {
	given, birth := c.givenNames(a, b), c.birthDates(a, b)
	if r.Strict {
		return given || birth || disjoint(c.sufx, a, b)
	}
	return given && birth
}

// givenNames tells whether both records have given names and none of one can
// be a form, a spelling or the initial of one of the other.
func (c *conflicts) givenNames(a, b uint32) bool {
	return disjoint(c.given, a, b) && !meets(c.spelling, a, b) && !meets(c.sound, a, b) &&
		!meets(c.roots, a, b) && !c.initialled(a, b)
}

// initialled tells whether a bare initial of one is that of a name of the other.
func (c *conflicts) initialled(a, b uint32) bool {
	for _, x := range slots(c.given, a) {
		for _, y := range slots(c.given, b) {
			if x == 0 || y == 0 {
				continue
			}
			if initialOf(c.given.Values.At(x), c.given.Values.At(y)) {
				return true
			}
		}
	}
	return false
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
	return disjoint(c.birthYear, a, b) && disjoint(c.birthDay, a, b)
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
