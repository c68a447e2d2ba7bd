package compare

import (
	"math/bits"

	"concord/matching/column"
	"concord/schemas/attribute"
)

// ceiling bounds grade from above: contradictions, which only lower a level,
// are left out, and similar parts are taken at their bound.
func (k *nameKernel) ceiling(a, b *nameRow) Level {
	given, family := bothCodes(a.given, b.given), bothCodes(a.family, b.family)
	level := Null
	switch {
	case given && family:
		level = nameTable[k.words.ceiling(k.word(a.family), k.word(b.family))][k.givenCeiling(a, b)]
		if level < nameSwapped && swapped(a, b) {
			return nameSwapped
		}
		if level < nameRearranged && k.mayBeRearranged(a, b) {
			return nameRearranged
		}
		level = k.orFaint(level, a.given, a.family, b.given, b.family)
	case family:
		level = aloneLevel(k.words.ceiling(k.word(a.family), k.word(b.family)), nameFamilyNearAlone, nameFamilyAlone)
	case given:
		level = aloneLevel(k.words.ceiling(k.word(a.given), k.word(b.given)), nameGivenNearAlone, nameGivenAlone)
	}
	return k.orMisplaced(level, a, b)
}

// orFaint raises the level where one part is equal and something may be left of
// the other.
func (k *nameKernel) orFaint(level Level, givenA, familyA, givenB, familyB uint32) Level {
	switch {
	case level == nameFamilyOnly && mayBeFaint(k.word(givenA), k.word(givenB)):
		return nameGivenFaint
	case level == nameGivenOnly && mayBeFaint(k.word(familyA), k.word(familyB)):
		return nameFamilyFaint
	}
	return level
}

func (k *nameKernel) grade(a, b *nameRow) Level {
	given, family := bothCodes(a.given, b.given), bothCodes(a.family, b.family)
	level := Null
	switch {
	case given && family:
		if otherGeneration(a, b) { // father and son
			return Else
		}
		level = k.gradeBoth(a, b)
	case family:
		level = aloneLevel(k.words.grade(k.word(a.family), k.word(b.family), &k.family), nameFamilyNearAlone, nameFamilyAlone)
	case given:
		level = aloneLevel(k.words.grade(k.word(a.given), k.word(b.given), &k.given), nameGivenNearAlone, nameGivenAlone)
	}
	return k.orMisplaced(level, a, b)
}

func (k *nameKernel) word(code uint32) *word { return &k.words.words[code] }

// gradeBoth is the level of two names that have both parts, generations aside.
func (k *nameKernel) gradeBoth(a, b *nameRow) Level {
	given := k.givenGrade(a, b)
	level := nameTable[k.words.grade(k.word(a.family), k.word(b.family), &k.family)][given]
	switch {
	case level < nameSwapped && swapped(a, b):
		return nameSwapped
	case level < nameNickname && k.mayBeRearranged(a, b) && k.rearranged(a, b):
		level = nameRearranged
	// Where one part is equal, something may be left of the other: badly read
	// or typed names end there, and most brothers' and sisters' do not.
	case level == nameFamilyOnly && k.faint(k.word(a.given), k.word(b.given), &k.given):
		level = nameGivenFaint
	case level == nameGivenOnly && k.faint(k.word(a.family), k.word(b.family), &k.family):
		level = nameFamilyFaint
	}
	if lower := contradicted(level); given == differs && lower != level && k.contradict(a, b) {
		return lower
	}
	return level
}

// faintLetters is what both names need for half of their letters to mean
// anything.
const faintLetters = 3

func mayBeFaint(a, b *word) bool {
	return min(a.length, b.length) >= faintLetters && a.mayBeWithin(b, faintEdits(a, b))
}

// faintEdits is half the letters of the longer name.
func faintEdits(a, b *word) int { return int(max(a.length, b.length)) / 2 }

func (k *nameKernel) faint(a, b *word, outer *outerPattern) bool {
	if !mayBeFaint(a, b) {
		return false
	}
	limit := faintEdits(a, b)
	return outer.of(&k.words.values, a.code).OSA(k.words.values.At(b.code), limit) <= limit
}

func swapped(a, b *nameRow) bool {
	return a.given == b.family && a.family == b.given
}

// orMisplaced raises a low level when a name stands in the other part.
func (k *nameKernel) orMisplaced(level Level, a, b *nameRow) Level {
	if level < nameMisplaced && (sameSpelling(k.word(a.given), k.word(b.family)) || sameSpelling(k.word(a.family), k.word(b.given))) {
		return nameMisplaced
	}
	return level
}

// givenGrade compares given names. One that is the other's middle name counts
// as a form of it: many people go by their second name. Two that are alike and
// both somebody's names are two names: "darla" is seldom a slip for "darlene".
func (k *nameKernel) givenGrade(a, b *nameRow) part {
	x, y := k.word(a.given), k.word(b.given)
	grade := k.words.grade(x, y, &k.given)
	if (grade == near || grade == close) && x.flags&y.flags&givenName != 0 && !sameSound(x, y) {
		grade = differs
	}
	if grade < alias && k.byMiddleName(a, b) {
		return alias
	}
	return grade
}

