package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"concord/schemas/table"
	"concord/transforms/snapshot"
)

// lineageFolder holds the run's evidence.
func (r *run) lineageFolder() string { return "lineage/" + r.attempt }

// writeLineage writes the tables that belong to the run rather than to a
// snapshot: memberships, decisions, consent events and quarantine. Links were
// written when clusters stood.
func (r *run) writeLineage(ctx context.Context) error {
	order := r.byGoldenID()
	clusters := func(write func(*tableWriter, []uint32) error) []func(*tableWriter) error {
		return inParts(len(order), partClusters, func(w *tableWriter, lo, hi int) error { return write(w, order[lo:hi]) })
	}
	err := r.writeRunTables(ctx, []runTable{
		{table.TableMemberships, "state/run=" + r.attempt, clusters(r.writeMemberships)},
		{table.TableDecisions, r.lineageFolder(), clusters(r.writeDecisions)},
		{table.TableConsentEvents, r.lineageFolder(), inParts(r.log.Anchors(), partAnchors, r.writeConsentEvents)},
		{table.TableConsentLimits, r.lineageFolder(), inParts(r.log.Anchors(), partAnchors, r.writeConsentLimits)},
		r.quarantineTable(),
	})
	if err != nil {
		return err
	}
	return r.writeJoins(ctx)
}

// runTable is a table of the run: its name, folder, and what fills each of its
// parts.
type runTable struct {
	name, folder string
	parts        []func(*tableWriter) error
}

// partAnchors is how many anchors one part of consent_events covers: a
// constant, as partClusters is.
const partAnchors = 1 << 18

// inParts divides n things among parts of at most size.
func inParts(n, size int, write func(w *tableWriter, lo, hi int) error) []func(*tableWriter) error {
	parts := []func(*tableWriter) error{}
	for lo := 0; lo < n || lo == 0; lo += size {
		parts = append(parts, func(w *tableWriter) error { return write(w, lo, min(lo+size, n)) })
	}
	return parts
}

func (r *run) quarantineTable() runTable {
	return runTable{table.TableQuarantine, "quarantine/" + r.attempt, []func(*tableWriter) error{r.writeQuarantine}}
}

// writeRunTables writes and verifies tables of the run, a part at a time on
// every worker. about is metadata beside the run's own.
func (r *run) writeRunTables(ctx context.Context, tables []runTable, about ...snapshot.Pair) error {
	type place struct{ table, part int }
	var units []place
	for t := range tables {
		for p := range tables[t].parts {
			units = append(units, place{t, p})
		}
	}
	files := make([]written, len(units))
	scratch := make([]snapshot.Scratch, r.Engine.Workers())
	err := r.Engine.Each(ctx, len(units), func(worker, i int) error {
		var err error
		files[i], err = r.writeRunPart(ctx, tables[units[i].table], units[i].part, &scratch[worker], about)
		return err
	})
	if err != nil {
		return err
	}
	r.files = append(r.files, files...)
	return nil
}

// writeRunPart writes and verifies part n of a table of the run.
func (r *run) writeRunPart(ctx context.Context, t runTable, n int, scratch *snapshot.Scratch, about []snapshot.Pair) (written, error) {
	key := fmt.Sprintf("%s/%s/part-%05d.parquet", t.folder, t.name, n)
	w, err := r.newTable(ctx, key, t.name, "", schemaOf(t.name), append(r.metadata(nil), about...), scratch)
	if err != nil {
		return written{}, err
	}
	defer w.out.Abort() // after Commit it does nothing
	if err := t.parts[n](w); err != nil {
		return written{}, err
	}
	f, err := w.close()
	if err != nil {
		return written{}, err
	}
	return f, r.verifyFile(ctx, &f)
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
			channel, source, object := t.Channel[rec], t.Source[rec], t.Object[rec]
			rows.Text(0, c.ids[k])
			rows.Coded(1, uint32(channel), t.Channels[channel], 1)
			rows.Coded(2, uint32(source), t.Sources[source], 1)
			rows.Text(3, t.RecordKey(rec))
			rows.Coded(4, object, t.Objects[object], 1)
			rows.Int(5, int64(t.Row[rec]))
			rows.Time(6, t.EventTime[rec])
			if err := rows.End(); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeDecisions says of every golden id that it is new: without the vault,
// which keeps ids between runs, every run decides from nothing.
func (r *run) writeDecisions(w *tableWriter, order []uint32) error {
	c, rows := r.resolved.clusters, w.rows
	rows.FixText(1, "new")
	for _, k := range order {
		rows.Text(0, c.ids[k])
		rows.Texts(2, nil)
		rows.Int(3, int64(c.size(k)))
		rows.Null(4)
		if err := rows.End(); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) writeQuarantine(w *tableWriter) error {
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
