package pipeline

import (
	"context"
	"fmt"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	schema "concord/schemas/consent"
	"concord/schemas/table"
	"concord/transforms/golden"
	"concord/transforms/snapshot"
)

// part writes the tables of some consecutive profiles.
type part struct {
	r         *run
	a         *audience
	permitter *permitter
	permit    golden.Permit // of permitter
	merger    *golden.Merger
	warmer    *warmer
	pseudonym *snapshot.Pseudonym
	columns   []int // by profile column: attribute of the golden plan

	profiles, contacts, consents, changes, provenance *tableWriter
	delta                                             *delta

	golden golden.Golden
	points []golden.ContactPoint
	tokens tokens
	// The token columns of the tables.
	inConsents, inChanges, inContacts tokenColumn
	digests                           []valueDigests // by attribute
	lastGolden                        goldenID
	counts                            counts
	files                             []written
	reasons                           map[schema.ReasonSet]reasonList
	lastReasons                       reasonList
	codes                             map[schema.JurisdictionSet][]string
	list                              []string
	events                            eventIDs

	permitted []string // what permitted_purposes shows

	id     string                 // of the present profile
	idText []byte                 // whose memory it is
	text   []byte                 // scratch
	set    schema.JurisdictionSet // of the present profile
	places string                 // of the present profile: the jurisdictions that bind it
}

// writePart writes part number n: profiles lo to hi of all.
func (r *run) writePart(ctx context.Context, p *published, n int, all []profile, lo, hi int, scratch *snapshot.Scratch) (_ *part, err error) {
	w := &part{r: r, a: p.audience, permitter: r.newPermitter(r.decisions),
		counts:  newCounts(len(r.golden.Attributes()), len(r.in.Records.Channels)),
		digests: make([]valueDigests, len(r.golden.Attributes())),
		reasons: map[schema.ReasonSet]reasonList{}, codes: map[schema.JurisdictionSet][]string{}}
	if w.pseudonym, err = r.pseudonym(w.a); err != nil {
		return nil, err
	}
	w.tokens, w.permitted = r.newTokens(w.pseudonym), []string{w.a.purposeKey()}
	for _, name := range w.a.columns {
		w.columns = append(w.columns, r.golden.Index(name))
	}
	w.countValues()
	w.permit = w.permitter.value
	w.merger = r.golden.MergerOf(w.columns)
	w.warmer = r.newWarmer(w.permitter.decider, w.reads())
	w.warmer.address, w.warmer.channel, w.warmer.sources = w.tokens.address, w.a.channel, true
	if err := w.open(ctx, p, n, scratch); err != nil {
		return nil, err
	}
	defer w.abort()
	if err := w.compare(ctx, p, all, lo, hi); err != nil {
		return nil, err
	}
	for _, t := range w.tables() {
		f, err := t.close()
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", f.key, err)
		}
		w.files = append(w.files, f)
	}
	return w, nil
}

// reads are the columns of records that the part reads: those it shows and
// those that hold contact points.
func (w *part) reads() []*table.Column {
	var out []*table.Column
	for i := range w.r.in.Records.Columns {
		c := &w.r.in.Records.Columns[i]
		if slices.Contains(w.a.columns, c.Name) || anchorKind(c.Name) != 0 {
			out = append(out, c)
		}
	}
	return out
}

func (w *part) tables() []*tableWriter {
	return []*tableWriter{w.profiles, w.contacts, w.consents, w.changes, w.provenance}
}

// abort drops files that were not committed.
func (w *part) abort() {
	for _, t := range w.tables() {
		_ = t.out.Abort() // after Commit it does nothing
	}
}

func (w *part) open(ctx context.Context, p *published, n int, scratch *snapshot.Scratch) error {
	r, meta := w.r, w.r.metadata(w.a)
	name := fmt.Sprintf("part-%05d.parquet", n)
	for _, t := range []struct {
		to     **tableWriter
		table  string
		folder string
		schema *arrow.Schema
	}{
		{&w.profiles, table.TableProfiles, p.folder, table.Profiles(w.a.profileColumns(r.golden), w.a.use())},
		{&w.contacts, table.TableContactPoints, p.folder, table.ContactPoints(!w.a.entry.Direct, w.a.use(), r.readsPreferences())},
		{&w.consents, table.TableProfileConsents, p.folder, table.ProfileConsents()},
		{&w.changes, table.TablePermissionDelta, p.folder, table.PermissionDelta()},
		{&w.provenance, table.TableProvenance, r.provenanceFolder(w.a), table.Provenance()},
	} {
		made, err := r.newTable(ctx, t.folder+"/"+t.table+"/"+name, t.table, w.a.name, t.schema, meta, scratch)
		if err != nil {
			return err
		}
		*t.to = made
	}
	w.fix()
	return nil
}

