package rules

import (
	"slices"

	"concord/matching/column"
	"concord/schemas/attribute"
)

// A contact point that people of several names use is no one's own: the
// mailbox of an office, a shop's telephone, the address that a call centre
// types in where there is none. That two records have it says where they come
// from, not who they are.

// Names from which on a contact point is taken to be shared. Of two names one
// may be misread or misplaced; three that have nothing in common, given or
// family name, are three people, unless the records are many: somebody with a
// hundred has three whose names are beyond recognition. One that is a role
// address by its look needs no more than two.
const (
	manyNames       = 3
	roleNames       = 2
	recordsPerName  = 6
	mostNamesNeeded = 12
)

// namesNeeded is how many names make a value of so many records shared.
func namesNeeded(records uint32, role bool) int {
	if role {
		return roleNames
	}
	return min(max(manyNames, int(records)/recordsPerName), mostNamesNeeded)
}

// WithoutShared is t with the e-mail addresses and telephone numbers null
// that people of several given names use, and how many such values there are.
// doubtful is that of [Guards]. t is left as it is and shares its memory with
// the result.
func WithoutShared(t *column.Table, doubtful map[attribute.Name][]bool) (out *column.Table, shared int) {
	names := newFullNames(t)
	if names == nil {
		return t, 0
	}
	copied := *t
	copied.Columns = slices.Clone(t.Columns)
	for _, name := range []attribute.Name{attribute.Email, attribute.Phone} {
		c := copied.Column(name)
		if c == nil {
			continue
		}
		limits := func(code uint32) int {
			flags := doubtful[name]
			return namesNeeded(c.Count[code], int(code) < len(flags) && flags[code])
		}
		barred, n := names.shared(c, limits)
		if shared += n; n > 0 {
			c.Codes = without(c.Codes, barred)
			c.Count = slices.Clone(c.Count)
			for code := range barred {
				if barred[code] {
					c.Count[code] = 0
				}
			}
			c.Count[0] = empty(c, t.N)
		}
	}
	return &copied, shared
}

// empty counts the records that hold no value of c.
func empty(c *column.Column, n int) (count uint32) {
	for r := range uint32(n) {
		if !present(c, r) {
			count++
		}
	}
	return count
}

// fullNames tells which names may be one person's.
type fullNames struct {
	given, family nameForms
	n             int
}

// nameForms is a part of the name with what its forms have in common.
type nameForms struct {
	column                *column.Column
	spelling, sound, root column.Derivation
}

// newFullNames is nil where given or family names are not known.
func newFullNames(t *column.Table) *fullNames {
	given, family := t.Column(attribute.GivenName), t.Column(attribute.FamilyName)
	if given == nil || family == nil {
		return nil
	}
	derive := func(k column.Kind) (x, y column.Derivation) {
		both := column.Derive(k, given, family) // in one dictionary: names change places
		return both[0], both[1]
	}
	f := &fullNames{given: nameForms{column: given}, family: nameForms{column: family}, n: t.N}
	f.given.spelling, f.family.spelling = derive(column.Spelling)
	f.given.sound, f.family.sound = derive(column.Soundex)
	f.given.root, f.family.root = derive(column.Roots)
	return f
}

// shared tells, by code of c, which values people of so many names use.
func (f *fullNames) shared(c *column.Column, limit func(code uint32) int) (shared []bool, n int) {
	shared = make([]bool, len(c.Count))
	seen := make([][]uint32, len(c.Count)) // by code: records, no two of which may be one person's
	for r := range uint32(f.n) {
		if f.given.column.Single(r) == 0 {
			continue
		}
		for _, code := range slots(c, r) {
			if code == 0 || shared[code] || c.Count[code] < uint32(limit(code)) {
				continue
			}
			if slices.ContainsFunc(seen[code], func(other uint32) bool { return f.alike(r, other) }) {
				continue
			}
			if seen[code] = append(seen[code], r); len(seen[code]) >= limit(code) {
				shared[code], seen[code] = true, nil
				n++
			}
		}
	}
	return shared, n
}

// alike tells whether given or family names of two records can be forms of
// one, in their own place or in the other's.
func (f *fullNames) alike(a, b uint32) bool {
	for _, x := range []*nameForms{&f.given, &f.family} {
		for _, y := range []*nameForms{&f.given, &f.family} {
			if x.form(x.column.Single(a), y, y.column.Single(b)) {
				return true
			}
		}
	}
	return false
}

// form tells whether two names are a form, a spelling or the initial of one.
func (x *nameForms) form(v uint32, y *nameForms, w uint32) bool {
	if v == 0 || w == 0 {
		return false
	}
	if a, b := x.column.Values.At(v), y.column.Values.At(w); a == b || x == y && initialOf(a, b) {
		return true
	}
	return meet(&x.spelling, v, &y.spelling, w) || meet(&x.sound, v, &y.sound, w) || meet(&x.root, v, &y.root, w)
}

// meet tells whether two values have a key in common.
func meet(x *column.Derivation, v uint32, y *column.Derivation, w uint32) bool {
	for _, key := range x.Of(v) {
		if key != 0 && slices.Contains(y.Of(w), key) {
			return true
		}
	}
	return false
}
