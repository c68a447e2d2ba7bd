package consent

import (
	"cmp"

	schema "concord/schemas/consent"
)

// origin is where an event was read. No rule looks at it: it is for people
// who ask.
type origin struct {
	row  uint64
	file uint32 // in Log.files
}

// file is an object that events were read from.
type file struct{ channel, object string }

// origins numbers the files as they come.
type origins struct {
	files []file
	codes map[file]uint32
	last  uint32 // code of the file at hand: events come file by file
}

func (o *origins) of(s schema.Source) origin {
	f := file{s.Channel, s.Object}
	if len(o.files) == 0 || o.files[o.last] != f {
		c, ok := o.codes[f]
		if !ok {
			if o.codes == nil {
				o.codes = map[file]uint32{}
			}
			c = uint32(len(o.files))
			o.codes[f] = c
			o.files = append(o.files, f)
		}
		o.last = c
	}
	return origin{s.Row, o.last}
}

// compare orders origins by name and row, so that which of several deliveries
// of one event a log names does not depend on the order they came in.
func (o *origins) compare(x, y origin) int {
	a, b := &o.files[x.file], &o.files[y.file]
	return cmp.Or(cmp.Compare(a.channel, b.channel), cmp.Compare(a.object, b.object), cmp.Compare(x.row, y.row))
}

// LoggedEvent is an event as the log keeps it, with its anchor and where it
// was read: of several deliveries of it, the first by channel, object and row.
type LoggedEvent struct {
	EventView // Own and Decides say nothing here
	Anchor    schema.Anchor
	// Jurisdiction binds the event beside its person's; "" where its source
	// named none.
	Jurisdiction string
	Source       schema.Source
}

// Each calls f with every event, by anchor and then by id, until it returns
// an error. The event is valid until f returns.
func (l *Log) Each(f func(*LoggedEvent) error) error {
	var e LoggedEvent
	for a := range l.anchors {
		e.Anchor, e.Kind = l.anchors[a], l.anchors[a].Kind
		for i := l.starts[a]; i < l.starts[a+1]; i++ {
			x := &l.facts[i]
			e.EventView = l.viewOf(i, e.Kind)
			e.Jurisdiction = ""
			if x.jurisdiction != noJurisdiction {
				e.Jurisdiction = l.policy.Codes(1 << x.jurisdiction)[0]
			}
			at := l.origins[i]
			e.Source = schema.Source{Channel: l.files[at.file].channel, Object: l.files[at.file].object, Row: at.row}
			if err := f(&e); err != nil {
				return err
			}
		}
	}
	return nil
}

// viewOf is fact i as an explanation shows it.
func (l *Log) viewOf(i uint32, kind schema.Kind) EventView {
	f := &l.facts[i]
	return EventView{
		ID: l.ids[i], Kind: kind,
		Controller: named(l.controllers, f.controller), Brand: named(l.brands, f.brand),
		Purpose: l.policy.Registry().Purpose(f.purpose).Key, Channel: f.channel, Basis: f.basis, State: f.state, Scope: f.scope,
		Time: schema.Interval{Lo: f.lo, Hi: f.hi}, ValidUntil: f.until, ConfirmedAt: f.confirmed,
		NoticeVersion: l.notice.At(i), Evidence: l.evidence.At(i),
	}
}