// fix sets the columns that all rows of an audience have alike.
func (w *part) fix() {
	controller := w.r.Job.Controller
	w.profiles.rows.FixText(1, controller)
	w.profiles.rows.FixTrue(3 + len(w.columns))
	w.contacts.rows.FixTrue(5)
	w.consents.rows.FixText(3, controller)
	w.consents.rows.FixText(5, w.a.purpose)
	w.consents.rows.FixText(6, w.a.channel.String())
	w.inConsents = tokenColumn{rows: w.consents.rows, col: 2}
	w.inChanges = tokenColumn{rows: w.changes.rows, col: 2, mixed: w.r.previous["snapshots/"+w.a.name] != nil}
	w.inContacts = tokenColumn{rows: w.contacts.rows, col: 3}
}

// profile writes one golden record: a row of profiles for each brand that may
// use it.
func (w *part) profile(x profile) error {
	w.permitter.enter(x.cluster)
	w.set = w.r.jurisdictions(w.r.resolved.clusters.at(x.cluster))
	w.places = w.r.placesOf(w.set)
	w.tokens.forget()
	w.counts.golden++
	publishedRows := 0
	var why schema.ReasonSet
	branded := false
	for i, brand := range w.a.brands {
		if !w.permitter.hasBrand(x.cluster, brand) {
			continue
		}
		branded = true
		w.permitter.decide(x.cluster, brand, w.a.requests[i])
		if err := w.cells(brand); err != nil {
			return err
		}
		if !w.permitter.allowed {
			why |= w.permitter.reasons
			continue
		}
		if err := w.row(x, brand); err != nil {
			return err
		}
		if publishedRows++; publishedRows == 1 {
			w.countSurvival()
		}
	}
	switch {
	case publishedRows > 0:
		w.counts.profiles++
		w.counts.rows += int64(publishedRows)
	case !branded:
		w.counts.withheld["no_record_of_brand"]++
	case why == 0:
		w.counts.withheld["nothing_to_reach"]++
	default:
		w.counts.withheld[why.List()[0].String()]++
	}
	return nil
}

// row writes the profile of one brand and what belongs to it.
func (w *part) row(x profile, brand uint16) error {
	members := w.permitter.members
	w.merger.Merge(members, w.permit, &w.golden)
	rows := w.profiles.rows
	rows.Text(0, w.id)
	w.brand(rows, 2, brand, 1)
	col := 3
	for _, i := range w.columns {
		w.attribute(rows, col, i)
		col++
	}
	rows.Time(col+1, end(w.permitter.until))
	rows.Time(col+2, w.r.AsOf.UnixMicro())
	rows.TextOrNull(col+3, w.regime())
	rows.Text(col+4, w.r.minor(members, w.set))
	rows.Texts(col+5, w.jurisdictionCodes())
	rows.Texts(col+6, w.permitted)
	code, reasons := w.reasonCodes(w.permitter.reasons)
	rows.CodedTexts(col+7, code, reasons)
	rows.Bool(col+8, w.conflict())
	if err := rows.End(); err != nil {
		return err
	}
	if err := w.contactPoints(brand); err != nil {
		return err
	}
	return w.provenanceOf(x, brand)
}

// brand appends a brand n times; null where the job names none.
func (w *part) brand(rows *snapshot.Rows, col int, brand uint16, n int) {
	if name := w.r.in.Records.Brands[brand]; name != "" {
		rows.Coded(col, uint32(brand), name, n)
		return
	}
	rows.Nulls(col, n)
}

// regime is the strictest of the cluster's jurisdictions for the request.
func (w *part) regime() string {
	var r schema.Regime
	for i := range w.permitter.anchors {
		r = max(r, w.permitter.results[i].Regime)
	}
	return r.String()
}

