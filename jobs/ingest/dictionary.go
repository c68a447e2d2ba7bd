package ingest

import (
	"errors"
	"math"
	"math/bits"

	"github.com/zeebo/xxh3"

	"concord/schemas/table"
)

// dictionary gives each distinct string a code, in order of arrival; code 0
// is "" (null). Open addressing over one slice of 64-bit entries (upper half
// of the hash, code): the strings are looked at only when the hashes agree.
type dictionary struct {
	values table.Strings
	slots  []uint64 // hash32<<32 | code; 0 is free
	mask   uint64
}

// errDictionaryFull is returned when distinct values of one column exceed
// Arrow's 32-bit string offsets.
var errDictionaryFull = errors.New("its distinct values exceed 2 GiB: split the channel or leave the column out")

func newDictionary() *dictionary {
	d := &dictionary{slots: make([]uint64, 1024), mask: 1023}
	d.values.Append("")
	return d
}

// code is v's code, new or old.
func (d *dictionary) code(v []byte) (uint32, error) {
	if len(v) == 0 {
		return 0, nil
	}
	h := xxh3.Hash(v)
	for i := h & d.mask; ; i = (i + 1) & d.mask {
		e := d.slots[i]
		if e == 0 {
			return d.add(v, h, i)
		}
		if e>>32 == h>>32 && d.values.At(uint32(e)) == string(v) {
			return uint32(e), nil
		}
	}
}

func (d *dictionary) codeString(v string) (uint32, error) { return d.code([]byte(v)) }

func (d *dictionary) add(v []byte, h, slot uint64) (uint32, error) {
	if len(d.values.Bytes)+len(v) > math.MaxInt32 {
		return 0, errDictionaryFull
	}
	d.values.Bytes = append(d.values.Bytes, v...)
	d.values.Offsets = append(d.values.Offsets, int32(len(d.values.Bytes)))
	code := uint32(d.values.Len() - 1)
	d.slots[slot] = h>>32<<32 | uint64(code)
	if uint64(code)*3 > d.mask*2 { // over two thirds full: probes lengthen
		d.grow()
	}
	return code, nil
}

func (d *dictionary) grow() {
	size := uint64(1) << bits.Len64(d.mask+1)
	d.slots, d.mask = make([]uint64, size), size-1
	for code := uint32(1); int(code) < d.values.Len(); code++ {
		h := xxh3.HashString(d.values.At(code))
		i := h & d.mask
		for d.slots[i] != 0 {
			i = (i + 1) & d.mask
		}
		d.slots[i] = h>>32<<32 | uint64(code)
	}
}

// seal gives the strings away and frees the table.
func (d *dictionary) seal() table.Strings {
	d.slots = nil
	return d.values
}
