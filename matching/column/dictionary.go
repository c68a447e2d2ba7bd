package column

import (
	"hash/maphash"

	"concord/schemas/table"
)

// dictionary gives each distinct key a code, from 1 on in order of first
// sight, by an open-addressing table beside the keys: a map would keep them a
// second time. Nothing may depend on the order.
type dictionary struct {
	values table.Strings
	seed   maphash.Seed
	places []place // a power of two of them
}

// place is a code and its key's hash; code 0 is an empty place.
type place struct{ code, hash uint32 }

func newDictionary() *dictionary {
	d := &dictionary{seed: maphash.MakeSeed(), places: make([]place, 1<<6)}
	d.values.Append("")
	return d
}

// add is the code of a key, new if need be; that of "" is 0.
func (d *dictionary) add(key string) uint32 {
	if key == "" {
		return 0
	}
	if 2*d.values.Len() > len(d.places) {
		d.grow()
	}
	hash, mask := uint32(maphash.String(d.seed, key)), uint32(len(d.places)-1)
	for i := hash & mask; ; i = (i + 1) & mask {
		p := &d.places[i]
		switch {
		case p.code == 0:
			*p = place{d.values.Append(key), hash}
			return p.code
		case p.hash == hash && d.values.At(p.code) == key:
			return p.code
		}
	}
}

func (d *dictionary) grow() {
	old := d.places
	d.places = make([]place, 4*len(old))
	mask := uint32(len(d.places) - 1)
	for _, p := range old {
		if p.code == 0 {
			continue
		}
		i := p.hash & mask
		for d.places[i].code != 0 {
			i = (i + 1) & mask
		}
		d.places[i] = p
	}
}

// Derivation is the keys of one kind of every distinct value of a column.
// Pointer-free and read-only.
type Derivation struct {
	// Starts bounds each value's keys in Codes; nil means one key per value, 0
	// where it has none.
	Starts []int32
	// Codes are the keys by value, without repeats within one value.
	Codes []uint32
	// Values are the distinct keys; entry 0 is null.
	Values table.Strings
}

// Of is the keys of value v, never 0 among them.
func (d *Derivation) Of(v uint32) []uint32 {
	if d.Starts != nil {
		return d.Codes[d.Starts[v]:d.Starts[v+1]]
	}
	if d.Codes[v] == 0 {
		return nil
	}
	return d.Codes[v : v+1]
}

// Derive computes kind k of every distinct value of the columns, in order,
// with one dictionary for them all: the same key has the same code whichever
// column it comes from.
func Derive(k Kind, columns ...*Column) []Derivation {
	dict := newDictionary()
	out := make([]Derivation, len(columns))
	for i, c := range columns {
		out[i] = derive(k, c.Values, dict)
	}
	for i := range out {
		out[i].Values = dict.values
	}
	return out
}

func derive(k Kind, values table.Strings, dict *dictionary) Derivation {
	n := max(values.Len(), 1)
	d := Derivation{Codes: make([]uint32, 0, n)}
	if k.Multiple() {
		d.Starts = make([]int32, 1, n+1)
	}
	var keys []string
	for v := range uint32(n) {
		keys = keys[:0]
		if v > 0 {
			keys = Keys(k, values.At(v), keys)
		}
		for _, key := range keys {
			d.Codes = append(d.Codes, dict.add(key))
		}
		switch {
		case k.Multiple():
			d.Starts = append(d.Starts, int32(len(d.Codes)))
		case len(keys) == 0:
			d.Codes = append(d.Codes, 0)
		}
	}
	return d
}
