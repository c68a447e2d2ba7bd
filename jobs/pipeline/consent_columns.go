package pipeline

import (
	"cmp"
	"slices"
	"time"

	"concord/jobs/ingest"
	schema "concord/schemas/consent"
	"concord/schemas/job"
	"concord/schemas/table"
	"concord/transforms/consent"
)

// embedded reads the consent columns and signals of a people channel.
func (b *logBuilder) embedded(records *table.Records, t *ingest.Texts) error {
	for _, sc := range b.signalColumns(t) {
		for row := range uint32(t.Len()) {
			if err := b.recordSignal(records, t, &sc, row); err != nil {
				return err
			}
		}
	}
	for i, column := range t.Names {
		spec := t.Job.Embedded[column]
		if spec == nil { // a time column, or a signal's
			continue
		}
		m, err := b.mapping(t, spec)
		if err != nil {
			return failedf(ErrConfig, "channel %q consent column %q: %w", t.Channel, column, err)
		}
		clock := slices.Index(t.Names, spec.Time)
		for row := range uint32(t.Len()) {
			if err := b.column(records, t, m, i, clock, row); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *logBuilder) mapping(t *ingest.Texts, spec *job.Embedded) (*consent.Embedded, error) {
	code, ch, split, err := b.r.policy.Registry().Resolve(spec.Purpose)
	if err != nil {
		return nil, err
	}
	if !split {
		name := spec.Channel
		if name == "" {
			name = "*"
		}
		if ch, err = schema.ParseChannel(name); err != nil {
			return nil, err
		}
	}
	return &consent.Embedded{
		Controller: b.r.Job.Controller, Brand: t.Job.Brand.Value, Jurisdiction: spec.Jurisdiction,
		Purpose: code, Channel: ch, OptOut: spec.OptOut, Yes: spec.Granted, No: spec.Denied,
	}, nil
}

// column reads one cell of a consent column as events on the contact points
// of its row.
func (b *logBuilder) column(records *table.Records, t *ingest.Texts, m *consent.Embedded, i, clock int, row uint32) error {
	text := t.Text(i, row)
	if text == "" {
		return nil
	}
	s := speakerOf(records, t, row)
	m.Brand = b.brandOf(t, &s)
	own, now := b.voice(&s)
	all := union(own, now)
	events, problems := m.Read(b.r.policy.Registry(), text, b.when(t, clock, row, &s), all, consent.Field(t.Names[i]))
	if len(problems) > 0 {
		code := "consent_" + string(problems[0].Fault)
		if problems[0].Fault == consent.Missing && !m.Denies(text) { // a yes that nobody can date is none, and no denial
			if !s.setAside {
				b.noted = append(b.noted, t.Quarantine(row, code, t.Names[i]))
			}
			return nil
		}
		b.unread(t, row, &s, code, t.Names[i], all)
		return nil
	}
	if len(all) == 0 && m.Denies(text) {
		b.unheard = append(b.unheard, t.Quarantine(row, "", t.Names[i]))
	}
	for k := range events {
		if e := &events[k]; e.State.Denies() || !s.setAside && slices.Contains(own, e.Anchor) {
			if err := b.add(t, row, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// unread deals with what a row says and nobody can read: while it may have been
// a denial, the row's anchors are held. A row that is in quarantine already is
// not noted again.
func (b *logBuilder) unread(t *ingest.Texts, row uint32, s *speaker, code, column string, anchors []schema.Anchor) {
	q := t.Quarantine(row, code, column)
	if !s.setAside {
		b.noted = append(b.noted, q)
	}
	if len(anchors) == 0 {
		b.unheard = append(b.unheard, q)
	}
	b.hold(t, row, anchors...)
}

// brandOf is the brand that a row speaks to.
func (b *logBuilder) brandOf(t *ingest.Texts, s *speaker) string {
	if t.Job.Brand.Column == "" {
		return t.Job.Brand.Value
	}
	return s.rows.Brands[s.rows.Brand[s.row]]
}

// when is the time of what a row says: of column clock, or of the row itself
// where there is no such column; zero when it cannot be read.
func (b *logBuilder) when(t *ingest.Texts, clock int, row uint32, s *speaker) schema.Interval {
	if clock >= 0 {
		when, _ := consent.ParseTime(t.Text(clock, row), zoneOf(t.Job))
		return when
	}
	if at := s.rows.EventTime[s.row]; at != table.NoTime {
		return spanOf(at, zoneOf(t.Job))
	}
	return schema.Interval{}
}

// spanOf is the time that an event time may stand for, whose text is gone: one
// at midnight may have been written as a day, one on the minute without
// seconds. At the end of that span a denial still holds against a consent of
// the same day.
func spanOf(at int64, zone *time.Location) schema.Interval {
	t := time.UnixMicro(at).In(zone)
	end := t.Add(time.Microsecond)
	switch {
	case t.Nanosecond() != 0:
	case t.Second() != 0:
		end = t.Add(time.Second)
	case t.Hour() != 0 || t.Minute() != 0:
		end = t.Add(time.Minute)
	default:
		end = t.AddDate(0, 0, 1)
	}
	return schema.Interval{Lo: at, Hi: max(at, end.UnixMicro()-1)}
}

// recordAnchors are the hashed contact points and the account of row rec of a
// table, the account first, if it has a key.
func (b *logBuilder) recordAnchors(t *table.Records, rec uint32) []schema.Anchor {
	var out []schema.Anchor
	if key := t.RecordKey(rec); key != "" {
		out = append(out, b.hasher.Anchor(schema.Account, AccountAnchor(t.Sources[t.Source[rec]], key)))
	}
	for _, k := range contactKinds {
		c := t.Column(k.name)
		if c == nil {
			continue
		}
		lo, hi := c.Slots(rec)
		for s := lo; s < hi; s++ {
			if code := c.Canon[c.Codes[s]]; code != 0 {
				out = append(out, b.hasher.Anchor(k.kind, c.Canonical.At(code)))
			}
		}
	}
	return b.recordAddresses(t, rec, out)
}

// recordAddresses appends the hashed postal addresses of a row.
func (b *logBuilder) recordAddresses(t *table.Records, rec uint32, to []schema.Anchor) []schema.Anchor {
	if b.postal == nil || b.postal.records != t {
		b.postal = &anchors{records: t}
		b.postal.parts = b.postal.addressColumns()
	}
	parts := b.postal.parts
	street, unit := parts[1], parts[2]
	of := cmp.Or(street, unit) // the parts of an address share their slots
	if of == nil {
		return to
	}
	lo, hi := of.Slots(rec)
	for s := lo; s < hi; s++ {
		if reachable(street, int(s)) || reachable(unit, int(s)) {
			to = append(to, b.hasher.Anchor(schema.Postal, string(b.postal.appendAddress(nil, parts, s))))
		}
	}
	return to
}

// noteColumns keeps in quarantine the rows whose consent columns could not be
// read, in one order.
func (r *run) noteColumns(builders []*logBuilder) {
	var noted []ingest.Quarantined
	for _, b := range builders {
		noted = append(noted, b.noted...)
	}
	for _, q := range inOrder(noted) {
		r.in.Note(q)
	}
}
