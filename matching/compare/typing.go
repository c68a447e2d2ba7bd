package compare

import (
	"concord/matching/compare/strsim"
	"concord/schemas/table"
)

// typing is the measure of numbers that people type: one slip of the hand, or
// an agreeing part.
type typing struct {
	values *table.Strings
	parts  []uint32 // by value; nil where there is no samePart
	// oneEdit is the level of one edit, samePart that of an equal part, above
	// it; 0 where there is no such level.
	oneEdit, samePart Level
	outer             outerPattern
}

func (m *typing) clone() measure {
	return &typing{values: m.values, parts: m.parts, oneEdit: m.oneEdit, samePart: m.samePart}
}

func (m *typing) most(la, lb int, _ bool) int {
	if min(la, lb) < mistypedLetters {
		return -1
	}
	return strsim.EditBits(la, lb, 1)
}

func (m *typing) ceiling(a, b *valueRow) Level {
	switch {
	case m.samePart != 0 && a.mayShare(b):
		return m.samePart
	case mayBeMistyped(a, b):
		return m.oneEdit
	}
	return Else
}

func (m *typing) grade(a, b *valueRow) Level {
	switch {
	case m.samePart != 0 && a.mayShare(b) && m.parts[a.code] == m.parts[b.code]:
		return m.samePart
	case mayBeMistyped(a, b) && m.outer.oneEdit(m.values, a.code, b.code):
		return m.oneEdit
	}
	return Else
}

// mistypedLetters is the length from which one edit is more likely a slip than
// another number: among numbers of four digits every one has 36 neighbours.
const mistypedLetters = 5

func mayBeMistyped(a, b *valueRow) bool {
	return min(a.length(), b.length()) >= mistypedLetters && a.withinEdits(b, 1)
}
