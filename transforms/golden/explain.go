package golden

import (
	"slices"

	"concord/schemas/attribute"
)

// Candidate is one value that was considered for an attribute, for people who
// ask why another one stands there.
type Candidate struct {
	Code     uint32 // variant in the attribute's column; 0 for an address that lacks this part
	Record   uint32
	Slot     uint32
	Held     uint32 // members that hold an equal value
	Survived bool
	// LostOn is the first criterion by which it stands behind the value before
	// it that survived ("rule most_recent", "channel trust"); "" for a survivor.
	LostOn string
}

// Explain lists every value that Merge would consider for an attribute of the
// cluster, best first, nil where no channel maps the attribute.
func (m *Merger) Explain(members []uint32, attr attribute.Name, permit Permit) []Candidate {
	at := m.plan.Index(attr)
	if at < 0 {
		return nil
	}
	a := &m.plan.attributes[at]
	u := &m.plan.units[a.unit]
	m.gather(u, members, permit)
	m.classify(u)
	slices.SortFunc(m.candidates, func(a, b candidate) int { return m.compare(u, &b, &a) })
	out := make([]Candidate, len(m.candidates))
	for i := range m.candidates {
		c := &m.candidates[i]
		e := Candidate{Record: c.record, Slot: c.slot, Held: c.held}
		if c.parts&(1<<a.part) != 0 {
			e.Code = a.column.Codes[c.slot]
		}
		winner := m.standsFor(u, i)
		e.Survived = winner == i
		if !e.Survived {
			e.LostOn = m.lostOn(u, &m.candidates[winner], c)
		}
		out[i] = e
	}
	return out
}

// standsFor is the place of the survivor that candidate i lost to, i itself
// for a survivor: the best of all, or of its class under a rule that makes
// lists.
func (m *Merger) standsFor(u *unit, i int) int {
	if !u.rule.List {
		return 0
	}
	for k := range i {
		if m.candidates[k].class == m.candidates[i].class {
			return k
		}
	}
	return i
}
