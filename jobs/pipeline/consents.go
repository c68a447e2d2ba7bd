package pipeline

import (
	"cmp"
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

// consents makes the log of what the feeds and consent columns say, numbers
// the anchors of the records and finds who may not be linked.
func (r *run) consents(ctx context.Context) error {
	builders := r.feeds.workers
	if err := r.feeds.checkExports(r.in); err != nil {
		return err
	}
	if err := r.setAside(builders); err != nil {
		return err
	}
	first := builders[0]
	for i := range r.in.Embedded {
		if err := first.embedded(r.in.Records, &r.in.Embedded[i]); err != nil {
			return err
		}
	}
	r.noteColumns(builders)
	if err := r.attachAccounts(ctx, builders); err != nil {
		return err
	}
	var err error
	if r.log, err = r.mergeLogs(ctx, builders); err != nil {
		return err
	}
	held := 0
	for _, b := range builders {
		held += b.held
	}
	r.people = newCircumstances(r.in.Records, r.policy, r.AsOf)
	r.anchors, err = numberAnchors(ctx, r.Engine, r.in.Records, r.log, r.feeds.key)
	if err != nil {
		return err
	}
	r.feeds, r.unheard = nil, r.deafened(builders)
	if err := r.barLinking(ctx); err != nil {
		return err
	}
	r.hear(builders)
	if err := r.stow(r.log, r.anchors); err != nil {
		return err
	}
	if r.log.Anchors() > 0 {
		r.Observe.Note("read consent", "events", r.log.Events(), "suppressions", r.suppressed, "anchors", r.log.Anchors(), "held", held, "unlinkable", countTrue(r.unlinkable))
	}
	return nil
}

// setAside accounts for the rows of feeds that could not be read. When one of
// them names nobody, the run cannot publish.
func (r *run) setAside(builders []*logBuilder) error {
	var refused []ingest.Quarantined
	nobody := r.damaged()
	for _, b := range builders {
		refused, nobody = append(refused, b.refused...), append(nobody, b.nobody...)
	}
	for _, q := range inOrder(refused) {
		r.in.Refuse(q)
	}
	if len(nobody) > 0 {
		first := inOrder(nobody)[0]
		return failedf(ErrRefused, "consent: %d rows could not be read and name nobody, the first in channel %q object %q row %d (%s): any of them may be a denial, so nothing is published; they are in quarantine/%s to be repaired",
			len(nobody), first.Channel, first.Object, first.Row, strings.TrimSuffix(first.Code+" in "+first.Column, " in "), r.attempt)
	}
	return nil
}

// inOrder sorts rows by where they were read.
func inOrder(list []ingest.Quarantined) []ingest.Quarantined {
	slices.SortFunc(list, func(a, b ingest.Quarantined) int {
		return cmp.Or(cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Object, b.Object), cmp.Compare(a.Row, b.Row), cmp.Compare(a.Column, b.Column))
	})
	return list
}

// damaged are the rows of consent channels that never became rows: torn, too
// long or of the wrong number of cells. Whom such a row concerned nobody can
// tell, so it may have been anybody's denial.
func (r *run) damaged() (out []ingest.Quarantined) {
	for _, q := range r.in.Quarantine {
		if !q.Kept && r.Job.Channels[q.Channel].IsConsent() {
			out = append(out, q)
		}
	}
	return out
}

func (r *run) mergeLogs(ctx context.Context, builders []*logBuilder) (*consent.Log, error) {
	logs := make([]*consent.Builder, len(builders))
	for i, b := range builders {
		logs[i] = b.builder
	}
	return consent.Merge(r.policy, func(n int, unit func(int)) error {
		return r.Engine.Each(ctx, n, func(_, i int) error {
			unit(i)
			return nil
		})
	}, logs...)
}

// barLinking marks the records whose linking is denied: they stay single.
func (r *run) barLinking(ctx context.Context) error {
	if r.log.Events() == 0 {
		return nil
	}
	t := r.in.Records
	linkers := make([]*consent.Linker, len(t.Brands))
	err := r.Engine.Each(ctx, len(linkers), func(_, i int) error {
		linkers[i] = r.log.Linker(consent.Linking{Controller: r.Job.Controller, Brand: t.Brands[i], AsOf: r.AsOf.UnixMicro()})
		return nil
	})
	if err != nil {
		return err
	}
	barred := make([]bool, t.N)
	const chunk = 1 << 14
	err = r.Engine.Each(ctx, (t.N+chunk-1)/chunk, func(_, unit int) error {
		var ids []consent.AnchorID
		for rec := uint32(unit) * chunk; rec < uint32(min((unit+1)*chunk, t.N)); rec++ {
			ids = r.anchors.of(rec, ids[:0])
			barred[rec] = r.linkDenied(rec, linkers[t.Brand[rec]], ids)
		}
		return nil
	})
	if slices.Contains(barred, true) {
		r.unlinkable = barred
	}
	return err
}

