package pipeline

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"concord/jobs/ingest"
	"concord/schemas/attribute"
	schema "concord/schemas/consent"
	"concord/schemas/job"
	"concord/schemas/table"
	"concord/transforms/consent"
	"concord/transforms/normalize"
)

// consents reads the consent feeds into the log, numbers the anchors of the
// records and finds who may not be linked.
func (r *run) consents(ctx context.Context) error {
	key, _, err := r.keys.Secret(ctx, anchorDomain)
	if err != nil {
		return fmt.Errorf("key of consent anchors: %w", err)
	}
	hasher, err := consent.NewHasher(key)
	if err != nil {
		return err
	}
	b := &logBuilder{r: r, builder: consent.NewBuilder(r.policy), hasher: hasher}
	for i := range r.in.Events {
		if err := b.feed(&r.in.Events[i]); err != nil {
			return err
		}
	}
	for i := range r.in.Embedded {
		if err := b.embedded(&r.in.Embedded[i]); err != nil {
			return err
		}
	}
	if b.unattributed > 0 {
		return failedf(ErrRefused, "consent: %d rows could not be read and name nobody, the first in channel %q object %q row %d (%s in %s): any of them may be a denial, so nothing is published; they are in quarantine/%s to be repaired",
			b.unattributed, b.first.Channel, b.first.Object, b.first.Row, b.first.Code, b.first.Column, b.r.attempt)
	}
	r.log = b.builder.Log()
	r.people = newCircumstances(r.in.Records, r.policy, r.AsOf)
	r.anchors, err = numberAnchors(ctx, r.Engine, r.in.Records, r.log, key)
	if err != nil {
		return err
	}
	r.barLinking()
	if r.log.Events() > 0 {
		r.Observe.Note("read consent", "events", r.log.Events(), "anchors", r.log.Anchors(), "held", b.held, "unlinkable", countTrue(r.unlinkable))
	}
	return nil
}

// barLinking marks the records whose linking is denied: they stay single.
func (r *run) barLinking() {
	if r.log.Events() == 0 {
		return
	}
	t := r.in.Records
	linkers := make([]*consent.Linker, len(t.Brands))
	for i, brand := range t.Brands {
		linkers[i] = r.log.Linker(consent.Linking{Controller: r.Job.Controller, Brand: brand, AsOf: r.AsOf.UnixMicro()})
	}
	var ids []consent.AnchorID
	for rec := range uint32(t.N) {
		ids = r.anchors.of(rec, ids[:0])
		known := slices.ContainsFunc(ids, func(a consent.AnchorID) bool { return int(a.Index()) < r.log.Anchors() })
		if !known {
			continue
		}
		set := r.people.jurisdictions(rec)
		minority, _ := r.people.minority(rec, set)
		linker := linkers[t.Brand[rec]]
		if slices.ContainsFunc(ids, func(a consent.AnchorID) bool { return linker.LinkDenied(a, set, minority) }) {
			if r.unlinkable == nil {
				r.unlinkable = make([]bool, t.N)
			}
			r.unlinkable[rec] = true
		}
	}
}

func countTrue(flags []bool) int {
	n := 0
	for _, f := range flags {
		if f {
			n++
		}
	}
	return n
}

// logBuilder gathers events from feeds and consent columns.
type logBuilder struct {
	r            *run
	builder      *consent.Builder
	hasher       *consent.Hasher
	held         int
	unattributed int
	first        ingest.Quarantined // unattributed
}

// feed reads a channel of consent events.
func (b *logBuilder) feed(t *ingest.Texts) error {
	at := map[consent.Field]int{} // field ─► column
	for i, column := range t.Names {
		f := consent.Field(t.Fields[i])
		if !slices.Contains(consent.Fields(), f) {
			return failedf(ErrConfig, "channel %q column %q: a consent event has no field %q; there are %v", t.Channel, column, f, consent.Fields())
		}
		at[f] = i
	}
	parser := &consent.Parser{
		Registry: b.r.policy.Registry(), Hasher: b.hasher, Canonical: canonicalAnchor(t.Job.Region),
		Controller: b.r.Job.Controller, Brand: t.Job.Brand.Value, Zone: zoneOf(t.Job), NotAfter: b.r.AsOf.Add(nonsenseAfter).UnixMicro(),
	}
	for row := range uint32(t.Len()) {
		reading := parser.Parse(func(f consent.Field) string {
			if i, ok := at[f]; ok {
				return t.Text(i, row)
			}
			return ""
		})
		if len(reading.Problems) > 0 {
			b.refuse(t, row, &reading)
			continue
		}
		reading.Event.Source = schema.Source{Channel: t.Channel, Object: t.Objects[t.Object[row]], Row: uint64(t.Number[row])}
		if err := b.builder.Add(&reading.Event); err != nil {
			return fmt.Errorf("consent channel %q object %q row %d: %w", t.Channel, t.Objects[t.Object[row]], t.Number[row], err)
		}
	}
	return nil
}

