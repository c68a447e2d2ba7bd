package ingest

import (
	"errors"
	"math"
	"unsafe"

	"github.com/zeebo/xxh3"

	"concord/jobs/spill"
	"concord/schemas/table"
)

// dictionary gives each distinct string a code, in order of arrival; code 0
// is "" (null).
type dictionary struct {
	values table.Strings
	index  index
	in     *room
}

// errDictionaryFull is returned when distinct values of one column exceed
// Arrow's 32-bit string offsets.
var errDictionaryFull = errors.New("its distinct values exceed 2 GiB: split the channel or leave the column out")

func newDictionary(in *room) *dictionary {
	d := &dictionary{index: newIndex(in), in: in}
	d.values.Append("")
	return d
}

// code is v's code, new or old.
func (d *dictionary) code(v []byte) (uint32, error) {
	return d.codeString(unsafe.String(unsafe.SliceData(v), len(v))) // read, not kept
}

func (d *dictionary) codeString(v string) (uint32, error) { return d.codeHashed(v, xxh3.HashString(v)) }

// codeHashed is codeString of a string whose xxh3 hash is known.
func (d *dictionary) codeHashed(v string, hash uint64) (uint32, error) {
	if v == "" {
		return 0, nil
	}
	x := &d.index
	for i := x.home(hash); x.slots[i] != 0; i = x.next(i) {
		if code, ok := x.match(i, hash); ok && d.values.At(code) == v {
			return code, nil
		}
	}
	if err := appendTo(d.in, &d.values, v); err != nil {
		return 0, err
	}
	code := uint32(d.values.Len() - 1)
	x.put(hash, code)
	return code, nil
}

// appendTo is s.Append with the limit of Arrow's offsets.
func appendTo(in *room, s *table.Strings, v string) error {
	if len(s.Bytes)+len(v) > math.MaxInt32 {
		return errDictionaryFull
	}
	s.Bytes = spill.Grow(in.space, s.Bytes, len(v))
	s.Offsets = spill.Grow(in.space, s.Offsets, 1)
	s.Append(v)
	return nil
}

// seal gives the strings away and frees the table.
func (d *dictionary) seal() table.Strings {
	d.in.free(&d.index)
	d.index = index{}
	return d.values
}

func (d *dictionary) arrays(move func(array any)) {
	d.values.Arrays(move)
	d.index.arrays(move)
}
