package consent

import (
	schema "concord/schemas/consent"
)

// LinkPurpose is the purpose that covers linking records.
const LinkPurpose = "operations.identity_resolution"

// Linking says for whom records are linked.
type Linking struct {
	Controller string
	Brand      string
	// NeedsGrant is set by a job whose basis for linking is consent; others
	// link unless denied.
	NeedsGrant bool
	AsOf       int64 // microseconds since 1970 UTC
}

// Linker answers which records must stay single (rule 8). It is read-only.
type Linker struct {
	e       Engine
	by      Linking
	purpose schema.PurposeCode
	brand   uint16
	control uint16
	denied  []uint64 // by anchor index, a bit: it has a denial that covers linking
}

// Linker makes a linker of the log.
func (l *Log) Linker(by Linking) *Linker {
	reg := l.policy.Registry()
	purpose, _ := reg.Code(LinkPurpose)
	x := &Linker{
		e:  Engine{log: l, policy: l.policy, reg: reg, asOf: by.AsOf},
		by: by, purpose: purpose, brand: code(l.brands, by.Brand), control: code(l.controllers, by.Controller),
		denied: make([]uint64, (len(l.anchors)+63)/64),
	}
	for a := range l.anchors {
		for i := l.starts[a]; i < l.starts[a+1]; i++ {
			if f := &l.facts[i]; f.state.Denies() && reg.Covers(f.purpose, purpose) {
				x.denied[a/64] |= 1 << (a % 64)
			}
		}
	}
	return x
}

// Concerns tells whether [Linker.LinkDenied] can be true of an anchor at all:
// few anchors have a denial that covers linking.
func (l *Linker) Concerns(a AnchorID) bool {
	i := int(a.Index())
	return i < len(l.e.log.anchors) && (l.by.NeedsGrant || l.denied[i/64]>>(i%64)&1 != 0)
}

// LinkDenied tells whether a record that holds this anchor must stay single:
// linking it was denied on the anchor, and no later grant on the same anchor
// stands. The jurisdictions and minority are the record's own, for nothing is
// merged yet. A suppression or a restriction does not keep a record single:
// linked, it reaches the person's other records too.
func (l *Linker) LinkDenied(a AnchorID, jurisdictions schema.JurisdictionSet, minority schema.Minority) bool {
	if !l.Concerns(a) && !l.by.NeedsGrant {
		return false
	}
	s := scene{set: jurisdictions, minority: minority}
	c := cell{a, l.control, l.brand, l.purpose, schema.AnyChannel, wholeData} // linking compares whatever a record holds
	rule := l.e.policy.Strictest(jurisdictions, l.purpose, schema.AnyChannel)
	st := l.e.standing(&s, &c, &rule)
	return !st.ok && (st.denied || l.by.NeedsGrant)
}
