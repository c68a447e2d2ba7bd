package consent

import (
	"slices"

	schema "concord/schemas/consent"
)

// The rows of a feed that are no statements about a use: entries of
// suppression lists, and preferences.

// suppression reads the row as a bar: it covers every purpose, channel and
// brand, so what the row says of those is not read. Without a time it has
// always been there. Its end is its removal from the list, whatever end the
// row names. One on an account, which is no contact point, is the person's.
func (r *reader) suppression(e *schema.Event, said spelling, attributed bool) Reading {
	s := &schema.Suppression{Anchor: e.Anchor, Controller: e.Controller, Kind: said.bar, From: schema.NoTime}
	if r.text(FieldEventTime) != "" {
		r.times(e, timeTexts{event: r.text(FieldEventTime)})
		s.From = e.Time.Lo
	}
	r.scope(e, said)
	s.Scope = e.Scope
	if e.Anchor.Kind == schema.Account {
		s.Scope = max(s.Scope, schema.PersonScope)
	}
	reading := Reading{Event: *e, Suppression: s, Problems: r.problems}
	if len(r.problems) > 0 {
		reading.Hold, reading.Unattributed = attributed, !attributed
	}
	return reading
}

// prefers tells whether the row is about a topic or a frequency rather than
// about a use. What the person said for all contact points or all brands, an
// objection or a global unsubscribe, is about the use whatever else the row
// holds: it must not shrink to a topic.
func (r *reader) prefers(said spelling) bool {
	scope := r.text(FieldScope)
	wide := said.personal || said.state == schema.Objected || scope != "" && token(scope) != schema.AnchorScope.String()
	return (r.text(FieldTopic) != "" || r.text(FieldFrequency) != "") && !(said.state.Denies() && wide)
}

// preference reads the row as preferences. A topic is chosen by a state that
// permits and declined by one that denies; a row with a frequency alone needs
// no state. One that cannot be read may have declined: its anchor is held.
func (r *reader) preference(e *schema.Event, said spelling, attributed bool) Reading {
	topic, often := schema.FoldTopic(r.text(FieldTopic)), schema.AnyFrequency
	if text := r.text(FieldFrequency); text != "" {
		var err error
		if often, err = schema.ParseFrequency(token(text)); err != nil {
			r.fault(FieldFrequency, Unreadable)
		}
		if topic == "" && r.text(FieldState) == "" { // the state alone was missing
			r.problems = slices.DeleteFunc(r.problems, func(p Problem) bool { return p.Field == FieldState && p.Fault == Missing })
		}
	}
	state := e.State
	e.State = schema.Refused // like a denial, a preference without a channel is for all of them
	r.purpose(e)
	e.State = state
	r.times(e, timeTexts{event: r.text(FieldEventTime)})
	reading := Reading{Event: *e}
	base := schema.Preference{Cell: e.Cell, Time: e.Time}
	if topic != "" {
		p := base
		p.Topic, p.Chosen = topic, said.state.Permits()
		p.Declined = said.state.Denies() || often == schema.Never
		p.Chosen = p.Chosen && !p.Declined
		if p.Chosen || p.Declined {
			reading.Preferences = append(reading.Preferences, p)
		}
	}
	if often != schema.AnyFrequency && !(topic != "" && often == schema.Never) {
		p := base
		p.Frequency = often
		reading.Preferences = append(reading.Preferences, p)
	}
	// A row that was only asked says nothing; as an event it says as much.
	reading.Problems = r.problems
	if len(r.problems) > 0 {
		reading.Hold, reading.Unattributed = attributed, !attributed
	}
	return reading
}
