package compare

import "concord/matching/column"

// nameView is what of a record's name tells that it has nothing in common with
// another: one cache line.
type nameView struct {
	words         uint64
	given, family wordView
	middle        uint32
	// Whether a bound takes more than the view: the name lacks a part, or is one
	// of several; a part is no single word.
	odd                     bool
	givenFlags, familyFlags wordFlags
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
		row, v := k.names.at(r), &k.window[i]
		given, family := &words[row.given], &words[row.family]
		*v = nameView{
			words: row.words, given: given.view(), family: family.view(), middle: row.middle,
			odd: row.given == 0 || row.family == 0, givenFlags: given.flags, familyFlags: family.flags,
		}
	}
}

// outerName is a name that others are compared with.
type outerName struct {
	*nameView
	given, family outerWord
}

func (a *outerName) set(v *nameView, k *nameKernel) {
	a.nameView = v
	a.given.set(v.given, k.limits)
	a.family.set(v.family, k.limits)
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
			a.set(&window[p.A], k)
		}
		b := &window[p.B]
		if a.odd || b.odd || a.mayCross(b) {
			out[i] = k.ceilingOf(k.records[p.A], k.records[p.B])
			continue
		}
		given, family := differs, differs
		if a.givenMayAgree(b) {
			given = k.words.ceiling(k.word(a.given.code), k.word(b.given.code))
			if given < alias && (a.given.code == b.middle || b.given.code == a.middle) && (a.givenFlags|b.givenFlags)&initialOnly == 0 {
				given = alias
			}
		}
		if a.family.mayAgree(&b.family) || a.familyFlags|b.familyFlags != 0 {
			family = k.words.ceiling(k.word(a.family.code), k.word(b.family.code))
		}
		out[i] = k.orFaint(nameTable[family][given], a.given.code, a.family.code, b.given.code, b.family.code)
	}
}

// givenMayAgree tells whether the given names may agree, or one with a middle
// name.
func (a *outerName) givenMayAgree(b *nameView) bool {
	return a.given.mayAgree(&b.given) || a.givenFlags|b.givenFlags != 0 || a.given.code == b.middle || b.given.code == a.middle
}

// mayCross tells whether something of the one name may stand in another part of
// the other: what swapped, mayBeRearranged and orMisplaced look for.
func (a *outerName) mayCross(b *nameView) bool {
	return a.given.code == b.family.code || a.family.code == b.given.code ||
		a.given.spelling == b.family.spelling || a.family.spelling == b.given.spelling ||
		a.words&^b.words == 0 || b.words&^a.words == 0 ||
		a.given.mayBeLike(&b.family) && a.family.mayBeLike(&b.given)
}

// ceilingOf is the best that any two of the records' names may reach.
func (k *nameKernel) ceilingOf(a, b uint32) Level {
	x, y := k.names.at(a), k.names.at(b)
	if (x.full|y.full)&marked != 0 {
		return k.ceilingOfSeveral(a, b)
	}
	return k.ceiling(x, y)
}
