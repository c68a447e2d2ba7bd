package pipeline

import (
	"slices"

	"concord/transforms/snapshot"
)

// provenanceOf writes where each carried value of the present row is from.
func (w *part) provenanceOf(x profile, brand uint16) error {
	t, rows := w.r.in.Records, w.provenance.rows
	n := 0
	for _, i := range w.columns {
		n += len(w.golden.Of(i))
	}
	if n == 0 {
		return nil
	}
	if err := rows.Reserve(n); err != nil {
		return err
	}
	rows.Repeat(0, w.id, n)
	w.brand(rows, 1, brand, n)
	w.goldenID(x.cluster, n)
	for _, i := range w.inOrder() {
		a := &w.r.golden.Attributes()[i]
		for _, v := range w.golden.Of(i) {
			channel, object := t.Channel[v.Record], t.Object[v.Record]
			w.counts.from[i][channel]++
			rows.Coded(3, uint32(i), a.Name.Column(), 1)
			rows.Coded(4, uint32(channel), t.Channels[channel], 1)
			rows.Coded(5, object, t.Objects[object], 1)
			rows.Coded(6, object, w.r.objectDigest[object], 1)
			rows.Int(7, int64(t.Row[v.Record]))
			rows.Time(8, t.EventTime[v.Record])
			rows.Coded(9, uint32(i), a.Rule.Name, 1)
			w.valueDigest(rows, 10, i, v.Code)
			rows.Int(11, int64(v.Held))
			rows.Int(12, int64(v.Candidates))
			rows.Int(13, int64(v.Losers))
		}
	}
	return rows.EndRows(n)
}

// goldenID is a column of golden ids, each of which is in rows that follow each
// other and needs no looking up.
type goldenID struct {
	cluster uint32
	group   int
	entry   snapshot.Entry // 0 before the first
}

// goldenID appends the id of a golden record n times.
func (w *part) goldenID(k uint32, n int) {
	const col = 2
	rows, last := w.provenance.rows, &w.lastGolden
	if last.entry != 0 && last.cluster == k && last.group == rows.Group() {
		rows.Again(col, last.entry, n)
		return
	}
	*last = goldenID{k, rows.Group(), rows.New(col, w.r.resolved.clusters.ids[k], n)}
}

// inOrder are the carried attributes in the order of the golden plan.
func (w *part) inOrder() []int {
	if !slices.IsSorted(w.columns) {
		sorted := slices.Clone(w.columns)
		slices.Sort(sorted)
		return sorted
	}
	return w.columns
}
