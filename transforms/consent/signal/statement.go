package signal

import (
	"slices"

	schema "concord/schemas/consent"
)

// Statement is what a signal says of one purpose.
type Statement struct {
	Purpose string // a key of the registry
	Channel schema.Channel
	State   schema.State // given, refused or objected
	Scope   schema.Scope
	Basis   schema.Basis
	// Time is when, as well as the signal knows; zero when it carries no time
	// and the row's own must do.
	Time schema.Interval
	// Jurisdiction is an ISO 3166 code, or "" when the signal does not say.
	Jurisdiction string
	Method       string // the signal it came by: "tcf", "usca", "gpc" …
}

// Event is the statement as an event on one anchor: the device or the account
// of the row. when is the row's own time, for signals without one.
func (s *Statement) Event(anchor schema.Anchor, controller, brand string, when schema.Interval) schema.Event {
	if s.Time != (schema.Interval{}) {
		when = s.Time
	}
	return schema.Event{
		Cell: schema.Cell{
			Anchor: anchor, Controller: controller, Brand: brand, Purpose: s.Purpose, Channel: s.Channel,
		},
		Basis: s.Basis, State: s.State, Scope: s.Scope, Time: when,
		ValidUntil: schema.Forever, ConfirmedAt: schema.NoTime,
		Jurisdiction: s.Jurisdiction, Method: s.Method,
	}
}

// GPP field names of the opt-outs that the registry maps.
const (
	saleOptOut        = "SaleOptOut"
	sharingOptOut     = "SharingOptOut"
	advertisingOptOut = "TargetedAdvertisingOptOut"
)

// objections are the purposes that an opt-out of any of the fields objects
// to. They speak for the person: an opt-out signal binds the browser, the
// device and the known consumer (11 CCR 7025(c)).
func (r Reader) objections(method, jurisdiction string, fields ...string) []Statement {
	var out []Statement
	for _, p := range r.Registry.Purposes() {
		if slices.ContainsFunc(p.GPP, func(f string) bool { return slices.Contains(fields, f) }) {
			out = append(out, Statement{
				Purpose: p.Key, State: schema.Objected, Scope: schema.PersonScope,
				Jurisdiction: jurisdiction, Method: method,
			})
		}
	}
	return out
}