// nonsenseAfter is how far ahead of the as-of an event may be dated. What is
// dated later than the as-of has not happened yet and does no harm; what is
// dated decades later is a mistake, and may hide a denial.
const nonsenseAfter = 10 * 365 * 24 * time.Hour

// refuse quarantines a row that is no event. While it may have been a denial,
// its anchor is held; without an anchor the run cannot publish.
func (b *logBuilder) refuse(t *ingest.Texts, row uint32, reading *consent.Reading) {
	p := reading.Problems[0]
	q := t.Quarantine(row, "consent_"+string(p.Fault), string(p.Field))
	b.r.in.Refuse(q)
	switch {
	case reading.Hold:
		b.held++
		// The anchor is complete, so this cannot fail.
		_ = b.builder.Suppress(&schema.Suppression{Anchor: reading.Event.Anchor, Kind: schema.Held, From: schema.NoTime})
	case reading.Unattributed:
		if b.unattributed == 0 {
			b.first = q
		}
		b.unattributed++
	}
}

func zoneOf(j *job.Channel) *time.Location {
	zone, err := time.LoadLocation(j.EventTime.Zone) // validated with the job file; "" is UTC
	if err != nil {
		return time.UTC
	}
	return zone
}

// canonicalAnchor gives a feed's subject the form that the same contact point
// has in a customer record.
func canonicalAnchor(region string) func(schema.Kind, string) (string, bool) {
	types := map[schema.Kind]attribute.Type{schema.Email: attribute.TypeEmail, schema.Phone: attribute.TypePhone, schema.Device: attribute.TypeDevice}
	return func(kind schema.Kind, value string) (string, bool) {
		typ, ok := types[kind]
		if !ok {
			value = strings.TrimSpace(value)
			return value, value != ""
		}
		n, _ := normalize.For(typ)
		for _, v := range n.Normalize(value, normalize.Options{Region: region}, nil) {
			if v.Canonical != "" {
				return v.Canonical, true
			}
			if v.Flags&table.Junk != 0 {
				// A placeholder is nobody's contact point, so that what is said of
				// it concerns nobody; the space keeps it apart from canonical forms.
				return " " + strings.ToLower(strings.TrimSpace(value)), true
			}
		}
		return "", false
	}
}

// embedded reads the consent columns of a people channel.
func (b *logBuilder) embedded(t *ingest.Texts) error {
	for i, column := range t.Names {
		spec := t.Job.Embedded[column]
		if spec == nil { // a time column
			continue
		}
		m, err := b.mapping(t, spec)
		if err != nil {
			return failedf(ErrConfig, "channel %q consent column %q: %w", t.Channel, column, err)
		}
		clock := slices.Index(t.Names, spec.Time)
		for row := range uint32(t.Len()) {
			if err := b.column(t, m, i, clock, row); err != nil {
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
		Purpose: code, Channel: ch, Yes: spec.Granted, No: spec.Denied,
	}, nil
}

// column reads one cell of a consent column as events on the contact points
// of its record.
func (b *logBuilder) column(t *ingest.Texts, m *consent.Embedded, i, clock int, row uint32) error {
	rec := t.Record[row]
	records := b.r.in.Records
	if t.Job.Brand.Column != "" {
		m.Brand = records.Brands[records.Brand[rec]]
	}
	when, ok := schema.Interval{Lo: records.EventTime[rec], Hi: records.EventTime[rec]}, records.EventTime[rec] != table.NoTime
	if clock >= 0 {
		when, ok = consent.ParseTime(t.Text(clock, row), zoneOf(t.Job))
	}
	if !ok {
		when = schema.Interval{}
	}
	anchors := b.recordAnchors(rec)
	events, problems := m.Read(b.r.policy.Registry(), t.Text(i, row), when, anchors, consent.Field(t.Names[i]))
	if len(problems) > 0 {
		b.r.in.Note(t.Quarantine(row, "consent_"+string(problems[0].Fault), string(problems[0].Field)))
		b.held++
		for _, a := range anchors {
			_ = b.builder.Suppress(&schema.Suppression{Anchor: a, Kind: schema.Held, From: schema.NoTime}) // complete: cannot fail
		}
		return nil
	}
	for k := range events {
		events[k].Source = schema.Source{Channel: t.Channel, Object: t.Objects[t.Object[row]], Row: uint64(t.Number[row])}
		if err := b.builder.Add(&events[k]); err != nil {
			return fmt.Errorf("channel %q object %q row %d: %w", t.Channel, t.Objects[t.Object[row]], t.Number[row], err)
		}
	}
	return nil
}

// recordAnchors are the hashed contact points and the account of a record.
func (b *logBuilder) recordAnchors(rec uint32) []schema.Anchor {
	t := b.r.in.Records
	out := []schema.Anchor{b.hasher.Anchor(schema.Account, AccountAnchor(t.Sources[t.Source[rec]], t.RecordKey(rec)))}
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
	return out
}
