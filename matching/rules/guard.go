package rules

import (
	"concord/matching/block"
	"concord/matching/column"
	"concord/schemas/attribute"
	"concord/schemas/table"
)

// Guards are what holds rules back. The zero value has the default limits and
// knows no doubtful values.
type Guards struct {
	// Limit replaces [Limit] by attribute.
	Limit map[attribute.Name]int
	// Doubtful tells, by attribute and canonical code, which values are no
	// one's own: [Doubtful] makes it. They count only beside two other keys.
	Doubtful map[attribute.Name][]bool
	// DuplicateFree and Unlinkable are those of [block.Options].
	DuplicateFree []bool
	Unlinkable    []bool
}

// Limit is the default number of records that may share a value of an
// attribute before rules stop believing in it: 0, no limit, for attributes
// that no rule takes as strong.
//
// A person seldom has fifty records in the extracts of one company; a call
// centre's placeholder, a shop's own telephone number or a department's
// mailbox has hundreds.
func Limit(n attribute.Name) int {
	switch {
	case n.Kind() != "", n == attribute.Email, n == attribute.Phone:
		return 50
	case n == attribute.Device:
		return 20 // shared by a household, but a kiosk by a town
	}
	return 0
}

func (g *Guards) limit(n attribute.Name) int {
	if limit, ok := g.Limit[n]; ok {
		return limit
	}
	return Limit(n)
}

// maxBlock bounds the records that agree on a whole rule: above it, they must
// agree on further attributes.
const maxBlock = 256

func (g *Guards) options() block.Options {
	return block.Options{DuplicateFree: g.DuplicateFree, Unlinkable: g.Unlinkable, MaxBlock: maxBlock}
}

// Doubtful lists the canonical values of c all of whose variants are a role
// address, a throw-away address or the reading of a guess.
func Doubtful(c *table.Column) []bool {
	doubtful, sure := make([]bool, c.Canonical.Len()), make([]bool, c.Canonical.Len())
	for variant, code := range c.Canon {
		if c.Flags[variant]&(table.Role|table.Disposable|table.Uncertain) != 0 {
			doubtful[code] = true
		} else {
			sure[code] = true
		}
	}
	for code := range doubtful {
		doubtful[code] = doubtful[code] && !sure[code]
	}
	return doubtful
}

// guarded is t with the values that rule r may not use set to null, and the
// number of such values by reason.
func (g *Guards) guarded(t *column.Table, r Rule) (out *column.Table, shared, doubtful int) {
	copied := *t
	copied.Columns = make([]column.Column, len(t.Columns))
	copy(copied.Columns, t.Columns)
	for _, name := range r.Attributes() {
		c := copied.Column(name)
		if c == nil {
			continue
		}
		barred, s, d := g.barred(c, len(r.Keys))
		if shared, doubtful = shared+s, doubtful+d; s+d > 0 {
			c.Codes = without(c.Codes, barred)
		}
	}
	return &copied, shared, doubtful
}

// barred tells by code which values of c a rule of so many keys may not use.
func (g *Guards) barred(c *column.Column, keys int) (barred []bool, shared, doubtful int) {
	limit, flags := g.limit(c.Name), g.Doubtful[c.Name]
	barred = make([]bool, len(c.Count))
	for code := 1; code < len(c.Count); code++ {
		switch {
		case limit > 0 && int(c.Count[code]) > limit:
			shared++
			barred[code] = true
		case keys < 3 && code < len(flags) && flags[code] && c.Count[code] > 1:
			doubtful++
			barred[code] = true
		}
	}
	return barred, shared, doubtful
}

func without(codes []uint32, barred []bool) []uint32 {
	out := make([]uint32, len(codes))
	for i, code := range codes {
		if !barred[code] {
			out[i] = code
		}
	}
	return out
}
