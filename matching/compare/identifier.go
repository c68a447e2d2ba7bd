package compare

import (
	"concord/matching/column"
	"concord/matching/compare/strsim"
	"concord/schemas/attribute"
)

// Identifier compares identifiers of one declared kind, any of which may
// agree.
type Identifier struct{ Kind string }

// The levels of the identifier comparison.
const (
	identifierOneEdit Level = Else + 1 + iota
	identifierExact
)

var identifierLevels = []LevelSpec{
	Null:              {"null", "a record has no identifier of this kind", false},
	Else:              {"else", "the identifiers differ", false},
	identifierOneEdit: {"one_edit", "the identifiers differ by one character or two swapped ones", false},
	identifierExact:   {"exact", "the identifiers are equal", true},
}

// Name is that of the attribute, "identifier_ssn".
func (c Identifier) Name() string { return string(attribute.Identifier(c.Kind)) }

// Description is one sentence.
func (c Identifier) Description() string {
	return "identifiers of kind " + c.Kind + ": equal, mistyped"
}

// Attributes is the identifier.
func (c Identifier) Attributes() []attribute.Name {
	return []attribute.Name{attribute.Identifier(c.Kind)}
}

// Levels lists the levels, worst first.
func (Identifier) Levels() []LevelSpec { return identifierLevels }

// Bind needs identifiers of the kind.
func (c Identifier) Bind(t *column.Table) Kernel { return laid(c.bind(t)) }

func (c Identifier) bind(t *column.Table) rowed {
	col := t.Column(attribute.Identifier(c.Kind))
	if col == nil {
		return nil
	}
	values := col.Values
	return newValue(t, col, headed(strsim.SignDigits), identifierExact, &typing{values: &values, oneEdit: identifierOneEdit})
}
