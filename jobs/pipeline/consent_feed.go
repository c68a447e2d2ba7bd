package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"concord/jobs/ingest"
	schema "concord/schemas/consent"
	"concord/transforms/consent"
)

// intake reads the consent channels while they are extracted: every worker has
// a log of its own, of which consents makes one.
type intake struct {
	r        *run
	key      []byte // of anchors
	workers  []*logBuilder
	channels map[string]channelFeed
}

// openFeeds prepares the reading of consent channels.
func (r *run) openFeeds(ctx context.Context) error {
	key, _, err := r.keys.Secret(ctx, anchorDomain)
	if err != nil {
		return fmt.Errorf("key of consent anchors: %w", err)
	}
	r.feeds = &intake{r: r, key: key, channels: map[string]channelFeed{}}
	for range r.Engine.Workers() {
		hasher, err := consent.NewHasher(key)
		if err != nil {
			return err
		}
		r.feeds.workers = append(r.feeds.workers, &logBuilder{r: r, builder: consent.NewBuilder(r.policy), hasher: hasher})
	}
	return nil
}

// channelFeed is a consent channel's: by worker, its reader.
type channelFeed []*feedReader

// feed prepares the reading of a channel.
func (f *intake) feed(t *ingest.Texts) (ingest.Feed, error) {
	var readers channelFeed
	for _, b := range f.workers {
		x := &feedReader{b: b, parser: b.parser(t), at: map[consent.Field]int{}, columns: map[string]int{}, signals: b.signalColumns(t)}
		for i, column := range t.Names {
			x.columns[column] = i
			field := consent.Field(t.Fields[i])
			if field == "" { // of a signal or a mapping
				continue
			}
			if consent.Place(field) < 0 {
				return nil, failedf(ErrConfig, "channel %q column %q: a consent event has no field %q; there are %v", t.Channel, column, field, consent.Fields())
			}
			x.at[field] = i
			x.places = append(x.places, [2]int{i, consent.Place(field)})
		}
		readers = append(readers, x)
	}
	f.channels[t.Channel] = readers
	return readers, nil
}

// Take reads rows of the channel into the worker's log; see [ingest.Feed].
func (f channelFeed) Take(worker int, t *ingest.Texts, lo, hi uint32) error {
	x := f[worker]
	x.t = t
	x.rows += int(hi - lo)
	for r := lo; r < hi; r++ {
		x.readings = x.readings[:0]
		if t.Mapping != nil {
			x.export(r)
		} else {
			x.read(r)
		}
		if err := x.b.settle(t, r, x.readings); err != nil {
			return err
		}
	}
	return x.b.r.move(x.b.builder)
}

// feedReader reads rows of one consent channel.
type feedReader struct {
	b       *logBuilder
	t       *ingest.Texts
	parser  *consent.Parser
	columns map[string]int
	at      map[consent.Field]int // field ─► column
	places  [][2]int              // column, and place of its field among consent.Cells
	signals []signalColumn

	cells    consent.Cells
	readings []reading // of the present row
	rows     int
	stated   int // statements of an export
}

func (b *logBuilder) parser(t *ingest.Texts) *consent.Parser {
	canonical := canonicalAnchor(t.Job.Region)
	if t.Mapping != nil || t.Job.Source != t.Channel { // the default
		canonical = accountsOf(t.Job.Source, canonical)
	}
	return &consent.Parser{
		Registry: b.r.policy.Registry(), Hasher: b.hasher, Canonical: canonical,
		Controller: b.r.Job.Controller, Brand: t.Job.Brand.Value, Zone: zoneOf(t.Job), NotAfter: b.notAfter(),
	}
}

// notAfter is the latest believable time of an event.
func (b *logBuilder) notAfter() int64 { return b.r.AsOf.Add(nonsenseAfter).UnixMicro() }

// row is a row of the channel as the event that it is.
func (f *feedReader) row(r uint32) consent.Row {
	return func(field consent.Field) string {
		if i, ok := f.at[field]; ok {
			return f.text(i, r)
		}
		return ""
	}
}

// text is what a row holds in a column: of a list all elements. A field that
// takes one word cannot read several, and the row is held for it.
func (f *feedReader) text(column int, r uint32) string {
	n := f.t.Slots(column, r)
	if n <= 1 {
		return f.t.Text(column, r)
	}
	all := ""
	for k := range n {
		all = listed(all, f.t.Slot(column, r, k))
	}
	return all
}

// listed puts two texts of a field together as a list.
func listed(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ";" + b
}

