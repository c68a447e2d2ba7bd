package consent

import (
	"errors"
	"fmt"
	"math"
)

// Bounds of event times, in microseconds since 1970 UTC.
const (
	// NoTime stands for "never": the confirmation of an event that was not
	// confirmed, the start of a permission that needed no fact.
	NoTime = int64(math.MinInt64)
	// Forever stands for "no end".
	Forever = int64(math.MaxInt64)
)

// Interval is when something happened, as well as its source knows: between
// Lo and Hi inclusive, in microseconds since 1970 UTC. A source that knows
// only the day gives a whole day.
type Interval struct{ Lo, Hi int64 }

// Notice is what a person was shown.
type Notice struct {
	ID       string
	Version  string
	Language string
	Digest   string // of the text shown
	// Covers lists what the notice spoke of: purpose keys, each optionally
	// followed by ":" and a channel. Empty means that the source does not
	// say; a list that misses the event's own purpose voids a grant.
	Covers []string
}

// Source is where an event was read. It is no part of the event's identity:
// one event delivered twice is one event.
type Source struct {
	Channel string
	Object  string
	Row     uint64 // 1-based data row
}

// Event is one statement about one cell. Events are append-only.
type Event struct {
	Ref string // the source's own id for it, if any
	Cell
	Categories  []string // Fideslang data_category keys the statement was about
	Basis       Basis
	State       State
	Scope       Scope
	Time        Interval
	Received    int64 // microseconds; no rule reads it
	ValidUntil  int64 // first instant it no longer holds, or Forever
	ConfirmedAt int64 // of a double opt-in, or NoTime
	// Jurisdiction binds this event in addition to those of the person:
	// an ISO 3166 code, or "" when the source does not say.
	Jurisdiction string
	Notice       Notice
	Method       string
	Source       Source
	ExpressedBy  Party
	Evidence     string
	// Supersedes names denials that this grant answers, by [EventID] in hex
	// or by Ref.
	Supersedes []string
}

// Validate tells what an event lacks or contradicts. Errors name the field,
// never its value.
func (e *Event) Validate(reg *Registry) error {
	var errs []error
	refuse := func(bad bool, field, problem string) {
		if bad {
			errs = append(errs, fmt.Errorf("consent event: %s: %s", field, problem))
		}
	}
	refuse(e.Anchor.Kind == 0 || e.Anchor.Kind >= numKinds, "subject_kind", "missing")
	refuse(e.Anchor.Hash == [32]byte{}, "subject_value", "missing")
	refuse(e.Controller == "", "controller", "missing")
	_, known := reg.Code(e.Purpose)
	refuse(!known, "purpose", "not in the registry")
	refuse(e.Channel >= NumChannels, "channel", "unknown")
	refuse(e.State >= numStates, "state", "unknown")
	refuse(e.Scope >= numScopes, "scope", "unknown")
	refuse(e.Basis >= numBases, "legal_basis", "unknown")
	refuse(e.ExpressedBy >= numParties, "expressed_by", "unknown")
	refuse(e.Time.Lo <= 0, "event_time", "missing, or before 1970")
	refuse(e.Time.Hi < e.Time.Lo, "event_time", "ends before it begins")
	refuse(e.ValidUntil <= e.Time.Lo, "valid_until", "not after event_time")
	refuse(e.ConfirmedAt != NoTime && e.ConfirmedAt < e.Time.Lo, "confirmed_at", "before event_time")
	for _, c := range e.Categories {
		refuse(!reg.Category(c), "data_categories", "not in the registry")
	}
	return errors.Join(errs...)
}
