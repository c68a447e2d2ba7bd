package compare

import (
	"concord/matching/column"
	"concord/schemas/attribute"
)

// Sex compares sex or gender as recorded.
type Sex struct{}

const sexExact = Else + 1

var sexLevels = []LevelSpec{
	Null:     {"null", "a record does not say the sex", false},
	Else:     {"else", "the recorded sexes differ", false},
	sexExact: {"exact", "the recorded sexes are equal", false},
}

// Name is "sex".
func (Sex) Name() string { return "sex" }

// Description is one sentence.
func (Sex) Description() string { return "sex or gender as recorded: equal or not" }

// Attributes is the sex.
func (Sex) Attributes() []attribute.Name { return []attribute.Name{attribute.Sex} }

// Levels lists the levels, worst first.
func (Sex) Levels() []LevelSpec { return sexLevels }

// Bind needs the sex.
func (c Sex) Bind(t *column.Table) Kernel { return laid(c.bind(t)) }

func (Sex) bind(t *column.Table) rowed { return bindEquality(t, attribute.Sex, sexExact, false) }
