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
	// Jurisdictions and Minority are the record's own: nothing is merged yet.
	Jurisdictions schema.JurisdictionSet
	Minority      schema.Minority
	// NeedsGrant is set by a job whose basis for linking is consent; others
	// link unless denied.
	NeedsGrant bool
	AsOf       int64 // microseconds since 1970 UTC
}

// LinkDenied tells whether a record that holds this anchor must stay single
// (rule 8): linking it was denied on the anchor, and no later grant on the
// same anchor stands. A suppression or a restriction does not keep a record
// single: linked, it reaches the person's other records too.
func (l *Log) LinkDenied(a AnchorID, by Linking) bool {
	e := &Engine{log: l, policy: l.policy, reg: l.policy.Registry(), asOf: by.AsOf}
	purpose, _ := e.reg.Code(LinkPurpose)
	s := scene{set: by.Jurisdictions, minority: by.Minority}
	c := cell{a, code(l.controllers, by.Controller), code(l.brands, by.Brand), purpose, schema.AnyChannel}
	st := e.standing(&s, c, l.policy.Strictest(by.Jurisdictions, purpose, schema.AnyChannel))
	return !st.ok && (st.denied || by.NeedsGrant)
}
