package pipeline

import (
	"context"
	"fmt"
	"slices"

	"concord/matching/block"
	"concord/matching/cluster"
	"concord/matching/score"
)

// chunkEdges is how many edges a worker puts together before it begins anew:
// one array that grew with them would be copied again and again.
const chunkEdges = 1 << 15

// link scores the plan's pairs and keeps those with a positive match weight.
// Blocks of one rule are laid out at a time; its units go to the workers.
func (r *run) link(ctx context.Context, m *matcher) ([]score.Edge, score.Stats, error) {
	type worker struct {
		scorer *score.Scorer
		walker *block.Walker
		edges  []score.Edge
		full   [][]score.Edge
	}
	workers := make([]*worker, r.Engine.Workers())
	done := int64(0)
	total := m.plan.Pairs()
	for k := range m.plan.Len() {
		blocks := m.plan.Blocks(k)
		units := blocks.Units()
		err := r.Engine.Each(ctx, len(units), func(w, i int) error {
			if workers[w] == nil {
				workers[w] = &worker{scorer: m.scorer.Clone(), walker: m.plan.Walker()}
			}
			x := workers[w]
			x.walker.Start(blocks, units[i])
			if x.edges = x.scorer.Unit(x.walker, x.edges); len(x.edges) >= chunkEdges {
				x.full, x.edges = append(x.full, x.edges), make([]score.Edge, 0, 2*chunkEdges)
			}
			return nil
		})
		if err != nil {
			return nil, score.Stats{}, fmt.Errorf("score blocking rule %q: %w", m.plan.Rule(k), err)
		}
		m.plan.Release(k)
		done += m.plan.Counts()[k].New
		r.Observe.Progress(done, total, "pairs")
	}
	if r.output != nil { // else somebody may ask which block a pair was in
		m.plan.Forget()
	}
	var parts [][]score.Edge
	var stats score.Stats
	for _, w := range workers {
		if w == nil {
			continue
		}
		parts = append(append(parts, w.full...), w.edges)
		stats.Pairs += w.scorer.Stats.Pairs
		stats.Graded += w.scorer.Stats.Graded
		stats.Links += w.scorer.Stats.Links
	}
	return score.Merge(m.table.N, parts...), stats, nil
}

// perBit is how many units of a scorer's weight make one of the clusterer's.
const perBit = score.Bit / cluster.Bit

func clusterWeight(w int32) int32 { return w / perBit }

// clusterEdges are the scorer's edges as the clusterer takes them. An edge so
// weak that it rounds to zero stays positive: it was scored as evidence for.
func clusterEdges(edges []score.Edge) []cluster.Edge {
	out := make([]cluster.Edge, len(edges))
	for i, e := range edges {
		out[i] = cluster.Edge{A: e.A, B: e.B, Weight: max(clusterWeight(e.Weight), 1)}
	}
	return out
}

// clusters is a partition of the records.
type clusters struct {
	of      []uint32 // by record: its cluster's number
	starts  []uint32 // members of cluster k are members[starts[k]:starts[k+1]]
	members []uint32 // ascending within a cluster
	ids     []string // golden ids, by cluster
}

func (c *clusters) len() int             { return len(c.starts) - 1 }
func (c *clusters) at(k uint32) []uint32 { return c.members[c.starts[k]:c.starts[k+1]] }
func (c *clusters) size(k uint32) int    { return int(c.starts[k+1] - c.starts[k]) }
func (c *clusters) sizes(yield func(int) bool) {
	for k := range uint32(c.len()) {
		if !yield(c.size(k)) {
			return
		}
	}
}

// partitionOf numbers clusters by their smallest record: lowest[r] is the
// smallest record of r's cluster.
func partitionOf(lowest []uint32) *clusters {
	n := len(lowest)
	c := &clusters{of: make([]uint32, n), members: make([]uint32, n)}
	count := uint32(0)
	for r := range uint32(n) {
		if lowest[r] == r {
			c.of[r] = count
			count++
		}
	}
	c.starts = make([]uint32, count+1)
	for r := range uint32(n) {
		c.of[r] = c.of[lowest[r]]
		c.starts[c.of[r]+1]++
	}
	for k := range count {
		c.starts[k+1] += c.starts[k]
	}
	next := slices.Clone(c.starts)
	for r := range uint32(n) {
		k := c.of[r]
		c.members[next[k]] = r
		next[k]++
	}
	return c
}
