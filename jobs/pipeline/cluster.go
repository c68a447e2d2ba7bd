package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"concord/matching/cluster"
	"concord/matching/compare"
	"concord/matching/identity"
	"concord/matching/score"
)

// resolved is the outcome of clustering, with what an auditor asks for.
type resolved struct {
	clusters *clusters
	links    []cluster.Link
	refused  []cluster.Refusal
	cut      []cluster.Edge
	rescored int64
}

// cluster turns links into clusters: components, each refined on its own, and,
// where the job wants it, a closure pass over what is known of each cluster.
func (r *run) cluster(ctx context.Context, m *matcher, edges []score.Edge, must, cannot []cluster.Pair) (*resolved, error) {
	in := cluster.Input{N: m.table.N, Edges: clusterEdges(edges), Must: must, Cannot: cannot}
	constraints := append(r.constraints(m), r.oneToOne(m, in)...)
	out, lowest, err := r.refine(ctx, m, in, constraints)
	if err != nil {
		return nil, err
	}
	out.clusters = partitionOf(lowest)
	if !r.Job.Match.Closes(m.table.N) {
		return out, nil
	}
	return r.close(ctx, m, in, constraints, out, lowest)
}

// refine runs one round of clustering. lowest[r] is the smallest record of
// r's cluster.
func (r *run) refine(ctx context.Context, m *matcher, in cluster.Input, constraints []cluster.Constraint) (*resolved, []uint32, error) {
	components, err := cluster.Partition(in)
	if err != nil {
		return nil, nil, err
	}
	lowest := make([]uint32, in.N)
	for i := range lowest {
		lowest[i] = uint32(i)
	}
	type worker struct {
		refiner *cluster.Refiner
		results []refined
	}
	workers := make([]*worker, r.Engine.Workers())
	const chunk = 256 // most components are a pair: one unit for many
	n := components.Len()
	err = r.Engine.Each(ctx, (n+chunk-1)/chunk, func(w, unit int) error {
		if workers[w] == nil {
			workers[w] = &worker{refiner: m.newRefiner(constraints)}
		}
		for i := unit * chunk; i < min(n, (unit+1)*chunk); i++ {
			c := components.At(i)
			result, err := workers[w].refiner.Refine(c)
			if err != nil {
				return err
			}
			for k, record := range c.Records {
				lowest[record] = result.Cluster[k]
			}
			workers[w].results = append(workers[w].results, keep(i, result))
		}
		return nil
	})
	if err != nil {
		var conflict *cluster.ConflictError
		if errors.As(err, &conflict) {
			err = failed(ErrConfig, r.nameRecords(conflict))
		}
		return nil, nil, fmt.Errorf("cluster: %w", err)
	}
	byComponent := make([]refined, n)
	for _, w := range workers {
		if w != nil {
			for _, x := range w.results {
				byComponent[x.component] = x
			}
		}
	}
	out := &resolved{cut: components.Cut}
	for i := range byComponent {
		out.links = append(out.links, byComponent[i].links...)
		out.refused = append(out.refused, byComponent[i].refused...)
		out.rescored += byComponent[i].rescored
	}
	return out, lowest, nil
}

// newRefiner makes a refiner for one worker, with a scorer of its own for pairs
// that blocking never proposed.
func (m *matcher) newRefiner(constraints []cluster.Constraint) *cluster.Refiner {
	scorer, against := m.scorer.Clone(), newOpposition(m.model)
	return cluster.NewRefiner(cluster.Options{
		Constraints: constraints,
		Contest:     true,
		Rescore: func(a, b uint32) int32 {
			weight, strangers, pattern := scorer.Classes(a, b)
			return against.weigh(weight, strangers, pattern)
		},
		Sampled: func(a, b uint32) int32 {
			weight, _, pattern := scorer.Classes(a, b)
			return against.weigh(weight, 0, pattern)
		},
	})
}

// refined is what is kept of a component's result: the refiner reuses the
// rest.
type refined struct {
	component int
	links     []cluster.Link
	refused   []cluster.Refusal
	rescored  int64
}

