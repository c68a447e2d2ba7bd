package compare

import (
	"concord/matching/column"
	"concord/matching/compare/strsim"
	"concord/schemas/attribute"
)

// Phone compares telephone numbers, any of which may agree.
type Phone struct{}

// The levels of the telephone comparison.
const (
	phoneOneEdit Level = Else + 1 + iota
	phoneLast7
	phoneExact
)

var phoneLevels = []LevelSpec{
	Null:         {"null", "a record has no telephone number", false},
	Else:         {"else", "the telephone numbers differ", false},
	phoneOneEdit: {"one_edit", "the telephone numbers differ by one digit or two swapped ones", false},
	phoneLast7:   {"last7", "the last seven digits are equal, country or area code differ", true},
	phoneExact:   {"exact", "the telephone numbers are equal", true},
}

// Name is "phone".
func (Phone) Name() string { return "phone" }

// Description is one sentence.
func (Phone) Description() string {
	return "telephone numbers: equal, equal but for country or area code, mistyped"
}

// Attributes is the telephone number.
func (Phone) Attributes() []attribute.Name { return []attribute.Name{attribute.Phone} }

// Levels lists the levels, worst first.
func (Phone) Levels() []LevelSpec { return phoneLevels }

// Bind needs telephone numbers.
func (c Phone) Bind(t *column.Table) Kernel { return laid(c.bind(t)) }

func (Phone) bind(t *column.Table) rowed {
	c := t.Column(attribute.Phone)
	if c == nil {
		return nil
	}
	last7 := column.Derive(column.Last7, c)[0].Codes
	values := c.Values
	k := newValue(t, c, parted(strsim.SignDigits, last7), phoneExact,
		&typing{values: &values, parts: last7, oneEdit: phoneOneEdit, samePart: phoneLast7})
	k.parts = []partFrequency{{phoneLast7, last7, countParts(t.N, c, last7)}}
	return k
}
