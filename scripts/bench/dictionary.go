package main

import (
	"hash/maphash"
	"unsafe"

	"concord/matching/column"
)

// dictionary gives each distinct value of a column its code, by an
// open-addressing table beside the column's own strings: a map would keep them
// a second time. The codes are in order of first sight, whatever the seed.
type dictionary struct {
	column  *column.Column
	seed    maphash.Seed
	places  []place // a power of two of them
	touched uint32
}

// place is a code and its value's hash; code 0 is an empty place.
type place struct{ code, hash uint32 }

func newDictionary(c *column.Column) *dictionary {
	return &dictionary{column: c, seed: maphash.MakeSeed(), places: make([]place, 1<<12)}
}

func (d *dictionary) hash(v []byte) uint32 { return uint32(maphash.Bytes(d.seed, v)) }

// touch reads where values of the hashes begin to be looked for, and what stands
// there, and does nothing with it.
func (d *dictionary) touch(hashes []uint32) {
	sum, mask, offsets := uint32(0), uint32(len(d.places)-1), d.column.Values.Offsets
	for _, h := range hashes {
		sum += d.places[h&mask].hash
	}
	for _, h := range hashes {
		sum += uint32(offsets[d.places[h&mask].code])
	}
	data := d.column.Values.Bytes
	for _, h := range hashes {
		if at := int(offsets[d.places[h&mask].code]); at < len(data) {
			sum += uint32(data[at])
		}
	}
	d.touched = sum
}

// code is the code of a value of the hash, new if need be.
func (d *dictionary) code(v []byte, hash uint32) uint32 {
	values := &d.column.Values
	if 2*values.Len() > len(d.places) {
		d.grow()
	}
	mask := uint32(len(d.places) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		p := &d.places[i]
		switch {
		case p.code == 0:
			*p = place{values.Append(unsafe.String(unsafe.SliceData(v), len(v))), hash} // Append copies
			d.column.Count = append(d.column.Count, 0)
			return p.code
		case p.hash == hash && values.At(p.code) == string(v):
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
