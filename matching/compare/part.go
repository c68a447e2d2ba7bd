package compare

import (
	"math/bits"
	"sync"

	"concord/matching/compare/strsim"
)

// part is how well one part of a composed comparison agrees: a given name, a
// street. Greater is better.
type part uint8

const (
	differs part = iota
	initials
	close
	alias // before near: many names are forms of common ones, few are a letter apart
	near
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

// partLimits leave open what reach does.
var partLimits = sync.OnceValue(func() *strsim.Limits {
	return strsim.NewLimits(func(la, lb int, alike bool) int {
		prefix := 0
		if alike {
			prefix = maxLetters
		}
		most := needClose.Bits(la, lb, prefix)
		if min(la, lb) >= editLetters {
			most = max(most, strsim.EditBits(la, lb, 1))
		}
		return most
	})
})

// reach is what the signatures leave open of two different values: whether
// the two thresholds and a single edit are within reach.
type reach struct{ close, near, edit bool }

func (a *word) reach(b *word) reach {
	la, lb := int(a.length), int(b.length)
	onlyA := bits.OnesCount64(uint64(a.sign &^ b.sign))
	onlyB := bits.OnesCount64(uint64(b.sign &^ a.sign))
	var r reach
	m, prefix := min(la-onlyA, lb-onlyB), commonHead(a.head, b.head)
	r.close = needClose.Reachable(la, lb, m, prefix)
	r.near = needNear.Reachable(la, lb, m, prefix) && (a.flags|b.flags)&severalWords == 0
	r.edit = max(onlyA, onlyB) <= 1 && uint(la-lb+1) <= 2 && min(la, lb) >= editLetters
	return r
}

// ceiling bounds grade from above without reading a letter. equal and alias
// are exact.
func (t *wordTable) ceiling(a, b *word) part {
	if a.code == b.code {
		return equal
	}
	if sameSpelling(a, b) || a.roots&b.roots != 0 || (a.flags|b.flags)&someFlag != 0 {
		switch {
		case t.alias(a, b):
			return alias
		case (a.flags|b.flags)&initialOnly != 0:
			return sameInitial(a, b)
		}
	}
	switch r := a.reach(b); {
	case r.near || r.edit:
		return near
	case r.close || sameSound(a, b):
		return close
	}
	return differs
}

// grade compares a, of which outer is the prepared form, with b. Compounds are
// near only when one edit apart: they share a word more often than they are
// misspelt, "mary ann" and "mary jane" being .93 alike.
func (t *wordTable) grade(a, b *word, outer *outerPattern) part {
	ceiling := t.ceiling(a, b)
	if ceiling != near && ceiling != close {
		return ceiling
	}
	r := a.reach(b)
	similarity := 0.0
	if r.close {
		similarity = outer.of(&t.values, a.code).JaroWinkler(t.values.At(b.code), closeSimilarity)
	}
	switch {
	case r.near && similarity >= nearSimilarity:
		return near
	case r.edit && outer.oneEdit(&t.values, a.code, b.code):
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
	bytes := a.flags >> initialShift
	if bytes == b.flags>>initialShift && (a.head^b.head)<<(32-8*bytes) == 0 {
		return initials
	}
	return differs
}
