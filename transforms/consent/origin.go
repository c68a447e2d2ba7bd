package consent

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strings"

	schema "concord/schemas/consent"
)

// origin is where an event was read. No rule looks at it: it is for people
// who ask.
type origin struct {
	row  uint32
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

func (o *origins) of(s schema.Source) (origin, error) {
	if s.Row > math.MaxUint32 {
		return origin{}, errors.New("its row number exceeds 4,294,967,295")
	}
	return origin{uint32(s.Row), o.file(file{s.Channel, s.Object})}, nil
}

func (o *origins) file(f file) uint32 {
	if len(o.files) == 0 || o.files[o.last] != f {
		c, ok := o.codes[f]
		if !ok {
			if o.codes == nil {
				o.codes = map[file]uint32{}
			}
			c = uint32(len(o.files))
			f = file{strings.Clone(f.channel), strings.Clone(f.object)}
			o.codes[f] = c
			o.files = append(o.files, f)
		}
		o.last = c
	}
	return o.last
}

func (l *Log) compareOrigins(a, b origin) int {
	x, y := &l.files[a.file], &l.files[b.file]
	return cmp.Or(cmp.Compare(x.channel, y.channel), cmp.Compare(x.object, y.object), cmp.Compare(a.row, b.row))
}

// sourceOf is an origin for people.
func (l *Log) sourceOf(at origin) schema.Source {
	f := &l.files[at.file]
	return schema.Source{Channel: f.channel, Object: f.object, Row: uint64(at.row)}
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
func (l *Log) Each(f func(*LoggedEvent) error) error { return l.EachIn(0, l.Anchors(), f) }

// EachIn is Each for the anchors from number lo up to hi.
func (l *Log) EachIn(lo, hi int, f func(*LoggedEvent) error) error {
	var e LoggedEvent
	for a := lo; a < hi; a++ {
		e.Anchor, e.Kind = l.anchors[a], l.anchors[a].Kind
		for i := l.starts[a]; i < l.starts[a+1]; i++ {
			x := &l.facts[i]
			e.EventView = l.viewOf(i, e.Kind)
			e.Jurisdiction = ""
			if x.jurisdiction != noJurisdiction {
				e.Jurisdiction = l.policy.Codes(1 << x.jurisdiction)[0]
			}
			e.Source = l.sourceOf(l.origins[i])
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
		Purpose: l.policy.Registry().Purpose(f.purpose).Key, Categories: l.categoriesOf(f), Channel: f.channel, Basis: f.basis, State: f.state, Scope: f.scope,
		Time: schema.Interval{Lo: f.lo, Hi: f.hi}, ValidUntil: f.until, ConfirmedAt: f.confirmed,
		NoticeVersion: l.noticeOf(i), Evidence: l.evidenceOf(i),
	}
}

// Sources calls f with every anchor of a kind that has events and each channel
// that some of them were read from, once a pair.
func (l *Log) Sources(kind schema.Kind, f func(a AnchorID, channel string)) {
	var seen []string
	for i := range l.anchors {
		if l.anchors[i].Kind != kind {
			continue
		}
		seen = seen[:0]
		for k := l.starts[i]; k < l.starts[i+1]; k++ {
			channel := l.files[l.origins[k].file].channel
			if !slices.Contains(seen, channel) {
				seen = append(seen, channel)
				f(NewAnchorID(l.anchors[i].Kind, uint32(i)), channel)
			}
		}
	}
}
