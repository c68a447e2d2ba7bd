package column

import "concord/schemas/attribute"

// Part is one derivation of one attribute.
type Part struct {
	Name attribute.Name
	Kind Kind
}

// Derived is the column of one kind of key over one or more attributes. Each
// record's slots are the distinct keys of all its values of all the named
// attributes, ascending by code: so a key that stands in given_name of one
// record meets the same key in family_name of another. Attributes without a
// column are left out; nil when none has one. Name is the first attribute's.
//
// The result is freshly made and not kept: whoever needs it twice holds it.
func (t *Table) Derived(k Kind, names ...attribute.Name) *Column {
	var sources []*Column
	for _, n := range names {
		if c := t.Column(n); c != nil {
			sources = append(sources, c)
		}
	}
	if len(sources) == 0 {
		return nil
	}
	keys := Derive(k, sources...)
	out := &Column{Name: sources[0].Name, Values: keys[0].Values}
	out.Count = make([]uint32, max(out.Values.Len(), 1))
	single := len(sources) == 1 && sources[0].Starts == nil && !k.Multiple()
	if !single {
		out.Starts = make([]int32, 1, t.N+1)
	}
	out.Codes = make([]uint32, 0, t.N)
	for r := range uint32(t.N) {
		lo := len(out.Codes)
		for i, c := range sources {
			out.Codes = appendKeys(out.Codes, lo, c, &keys[i], r)
		}
		if single && len(out.Codes) == lo {
			out.Codes = append(out.Codes, 0)
		}
		if !single {
			out.Starts = append(out.Starts, int32(len(out.Codes)))
		}
		CountRecord(out, r)
	}
	return out
}

// appendKeys adds the keys of record r's values to the record's codes, which
// begin at lo, keeping them ascending and distinct.
func appendKeys(codes []uint32, lo int, c *Column, keys *Derivation, r uint32) []uint32 {
	from, to := c.Slots(r)
	for s := from; s < to; s++ {
		for _, key := range keys.Of(c.Codes[s]) {
			codes = insertKey(codes, lo, key)
		}
	}
	return codes
}

// insertKey puts key into the ascending codes[lo:] unless it is there.
func insertKey(codes []uint32, lo int, key uint32) []uint32 {
	i := len(codes)
	for i > lo && codes[i-1] >= key {
		i--
	}
	if i < len(codes) && codes[i] == key {
		return codes
	}
	codes = append(codes, 0)
	copy(codes[i+1:], codes[i:])
	codes[i] = key
	return codes
}

// Combined is the column of combinations: parts of one group, slot by slot
// ("house number and street"). A combination has a code of its own and is null
// where any part is null. The parts' kinds must give one key each, and the
// attributes must have the same slots, as those of one group do; nil when a
// column is missing or the slots differ. Values is left empty: a combination
// is told apart by its code alone. Unordered makes "ana cruz" and "cruz ana"
// one combination.
func (t *Table) Combined(unordered bool, parts ...Part) *Column {
	sources, keys := t.parts(parts)
	if sources == nil {
		return nil
	}
	first := sources[0]
	out := &Column{Name: first.Name, Starts: first.Starts, Codes: make([]uint32, len(first.Codes)), Count: []uint32{0}}
	pairs := newPairs(len(first.Codes) / 2)
	var row [maxParts]uint32
	for s := range first.Codes {
		code := uint32(0)
		if gather(row[:len(parts)], sources, keys, s) {
			if unordered {
				sortCodes(row[:len(parts)])
			}
			code = pairs.combine(row[:len(parts)])
		}
		out.Codes[s] = code
	}
	out.Codes, out.Count = densify(out.Codes)
	for r := range uint32(t.N) {
		CountRecord(out, r)
	}
	return out
}

// maxParts bounds the parts of a combination.
const maxParts = 8

// parts finds the columns and derives their keys in one dictionary per kind,
// so that an unordered combination can compare them.
func (t *Table) parts(parts []Part) ([]*Column, []Derivation) {
	if len(parts) == 0 || len(parts) > maxParts {
		return nil, nil
	}
	sources := make([]*Column, len(parts))
	keys := make([]Derivation, len(parts))
	dicts := map[Kind]*dictionary{}
	for i, p := range parts {
		c := t.Column(p.Name)
		if c == nil || p.Kind.Multiple() || (i > 0 && !sameSlots(c, sources[0])) {
			return nil, nil
		}
		if dicts[p.Kind] == nil {
			dicts[p.Kind] = newDictionary()
		}
		sources[i], keys[i] = c, derive(p.Kind, c.Values, dicts[p.Kind])
	}
	return sources, keys
}

func sameSlots(a, b *Column) bool {
	if (a.Starts == nil) != (b.Starts == nil) || len(a.Codes) != len(b.Codes) {
		return false
	}
	for i := range a.Starts {
		if a.Starts[i] != b.Starts[i] {
			return false
		}
	}
	return true
}

// gather reads the keys of slot s and tells whether all are present.
func gather(row []uint32, sources []*Column, keys []Derivation, s int) bool {
	for i, c := range sources {
		row[i] = keys[i].Codes[c.Codes[s]]
		if row[i] == 0 {
			return false
		}
	}
	return true
}

func sortCodes(row []uint32) {
	for i := 1; i < len(row); i++ {
		for j := i; j > 0 && row[j-1] > row[j]; j-- {
			row[j-1], row[j] = row[j], row[j-1]
		}
	}
}

// densify renumbers codes from 1 on in order of first sight and makes room to
// count them.
func densify(codes []uint32) (dense, count []uint32) {
	top := uint32(0)
	for _, c := range codes {
		top = max(top, c)
	}
	renumber := make([]uint32, top+1)
	next := uint32(0)
	for i, c := range codes {
		if c != 0 && renumber[c] == 0 {
			next++
			renumber[c] = next
		}
		codes[i] = renumber[c]
	}
	return codes, make([]uint32, next+1)
}
