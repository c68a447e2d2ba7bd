package golden

import (
	"cmp"
	"unicode/utf8"

	"concord/schemas/table"
)

// parts marks the parts of the unit that a slot holds and permit lets pass.
func (u *unit) parts(rec, slot uint32, permit Permit) uint16 {
	var parts uint16
	for i, col := range u.columns {
		code := col.Codes[slot]
		if code == 0 || !shows(col, code) {
			continue
		}
		if permit == nil || permit(rec, u.names[i], slot) {
			parts |= 1 << i
		}
	}
	return parts
}

// shows tells whether a variant may stand in a golden record.
func shows(col *table.Column, code uint32) bool {
	if int(code) < len(col.Flags) && col.Flags[code]&table.Junk != 0 {
		return false
	}
	return col.Shown.Offsets[code] != col.Shown.Offsets[code+1]
}

// shown is part i of a candidate as shown, "" where it lacks the part.
func shown(col *table.Column, c *candidate, i int) string {
	if c.parts&(1<<i) == 0 {
		return ""
	}
	return col.Shown.At(col.Codes[c.slot])
}

func (u *unit) length(c *candidate) uint32 {
	n := 0
	for i, col := range u.columns {
		n += utf8.RuneCountInString(shown(col, c, i))
	}
	return uint32(n)
}

// noCanon keeps the keys of variants that have no canonical form apart from
// canonical codes. Entries take a byte each and offsets are int32, so no code
// reaches it.
const noCanon = 1 << 31

// valueKey is the same for two slots whose values are equal: the canonical
// code, or the variant where nothing may match it.
func valueKey(col *table.Column, code uint32) uint32 {
	if int(code) < len(col.Canon) && col.Canon[code] != 0 {
		return col.Canon[code]
	}
	return code | noCanon
}

// compareValues is 0 for equal values. The order it gives to unequal ones is
// that of the codes and means nothing.
func (u *unit) compareValues(a, b *candidate) int {
	if c := cmp.Compare(a.parts, b.parts); c != 0 {
		return c
	}
	for i, col := range u.columns {
		if a.parts&(1<<i) == 0 {
			continue
		}
		if c := cmp.Compare(valueKey(col, col.Codes[a.slot]), valueKey(col, col.Codes[b.slot])); c != 0 {
			return c
		}
	}
	return 0
}

// filled counts the attributes that a record fills with permitted values.
func (p *Plan) filled(rec uint32, permit Permit) uint32 {
	n := uint32(0)
	for i := range p.attributes {
		a := &p.attributes[i]
		lo, hi := a.column.Slots(rec)
		for s := lo; s < hi; s++ {
			code := a.column.Codes[s]
			if code != 0 && shows(a.column, code) && (permit == nil || permit(rec, a.Name, s)) {
				n++
				break
			}
		}
	}
	return n
}