// read reads a row: what it says itself, and what its signals say.
func (f *feedReader) read(r uint32) {
	row := f.row(r)
	if !f.silent(r, row) {
		f.cells = consent.Cells{}
		for _, p := range f.places {
			if text := f.text(p[0], r); text != "" {
				f.cells[p[1]] = listed(f.cells[p[1]], text)
			}
		}
		f.readings = append(f.readings, reading{Reading: f.parser.ParseCells(&f.cells)})
	}
	for i := range f.signals {
		f.readings = f.signal(&f.signals[i], r, row, f.readings)
	}
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

// export reads a row of another system's export: several statements, or none.
func (f *feedReader) export(r uint32) {
	t := f.t
	rows := t.Mapping.Rows(
		func(name string, k int) string { return t.Slot(f.columns[name], r, k) },
		func(name string) int { return t.Slots(f.columns[name], r) })
	for _, row := range rows {
		f.readings = append(f.readings, reading{Reading: f.parser.Parse(row)})
	}
	f.stated += len(rows)
}

// checkExports tells of what the exports' mappings leave unread.
func (f *intake) checkExports(in *ingest.Result) error {
	for i := range in.Events {
		t := &in.Events[i]
		if t.Mapping == nil {
			if len(t.Unread) > 0 {
				return failedf(ErrConfig, "channel %q: its columns are to be named as the fields of a consent event, and %q are none: a column spelt otherwise would not be heard. Rename them, or name under fields the columns that count", t.Channel, t.Unread)
			}
			continue
		}
		for _, column := range t.Unread {
			f.r.Observe.Note("consent states are not read: a denial in them goes unnoticed", "channel", t.Channel, "column", column, "mapping", t.Mapping.Name())
		}
		rows, stated := 0, 0
		for _, x := range f.channels[t.Channel] {
			rows, stated = rows+x.rows, stated+x.stated
		}
		if stated == 0 && rows > 0 && !t.Job.MayBeEmpty {
			return failedf(ErrInput, "channel %q: none of its %d rows states anything that the mapping %s reads: name the mapping and the purposes that the export has, or set may_be_empty: true if silence is expected", t.Channel, rows, t.Mapping.Name())
		}
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

// take puts what a row said into the log.
func (b *logBuilder) take(t *ingest.Texts, row uint32, said *consent.Reading) error {
	if said.Suppression == nil && len(said.Preferences) == 0 {
		return b.add(t, row, &said.Event)
	}
	at := sourceOf(t, row)
	if len(said.Preferences) > 0 {
		return b.prefer(&at, said.Preferences)
	}
	said.Suppression.Source = at
	said.Suppression.Controller = b.r.controller(said.Suppression.Controller)
	b.denied.note(&at, said.Suppression.Controller, "")
	b.denied.suppress(t.Channel, said.Suppression.Anchor)
	return b.builder.Suppress(said.Suppression)
}

// prefer puts preferences into the log. One that narrows is heard or stops
// the run, like a denial.
func (b *logBuilder) prefer(at *schema.Source, list []schema.Preference) error {
	for i := range list {
		p := &list[i]
		p.Controller, p.Brand, p.Source = b.r.controller(p.Controller), ingest.Brand(p.Brand), *at
		b.denied.note(at, p.Controller, p.Brand)
		b.denied.names(at.Channel, p.Anchor)
		if err := b.builder.Prefer(p); err != nil {
			return fmt.Errorf("consent of channel %q object %q row %d: %w", at.Channel, at.Object, at.Row, err)
		}
	}
	return nil
}

// namedIn are the anchors that a row names.
func namedIn(readings []reading) (anchors []schema.Anchor) {
	for i := range readings {
		if a := readings[i].Event.Anchor; a.Hash != [32]byte{} && !slices.Contains(anchors, a) {
			anchors = append(anchors, a)
		}
	}
	return anchors
}

// settle takes the readings of one source row: events into the log; the
// anchors of the others are held while they may have been denials. The row is
// set aside once, for its first problem, and what could be read of it counts.
// A denial of somebody whom its own field does not name is held on whoever the
// row names otherwise; where it names nobody, the run cannot publish.
func (b *logBuilder) settle(t *ingest.Texts, row uint32, readings []reading) error {
	var q *ingest.Quarantined
	nobody := false
	for i := range readings {
		r := &readings[i]
		if len(r.Problems) == 0 {
			if err := b.take(t, row, &r.Reading); err != nil {
				return err
			}
			continue
		}
		if q == nil {
			set := t.Quarantine(row, cmp.Or(r.code, "consent_"+string(r.Problems[0].Fault)), cmp.Or(r.column, string(r.Problems[0].Field)))
			q = &set
			b.refused = append(b.refused, set)
		}
		if r.Hold {
			b.hold(t, row, r.Event.Anchor)
		}
		if r.Unattributed {
			others := namedIn(readings)
			b.hold(t, row, others...)
			nobody = nobody || len(others) == 0
		}
	}
	if nobody {
		b.nobody = append(b.nobody, *q)
	}
	return nil
}
