package consent

import (
	"sort"

	schema "concord/schemas/consent"
)

// Limits are what narrows without being an event: entries of suppression lists,
// holds and preferences.

// What decided is a fact, or, with these bits, a bar or a preference of the
// log. A log holds less than 2³⁰ of each.
const (
	decidedByPreference = 1 << 30
	decidedByBar        = 1 << 31
)

// idOf is the id of what decided.
func (l *Log) idOf(deciding uint32) schema.EventID {
	switch {
	case deciding >= decidedByBar:
		i := deciding - decidedByBar
		at := sort.Search(len(l.barStarts), func(k int) bool { return l.barStarts[k] > i }) - 1
		s := l.suppression(i, l.anchors[at])
		return s.ID()
	case deciding >= decidedByPreference:
		p := l.preferenceOf(deciding - decidedByPreference)
		return p.ID()
	}
	return l.ids[deciding]
}

func (l *Log) suppression(i uint32, of schema.Anchor) schema.Suppression {
	b := &l.bars[i]
	return schema.Suppression{Anchor: of, Controller: named(l.controllers, b.controller), Kind: b.kind, Scope: b.reach, From: b.from, Source: l.sourceOf(l.barOrigins[i])}
}

func (l *Log) preferenceOf(i uint32) schema.Preference {
	p := &l.preferences[i]
	return schema.Preference{
		Cell: schema.Cell{Anchor: p.anchor, Controller: named(l.controllers, p.controller), Brand: named(l.brands, p.brand),
			Purpose: l.policy.Registry().Purpose(p.purpose).Key, Channel: p.channel},
		Topic: p.topic, Chosen: p.chosen, Declined: p.declined, Frequency: p.frequency,
		Time: schema.Interval{Lo: p.lo, Hi: p.hi}, Source: l.sourceOf(p.origin),
	}
}

// Limit is a suppression or a preference: one of the two is nil.
type Limit struct {
	Suppression *schema.Suppression
	Preference  *schema.Preference
}

// LimitsIn calls f with the limits of the anchors from number lo up to hi, by
// anchor, until it returns an error. They are valid until f returns.
func (l *Log) LimitsIn(lo, hi int, f func(Limit) error) error {
	if l.barStarts == nil {
		return nil
	}
	for a := lo; a < hi; a++ {
		for i := l.barStarts[a]; i < l.barStarts[a+1]; i++ {
			var x Limit
			if pref := l.bars[i].pref; pref > 0 {
				p := l.preferenceOf(pref - 1)
				x.Preference = &p
			} else {
				s := l.suppression(i, l.anchors[a])
				x.Suppression = &s
			}
			if err := f(x); err != nil {
				return err
			}
		}
	}
	return nil
}
