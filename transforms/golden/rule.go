package golden

import (
	"cmp"
	"math/bits"
)

// Rule is a survivorship rule: which of the values that a cluster's records
// hold stands in the golden record.
type Rule struct {
	Name string
	// Description is the sentence that reports and explanations show.
	Description string
	// List tells that every distinct value survives, best first.
	List bool

	// prefer is positive when a survives before b, negative the other way
	// round, 0 when the rule cannot tell and the tie-breaks must.
	prefer func(a, b *candidate) int
	needs  fact
}

// fact is what a rule reads that costs something to find out.
type fact uint8

const (
	needsLength fact = 1 << iota
	needsRecord
)

// candidate is one value that may survive: one slot of one member. For an
// address the value is all parts of the slot.
type candidate struct {
	record   uint32
	slot     uint32
	position uint32 // of the slot within its record: 0 is the first
	trust    uint32 // rank of the record's channel: 0 is trusted most
	event    int64  // event time of the record, µs
	held     uint32 // members that hold an equal value
	class    uint32 // candidates of one class hold equal values
	length   uint32 // characters as shown, if the rule needs them
	filled   uint32 // attributes that the record fills, if the rule needs them
	parts    uint16 // bit i: part i of the unit is there and permitted
}

// partCount counts the parts of an address that are there.
func (c *candidate) partCount() int { return bits.OnesCount16(c.parts) }

// A tieBreak settles what a rule leaves open. Its name is what explanations
// say a value lost on.
type tieBreak struct {
	name   string
	prefer func(m *Merger, u *unit, a, b *candidate) int
}

// tieBreaks in the order they are asked. The last one tells any two records
// apart, so that the order of members and dictionary codes never matters.
var tieBreaks = []tieBreak{
	{"channel trust", func(_ *Merger, _ *unit, a, b *candidate) int { return cmp.Compare(b.trust, a.trust) }},
	{"event time", func(_ *Merger, _ *unit, a, b *candidate) int { return cmp.Compare(a.event, b.event) }},
	{"frequency", func(_ *Merger, _ *unit, a, b *candidate) int { return cmp.Compare(a.held, b.held) }},
	{"position in the record", func(_ *Merger, _ *unit, a, b *candidate) int { return cmp.Compare(b.position, a.position) }},
	{"order of the values' bytes", func(m *Merger, u *unit, a, b *candidate) int { return m.compareShown(u, b, a) }},
	{"order of the record keys", func(m *Merger, _ *unit, a, b *candidate) int { return m.compareRecords(b.record, a.record) }},
}

// compare is positive when a survives before b. It is 0 only for a and b the
// same.
func (m *Merger) compare(u *unit, a, b *candidate) int {
	if c := u.rule.prefer(a, b); c != 0 {
		return c
	}
	for i := range tieBreaks {
		if c := tieBreaks[i].prefer(m, u, a, b); c != 0 {
			return c
		}
	}
	return cmp.Compare(b.slot, a.slot)
}

// lostOn names the first criterion by which loser stands behind winner.
func (m *Merger) lostOn(u *unit, winner, loser *candidate) string {
	if u.rule.prefer(winner, loser) != 0 {
		return "rule " + u.rule.Name
	}
	for i := range tieBreaks {
		if tieBreaks[i].prefer(m, u, winner, loser) != 0 {
			return tieBreaks[i].name
		}
	}
	return "position in the record"
}

// compareShown orders two candidates by the bytes of what they show, part by
// part.
func (m *Merger) compareShown(u *unit, a, b *candidate) int {
	for i, col := range u.columns {
		if c := cmp.Compare(shown(col, a, i), shown(col, b, i)); c != 0 {
			return c
		}
	}
	return 0
}

// compareRecords orders records by (source, key, channel, object, row), of
// which source and key alone are unique in a records table.
func (m *Merger) compareRecords(a, b uint32) int {
	r := m.plan.records
	if c := cmp.Compare(r.Source[a], r.Source[b]); c != 0 {
		return c
	}
	if c := cmp.Compare(r.RecordKey(a), r.RecordKey(b)); c != 0 {
		return c
	}
	if c := cmp.Compare(r.Channel[a], r.Channel[b]); c != 0 {
		return c
	}
	if c := cmp.Compare(r.Object[a], r.Object[b]); c != 0 {
		return c
	}
	return cmp.Compare(r.Row[a], r.Row[b])
}
