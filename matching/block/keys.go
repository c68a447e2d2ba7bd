package block

import (
	"fmt"
	"math/bits"
	"slices"
)

// maxKeys bounds the keys of one record under one rule. Records beyond it
// hold dozens of addresses or e-mails; their further keys are left out, in
// slot order.
const maxKeys = 64

// part is one conjunct of a rule, bound to a column.
type part struct {
	keys  *keyed
	shift uint8
}

// axis is the parts of a rule that move together: the street and the city of
// one address stand in the same slot, so a key never mixes two addresses.
type axis struct {
	starts []int32 // nil: one slot per record
	parts  []part
}

// packing is how a rule's key is put together from column codes.
type packing struct {
	axes    []axis
	keyBits int
}

// pack lays the columns' codes side by side in one 64-bit key.
func pack(cols []*keyed) (packing, error) {
	var p packing
	for _, c := range cols {
		shift := p.keyBits
		p.keyBits += max(1, bits.Len(uint(c.distinct-1)))
		if p.keyBits > 64 {
			return packing{}, fmt.Errorf("its key needs %d bits and 64 fit: use fewer or coarser conjuncts", p.keyBits)
		}
		a := p.axis(c)
		a.parts = append(a.parts, part{c, uint8(shift)})
	}
	return p, nil
}

// axis finds or adds the axis of a column.
func (p *packing) axis(c *keyed) *axis {
	for i := range p.axes {
		if !c.own && !p.axes[i].parts[0].keys.own && sameStarts(p.axes[i].starts, c.starts) {
			return &p.axes[i]
		}
	}
	p.axes = append(p.axes, axis{starts: c.starts})
	return &p.axes[len(p.axes)-1]
}

// sameStarts tells whether two columns share their slots, which columns of
// one group do by sharing the slice itself.
func sameStarts(a, b []int32) bool {
	if len(a) == 0 || len(b) == 0 {
		return len(a) == len(b)
	}
	return &a[0] == &b[0]
}

// explodes tells whether a record may have several keys.
func (p *packing) explodes() bool {
	for i := range p.axes {
		if p.axes[i].starts != nil {
			return true
		}
	}
	return false
}

// slots is the range of record r's slots on the axis.
func (a *axis) slots(r uint32) (lo, hi uint32) {
	if a.starts == nil {
		return r, r + 1
	}
	return uint32(a.starts[r]), uint32(a.starts[r+1])
}

// at is the axis's share of the key in slot s; ok is false where any of its
// parts is null.
func (a *axis) at(s uint32) (key uint64, ok bool) {
	for _, p := range a.parts {
		code := p.keys.at(s)
		if code == 0 {
			return 0, false
		}
		key |= uint64(code) << p.shift
	}
	return key, true
}

// keys appends record r's distinct keys to dst: one for every combination of
// slots in which no part is null.
func (p *packing) keys(r uint32, dst []uint64) []uint64 {
	return p.extend(r, 0, 0, dst, len(dst))
}

func (p *packing) extend(r uint32, from int, prefix uint64, dst []uint64, base int) []uint64 {
	if from == len(p.axes) {
		if len(dst)-base < maxKeys && !holds(dst[base:], prefix) {
			dst = append(dst, prefix)
		}
		return dst
	}
	a := &p.axes[from]
	lo, hi := a.slots(r)
	for s := lo; s < hi; s++ {
		if key, ok := a.at(s); ok {
			dst = p.extend(r, from+1, prefix|key, dst, base)
		}
	}
	return dst
}

func holds(keys []uint64, key uint64) bool {
	for _, k := range keys {
		if k == key {
			return true
		}
	}
	return false
}

// entries lists the keys of all n records but the unlinkable ones, by record, in
// the memory of out where it suffices.
func (p *packing) entries(n int, unlinkable []bool, out []entry) []entry {
	out = slices.Grow(out, n)
	if !p.explodes() && len(p.axes) == 1 {
		for r := range uint32(n) {
			if key, ok := p.axes[0].at(r); ok && !(unlinkable != nil && unlinkable[r]) {
				out = append(out, entry{key, r})
			}
		}
		return out
	}
	var keys [maxKeys]uint64
	for r := range uint32(n) {
		if unlinkable != nil && unlinkable[r] {
			continue
		}
		for _, k := range p.keys(r, keys[:0]) {
			out = append(out, entry{k, r})
		}
	}
	return out
}
