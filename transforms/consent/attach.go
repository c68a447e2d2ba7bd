package consent

import (
	schema "concord/schemas/consent"
)

// Attach restates, on the contact points of a source's own record, an event
// that the source keeps by account: for each anchor that the event's channel
// reaches, a copy with its own id. The account is no address, so without this
// a consent kept by customer number permits nothing.
//
// It is for the record with that account and no other: how records cluster
// must not matter, or a merge could widen. Whether a consent given once also
// covers an address added later is the source's business; a job that does
// not know gives only the addresses that the record held at the time.
func Attach(e *schema.Event, anchors []schema.Anchor) []schema.Event {
	var events []schema.Event
	for _, a := range anchors {
		if a == e.Anchor || !e.Channel.Reaches(a.Kind) {
			continue
		}
		restated := *e
		restated.Anchor = a
		events = append(events, restated)
	}
	return events
}
