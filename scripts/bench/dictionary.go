package main

import (
	"hash/maphash"

	"concord/matching/column"
)

// dictionary gives each distinct value of a column its code, by an
// open-addressing table beside the column's own strings: a map would keep them
// a second time. The codes are in order of first sight, whatever the seed.
type dictionary struct {
	column *column.Column
	seed   maphash.Seed
	places []place // a power of two of them
}

// place is a code and part of its value's hash; code 0 is an empty place.
type place struct{ code, hash uint32 }

func newDictionary(c *column.Column) *dictionary {
	return &dictionary{column: c, seed: maphash.MakeSeed(), places: make([]place, 1<<10)}
}

// code is the code of a value, new if need be.
func (d *dictionary) code(v string) uint32 {
	values := &d.column.Values
	if 2*values.Len() > len(d.places) {
		d.grow()
	}
	h := maphash.String(d.seed, v)
	mask := uint64(len(d.places) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		p := &d.places[i]
		switch {
		case p.code == 0:
			*p = place{values.Append(v), uint32(h >> 32)}
			d.column.Count = append(d.column.Count, 0)
			return p.code
		case p.hash == uint32(h>>32) && values.At(p.code) == v:
			return p.code
		}
	}
}

func (d *dictionary) grow() {
	d.places = make([]place, 2*len(d.places))
	mask := uint64(len(d.places) - 1)
	for code := uint32(1); code < uint32(d.column.Values.Len()); code++ {
		h := maphash.String(d.seed, d.column.Values.At(code))
		i := h & mask
		for d.places[i].code != 0 {
			i = (i + 1) & mask
		}
		d.places[i] = place{code, uint32(h >> 32)}
	}
}
