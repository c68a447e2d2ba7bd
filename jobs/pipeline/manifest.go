package pipeline

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"concord/jobs/ingest"
	"concord/matching/score"
	schema "concord/schemas/consent"
	"concord/schemas/table"
	"concord/transforms/report"
	"concord/transforms/snapshot"
)

type quarantined = ingest.Quarantined

func schemaOf(name string) *arrow.Schema {
	switch name {
	case table.TableMemberships:
		return table.Memberships()
	case table.TableLinks:
		return table.Links()
	case table.TableDecisions:
		return table.Decisions()
	case table.TableConsentLimits:
		return table.ConsentLimits()
	case table.TableConsentEvents:
		return table.ConsentEvents()
	case table.TableJoinMap:
		return table.JoinMap()
	}
	return table.Quarantine()
}

// facts fills the manifest from the run's state.
func (r *run) facts(status report.Status) *report.Manifest {
	m := &report.Manifest{
		Version:  report.ManifestVersion,
		Run:      report.Run{ID: r.lineageID(), Job: r.Job.Name, Controller: r.Job.Controller, AsOf: r.AsOf, Status: status},
		Versions: report.Versions{Concord: r.Version, Config: r.Digest(), Policy: r.policy.Digest, Registry: schema.DefaultRegistry().Digest, Matrix: snapshot.DefaultMatrix().Digest()},
	}
	m.Versions.Parent = r.previous["state"].run()
	m.Checks = r.gated
	if r.in != nil {
		r.inputFacts(m)
	}
	if r.matcher != nil && r.matcher.model != nil {
		m.Versions.Model = r.matcher.modelDigest
		if r.linking != nil {
			m.Matching = *r.linking
		} else {
			m.Matching = r.matchFacts()
		}
	}
	if r.resolved != nil && r.resolved.clusters != nil {
		r.clusterFacts(m)
	}
	for _, p := range r.snapshots {
		m.Snapshots = append(m.Snapshots, p.account())
		m.Consent = append(m.Consent, p.verdicts())
		for i := range p.files {
			out := p.files[i].fact()
			r.columnSources(p, &out)
			m.Outputs = append(m.Outputs, out)
		}
	}
	for i := range r.files {
		m.Outputs = append(m.Outputs, r.files[i].fact())
	}
	r.survivalFacts(m)
	return m
}

// lineageID is the run's UUID.
func (r *run) lineageID() string {
	return report.RunID(r.Job.Name, r.slot(), r.Digest(), r.started.UTC().Format(time.RFC3339Nano))
}

func (r *run) inputFacts(m *report.Manifest) {
	byChannel := map[string]*report.Channel{}
	for _, name := range r.Job.ChannelNames() {
		c := r.Job.Channels[name]
		kind := report.KindRecords
		if c.IsConsent() {
			kind = report.KindConsent
		}
		byChannel[name] = &report.Channel{Name: name, Kind: kind, Read: c.Read, Format: c.Format}
	}
	for _, o := range r.in.Objects {
		rows := report.Rows{Read: o.Read, Accepted: o.Accepted, Quarantined: o.Quarantined, Duplicate: o.Duplicate}
		m.Inputs = append(m.Inputs, report.Input{Channel: o.Channel, Object: o.Key, Format: o.Format, SHA256: o.SHA256, Size: o.Size, Rows: rows})
		c := byChannel[o.Channel]
		c.Format = cmp.Or(c.Format, o.Format)
		c.Rows.Read += rows.Read
		c.Rows.Accepted += rows.Accepted
		c.Rows.Quarantined += rows.Quarantined
		c.Rows.Duplicate += rows.Duplicate
	}
	for _, f := range r.in.Fields {
		byChannel[f.Channel].Columns = append(byChannel[f.Channel].Columns, report.Column{
			Name: f.Column, Attribute: f.Attribute, Filled: f.Filled, Distinct: f.Distinct, Junk: f.Junk, Invalid: f.Invalid,
		})
	}
	r.consentColumns(byChannel)
	for _, name := range r.Job.ChannelNames() {
		m.Channels = append(m.Channels, *byChannel[name])
	}
	codes := map[string]int64{}
	for _, q := range r.in.Quarantine {
		if !q.Kept {
			codes[q.Code]++
		}
	}
	m.Quarantine = countsOf(codes)
}

