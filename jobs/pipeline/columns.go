package pipeline

import (
	"slices"

	"concord/schemas/attribute"
	"concord/schemas/table"
	"concord/transforms/golden"
	"concord/transforms/report"
	"concord/transforms/snapshot"
)

// SnapshotColumns are the attributes that a snapshot's profiles show, and those
// that they do not though the extracts have them.
type SnapshotColumns struct {
	Snapshot string
	Columns  []string
	Barred   []snapshot.Barred
}

// columnsOf are the columns of every snapshot, known once the extracts are read:
// one that the job asks for and the purpose may not carry is an error, long
// before anything is matched.
func (r *run) columnsOf() ([]SnapshotColumns, error) {
	var available []attribute.Name
	for i := range r.in.Records.Columns {
		available = append(available, r.in.Records.Columns[i].Name)
	}
	matrix, declared := snapshot.DefaultMatrix(), r.Job.Categories()
	var out []SnapshotColumns
	for _, name := range r.Job.SnapshotNames() {
		a := &audience{name: name, spec: r.Job.Snapshots[name]}
		if err := a.declare(); err != nil {
			return nil, failedf(ErrConfig, "snapshot %q: %w", name, err)
		}
		columns, err := matrix.Columns(a.purpose, a.spec.Columns, available, declared)
		if err != nil {
			return nil, failedf(ErrConfig, "snapshot %q: %w", name, err)
		}
		s := SnapshotColumns{Snapshot: name, Barred: matrix.Barred(a.purpose, available, declared)}
		for _, n := range columns {
			s.Columns = append(s.Columns, n.Column())
		}
		out = append(out, s)
	}
	return out, nil
}

// checkColumns tells of columns of the job's own that a snapshot leaves out for
// want of a category: nobody decided that.
func (r *run) checkColumns() error {
	all, err := r.columnsOf()
	if err != nil {
		return err
	}
	declared := r.Job.Categories()
	for _, s := range all {
		for _, b := range s.Barred {
			if b.Name.IsCustom() && declared[b.Name] == "" && r.Job.Snapshots[s.Snapshot].Columns == nil {
				r.Observe.Note("a snapshot leaves a column out", "snapshot", s.Snapshot, "column", b.Name.Column(), "because", b.Reason)
			}
		}
	}
	return nil
}

// columnSources says which columns of the extracts each column of a snapshot's
// table depends on. A channel that gave a snapshot no value has no edge to it.
func (r *run) columnSources(p *published, out *report.Output) {
	switch out.Table {
	case table.TableProfiles:
		for i := range out.Columns {
			c := &out.Columns[i]
			switch a := r.attributeOf(c.Name); {
			case a >= 0:
				c.From = r.valueSources(p, a)
			case c.Name == table.ColProfileID:
				c.From = r.matchSources(p)
			case c.Category == "user.privacy_preferences" || c.Name == table.ColValidUntil:
				c.From = r.consentSources()
			}
		}
	case table.TableContactPoints, table.TableProfileConsents, table.TablePermissionDelta:
		for i := range out.Columns {
			switch c := &out.Columns[i]; {
			case c.Name == table.ColValue, c.Name == table.ColToken:
				c.From = r.contactSources(p, c.Name == table.ColToken)
			case c.Name == table.ColProfileID:
				c.From = r.matchSources(p)
			case c.Category == "user.privacy_preferences" || c.Name == table.ColValidUntil:
				c.From = r.consentSources()
			}
		}
	}
}

// attributeOf is the golden attribute that a column of profiles shows, -1 when
// it shows none.
func (r *run) attributeOf(column string) int {
	return slices.IndexFunc(r.golden.Attributes(), func(a golden.Attribute) bool { return a.Name.Column() == column })
}

// valueSources are the columns that attribute i took values from, and the
// event times that chose among them.
func (r *run) valueSources(p *published, i int) []report.Source {
	var out []report.Source
	a := r.golden.Attributes()[i]
	for ch, n := range p.counts.from[i] {
		if n == 0 {
			continue
		}
		name := r.in.Records.Channels[ch]
		out = append(out, r.filledBy(name, a.Name, report.Value, false)...)
		if t := r.Job.Channels[name].EventTime.Column; t != "" {
			out = append(out, report.Source{Channel: name, Column: t, How: report.Survivor})
		}
	}
	return out
}

// filledBy are the columns of a channel that fill an attribute.
func (r *run) filledBy(channel string, name attribute.Name, how report.Influence, masked bool) []report.Source {
	var out []report.Source
	for _, f := range r.in.Fields {
		if f.Channel == channel && slices.Contains(f.Attributes, name) {
			out = append(out, report.Source{Channel: channel, Column: f.Column, How: how, Masked: masked})
		}
	}
	return out
}

// gave tells whether a snapshot holds any value of a channel.
func (p *published) gave(channel int) bool {
	return slices.ContainsFunc(p.counts.from, func(by []int64) bool { return by[channel] > 0 })
}

// matchSources are the columns that decide which records belong together.
func (r *run) matchSources(p *published) []report.Source {
	var out []report.Source
	for ch, name := range r.in.Records.Channels {
		if !p.gave(ch) {
			continue
		}
		for _, c := range r.matcher.comparators {
			for _, a := range c.Attributes() {
				out = append(out, r.filledBy(name, a, report.MatchKey, false)...)
			}
		}
	}
	return distinctSources(out)
}

// contactSources are the columns that contact points come from.
func (r *run) contactSources(p *published, masked bool) []report.Source {
	var out []report.Source
	for ch, name := range r.in.Records.Channels {
		if !p.gave(ch) {
			continue
		}
		for _, k := range contactKinds {
			out = append(out, r.filledBy(name, k.name, report.Value, masked)...)
		}
		out = append(out, r.filledBy(name, attribute.Street, report.Value, masked)...)
	}
	return distinctSources(out)
}

// consentSources are the columns that decide what may be shown.
func (r *run) consentSources() []report.Source {
	var out []report.Source
	for i := range r.in.Events {
		for _, column := range r.in.Events[i].Names {
			out = append(out, report.Source{Channel: r.in.Events[i].Channel, Column: column, How: report.Permitted})
		}
	}
	for i := range r.in.Embedded {
		for _, column := range r.in.Embedded[i].Names {
			out = append(out, report.Source{Channel: r.in.Embedded[i].Channel, Column: column, How: report.Permitted})
		}
	}
	return out
}

// distinctSources drops repeats, keeping the first of each.
func distinctSources(list []report.Source) []report.Source {
	var out []report.Source
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
