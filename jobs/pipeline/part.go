package pipeline

import (
	"context"
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"

	schema "concord/schemas/consent"
	"concord/schemas/table"
	"concord/transforms/consent"
	"concord/transforms/golden"
	"concord/transforms/snapshot"
)

// part writes the tables of some consecutive profiles.
type part struct {
	r         *run
	a         *audience
	permitter *permitter
	merger    *golden.Merger
	pseudonym *snapshot.Pseudonym
	columns   []int // by profile column: attribute of the golden plan

	profiles, contacts, consents, changes, provenance *tableWriter
	delta                                             *delta

	golden   golden.Golden
	points   []golden.ContactPoint
	carried  []bool // by attribute of the golden plan: the audience has the column
	counts   counts
	files    []written
	verdicts []string
	digests  []map[uint32]string // by attribute: of values that recur
	reasons  map[schema.ReasonSet][]string
	set      schema.JurisdictionSet // of the present profile
	places   string                 // of the present profile: the jurisdictions that bind it
}

// writePart writes part number n: profiles lo to hi of all.
func (r *run) writePart(ctx context.Context, p *published, n int, all []profile, lo, hi int) (_ *part, err error) {
	w := &part{r: r, a: p.audience, permitter: r.newPermitter(r.decisions), merger: r.golden.Merger(),
		counts: newCounts(len(r.golden.Attributes()), len(r.in.Records.Channels)), carried: make([]bool, len(r.golden.Attributes())),
		digests: make([]map[uint32]string, len(r.golden.Attributes())), reasons: map[schema.ReasonSet][]string{}}
	w.pseudonym, err = snapshot.NewPseudonym(w.a.key, w.a.version, purposeDomain(w.a.purpose))
	if err != nil {
		return nil, err
	}
	for _, name := range w.a.columns {
		i := r.golden.Index(name)
		w.columns = append(w.columns, i)
		w.carried[i] = true
	}
	if err := w.open(ctx, p, n); err != nil {
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

func (w *part) tables() []*tableWriter {
	return []*tableWriter{w.profiles, w.contacts, w.consents, w.changes, w.provenance}
}

// abort drops files that were not committed.
func (w *part) abort() {
	for _, t := range w.tables() {
		_ = t.out.Abort() // after Commit it does nothing
	}
}

func (w *part) open(ctx context.Context, p *published, n int) error {
	r, meta := w.r, w.r.metadata(w.a)
	name := fmt.Sprintf("part-%05d.parquet", n)
	for _, t := range []struct {
		to     **tableWriter
		table  string
		folder string
		schema *arrow.Schema
	}{
		{&w.profiles, table.TableProfiles, p.folder, table.Profiles(w.a.profileColumns(r.golden), w.a.use())},
		{&w.contacts, table.TableContactPoints, p.folder, table.ContactPoints(!w.a.entry.Direct, w.a.use())},
		{&w.consents, table.TableProfileConsents, p.folder, table.ProfileConsents()},
		{&w.changes, table.TablePermissionDelta, p.folder, table.PermissionDelta()},
		{&w.provenance, table.TableProvenance, r.provenanceFolder(w.a), table.Provenance()},
	} {
		made, err := r.newTable(ctx, t.folder+"/"+t.table+"/"+name, t.table, w.a.name, t.schema, meta)
		if err != nil {
			return err
		}
		*t.to = made
	}
	return nil
}

// profile writes one golden record: a row of profiles for each brand that may
// use it.
func (w *part) profile(x profile) error {
	w.set = w.r.jurisdictions(w.r.resolved.clusters.at(x.cluster))
	w.places = w.r.placesOf(w.set)
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
		if err := w.cells(x, brand); err != nil {
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
	members := w.r.resolved.clusters.at(x.cluster)
	permit := w.permitter.value
	w.merger.Merge(members, permit, &w.golden)
	t, rows := w.r.in.Records, w.profiles.rows
	rows.Text(0, x.id)
	rows.Text(1, w.r.Job.Controller)
	rows.TextOrNull(2, t.Brands[brand])
	col := 3
	for _, i := range w.columns {
		w.attribute(rows, col, i)
		col++
	}
	rows.Bool(col, true)
	rows.Time(col+1, end(w.permitter.until))
	rows.Time(col+2, w.r.AsOf.UnixMicro())
	rows.TextOrNull(col+3, w.regime())
	rows.Text(col+4, w.r.minor(members, w.set))
	rows.Texts(col+5, w.r.policy.Codes(w.set))
	rows.Texts(col+6, []string{w.a.purposeKey()})
	rows.Texts(col+7, reasonCodes(w.permitter.reasons.List()))
	rows.Bool(col+8, w.conflict())
	if err := rows.End(); err != nil {
		return err
	}
	if err := w.contactPoints(x, brand, members, permit); err != nil {
		return err
	}
	return w.provenanceOf(x, brand)
}

// token stands for an anchor in this audience's tables.
func (w *part) token(a consent.AnchorID) string {
	return w.pseudonym.Token(a.Kind().String(), w.r.anchors.canonical(a))
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

// attribute writes the surviving value, or values, of an attribute.
func (w *part) attribute(rows *snapshot.Rows, col, i int) {
	values := w.golden.Of(i)
	if w.r.golden.Attributes()[i].Rule.List {
		list := make([]string, len(values))
		for k, v := range values {
			list[k] = w.r.golden.Shown(i, v.Code)
		}
		rows.Texts(col, list)
	} else if len(values) == 0 {
		rows.Null(col)
	} else {
		rows.Text(col, w.r.golden.Shown(i, values[0].Code))
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
func (w *part) contactPoints(x profile, brand uint16, members []uint32, permit golden.Permit) error {
	w.points = w.merger.ContactPoints(members, permit, w.points[:0])
	rows := w.contacts.rows
	for i := range w.points {
		point := &w.points[i]
		kind, err := schema.ParseKind(point.Kind)
		if err != nil {
			return err
		}
		anchor := w.r.anchors.find(kind).slot(point.Slot)
		res := w.permitter.result(anchor)
		if res == nil || !w.permitter.allows(anchor) || w.a.channel != schema.AnyChannel && !w.a.channel.Reaches(kind) {
			continue
		}
		rows.Text(0, x.id)
		rows.TextOrNull(1, w.r.in.Records.Brands[brand])
		rows.Text(2, point.Kind)
		if w.a.entry.Direct {
			rows.Text(3, w.r.shown(w.r.anchors.find(kind), point.Slot))
		} else {
			rows.Text(3, w.token(anchor))
		}
		rows.Bool(4, point.Primary)
		rows.Bool(5, true)
		rows.Time(6, end(res.ValidUntil))
		if err := rows.End(); err != nil {
			return err
		}
	}
	return nil
}

// provenanceOf writes where each carried value of the present row is from.
func (w *part) provenanceOf(x profile, brand uint16) error {
	t, rows := w.r.in.Records, w.provenance.rows
	for i, a := range w.r.golden.Attributes() {
		if !w.carried[i] {
			continue
		}
		for _, v := range w.golden.Of(i) {
			rows.Text(0, x.id)
			rows.TextOrNull(1, t.Brands[brand])
			rows.Text(2, w.r.resolved.clusters.ids[x.cluster])
			w.counts.from[i][t.Channel[v.Record]]++
			rows.Text(3, a.Name.Column())
			rows.Text(4, t.Channels[t.Channel[v.Record]])
			rows.Text(5, t.Objects[t.Object[v.Record]])
			rows.Text(6, w.r.objectDigest[t.Object[v.Record]])
			rows.Int(7, int64(t.Row[v.Record]))
			rows.Time(8, t.EventTime[v.Record])
			rows.Text(9, a.Rule.Name)
			rows.Text(10, w.valueDigest(i, v.Code))
			rows.Int(11, int64(v.Held))
			rows.Int(12, int64(v.Candidates))
			rows.Int(13, int64(v.Losers))
			if err := rows.End(); err != nil {
				return err
			}
		}
	}
	return nil
}

// valueDigest is the keyed hash of a surviving value. Values that recur, such
// as given names, are hashed once a part.
func (w *part) valueDigest(i int, code uint32) string {
	name := w.r.golden.Attributes()[i].Name
	digest := func() string { return w.pseudonym.ValueDigest(string(name), w.r.golden.Shown(i, code)) }
	if w.r.in.Records.Column(name).Shown.Len() > maxDigests {
		return digest()
	}
	known := w.digests[i]
	if known == nil {
		known = map[uint32]string{}
		w.digests[i] = known
	}
	d, ok := known[code]
	if !ok {
		d = digest()
		known[code] = d
	}
	return d
}

// maxDigests is the number of distinct values above which they hardly recur
// within a part.
const maxDigests = 1 << 17
