package pipeline

import (
	"cmp"
	"context"
	"slices"

	"concord/matching/cluster"
	"concord/matching/score"
	"concord/schemas/table"
)

// lineageFolder holds the run's evidence.
func (r *run) lineageFolder() string { return "lineage/" + r.attempt }

// writeLineage writes the tables that belong to the run rather than to a
// snapshot: memberships, links, decisions, consent events and quarantine.
func (r *run) writeLineage(ctx context.Context) error {
	order := r.byGoldenID()
	for _, t := range []runTable{
		{table.TableMemberships, "state/run=" + r.attempt, r.writeMemberships},
		{table.TableLinks, r.lineageFolder(), r.writeLinks},
		{table.TableDecisions, r.lineageFolder(), r.writeDecisions},
		{table.TableConsentEvents, r.lineageFolder(), r.writeConsentEvents},
		r.quarantineTable(),
	} {
		if err := r.writeRunTable(ctx, t, order); err != nil {
			return err
		}
	}
	return r.writeJoins(ctx)
}

// runTable is a table of the run: its name, folder, and what fills it.
type runTable struct {
	name, folder string
	write        func(*tableWriter, []uint32) error
}

func (r *run) quarantineTable() runTable {
	return runTable{table.TableQuarantine, "quarantine/" + r.attempt, r.writeQuarantine}
}

// writeRunTable writes and verifies a table of the run.
func (r *run) writeRunTable(ctx context.Context, t runTable, order []uint32) error {
	w, err := r.newTable(ctx, t.folder+"/"+t.name+"/part-00000.parquet", t.name, "", schemaOf(t.name), r.metadata(nil), nil)
	if err != nil {
		return err
	}
	if err := t.write(w, order); err != nil {
		_ = w.out.Abort() // the error that matters is the write's
		return err
	}
	f, err := w.close()
	if err != nil {
		return err
	}
	if err := r.verifyFile(ctx, &f); err != nil {
		return err
	}
	r.files = append(r.files, f)
	return nil
}

// byGoldenID lists the clusters in the order of their ids.
func (r *run) byGoldenID() []uint32 {
	order := make([]uint32, r.resolved.clusters.len())
	for i := range order {
		order[i] = uint32(i)
	}
	ids := r.resolved.clusters.ids
	slices.SortFunc(order, func(a, b uint32) int { return cmp.Compare(ids[a], ids[b]) })
	return order
}

func (r *run) writeMemberships(w *tableWriter, order []uint32) error {
	t, c, rows := r.in.Records, r.resolved.clusters, w.rows
	for _, k := range order {
		for _, rec := range c.at(k) {
			rows.Text(0, c.ids[k])
			rows.Text(1, t.Channels[t.Channel[rec]])
			rows.Text(2, t.Sources[t.Source[rec]])
			rows.Text(3, t.RecordKey(rec))
			rows.Text(4, t.Objects[t.Object[rec]])
			rows.Int(5, int64(t.Row[rec]))
			rows.Time(6, t.EventTime[rec])
			if err := rows.End(); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeLinks writes the links that hold each cluster together: a spanning
// set, whose removal takes it apart.
func (r *run) writeLinks(w *tableWriter, order []uint32) error {
	t, c, rows := r.in.Records, r.resolved.clusters, w.rows
	byCluster := make([][]cluster.Link, c.len())
	for _, l := range r.resolved.links {
		byCluster[c.of[l.A]] = append(byCluster[c.of[l.A]], l)
	}
	scorer := r.matcher.scorer.Clone()
	for _, k := range order {
		for _, l := range byCluster[k] {
			rows.Text(0, c.ids[k])
			rows.Text(1, t.Channels[t.Channel[l.A]])
			rows.Text(2, t.RecordKey(l.A))
			rows.Text(3, t.Channels[t.Channel[l.B]])
			rows.Text(4, t.RecordKey(l.B))
			x := scorer.Explain(l.A, l.B)
			rows.Text(5, r.originOf(l))
			rows.Text(6, r.matcher.modelDigest)
			rows.Text(7, patternText(x))
			rows.Float(8, float64(l.Weight)/cluster.Bit)
			weights := make([]float64, len(x.Terms))
			for i, term := range x.Terms {
				weights[i] = term.Weight + term.Adjustment
			}
			rows.Floats(9, weights)
			if err := rows.End(); err != nil {
				return err
			}
		}
	}
	return nil
}

// originOf names what made a link: a deterministic rule, the model, the
// model's second look, or a person.
func (r *run) originOf(l cluster.Link) string {
	switch l.Origin {
	case cluster.Judged:
		return "judgement"
	case cluster.Rescored:
		return "model_rescored"
	case cluster.Joined:
		return "closure"
	}
	i, ok := slices.BinarySearchFunc(r.edges, l, func(e score.Edge, l cluster.Link) int {
		return cmp.Or(cmp.Compare(e.A, l.A), cmp.Compare(e.B, l.B))
	})
	if !ok {
		return "model"
	}
	return r.matcher.linkedBy(r.edges[i])
}

// patternText is the agreement pattern as people read it: "name=exact
// email=null".
func patternText(x score.Explanation) string {
	s := ""
	for i, t := range x.Terms {
		if i > 0 {
			s += " "
		}
		s += t.Comparison + "=" + t.Label
	}
	return s
}

// writeDecisions says of every golden id that it is new: without the vault,
// which keeps ids between runs, every run decides from nothing.
func (r *run) writeDecisions(w *tableWriter, order []uint32) error {
	c, rows := r.resolved.clusters, w.rows
	for _, k := range order {
		rows.Text(0, c.ids[k])
		rows.Text(1, "new")
		rows.Texts(2, nil)
		rows.Int(3, int64(c.size(k)))
		rows.Null(4)
		if err := rows.End(); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) writeQuarantine(w *tableWriter, _ []uint32) error {
	rows := w.rows
	list := slices.Clone(r.in.Quarantine)
	slices.SortStableFunc(list, func(a, b quarantined) int {
		return cmp.Or(cmp.Compare(a.Object, b.Object), cmp.Compare(a.Row, b.Row), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Column, b.Column))
	})
	for _, q := range list {
		rows.Text(0, q.Object)
		rows.Text(1, q.Channel)
		rows.Int(2, q.Row)
		rows.Text(3, q.Code)
		rows.TextOrNull(4, q.Column)
		rows.Bytes(5, q.Raw)
		if err := rows.End(); err != nil {
			return err
		}
	}
	return nil
}
