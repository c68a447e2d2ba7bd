package compare

// The levels of the name comparison, worst first. Given, middle and family
// name and suffix are one comparison because they depend on each other: what a
// rare family name says is said again by the rare pair.
const (
	nameFamilyConflict Level = Else + 1 + iota
	namePartSimilar
	nameGivenOnly
	nameFamilyNear
	nameFamilyOnly
	nameMisplaced
	nameFamilyFaint
	nameGivenFaint
	nameGivenNearAlone
	nameGivenAlone
	nameFamilyNearAlone
	nameFamilyAlone
	nameInitialFamilyNear
	nameBothSimilar
	nameInitial
	nameGivenSimilar
	nameFamilySimilar
	nameBothNear
	nameNickname
	nameFamilyVariant
	nameRearranged
	nameGivenTypo
	nameFamilyTypo
	nameSwapped
	nameExact
	nameLevelCount
)

var nameLevels = []LevelSpec{
	Null:                  {"null", "no part of the name can be compared", false},
	Else:                  {"else", "the names have nothing in common, or their generation suffixes differ", false},
	nameFamilyConflict:    {"family_conflict", "the family names are equal or nearly so, given and middle names both differ", false},
	namePartSimilar:       {"part_similar", "given or family names are similar or sound alike, the rest differs", false},
	nameGivenOnly:         {"given_only", "the given names are equal, the family names differ", true},
	nameFamilyNear:        {"family_near", "the family names are equal or nearly so, the given names differ", false},
	nameFamilyOnly:        {"family_only", "the family names are equal, the given names differ", true},
	nameMisplaced:         {"misplaced", "one record's given name is the other's family name, the rest differs or is missing", false},
	nameFamilyFaint:       {"family_faint", "the given names are equal, the family names share half their letters", true},
	nameGivenFaint:        {"given_faint", "the family names are equal, the given names share half their letters", true},
	nameGivenNearAlone:    {"given_near_family_missing", "the given names are forms or misspellings of one name, a family name is missing", false},
	nameGivenAlone:        {"given_family_missing", "the given names are equal, a family name is missing", true},
	nameFamilyNearAlone:   {"family_near_given_missing", "the family names are variants or misspellings of one name, a given name is missing", false},
	nameFamilyAlone:       {"family_given_missing", "the family names are equal, a given name is missing", true},
	nameInitialFamilyNear: {"initial_family_near", "one given name is the other's initial, the family names are nearly equal", false},
	nameBothSimilar:       {"both_similar", "given and family names are both similar or sound alike", false},
	nameInitial:           {"initial_family", "one given name is the other's initial, the family names are equal", true},
	nameGivenSimilar:      {"given_similar", "the family names are equal, the given names are similar or sound alike", true},
	nameFamilySimilar:     {"family_similar", "the given names are equal, the family names are similar or sound alike", true},
	nameBothNear:          {"both_near", "given and family names are both variants or misspellings", false},
	nameNickname:          {"nickname", "the family names are equal, the given names are forms of one name", true},
	nameFamilyVariant:     {"family_variant", "the given names are equal, the family names are spellings or parts of one name", true},
	nameRearranged:        {"rearranged", "the same words stand in other parts of the name, exactly or nearly", false},
	nameGivenTypo:         {"given_typo", "the family names are equal, the given names differ by a misspelling", true},
	nameFamilyTypo:        {"family_typo", "the given names are equal, the family names differ by a misspelling", true},
	nameSwapped:           {"swapped", "one record's given name is the other's family name and the reverse", true},
	nameExact:             {"exact", "given and family names are equal", true},
}

// nameTable gives the level of two names that both have both parts, by the
// family part and then the given part. It grows in both, so that a ceiling of
// each part gives a ceiling of the level.
var nameTable = [equal + 1][equal + 1]Level{
	differs:  {Else, Else, namePartSimilar, namePartSimilar, namePartSimilar, nameGivenOnly},
	initials: {Else, Else, namePartSimilar, namePartSimilar, namePartSimilar, nameGivenOnly},
	close:    {namePartSimilar, namePartSimilar, nameBothSimilar, nameBothSimilar, nameBothSimilar, nameFamilySimilar},
	alias:    {nameFamilyNear, nameInitialFamilyNear, nameBothSimilar, nameBothNear, nameBothNear, nameFamilyVariant},
	near:     {nameFamilyNear, nameInitialFamilyNear, nameBothSimilar, nameBothNear, nameBothNear, nameFamilyTypo},
	equal:    {nameFamilyOnly, nameInitial, nameGivenSimilar, nameNickname, nameGivenTypo, nameExact},
}

// aloneLevel is the level when only one part can be compared. An initial that
// fits says next to nothing there, and surely not that the names differ.
func aloneLevel(grade part, nearly, exactly Level) Level {
	switch {
	case grade == equal:
		return exactly
	case grade >= alias:
		return nearly
	case grade == initials:
		return Null
	}
	return Else
}

// contradicted is the level that remains of names of which the given part
// differs when the middle names differ too.
func contradicted(level Level) Level {
	switch level {
	case nameFamilyOnly, nameFamilyNear, nameGivenFaint, nameRearranged:
		return nameFamilyConflict
	case namePartSimilar:
		return Else
	}
	return level
}

// nameSource tells whose frequency measures agreement at a level.
type nameSource uint8

const (
	noSource nameSource = iota
	givenSource
	familySource
	fullSource
)

var nameSources = [nameLevelCount]nameSource{
	nameGivenOnly: givenSource, nameFamilyFaint: givenSource, nameGivenAlone: givenSource,
	nameFamilySimilar: givenSource, nameFamilyTypo: givenSource, nameFamilyVariant: givenSource,
	nameFamilyOnly: familySource, nameGivenFaint: familySource, nameFamilyAlone: familySource, nameInitial: familySource,
	nameGivenSimilar: familySource, nameGivenTypo: familySource, nameNickname: familySource,
	nameSwapped: fullSource, nameExact: fullSource,
}
