package compare

import "concord/matching/compare/strsim"

// part is how well one part of a composed comparison agrees: a given name, a
// street. Greater is better.
type part uint8

const (
	differs part = iota
	initials
	close
	near
	alias
	equal
)

// The thresholds of the parts, on the Jaro-Winkler similarity. Winkler (1990)
// and Splink's defaults use .92 and .88/.80 for names; one edit counts as near
// too, in values long enough that it is not a coincidence.
const (
	nearSimilarity  = 0.92
	closeSimilarity = 0.80
	editLetters     = 4
)

var (
	needNear  = strsim.NewNeed(nearSimilarity)
	needClose = strsim.NewNeed(closeSimilarity)
)

// ceiling bounds grade from above without reading a letter. equal and alias
// are exact.
func (t *wordTable) ceiling(a, b *word) part {
	switch {
	case a.code == b.code:
		return equal
	case t.alias(a, b):
		return alias
	case (a.flags|b.flags)&initialOnly != 0:
		return sameInitial(a, b)
	case mayBeNear(a, b):
		return near
	case a.mayReach(b, needClose) || sameSound(a, b):
		return close
	}
	return differs
}

// grade compares a, of which outer is the prepared form, with b.
func (t *wordTable) grade(a, b *word, outer *outerPattern) part {
	ceiling := t.ceiling(a, b)
	if ceiling != near && ceiling != close {
		return ceiling
	}
	similarity := 0.0
	if a.mayReach(b, needClose) {
		similarity = outer.of(&t.values, a.code).JaroWinkler(t.values.At(b.code), closeSimilarity)
	}
	switch {
	case similarity >= nearSimilarity && mayBeNearAsText(a, b):
		return near
	case mayBeOneEdit(a, b) && outer.of(&t.values, a.code).OSA(t.values.At(b.code), 1) <= 1:
		return near
	case similarity >= closeSimilarity || sameSound(a, b):
		return close
	}
	return differs
}

// alias tells whether two different values are forms of one: a nickname and
// its name, two spellings of one sound, a compound and its part.
func (t *wordTable) alias(a, b *word) bool {
	if (a.flags|b.flags)&initialOnly != 0 {
		return false
	}
	return sameSpelling(a, b) || t.sameRoot(a, b) || t.tokensWithin(a, b)
}

func sameSpelling(a, b *word) bool { return a.spelling != 0 && a.spelling == b.spelling }

func sameSound(a, b *word) bool { return a.sound != 0 && a.sound == b.sound }

func sameInitial(a, b *word) part {
	if a.initial == b.initial {
		return initials
	}
	return differs
}

func mayBeNear(a, b *word) bool {
	return mayBeNearAsText(a, b) && a.mayReach(b, needNear) || mayBeOneEdit(a, b)
}

// mayBeNearAsText refuses compounds, which share a word more often than they
// are misspelt: "mary ann" and "mary jane" are .93 alike.
func mayBeNearAsText(a, b *word) bool { return (a.flags|b.flags)&severalWords == 0 }

func mayBeOneEdit(a, b *word) bool {
	return min(a.length, b.length) >= editLetters && a.mayBeWithin(b, 1)
}
