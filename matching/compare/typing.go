package compare

import "concord/schemas/table"

// typing is the measure of numbers that people type: one slip of the hand, or
// an agreeing part.
type typing struct {
	values *table.Strings
	// oneEdit is the level of one edit, samePart that of an equal part, above
	// it; 0 where there is no such level.
	oneEdit, samePart Level
	outer             outerPattern
}

func (m *typing) clone() measure {
	return &typing{values: m.values, oneEdit: m.oneEdit, samePart: m.samePart}
}

func (m *typing) ceiling(a, b *valueRow) Level {
	switch {
	case m.samePart != 0 && a.part != 0 && a.part == b.part:
		return m.samePart
	case mayBeMistyped(a, b):
		return m.oneEdit
	}
	return Else
}

func (m *typing) grade(a, b *valueRow) Level {
	level := m.ceiling(a, b)
	if level == m.oneEdit && m.outer.of(m.values, a.code).OSA(m.values.At(b.code), 1) > 1 {
		return Else
	}
	return level
}

// mistypedLetters is the length from which one edit is more likely a slip than
// another number: among numbers of four digits every one has 36 neighbours.
const mistypedLetters = 5

func mayBeMistyped(a, b *valueRow) bool {
	return min(a.length, b.length) >= mistypedLetters && a.withinEdits(b, 1)
}
