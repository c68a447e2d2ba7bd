package golden

import (
	"slices"

	"concord/schemas/attribute"
)

// ContactPoint is a way to reach a person or a device of theirs: one distinct
// canonical e-mail address, telephone number, postal address or device id of
// the cluster, shown by the best of its spellings.
type ContactPoint struct {
	Kind      string         // "email", "phone", "postal", "device"
	Attribute attribute.Name // the column that Code and Slot belong to; street for "postal"
	Code      uint32         // variant; 0 for a postal address that is only a post-office box
	Record    uint32
	Slot      uint32 // for "postal", of every address column
	Held      uint32 // members that hold it
	Primary   bool   // the one that the attribute's rule puts first
}

// ContactPoints appends the contact points of a cluster to out, kinds in
// table order and the best of each kind first. It overwrites the buffers that
// Merge uses, not its results.
func (m *Merger) ContactPoints(members []uint32, permit Permit, out []ContactPoint) []ContactPoint {
	for i := range m.plan.units {
		u := &m.plan.units[i]
		if u.contact == "" {
			continue
		}
		m.gather(u, members, permit)
		m.candidates = slices.DeleteFunc(m.candidates, func(c candidate) bool { return c.parts&u.reachable == 0 })
		if len(m.candidates) == 0 {
			continue
		}
		m.classify(u)
		m.kept = m.kept[:0]
		m.keepDistinct(u)
		name, part := u.contactColumn()
		for k := range m.kept {
			c := &m.kept[k]
			p := ContactPoint{Kind: u.contact, Attribute: name, Record: c.record, Slot: c.slot, Held: c.held, Primary: k == 0}
			if c.parts&(1<<part) != 0 {
				p.Code = u.columns[part].Codes[c.slot]
			}
			out = append(out, p)
		}
	}
	return out
}

// contactColumn is the column that stands for the unit's contact point.
func (u *unit) contactColumn() (attribute.Name, int) {
	for i, n := range u.names {
		if spec, _ := attribute.Lookup(n); spec.Contact != "" {
			return n, i
		}
	}
	return u.names[0], 0
}
