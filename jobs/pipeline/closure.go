package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"concord/matching/block"
	"concord/matching/cluster"
	"concord/matching/column"
	"concord/matching/score"
	"concord/matching/train"
)

// known is how many records of a cluster stand for it in the closure pass, and
// how many of each of two clusters are compared: those of the smallest numbers.
const known = 8

// close joins clusters that blocking on single records kept apart. first are
// the clusters as they are, lowest the smallest record of each record's.
func (r *run) close(ctx context.Context, m *matcher, in cluster.Input, constraints []cluster.Constraint, first *resolved, lowest []uint32) (*resolved, error) {
	candidates, err := r.closure(ctx, m, first.clusters)
	if err != nil || len(candidates) == 0 {
		return first, err
	}
	second, joined, err := r.refine(ctx, m, cluster.Closure(in, lowest, candidates), constraints)
	if err != nil {
		return nil, err
	}
	sets := cluster.NewSets(in.N)
	for i := range lowest {
		sets.Union(uint32(i), lowest[i])
		sets.Union(uint32(i), joined[i])
	}
	for i := range lowest {
		lowest[i] = sets.Find(uint32(i))
	}
	first.clusters = partitionOf(lowest)
	for _, l := range second.links {
		if l.Origin != cluster.Joined { // whose links are the first pass's
			first.links = append(first.links, l)
		}
	}
	first.refused = stillRefused(slices.Concat(first.refused, second.refused), lowest)
	first.cut = append(first.cut, second.cut...)
	first.rescored += second.rescored
	return first, nil
}

// stillRefused is the refusals between clusters that are still two, under their
// present numbers, the later of two between the same.
func stillRefused(all []cluster.Refusal, lowest []uint32) []cluster.Refusal {
	at := map[cluster.Pair]cluster.Refusal{}
	for _, f := range all {
		a, b := lowest[f.A], lowest[f.B]
		if a == b {
			continue
		}
		f.A, f.B = min(a, b), max(a, b)
		at[cluster.Pair{A: f.A, B: f.B}] = f
	}
	out := slices.Collect(maps.Values(at))
	slices.SortFunc(out, func(x, y cluster.Refusal) int {
		return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B))
	})
	return out
}

// closure finds links between the clusters that blocking on single records
// missed: blocking on all that is known of a cluster has the keys of records
// that share none, and the same effort reaches further, since there are fewer
// clusters than records and their own records need not meet again.
func (r *run) closure(ctx context.Context, m *matcher, c *clusters) ([]cluster.Edge, error) {
	whole := &matcher{table: clusterTable(m.table, c), comparators: m.comparators, model: m.model}
	o := r.blockOptions(ctx)
	o.DuplicateFree, o.Unlinkable = nil, r.unlinkableClusters(c)
	var err error
	if whole.plan, _, err = block.Propose(whole.table, int64(r.Job.Match.Budget.Pairs), o); err != nil {
		return nil, fmt.Errorf("closure: %w", err)
	}
	if err := r.bind(ctx, whole); err != nil {
		return nil, err
	}
	if whole.scorer, err = score.New(whole.kernels, train.Params(m.model), whole.table.N, 0); err != nil {
		return nil, err
	}
	pairs, _, err := r.link(ctx, whole)
	if err != nil {
		return nil, fmt.Errorf("closure: %w", err)
	}
	var out []cluster.Edge
	for _, p := range pairs {
		if e, ok := m.strongest(c.at(p.A), c.at(p.B)); ok {
			out = append(out, e)
		}
	}
	r.Observe.Note("closure", "pairs", whole.plan.Pairs(), "candidates", len(pairs), "links", len(out))
	return out, nil
}

// strongest is the strongest link of records of two clusters, if any is for
// joining them.
func (m *matcher) strongest(x, y []uint32) (best cluster.Edge, ok bool) {
	for _, a := range x[:min(known, len(x))] {
		for _, b := range y[:min(known, len(y))] {
			a, b := min(a, b), max(a, b)
			w, _ := m.scorer.Pair(a, b)
			if w > 0 && (!ok || clusterWeight(w) > best.Weight) {
				best, ok = cluster.Edge{A: a, B: b, Weight: max(clusterWeight(w), 1)}, true
			}
		}
	}
	return best, ok
}

// unlinkableClusters are the clusters of records whose linking was denied.
func (r *run) unlinkableClusters(c *clusters) []bool {
	if r.unlinkable == nil {
		return nil
	}
	out := make([]bool, c.len())
	for rec, barred := range r.unlinkable {
		if barred {
			out[c.of[rec]] = true
		}
	}
	return out
}

// clusterTable is a table with a row for every cluster, which holds what its
// first records hold, slot by slot.
func clusterTable(t *column.Table, c *clusters) *column.Table {
	n := c.len()
	out := &column.Table{N: n, Source: make([]uint16, n), Hash: make([]uint64, n)}
	for k := range uint32(n) {
		out.Hash[k] = t.Hash[c.at(k)[0]]
	}
	starts := map[*int32][]int32{} // by the group's own
	for i := range t.Columns {
		from := &t.Columns[i]
		var group *int32
		if from.Starts != nil {
			group = &from.Starts[0]
		}
		if starts[group] == nil {
			starts[group] = clusterStarts(from, c)
		}
		out.Columns = append(out.Columns, clusterColumn(from, starts[group], c))
	}
	return out
}

func clusterStarts(from *column.Column, c *clusters) []int32 {
	out := make([]int32, 1, c.len()+1)
	for k := range uint32(c.len()) {
		width := int32(0)
		members := c.at(k)
		for _, r := range members[:min(known, len(members))] {
			lo, hi := from.Slots(r)
			width += int32(hi - lo)
		}
		out = append(out, out[k]+width)
	}
	return out
}

func clusterColumn(from *column.Column, starts []int32, c *clusters) column.Column {
	out := column.Column{Name: from.Name, Starts: starts, Values: from.Values, Count: make([]uint32, len(from.Count))}
	for k := range uint32(c.len()) {
		members := c.at(k)
		for _, r := range members[:min(known, len(members))] {
			lo, hi := from.Slots(r)
			out.Codes = append(out.Codes, from.Codes[lo:hi]...)
		}
		column.CountRecord(&out, k)
	}
	return out
}