func (k *nameKernel) givenCeiling(a, b *nameRow) part {
	grade := k.words.ceiling(k.word(a.given), k.word(b.given))
	if grade < alias && k.byMiddleName(a, b) {
		return alias
	}
	return grade
}

func (k *nameKernel) byMiddleName(a, b *nameRow) bool {
	return (k.goesBy(a, b) || k.goesBy(b, a)) && (k.word(a.given).flags|k.word(b.given).flags)&initialOnly == 0
}

// goesBy tells whether a's given name may be b's middle name: unless a has a
// middle name too, which b's given name is not. "Ann Lee" is not "Mary Ann".
func (k *nameKernel) goesBy(a, b *nameRow) bool {
	if a.given != b.middle() {
		return false
	}
	own := a.middle()
	return own == 0 || own == b.given || sameInitial(k.word(own), k.word(b.given)) == initials
}

// mayBeRearranged is a filter for rearranged: given and family name may have
// changed places, or the words of one name may all stand in the other.
func (k *nameKernel) mayBeRearranged(a, b *nameRow) bool {
	if x, y := k.wordsOf(a), k.wordsOf(b); x&^y == 0 || y&^x == 0 {
		return true
	}
	return mayBeNearName(k.word(a.given), k.word(b.family)) && mayBeNearName(k.word(a.family), k.word(b.given))
}

func mayBeNearName(a, b *word) bool {
	if sameSpelling(a, b) {
		return true
	}
	r := a.reach(b)
	return r.near || r.edit
}

// rearranged tells whether given and family name changed places, misspelt
// perhaps, or whether all words of one name, two at least, stand in the other.
func (k *nameKernel) rearranged(a, b *nameRow) bool {
	if k.nearName(k.word(a.given), k.word(b.family)) && k.nearName(k.word(a.family), k.word(b.given)) {
		return true
	}
	return k.wordsWithin(a, b) || k.wordsWithin(b, a)
}

func (k *nameKernel) nearName(a, b *word) bool {
	return mayBeNearName(a, b) && k.words.grade(a, b, &k.other) >= alias
}

// wordsWithin tells whether all words of a stand in b and are two at least.
func (k *nameKernel) wordsWithin(a, b *nameRow) bool {
	if words := k.wordsOf(a); bits.OnesCount64(words) < 2 || words&^k.wordsOf(b) != 0 {
		return false
	}
	tokens := &k.words.tokens
	for _, mine := range [...]uint32{a.given, a.middle(), a.family} {
		for _, x := range tokens.Of(mine) {
			if !has(tokens.Of(b.given), x) && !has(tokens.Of(b.middle()), x) && !has(tokens.Of(b.family), x) {
				return false
			}
		}
	}
	return true
}

func otherGeneration(a, b *nameRow) bool {
	x, y := a.generation(), b.generation()
	return x != 0 && y != 0 && x != y
}

// contradict tells whether middle names differ as well where given names do.
// Where these agree, middle names are a comparison of their own.
func (k *nameKernel) contradict(a, b *nameRow) bool {
	x, y := a.middle(), b.middle()
	if x == 0 || y == 0 || x == y {
		return false
	}
	ma, mb := k.word(x), k.word(y)
	if k.goesBy(a, b) || k.goesBy(b, a) {
		return false
	}
	if (ma.flags|mb.flags)&initialOnly != 0 {
		return sameInitial(ma, mb) != initials
	}
	return k.words.grade(ma, mb, &k.other) < alias
}

// generation numbers: Sr and I are the first, Jr and II the second.
var generationOf = map[string]uint8{
	"sr": 1, "senior": 1, "i": 1, "1st": 1,
	"jr": 2, "junior": 2, "ii": 2, "2nd": 2,
	"iii": 3, "3rd": 3, "iv": 4, "4th": 4, "v": 5, "5th": 5,
}

// Generations is the generation that each record's suffix names, 0 for none, for
// suffixes that are none, and where two are named; nil without suffixes.
func Generations(t *column.Table) []uint32 {
	c := t.Column(attribute.NameSuffix)
	if c == nil {
		return nil
	}
	by, out := generations(c), make([]uint32, t.N)
	for r := range uint32(t.N) {
		lo, hi := c.Slots(r)
		for _, v := range c.Codes[lo:hi] {
			switch g := uint32(by[v]); {
			case g == 0 || g == out[r]:
			case out[r] == 0:
				out[r] = g
			default:
				out[r] = ambiguous
			}
		}
		if out[r] == ambiguous {
			out[r] = 0
		}
	}
	return out
}

// ambiguous stands for two generations in one record.
const ambiguous = 1 << 8

// generations is the generation that each suffix value names, 0 for degrees
// and other suffixes, which contradict nothing.
func generations(suffix *column.Column) []uint8 {
	if suffix == nil {
		return []uint8{0}
	}
	out := make([]uint8, max(suffix.Values.Len(), 1))
	for v := 1; v < len(out); v++ {
		for _, token := range column.Words(suffix.Values.At(uint32(v)), 1, nil) {
			if g := generationOf[token]; g != 0 {
				out[v] = g
			}
		}
	}
	return out
}