func keep(component int, result *cluster.Result) refined {
	x := refined{component: component, rescored: int64(result.Rescored)}
	x.links = append(x.links, result.Links...)
	x.refused = append(x.refused, result.Refused...)
	return x
}

// constraints are the job's hard rules about who may share a cluster.
func (r *run) constraints(m *matcher) []cluster.Constraint {
	var out []cluster.Constraint
	if class := r.uniqueClass(m); class != nil {
		out = append(out, cluster.NewUnique("duplicate_free_source", "two records of a source that holds nobody twice are two people", class))
	}
	if generation := compare.Generations(m.table); generation != nil {
		for _, p := range m.judged.Must { // whom people put together, no suffix keeps apart
			generation[p.A], generation[p.B] = 0, 0
		}
		out = append(out, cluster.NewExclusive("generation", "a junior and a senior are two people, whoever stands between them", generation))
	}
	return out
}

// uniqueClass is, by record, the class of those that no cluster holds two of, 0
// where a source may hold somebody twice; nil when all may.
func (r *run) uniqueClass(m *matcher) []uint16 {
	free := r.duplicateFree()
	if free == nil {
		return nil
	}
	class := make([]uint16, m.table.N)
	for i, s := range m.table.Source {
		if free[s] {
			class[i] = s + 1
		}
	}
	return class
}

// assignMargin is by how much the sum of weights must fall if a record's partner
// were another.
const assignMargin = cluster.Bit

// oneToOne are the constraints of the pairs of sources whose records the job
// says belong together one to one.
func (r *run) oneToOne(m *matcher, in cluster.Input) (out []cluster.Constraint) {
	for _, of := range r.Job.Match.OneToOne {
		left, right := r.sourceClass(of[0]), r.sourceClass(of[1])
		if left == 0 || right == 0 || left == right {
			continue // an extract without rows, or two channels of one source
		}
		class := r.uniqueClass(m)
		partner, cut := cluster.Assign(in.Edges, class, left, right, in.Must, in.Cannot, assignMargin)
		if len(cut) > 0 {
			r.Observe.Note("one to one: more records hang together than are assigned at once, cut at the weakest links",
				"left", of[0], "right", of[1], "links", len(cut))
		}
		out = append(out, cluster.NewOneToOne("one_to_one",
			"of two sources whose records belong together one to one, a record joins its partner and nobody else", class, left, right, partner))
	}
	return out
}

// sourceClass is the class of a channel's source, 0 where it has no records.
func (r *run) sourceClass(channel string) uint16 {
	return uint16(slices.Index(r.in.Records.Sources, r.Job.Channels[channel].Source) + 1)
}

// nameRecords says which records of which channels a judgement conflict is
// about.
func (r *run) nameRecords(c *cluster.ConflictError) error {
	return fmt.Errorf("judgements: %s and %s must be one person, but that joins %s and %s, which %s forbids: withdraw one of the judgements",
		r.coordinate(c.Must.A), r.coordinate(c.Must.B), r.coordinate(c.Forbidden.A), r.coordinate(c.Forbidden.B), c.Constraint)
}

// coordinate names a record by channel, object and row.
func (r *run) coordinate(record uint32) string {
	t := r.in.Records
	return fmt.Sprintf("channel %q object %q row %d", t.Channels[t.Channel[record]], t.Objects[t.Object[record]], t.Row[record])
}

// identify gives every cluster its golden id, from its earliest record.
func (r *run) identify(ctx context.Context, c *clusters) error {
	c.ids = make([]string, c.len())
	const chunk = 1 << 12
	return r.Engine.Each(ctx, (c.len()+chunk-1)/chunk, func(_, unit int) error {
		for k := unit * chunk; k < min(c.len(), (unit+1)*chunk); k++ {
			c.ids[k] = identity.Fresh(r.in.Records, c.at(uint32(k))).String()
		}
		return nil
	})
}
