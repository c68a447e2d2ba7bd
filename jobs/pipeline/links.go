package pipeline

import (
	"cmp"
	"context"
	"runtime"
	"runtime/debug"
	"slices"

	"concord/jobs/engine"
	"concord/matching/cluster"
	"concord/matching/score"
	"concord/schemas/table"
)

// snapshotGrowth is how far the heap may grow between collections, in percent,
// once linking has let go of its memory: files are written and read through much
// memory that is soon free again. At 10 the phase took 17.6 processor seconds on
// 300,000 generated records, at 25 15.8.
const snapshotGrowth = 25

// concludeLinking writes the links that hold the clusters together, and lets
// go of what linking needed: half of the run's memory, while snapshots need
// room.
func (r *run) concludeLinking(ctx context.Context) error {
	order, links := r.byGoldenID(), r.linksByCluster()
	r.resolved.links, r.matcher.table = nil, nil // clusters have the links; kernels have what they need
	runtime.GC()                                 // before tables take memory: clustering has left as much again
	err := r.writeRunTables(ctx, []runTable{{table.TableLinks, r.lineageFolder(), inParts(len(order), partClusters, func(w *tableWriter, lo, hi int) error {
		return r.writeLinks(w, order[lo:hi], links)
	})}})
	if err != nil {
		return err
	}
	facts := r.matchFacts()
	r.linking = &facts
	r.matcher.settle()
	r.edges = nil
	debug.FreeOSMemory()
	engine.HeapGrowth(snapshotGrowth)
	return nil
}

// clusterLinks are the links of each cluster.
type clusterLinks struct {
	starts []uint32
	links  []cluster.Link
}

func (l *clusterLinks) of(k uint32) []cluster.Link { return l.links[l.starts[k]:l.starts[k+1]] }

// linksByCluster sorts the links by cluster, those of one in the order in
// which clustering gave them.
func (r *run) linksByCluster() *clusterLinks {
	c := r.resolved.clusters
	l := &clusterLinks{starts: make([]uint32, c.len()+1), links: make([]cluster.Link, len(r.resolved.links))}
	for _, x := range r.resolved.links {
		l.starts[c.of[x.A]+1]++
	}
	for k := range c.len() {
		l.starts[k+1] += l.starts[k]
	}
	next := slices.Clone(l.starts)
	for _, x := range r.resolved.links {
		k := c.of[x.A]
		l.links[next[k]] = x
		next[k]++
	}
	return l
}

// writeLinks writes the links that hold each cluster together: a spanning
// set, whose removal takes it apart.
func (r *run) writeLinks(w *tableWriter, order []uint32, links *clusterLinks) error {
	t, c, rows := r.in.Records, r.resolved.clusters, w.rows
	scorer := r.matcher.scorer.Clone()
	rows.FixText(6, r.matcher.modelDigest)
	var weights []float64
	var pattern []byte
	for _, k := range order {
		for _, l := range links.of(k) {
			a, b := t.Channel[l.A], t.Channel[l.B]
			rows.Text(0, c.ids[k])
			rows.Coded(1, uint32(a), t.Channels[a], 1)
			rows.Text(2, t.RecordKey(l.A))
			rows.Coded(3, uint32(b), t.Channels[b], 1)
			rows.Text(4, t.RecordKey(l.B))
			x := scorer.Explain(l.A, l.B)
			rows.Text(5, r.originOf(l))
			pattern = appendPattern(pattern[:0], x)
			rows.Text(7, unsafeText(pattern))
			rows.Float(8, float64(l.Weight)/cluster.Bit)
			weights = weights[:0]
			for _, term := range x.Terms {
				weights = append(weights, term.Weight+term.Adjustment)
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

// appendPattern appends the agreement pattern as people read it: "name=exact
// email=null".
func appendPattern(b []byte, x score.Explanation) []byte {
	for i, t := range x.Terms {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(append(append(b, t.Comparison...), '='), t.Label...)
	}
	return b
}
