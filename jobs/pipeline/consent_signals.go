package pipeline

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"concord/jobs/ingest"
	schema "concord/schemas/consent"
	"concord/schemas/job"
	"concord/schemas/table"
	"concord/transforms/consent"
	"concord/transforms/consent/signal"
)

// signalColumn is a column of consent signals.
type signalColumn struct {
	spec          *job.Signal
	reader        signal.Reader
	column, clock int // of the texts; clock -1 where the row's own time counts
}

// signalColumns lists the signals among the columns, in name order.
func (b *logBuilder) signalColumns(t *ingest.Texts) []signalColumn {
	var out []signalColumn
	for _, name := range t.Job.SignalColumns() {
		spec := t.Job.Signals[name]
		out = append(out, signalColumn{
			spec:   spec,
			reader: signal.Reader{Registry: b.r.policy.Registry(), Vendor: spec.Vendor, IgnorePublisherTC: spec.IgnorePublisherTC},
			column: slices.Index(t.Names, name), clock: slices.Index(t.Names, spec.Time),
		})
	}
	return out
}

func (c *signalColumn) read(text string) ([]signal.Statement, error) {
	return c.reader.Read(signal.Kind(c.spec.Kind), text)
}

// signalCode is the quarantine code of a signal that was refused.
func signalCode(err error) string {
	var refused *signal.Error
	if errors.As(err, &refused) {
		return "signal_" + string(refused.Code)
	}
	return "signal_unreadable"
}

// recordSignal reads one signal of a customer row as events on the anchors
// that the job names. When it cannot be read, or cannot be dated, it may have
// been an objection: all anchors of the row are held, and the row is noted.
func (b *logBuilder) recordSignal(records *table.Records, t *ingest.Texts, c *signalColumn, row uint32) error {
	statements, err := c.read(t.Text(c.column, row))
	if err == nil && len(statements) == 0 {
		return nil
	}
	s := speakerOf(records, t, row)
	own, now := b.voice(&s)
	refuse := func(code string) error {
		b.unread(t, row, &s, code, t.Names[c.column], union(own, now))
		return nil
	}
	if err != nil {
		return refuse(signalCode(err))
	}
	granted := signalAnchors(own, c.spec.Anchor)
	denied := union(granted, signalAnchors(now, c.spec.Anchor))
	when, brand := b.when(t, c.clock, row, &s), b.brandOf(t, &s)
	for i := range statements {
		said := &statements[i]
		at := cmp.Or(said.Time, when)
		if at.Lo <= 0 {
			return refuse("consent_" + string(consent.Missing))
		}
		if at.Lo > b.notAfter() {
			return refuse("consent_" + string(consent.InFuture))
		}
		about := granted
		switch {
		case said.State.Denies():
			if about = denied; len(about) == 0 {
				b.unheard = append(b.unheard, t.Quarantine(row, "", t.Names[c.column]))
			}
		case s.setAside:
			continue
		}
		for _, a := range about {
			e := said.Event(a, b.r.Job.Controller, brand, at)
			if err := b.add(t, row, &e); err != nil {
				return err
			}
		}
	}
	return nil
}

// signalAnchors are the anchors of the kind asked for; for want of any the
// account, which comes first, and for want of that all of them. "" asks for
// devices.
func signalAnchors(anchors []schema.Anchor, kind string) []schema.Anchor {
	var out []schema.Anchor
	for _, a := range anchors {
		if a.Kind.String() == cmp.Or(kind, schema.Device.String()) {
			out = append(out, a)
		}
	}
	switch {
	case len(out) > 0:
		return out
	case len(anchors) > 0 && anchors[0].Kind == schema.Account:
		return anchors[:1]
	}
	return anchors
}

// signal appends what a signal of a consent channel says of the row's subject.
// When it cannot be read, the subject is held.
func (f *feedReader) signal(c *signalColumn, r uint32, row consent.Row, to []reading) []reading {
	statements, err := c.read(f.t.Text(c.column, r))
	if err != nil {
		// Read as a row without a state: one that may have been a denial.
		unknown := f.parser.Parse(only(row, consent.FieldSubjectKind, consent.FieldSubjectValue))
		return append(to, reading{Reading: unknown, code: signalCode(err), column: f.t.Names[c.column]})
	}
	for i := range statements {
		s := &statements[i]
		said := f.parser.Parse(f.statement(c, s, r, row))
		if s.Time != (schema.Interval{}) {
			said.Event.Time = s.Time
		}
		one := reading{Reading: said}
		if len(said.Problems) > 0 {
			one.column = f.t.Names[c.column]
		}
		to = append(to, one)
	}
	return to
}

// statement is a statement as a row of the feed: what the signal does not say
// comes from the row that holds it.
func (f *feedReader) statement(c *signalColumn, s *signal.Statement, r uint32, row consent.Row) consent.Row {
	return func(field consent.Field) string {
		switch field {
		case consent.FieldPurpose:
			return s.Purpose
		case consent.FieldChannel:
			return s.Channel.String()
		case consent.FieldState:
			return s.State.String()
		case consent.FieldBasis:
			return s.Basis.String()
		case consent.FieldScope:
			if s.Scope == schema.AnchorScope {
				return "" // the parser widens it where the subject is an account
			}
			return s.Scope.String()
		case consent.FieldMethod:
			return s.Method
		case consent.FieldEventTime:
			switch {
			case s.Time != (schema.Interval{}):
				return time.UnixMicro(s.Time.Lo).UTC().Format(time.RFC3339Nano)
			case c.clock >= 0:
				return f.t.Text(c.clock, r)
			}
			return row(field)
		case consent.FieldJurisdiction:
			return cmp.Or(s.Jurisdiction, row(field))
		case consent.FieldSubjectKind, consent.FieldSubjectValue, consent.FieldController, consent.FieldBrand,
			consent.FieldNoticeID, consent.FieldNoticeVersion, consent.FieldNoticeLanguage, consent.FieldNoticeDigest, consent.FieldEvidence:
			return row(field)
		}
		return "" // what the row says of its own statement
	}
}

// only is a row of some of its fields.
func only(row consent.Row, fields ...consent.Field) consent.Row {
	return func(f consent.Field) string {
		if slices.Contains(fields, f) {
			return row(f)
		}
		return ""
	}
}