// conflict tells that events of the profile contradict each other: one of its
// anchors may be used while an event denies another, or a grant and a denial
// overlap in time.
func (w *part) conflict() bool {
	return w.permitter.reasons&contradictions != 0
}

// contradictions are the reasons that an event gave, rather than the lack of
// one.
var contradictions = func() (s schema.ReasonSet) {
	for _, r := range []schema.Reason{
		schema.DeniedRefused, schema.DeniedWithdrawn, schema.DeniedObjected, schema.DeniedTerminated,
		schema.DeniedInvalidated, schema.TimesOverlap, schema.DeniedForPerson, schema.DeniedForController,
		schema.DeniedAboutPerson,
	} {
		s.Add(r)
	}
	return s
}()

// purposeKey is the purpose with its channel, as consent feeds may write it.
func (a *audience) purposeKey() string {
	if a.channel == schema.AnyChannel {
		return a.purpose
	}
	return a.purpose + "." + a.channel.String()
}

// jurisdictionCodes are those of the present profile. Few sets occur.
func (w *part) jurisdictionCodes() []string {
	codes, ok := w.codes[w.set]
	if !ok {
		codes = w.r.policy.Codes(w.set)
		w.codes[w.set] = codes
	}
	return codes
}

// reasonCodes are the reasons of a set as tables show them, and a number for
// them. Few sets occur.
func (w *part) reasonCodes(set schema.ReasonSet) (code uint32, texts []string) {
	if set == w.lastReasons.set && w.lastReasons.texts != nil {
		return w.lastReasons.code, w.lastReasons.texts
	}
	l, ok := w.reasons[set]
	if !ok {
		l = reasonList{set: set, code: uint32(len(w.reasons)), texts: []string{}}
		for _, r := range set.List() {
			l.texts = append(l.texts, r.String())
		}
		w.reasons[set] = l
	}
	w.lastReasons = l
	return l.code, l.texts
}

// reasonList is a set of reasons as tables show it.
type reasonList struct {
	set   schema.ReasonSet
	code  uint32
	texts []string
}

// attribute writes the surviving value, or values, of an attribute.
func (w *part) attribute(rows *snapshot.Rows, col, i int) {
	values := w.golden.Of(i)
	if w.r.golden.Attributes()[i].Rule.List {
		w.list = w.list[:0]
		for _, v := range values {
			w.list = append(w.list, w.r.golden.Shown(i, v.Code))
		}
		rows.Texts(col, w.list)
	} else if len(values) == 0 {
		rows.Null(col)
	} else if code, text := values[0].Code, w.r.golden.Shown(i, values[0].Code); w.digests[i].few != nil {
		rows.Coded(col, code, text, 1)
	} else {
		rows.Text(col, text)
	}
}

// countSurvival counts the values of the present golden record, once however
// many brands it is published for.
func (w *part) countSurvival() {
	for _, i := range w.columns {
		if values := w.golden.Of(i); len(values) > 0 {
			w.counts.survival[i].filled++
			if values[0].Losers > 0 {
				w.counts.survival[i].contested++
			}
		}
	}
}

// contactPoints writes the permitted contact points: values where the purpose
// may carry them, else tokens.
func (w *part) contactPoints(brand uint16) error {
	w.points = w.merger.ContactPoints(w.permitter.members, w.permit, w.points[:0])
	rows := w.contacts.rows
	for i := range w.points {
		point := &w.points[i]
		kind, err := schema.ParseKind(point.Kind)
		if err != nil {
			return err
		}
		column := w.permitter.columns[kind]
		at := w.permitter.place(column.slot(point.Slot))
		if at < 0 || !w.permitter.usable[at] || w.a.channel != schema.AnyChannel && !w.a.channel.Reaches(kind) {
			continue
		}
		rows.Text(0, w.id)
		w.brand(rows, 1, brand, 1)
		rows.Coded(2, uint32(kind), point.Kind, 1)
		if w.a.entry.Direct {
			w.text = column.appendShown(w.text[:0], w.tokens.address, point.Slot)
			rows.Text(3, unsafeText(w.text))
		} else {
			w.inContacts.put(&w.tokens, w.permitter.anchors, at)
		}
		rows.Bool(4, point.Primary)
		rows.Time(6, end(w.permitter.results[at].ValidUntil))
		w.wishes(at)
		if err := rows.End(); err != nil {
			return err
		}
	}
	return nil
}
