package pipeline

import (
	"cmp"
	"slices"

	"concord/jobs/ingest"
	schema "concord/schemas/consent"
	"concord/transforms/consent"
)

// feed reads a channel of consent events.
func (b *logBuilder) feed(t *ingest.Texts) error {
	f := &feedReader{b: b, t: t, parser: b.parser(t), at: map[consent.Field]int{}}
	if t.Mapping != nil {
		return b.export(f)
	}
	for i, column := range t.Names {
		field := consent.Field(t.Fields[i])
		if field == "" { // of a signal
			continue
		}
		if !slices.Contains(consent.Fields(), field) {
			return failedf(ErrConfig, "channel %q column %q: a consent event has no field %q; there are %v", t.Channel, column, field, consent.Fields())
		}
		f.at[field] = i
	}
	f.signals = b.signalColumns(t)
	var readings []reading
	for row := range uint32(t.Len()) {
		readings = f.read(row, readings[:0])
		if err := b.settle(t, row, readings); err != nil {
			return err
		}
	}
	return nil
}

// feedReader reads the rows of one consent channel.
type feedReader struct {
	b       *logBuilder
	t       *ingest.Texts
	parser  *consent.Parser
	at      map[consent.Field]int // field ─► column
	signals []signalColumn
}

func (b *logBuilder) parser(t *ingest.Texts) *consent.Parser {
	return &consent.Parser{
		Registry: b.r.policy.Registry(), Hasher: b.hasher, Canonical: canonicalAnchor(t.Job.Region),
		Controller: b.r.Job.Controller, Brand: t.Job.Brand.Value, Zone: zoneOf(t.Job), NotAfter: b.notAfter(),
	}
}

// notAfter is the latest believable time of an event.
func (b *logBuilder) notAfter() int64 { return b.r.AsOf.Add(nonsenseAfter).UnixMicro() }

// row is a row of the channel as the event that it is.
func (f *feedReader) row(r uint32) consent.Row {
	return func(field consent.Field) string {
		if i, ok := f.at[field]; ok {
			return f.t.Text(i, r)
		}
		return ""
	}
}

// read appends the readings of a row: its own, and those of its signals.
func (f *feedReader) read(r uint32, to []reading) []reading {
	row := f.row(r)
	if !f.silent(r, row) {
		to = append(to, reading{Reading: f.parser.Parse(row)})
	}
	for i := range f.signals {
		to = f.signal(&f.signals[i], r, row, to)
	}
	return to
}

// silent tells whether a row with signals makes no statement of its own: the
// channel has no fields for one, or the row says neither what nor for what.
func (f *feedReader) silent(r uint32, row consent.Row) bool {
	if len(f.signals) == 0 {
		return false
	}
	_, state := f.at[consent.FieldState]
	_, purpose := f.at[consent.FieldPurpose]
	signalled := slices.ContainsFunc(f.signals, func(c signalColumn) bool { return f.t.Text(c.column, r) != "" })
	return !state && !purpose || signalled && row(consent.FieldState) == "" && row(consent.FieldPurpose) == ""
}

// export reads a channel that is another system's export. Each row may hold
// several statements, or none.
func (b *logBuilder) export(f *feedReader) error {
	t := f.t
	for _, column := range t.Unread {
		b.r.Observe.Note("consent states are not read: a denial in them goes unnoticed", "channel", t.Channel, "column", column, "mapping", t.Mapping.Name())
	}
	f.parser.Canonical = accountsOf(t.Job.Source, f.parser.Canonical)
	column := make(map[string]int, len(t.Names))
	for i, name := range t.Names {
		column[name] = i
	}
	var readings []reading
	stated := 0
	for r := range uint32(t.Len()) {
		rows := t.Mapping.Rows(
			func(name string, k int) string { return t.Slot(column[name], r, k) },
			func(name string) int { return t.Slots(column[name], r) })
		readings = readings[:0]
		for _, row := range rows {
			readings = append(readings, reading{Reading: f.parser.Parse(row)})
		}
		stated += len(rows)
		if err := b.settle(t, r, readings); err != nil {
			return err
		}
	}
	if stated == 0 && t.Len() > 0 && !t.Job.MayBeEmpty {
		return failedf(ErrInput, "channel %q: none of its %d rows states anything that the mapping %s reads: name the mapping and the purposes that the export has, or set may_be_empty: true if silence is expected", t.Channel, t.Len(), t.Mapping.Name())
	}
	return nil
}

// accountsOf is canonical, with accounts as records of a source have them.
func accountsOf(source string, canonical func(schema.Kind, string) (string, bool)) func(schema.Kind, string) (string, bool) {
	return func(kind schema.Kind, value string) (string, bool) {
		value, ok := canonical(kind, value)
		if ok && kind == schema.Account {
			value = AccountAnchor(source, value)
		}
		return value, ok
	}
}

// reading is what a source row said once. Code and column are for quarantine;
// "" takes those of the first problem.
type reading struct {
	consent.Reading
	code, column string
}

// settle takes the readings of one source row: events into the log; the
// anchors of the others are held while they may have been denials. The row is
// set aside once, for its first problem, and what could be read of it counts.
// Without an anchor to hold, the run cannot publish.
func (b *logBuilder) settle(t *ingest.Texts, row uint32, readings []reading) error {
	var q *ingest.Quarantined
	nobody := false
	for i := range readings {
		r := &readings[i]
		if len(r.Problems) == 0 {
			if err := b.add(t, row, &r.Event); err != nil {
				return err
			}
			continue
		}
		if q == nil {
			set := t.Quarantine(row, cmp.Or(r.code, "consent_"+string(r.Problems[0].Fault)), cmp.Or(r.column, string(r.Problems[0].Field)))
			q = &set
			b.r.in.Refuse(set)
		}
		if r.Hold {
			b.hold(r.Event.Anchor)
		}
		nobody = nobody || r.Unattributed
	}
	if nobody {
		if b.unattributed == 0 {
			b.first = *q
		}
		b.unattributed++
	}
	return nil
}
