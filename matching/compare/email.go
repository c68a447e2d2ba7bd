package compare

import (
	"concord/matching/column"
	"concord/matching/compare/strsim"
	"concord/schemas/attribute"
	"concord/schemas/table"
)

// Email compares e-mail addresses, any of which may agree.
type Email struct{}

// The levels of the e-mail comparison.
const (
	emailOtherNumber Level = Else + 1 + iota // how a provider tells namesakes apart
	emailSameName                            // what the names have said already
	emailSameLocal
	emailFewEdits
	emailOneEdit
	emailExact
)

var emailLevels = []LevelSpec{
	Null:             {"null", "a record has no e-mail address", false},
	Else:             {"else", "the e-mail addresses differ", false},
	emailOtherNumber: {"other_number", "the e-mail addresses differ by one to three digits and nothing else, and are not made of a name", false},
	emailSameName:    {"same_name", "the local parts are made of one name, at different domains or with different numbers", false},
	emailSameLocal:   {"same_local", "the local parts are equal and not just a name, the domains differ", true},
	emailFewEdits:    {"few_edits", "the e-mail addresses differ by two or three characters, one in eight at most", false},
	emailOneEdit:     {"one_edit", "the e-mail addresses differ by one character or two swapped ones", false},
	emailExact:       {"exact", "the e-mail addresses are equal", true},
}

// Name is "email".
func (Email) Name() string { return "email" }

// Description is one sentence.
func (Email) Description() string {
	return "e-mail addresses: equal, mistyped, the same local part at another domain"
}

// Attributes is the e-mail address.
func (Email) Attributes() []attribute.Name { return []attribute.Name{attribute.Email} }

// Levels lists the levels, worst first.
func (Email) Levels() []LevelSpec { return emailLevels }

// Bind needs e-mail addresses.
func (c Email) Bind(t *column.Table) Kernel { return laid(c.bind(t)) }

func (Email) bind(t *column.Table) rowed {
	c := t.Column(attribute.Email)
	if c == nil {
		return nil
	}
	locals := column.Derive(column.LocalPart, c)[0].Codes
	named, numbered := namedLocals(t, c)
	values := c.Values // not &c.Values, which would keep the column's codes
	k := newValue(t, c, parted(strsim.Sign, locals), emailExact, &emailMeasure{values: &values, locals: locals, named: named, numbered: numbered})
	k.parts = []partFrequency{{emailSameLocal, locals, countParts(t.N, c, locals)}}
	return k
}

// Addresses are made from names: two people of one given name, or of one
// company, have addresses that begin or end alike, so a similarity of the whole
// (Jaro-Winkler, say) finds namesakes and colleagues. Slips of the pen are few
// edits, whatever the address is made of.
const (
	lettersPerEdit = 8
	mostEdits      = 3
)

// editsAllowed is how many edits two addresses of these lengths may differ by
// and still be one address mistyped.
func editsAllowed(a, b *valueRow) int { return editsOf(a.length(), b.length()) }

func editsOf(la, lb int) int { return min(mostEdits, max(la, lb)/lettersPerEdit) }

type emailMeasure struct {
	values   *table.Strings
	locals   []uint32 // by value: the local part's code
	named    []bool   // by value: the local part is made of names
	numbered []bool   // by value: it is but for digits
	whole    outerPattern
}

func (m *emailMeasure) clone() measure {
	return &emailMeasure{values: m.values, locals: m.locals, named: m.named, numbered: m.numbered}
}

func (m *emailMeasure) most(la, lb int, _ bool) int {
	return strsim.EditBits(la, lb, max(1, editsOf(la, lb)))
}

func (m *emailMeasure) ceiling(a, b *valueRow) Level {
	switch {
	case a.withinEdits(b, 1):
		return emailOneEdit
	case a.withinEdits(b, editsAllowed(a, b)):
		return emailFewEdits
	case a.mayShare(b):
		return emailSameLocal
	}
	return Else
}

func (m *emailMeasure) grade(a, b *valueRow) Level {
	same, named := a.mayShare(b) && m.locals[a.code] == m.locals[b.code], m.named[a.code] && m.named[b.code]
	if named && !same {
		return Else // two names, as mary.ruiz and gary.ruiz: no slip makes one of the other
	}
	if limit := max(1, editsAllowed(a, b)); a.withinEdits(b, limit) {
		switch d := m.whole.of(m.values, a.code).OSA(m.values.At(b.code), limit); {
		case d <= limit && equalButDigits(m.values.At(a.code), m.values.At(b.code)):
			if m.numbered[a.code] && m.numbered[b.code] {
				return emailSameName // namesakes of one provider, more often than one person
			}
			return emailOtherNumber
		case d <= 1:
			return emailOneEdit
		case d <= limit:
			return emailFewEdits
		}
	}
	switch {
	case same && named:
		return emailSameName
	case same:
		return emailSameLocal
	}
	return Else
}

// equalButDigits tells whether two texts are equal once their digits are left
// out.
func equalButDigits(s, t string) bool {
	i, j := 0, 0
	for {
		for i < len(s) && isDigit(s[i]) {
			i++
		}
		for j < len(t) && isDigit(t[j]) {
			j++
		}
		if i == len(s) || j == len(t) {
			return i == len(s) && j == len(t)
		}
		if s[i] != t[j] {
			return false
		}
		i++
		j++
	}
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