// linkDenied tells whether linking a record is denied on any of its anchors.
func (r *run) linkDenied(rec uint32, by *consent.Linker, ids []consent.AnchorID) bool {
	if !slices.ContainsFunc(ids, by.Concerns) {
		return false
	}
	set := r.people.jurisdictions(rec)
	minority, _ := r.people.minority(rec, set)
	return slices.ContainsFunc(ids, func(a consent.AnchorID) bool { return by.LinkDenied(a, set, minority) })
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

// logBuilder gathers events from feeds and consent columns: one worker's.
type logBuilder struct {
	r       *run
	builder *consent.Builder
	hasher  *consent.Hasher
	held    int
	refused []ingest.Quarantined // rows of feeds that could not be read
	nobody  []ingest.Quarantined // those of them that may deny and name nobody
	noted   []ingest.Quarantined // rows of people channels whose consent columns could not be read
	denied  denials
	// unheard are rows of people channels that may deny and name nobody.
	unheard []ingest.Quarantined
	postal  *anchors // for the address columns alone: of the table that was asked for last
}

// add puts an event into the log, with where it was read.
func (b *logBuilder) add(t *ingest.Texts, row uint32, e *schema.Event) error {
	e.Source = sourceOf(t, row)
	e.Brand = ingest.Brand(e.Brand)
	e.Controller = b.r.controller(e.Controller)
	switch {
	case !e.State.Denies():
	case e.Scope == schema.ControllerScope: // it is every brand's
		b.denied.note(&e.Source, e.Controller, "")
	default:
		b.denied.note(&e.Source, e.Controller, e.Brand)
	}
	if err := b.builder.Add(e); err != nil {
		return fmt.Errorf("consent of channel %q object %q row %d: %w", t.Channel, e.Source.Object, e.Source.Row, err)
	}
	return nil
}

// hold bars anchors until a row that may have denied is repaired.
func (b *logBuilder) hold(t *ingest.Texts, row uint32, anchors ...schema.Anchor) {
	b.held++
	for _, a := range anchors {
		// The anchor is complete, so this cannot fail.
		_ = b.builder.Suppress(&schema.Suppression{Anchor: a, Kind: schema.Held, From: schema.NoTime, Source: sourceOf(t, row)})
	}
}

// sourceOf is where a row was read.
func sourceOf(t *ingest.Texts, row uint32) schema.Source {
	object, number := t.Place(row)
	return schema.Source{Channel: t.Channel, Object: object, Row: uint64(number)}
}

// nonsenseAfter is how far ahead of the as-of an event may be dated. What is
// dated later than the as-of has not happened yet and does no harm; what is
// dated decades later is a mistake, and may hide a denial.
const nonsenseAfter = 10 * 365 * 24 * time.Hour

func zoneOf(j *job.Channel) *time.Location {
	zone, err := time.LoadLocation(j.EventTime.Zone) // validated with the job file; "" is UTC
	if err != nil {
		return time.UTC
	}
	return zone
}

// canonicalAnchor gives a feed's subject the form that the same contact point
// has in a customer record. What it gives is for one goroutine.
func canonicalAnchor(region string) func(schema.Kind, string) (string, bool) {
	types := map[schema.Kind]attribute.Type{schema.Email: attribute.TypeEmail, schema.Phone: attribute.TypePhone, schema.Device: attribute.TypeDevice, schema.Postal: attribute.TypeAddress}
	normalizers := map[schema.Kind]normalize.Normalizer{}
	for kind, typ := range types {
		normalizers[kind], _ = normalize.For(typ)
	}
	var values []normalize.Value
	return func(kind schema.Kind, value string) (string, bool) {
		n, ok := normalizers[kind]
		if kind == schema.Postal {
			values = n.Normalize(value, normalize.Options{Region: region}, values[:0])
			return postalForm(values)
		}
		if !ok {
			value = strings.TrimSpace(value)
			return value, value != ""
		}
		values = n.Normalize(value, normalize.Options{Region: region}, values[:0])
		for i := range values {
			v := &values[i]
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

// postalForm is the form of a postal address written on one line: its parts as
// records have them. One without street and unit is none.
func postalForm(values []normalize.Value) (string, bool) {
	var b []byte
	reaches := false
	for _, part := range postalParts {
		for i := range values {
			if v := &values[i]; v.Attribute == part && v.Canonical != "" {
				b = append(b, v.Canonical...)
				reaches = reaches || part == attribute.Street || part == attribute.Unit
				break
			}
		}
		b = append(b, partsEnd)
	}
	return string(b), reaches
}
