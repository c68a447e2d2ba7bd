package consent

import (
	"strings"

	schema "concord/schemas/consent"
)

// Embedded maps a consent column of an ordinary channel, such as
// newsletter_opt_in with its date, to events on the row's own contact points.
type Embedded struct {
	Controller, Brand, Jurisdiction string
	Purpose                         schema.PurposeCode
	Channel                         schema.Channel
	// OptOut is for a column such as do_not_call: a yes is an objection, and a no
	// says nothing, for whoever did not opt out consented to nothing.
	OptOut bool
	// Yes and No are the column's own words, beside those of many languages
	// that are known without them. Case and spaces do not matter.
	Yes, No []string
}

// Read makes the events of one row: one for each anchor that the channel
// reaches, a grant for a yes and a refusal for a no; of an opt-out an objection
// for a yes. An empty value says
// nothing. A word that is neither yes nor no is a problem of that field, and
// reading it as consent would invent one: the row's anchors must be held.
//
// when is the time of the statement as the row gives it: its date column, or
// the record's own event time.
func (m *Embedded) Read(reg *schema.Registry, value string, when schema.Interval, anchors []schema.Anchor, column Field) ([]schema.Event, []Problem) {
	if strings.TrimSpace(value) == "" {
		return nil, nil
	}
	yes, known := m.yesNo(value)
	if !known {
		return nil, []Problem{{column, Unreadable}}
	}
	if when.Lo <= 0 && (yes || !m.OptOut) {
		return nil, []Problem{{FieldEventTime, Missing}}
	}
	state := schema.Refused
	switch {
	case m.OptOut && !yes:
		return nil, nil
	case m.OptOut:
		state = schema.Objected
	case yes:
		state = schema.Given
	}
	var events []schema.Event
	for _, a := range anchors {
		if !m.Channel.Reaches(a.Kind) {
			continue
		}
		events = append(events, schema.Event{
			Cell: schema.Cell{
				Anchor: a, Controller: m.Controller, Brand: m.Brand,
				Purpose: reg.Purpose(m.Purpose).Key, Channel: m.Channel,
			},
			State: state, Time: when, ValidUntil: schema.Forever, ConfirmedAt: schema.NoTime,
			Jurisdiction: m.Jurisdiction, Method: "column",
		})
	}
	return events, nil
}

// Denies tells whether a value says no.
func (m *Embedded) Denies(value string) bool {
	yes, known := m.yesNo(value)
	return known && yes == m.OptOut && strings.TrimSpace(value) != ""
}

func (m *Embedded) yesNo(value string) (yes, known bool) {
	t := token(value)
	for _, w := range m.Yes {
		if token(w) == t {
			return true, true
		}
	}
	for _, w := range m.No {
		if token(w) == t {
			return false, true
		}
	}
	return yesNo(value)
}