// consentColumns counts the cells of consent columns. An attribute of that
// name does not exist: they fill none.
func (r *run) consentColumns(byChannel map[string]*report.Channel) {
	for i := range r.in.Embedded {
		t := &r.in.Embedded[i]
		for col, name := range t.Names {
			if t.Job.Embedded[name] == nil && t.Job.Signals[name] == nil { // a time column
				continue
			}
			c := report.Column{Name: name, Attribute: consentAttribute}
			for row := range uint32(t.Len()) {
				if t.Text(col, row) != "" {
					c.Filled++
				}
			}
			byChannel[t.Channel].Columns = append(byChannel[t.Channel].Columns, c)
		}
	}
}

// consentAttribute marks columns that hold consent.
const consentAttribute = "consent"

func countsOf(by map[string]int64) []report.Count {
	var out []report.Count
	for _, k := range sortedKeys(by) {
		out = append(out, report.Count{Name: k, Count: by[k]})
	}
	return out
}

// matchFacts are the blocking rules and the links, with a histogram of match
// weights in whole bits.
func (r *run) matchFacts() report.Matching {
	out := report.Matching{Model: r.Job.Match.Model}
	for _, c := range r.matcher.plan.Counts() {
		out.Rules = append(out.Rules, report.Rule{Name: c.Rule, Pairs: c.Pairs, New: c.New})
	}
	bins := map[int]int64{}
	by := map[string]int64{}
	for _, e := range r.edges {
		bins[int(math.Floor(float64(e.Weight)/score.Bit))]++
		by[r.matcher.linkedBy(e)]++
	}
	for _, b := range sortedKeys(bins) {
		out.Weights = append(out.Weights, report.Bin{From: float64(b), To: float64(b + 1), Count: bins[b]})
	}
	out.Skipped = r.stats.Pairs - r.stats.Links
	out.Links, out.Denied = countsOf(by), int64(countTrue(r.unlinkable))
	return out
}

func (r *run) clusterFacts(m *report.Manifest) {
	sizes := map[int]int64{}
	for n := range r.resolved.clusters.sizes {
		sizes[n]++
	}
	for _, n := range sortedKeys(sizes) {
		m.Clusters.Sizes = append(m.Clusters.Sizes, report.Size{Records: int64(n), Clusters: sizes[n]})
	}
	m.Identity = []report.Count{{Name: "new", Count: int64(r.resolved.clusters.len())}}
}

func (p *published) verdicts() report.PurposeVerdicts {
	v := report.PurposeVerdicts{Purpose: p.audience.purpose, Channel: p.audience.channel.String(), Allowed: p.counts.allowed, Denied: p.counts.denied}
	for reason, n := range p.counts.reasons {
		if n > 0 {
			v.Reasons = append(v.Reasons, report.Count{Name: schema.Reason(reason).String(), Count: n})
		}
	}
	return v
}

// survivalFacts tells how golden values were chosen in the snapshot that
// carries most of them.
func (r *run) survivalFacts(m *report.Manifest) {
	if r.golden == nil || len(r.snapshots) == 0 {
		return
	}
	widest := slices.MaxFunc(r.snapshots, func(a, b *published) int {
		return cmp.Or(cmp.Compare(len(a.audience.columns), len(b.audience.columns)), cmp.Compare(b.audience.name, a.audience.name))
	})
	for i, a := range r.golden.Attributes() {
		s := widest.counts.survival[i]
		if s.filled > 0 {
			m.Survival = append(m.Survival, report.Survival{Attribute: a.Name.Column(), Rule: a.Rule.Name, Filled: s.filled, Contested: s.contested})
		}
	}
}

// fact is a file's part of the manifest.
func (f *written) fact() report.Output {
	out := report.Output{Snapshot: f.snapshot, Table: f.table, Object: f.key, SHA256: f.summary.SHA256, Size: f.summary.Size, Rows: f.summary.Rows}
	for i, c := range f.summary.Columns {
		field := f.schema.Field(i)
		category, _ := field.Metadata.GetValue(table.MetaCategory)
		sensitivity, _ := field.Metadata.GetValue(table.MetaSensitivity)
		out.Columns = append(out.Columns, report.OutputColumn{Name: c.Name, Type: field.Type.String(), Category: category, Sensitivity: sensitivity, Nulls: c.Nulls, Digest: c.Digest})
	}
	return out
}

// timing is what differs from run to run.
func (r *run) timing() report.Timing {
	t := report.Timing{Started: r.started.UTC(), Ended: time.Now().UTC(), Workers: r.Engine.Workers(), Peak: peakMemory()}
	for _, p := range r.phases {
		t.Phases = append(t.Phases, report.Phase{
			Name: p.Name, Seconds: p.Took.Seconds(), CPU: p.CPU.Seconds(), Peak: p.Peak, Items: p.Items, Unit: p.Unit,
		})
	}
	return t
}
