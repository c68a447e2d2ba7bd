package compare

import (
	"concord/matching/column"
	"concord/matching/compare/strsim"
	"concord/schemas/attribute"
	"concord/schemas/model"
)

// BirthPlace compares places of birth, any of which may agree.
type BirthPlace struct{}

// The levels of the place of birth.
const (
	birthPlaceNear Level = Else + 1 + iota
	birthPlaceExact
)

var birthPlaceLevels = []LevelSpec{
	Null:            {"null", "a record does not say the place of birth", false},
	Else:            {"else", "the places of birth differ", false},
	birthPlaceNear:  {"near", "the places of birth are spelled alike", true},
	birthPlaceExact: {"exact", "the places of birth are equal", true},
}

// Name is "birth_place".
func (BirthPlace) Name() string { return "birth_place" }

// Description is one sentence.
func (BirthPlace) Description() string { return "places of birth: equal or misspelt" }

// Attributes is the place of birth.
func (BirthPlace) Attributes() []attribute.Name { return []attribute.Name{attribute.BirthPlace} }

// Levels lists the levels, worst first.
func (BirthPlace) Levels() []LevelSpec { return birthPlaceLevels }

// Bind needs the place of birth.
func (c BirthPlace) Bind(t *column.Table) Kernel { return laid(c.bind(t)) }

func (BirthPlace) bind(t *column.Table) rowed {
	c := t.Column(attribute.BirthPlace)
	if c == nil {
		return nil
	}
	conditions := make([]model.Condition, len(birthPlaceLevels))
	conditions[birthPlaceNear] = model.Condition{Measure: model.JaroWinkler, Threshold: nearSimilarity}
	conditions[birthPlaceExact] = model.Condition{Measure: model.Exact}
	k := newValue(t, c, headed(strsim.Sign), birthPlaceExact, newThresholdMeasure(c.Values, conditions))
	k.topTF = true
	k.parts = []partFrequency{{birthPlaceNear, nil, c.Count}}
	return k
}
