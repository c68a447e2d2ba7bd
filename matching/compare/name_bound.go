package compare

import (
	"concord/matching/column"
	"concord/matching/compare/strsim"
)

// nameView is what of a record's name tells that it has nothing in common with
// another: one cache line.
type nameView struct {
	words                 uint64
	spellings             uint64 // digests of given, family, family and given name, 16 bits each
	givenSign, familySign strsim.Signature
	given, family, middle uint32 // word codes
	sounds                uint32 // of given and family name, 16 bits each
	givenRoots            uint32
	familyRoots           uint32
	givenFirst            uint8 // byte
	familyFirst           uint8
	givenLength           uint8 // runes
	familyLength          uint8
	givenFlags            wordFlags
	familyFlags           wordFlags
	// odd: the name lacks a part or is one of several, and a bound takes more
	// than the view.
	odd bool
}

// Load looks up the words of the records' names.
func (k *nameKernel) Load(records []uint32) {
	k.records, k.window = records, resize(k.window, len(records))
	words, sum := k.words.words, uint32(0)
	// Loops so short that the processor waits for many cache lines at once, where
	// the one below would wait for a few.
	for _, r := range records {
		sum += k.names.at(r).given
	}
	for _, r := range records {
		row := k.names.at(r)
		sum += words[row.given].code + words[row.family].code
	}
	k.touched = sum
	for i, r := range records {
		row := k.names.at(r)
		given, family := &words[row.given], &words[row.family]
		g, f := spellingDigest(given.spelling), spellingDigest(family.spelling)
		k.window[i] = nameView{
			words: k.wordsOf(row), spellings: g | f<<16 | f<<32 | g<<48,
			givenSign: given.sign, familySign: family.sign, given: row.given, family: row.family, middle: row.middle(),
			sounds: uint32(given.sound) | uint32(family.sound)<<16, givenRoots: given.roots, familyRoots: family.roots,
			givenFirst: uint8(given.head), familyFirst: uint8(family.head), givenLength: given.length, familyLength: family.length,
			givenFlags: given.flags & someFlag, familyFlags: family.flags & someFlag, odd: row.given == 0 || row.family == 0,
		}
	}
}

// spellingDigest is a spelling in 16 bits.
func spellingDigest(spelling uint32) uint64 { return uint64(uint16(spelling ^ spelling>>16)) }

// equalLanes has a bit set in each of the 16-bit lanes that are 0 of x, an
// exclusive or; seldom, in one above such a lane too.
func equalLanes(x uint64) uint64 {
	const low, high = 0x0001000100010001, 0x8000800080008000
	return (x - low) &^ x & high
}

// outerName is a name that others are compared with.
type outerName struct {
	*nameView
	spellings uint64 // of given, family, given and family name: against the view's
	sounds    uint32 // as the view's, but for none a sound that no other has
	// limits are how many bits of the signatures may differ.
	givenLimits, familyLimits *strsim.Row
}

func (a *outerName) set(v *nameView, limits *strsim.Limits) {
	*a = outerName{
		nameView: v, spellings: v.spellings&(1<<32-1) | v.spellings<<32, sounds: v.sounds,
		givenLimits: limits.Of(int(v.givenLength)), familyLimits: limits.Of(int(v.familyLength)),
	}
	const none = 1<<16 - 1
	if a.sounds&none == 0 {
		a.sounds |= none
	}
	if a.sounds>>16 == 0 {
		a.sounds |= none << 16
	}
}

// Ceilings are the best levels that any two of the records' names may reach.
// Most names have nothing in common, which their views show.
func (k *nameKernel) Ceilings(pairs []column.Pair, out []Level) {
	window := k.window
	var a outerName
	outer := ^uint32(0)
	for i, p := range pairs {
		if p.A != outer || a.nameView == nil {
			outer = p.A
			a.set(&window[p.A], k.limits)
		}
		b := &window[p.B]
		spellings := equalLanes(a.spellings ^ b.spellings)
		if a.odd || b.odd || spellings>>32 != 0 || a.mayCross(b) {
			out[i] = k.ceilingOf(k.records[p.A], k.records[p.B])
			continue
		}
		sounds := equalLanes(uint64(a.sounds ^ b.sounds))
		given, family := differs, differs
		if a.givenMayAgree(b, spellings|sounds) {
			given = k.words.ceiling(k.word(a.given), k.word(b.given))
			if given < alias && (a.given == b.middle || b.given == a.middle) && (a.givenFlags|b.givenFlags)&initialOnly == 0 {
				given = alias
			}
		}
		if a.familyMayAgree(b, spellings|sounds) {
			family = k.words.ceiling(k.word(a.family), k.word(b.family))
		}
		out[i] = k.orFaint(nameTable[family][given], a.given, a.family, b.given, b.family)
	}
}

// givenMayAgree tells whether the given names may agree, or one with a middle
// name. The lowest lane of lanes says whether a code of theirs is equal.
func (a *outerName) givenMayAgree(b *nameView, lanes uint64) bool {
	return uint16(lanes) != 0 || a.givenRoots&b.givenRoots != 0 || a.givenFlags|b.givenFlags != 0 ||
		a.given == b.middle || b.given == a.middle ||
		mayBeLike(a.givenSign, b.givenSign, a.givenFirst, b.givenFirst, b.givenLength, a.givenLimits)
}

// familyMayAgree is the same of the family names, in the next lane.
func (a *outerName) familyMayAgree(b *nameView, lanes uint64) bool {
	return uint16(lanes>>16) != 0 || a.familyRoots&b.familyRoots != 0 || a.familyFlags|b.familyFlags != 0 ||
		mayBeLike(a.familySign, b.familySign, a.familyFirst, b.familyFirst, b.familyLength, a.familyLimits)
}

// mayCross tells whether something of the one name may stand in another part of
// the other, equal spellings aside: what mayBeRearranged looks for.
func (a *outerName) mayCross(b *nameView) bool {
	return a.words&^b.words == 0 || b.words&^a.words == 0 ||
		mayBeLike(a.givenSign, b.familySign, a.givenFirst, b.familyFirst, b.familyLength, a.givenLimits) &&
			mayBeLike(a.familySign, b.givenSign, a.familyFirst, b.givenFirst, b.givenLength, a.familyLimits)
}

// ceilingOf is the best that any two of the records' names may reach.
func (k *nameKernel) ceilingOf(a, b uint32) Level {
	x, y := k.names.at(a), k.names.at(b)
	if (x.full|y.full)&marked != 0 {
		return k.ceilingOfSeveral(a, b)
	}
	return k.ceiling(x, y)
}
