package snapshot

import (
	"bytes"

	"github.com/zeebo/xxh3"
)

// dictionary is the distinct texts of one column of a row group, in the order
// in which they came. It keeps each text once, with its hash, in memory
// without pointers that is used again for the next row group.
type dictionary struct {
	bytes   []byte
	ends    []uint32 // text i is bytes[ends[i-1]:ends[i]]
	hashes  []uint64 // by text
	table   []uint32 // open addressing by hash: 0, or 1 + number of a text
	ordered bool     // texts come sorted: only the last one can come again
}

// entry is one more than the number of a text: 0 stands for null.
type entry = uint32

func (d *dictionary) len() int { return len(d.ends) }

func (d *dictionary) text(i int) []byte {
	from := uint32(0)
	if i > 0 {
		from = d.ends[i-1]
	}
	return d.bytes[from:d.ends[i]]
}

// find is the entry of a text, which is added if it is new.
func (d *dictionary) find(v string) entry {
	if n := len(d.ends); n > 0 && string(d.text(n-1)) == v {
		return entry(n)
	}
	h := xxh3.HashString(v)
	if d.ordered {
		return d.add(v, h)
	}
	if 2*len(d.ends) >= len(d.table) {
		d.grow()
	}
	mask := uint64(len(d.table) - 1)
	for at := h & mask; ; at = (at + 1) & mask {
		e := d.table[at]
		if e == 0 {
			e = d.add(v, h)
			d.table[at] = e
			return e
		}
		if d.hashes[e-1] == h && string(d.text(int(e-1))) == v {
			return e
		}
	}
}

func (d *dictionary) add(v string, h uint64) entry {
	d.bytes = append(d.bytes, v...)
	d.ends = append(d.ends, uint32(len(d.bytes)))
	d.hashes = append(d.hashes, h)
	return entry(len(d.ends))
}

// grow makes a table with room for more than all texts, those included that
// were added without being looked up.
func (d *dictionary) grow() {
	size := max(64, 2*len(d.table))
	for size <= 2*len(d.hashes) {
		size *= 2
	}
	d.table = make([]uint32, size)
	mask := uint64(len(d.table) - 1)
	for i, h := range d.hashes {
		at := h & mask
		for d.table[at] != 0 {
			at = (at + 1) & mask
		}
		d.table[at] = uint32(i) + 1
	}
}

// bounds are the least and the greatest text by bytes; there must be one.
func (d *dictionary) bounds() (lo, hi []byte) {
	lo, hi = d.text(0), d.text(0)
	for i := 1; i < d.len(); i++ {
		switch v := d.text(i); {
		case bytes.Compare(v, lo) < 0:
			lo = v
		case bytes.Compare(v, hi) > 0:
			hi = v
		}
	}
	return lo, hi
}

func (d *dictionary) reset() {
	clear(d.table)
	d.bytes, d.ends, d.hashes = d.bytes[:0], d.ends[:0], d.hashes[:0]
}

// listing is the distinct lists of texts of one column of a row group, as
// entries of its dictionary.
type listing struct {
	elements []entry
	ends     []uint32 // list i is elements[ends[i-1]:ends[i]]
	hashes   []uint64 // by list
	table    []uint32
}

func (l *listing) list(i int) []entry {
	from := uint32(0)
	if i > 0 {
		from = l.ends[i-1]
	}
	return l.elements[from:l.ends[i]]
}

// find is the entry of a list, which is added if it is new. Its hash is made
// of those of its elements.
func (l *listing) find(list []entry, hash uint64) entry {
	if 2*len(l.ends) >= len(l.table) {
		l.grow()
	}
	mask := uint64(len(l.table) - 1)
	for at := hash & mask; ; at = (at + 1) & mask {
		e := l.table[at]
		if e == 0 {
			l.elements = append(l.elements, list...)
			l.ends = append(l.ends, uint32(len(l.elements)))
			l.hashes = append(l.hashes, hash)
			l.table[at] = entry(len(l.ends))
			return l.table[at]
		}
		if l.hashes[e-1] == hash && equalEntries(l.list(int(e-1)), list) {
			return e
		}
	}
}

func equalEntries(a, b []entry) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func (l *listing) grow() {
	l.table = make([]uint32, max(64, 2*len(l.table)))
	mask := uint64(len(l.table) - 1)
	for i, h := range l.hashes {
		at := h & mask
		for l.table[at] != 0 {
			at = (at + 1) & mask
		}
		l.table[at] = uint32(i) + 1
	}
}

func (l *listing) reset() {
	clear(l.table)
	l.elements, l.ends, l.hashes = l.elements[:0], l.ends[:0], l.hashes[:0]
}
