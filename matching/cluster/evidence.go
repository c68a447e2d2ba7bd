package cluster

import "slices"

// Origin tells where the weight of a pair comes from.
type Origin uint8

// The origins.
const (
	Scored   Origin = iota // an edge of the input: blocking proposed the pair
	Rescored               // scored here, because the groups of the pair were about to meet
	Judged                 // a must-link: it holds whatever the weight
	Joined                 // Component.Joined: the links of the earlier pass stand in its place
)

// Link is an edge that holds a cluster together.
type Link struct {
	Edge   // Weight is 0 for a Judged or Joined pair that was never scored
	Origin Origin
}

// Merge is one contraction: why two groups became one.
type Merge struct {
	A, B    uint32 // the smallest record of each group, A < B
	Weight  int64  // the sum over all pairs across, an estimate for those beyond the sample
	For     Edge   // the strongest pair across for the merge; the zero Edge if none
	Against Edge   // the strongest pair across against it; the zero Edge if none
	Judged  bool   // a must-link demanded it
}

// Refusal is a pair of clusters that some positive edge joins and that are
// two all the same.
type Refusal struct {
	A, B         uint32 // cluster numbers, A < B
	Weight       int64  // the sum over all pairs across, as in Merge
	For, Against Edge   // as in Merge
	// Constraint names the constraint that keeps them apart, CannotLink for a
	// pair in Component.Cannot. It is "" when the evidence against outweighs
	// that for.
	Constraint string
}

// Move is a record that changed cluster after the merges because the sum of
// weights gained by it.
type Move struct {
	Record uint32
	Gain   int64
}

// Result is the clusters of one component. Its slices belong to the Refiner
// and hold until the next call of Refine.
type Result struct {
	// Cluster is, by position in Component.Records, the smallest record of
	// the cluster that the record is in.
	Cluster []uint32
	// Objective is the sum of the known weights inside clusters.
	Objective int64
	// Links spans each cluster: a tree of must-links, joined pairs and the strongest
	// positive pairs, so that removing any link disconnects it. By (A, B).
	Links []Link
	// Merges is in the order in which they happened, Moves what came after.
	Merges []Merge
	Moves  []Move
	// Refused is by (A, B).
	Refused []Refusal
	// Rescored counts the pairs that Options.Rescore was asked for.
	Rescored int
}

// edge is pair i in terms of records; the zero Edge for nothing.
func (r *Refiner) edge(i uint32) Edge {
	if i == nothing {
		return Edge{}
	}
	p := r.graph.pairs[i]
	return Edge{A: r.records[p.a], B: r.records[p.b], Weight: p.weight}
}

// span appends the links that hold the clusters together.
func (r *Refiner) span() {
	r.sets.Reset(len(r.records))
	for i, p := range r.firm {
		if r.sets.Union(p.A, p.B) {
			e := Edge{A: r.records[p.A], B: r.records[p.B], Weight: r.known(p.A, p.B)}
			r.out.Links = append(r.out.Links, Link{Edge: e, Origin: r.firmOrigin(i)})
		}
	}
	r.order = r.order[:0]
	for i, p := range r.graph.pairs {
		if p.weight > 0 && r.out.Cluster[p.a] == r.out.Cluster[p.b] {
			r.order = append(r.order, uint32(i))
		}
	}
	slices.SortFunc(r.order, func(i, j uint32) int {
		if stronger(r.graph.pairs, i, j) {
			return -1
		}
		return 1
	})
	for _, i := range r.order {
		if p := r.graph.pairs[i]; r.sets.Union(p.a, p.b) {
			r.out.Links = append(r.out.Links, Link{Edge: r.edge(i), Origin: p.origin})
		}
	}
	slices.SortFunc(r.out.Links, func(x, y Link) int { return compareEdges(x.Edge, y.Edge) })
}

// firmOrigin tells must-links from joined pairs.
func (r *Refiner) firmOrigin(i int) Origin {
	if i < r.judged {
		return Judged
	}
	return Joined
}

// refusals appends the pairs of clusters that a positive edge fails to join.
func (r *Refiner) refusals() {
	g := &r.graph
	for i := range g.links {
		l := &g.links[i]
		if l.dead || l.best == nothing {
			continue
		}
		a, b := r.records[g.low[l.u]], r.records[g.low[l.v]]
		r.out.Refused = append(r.out.Refused, Refusal{
			A: min(a, b), B: max(a, b), Weight: l.weight(),
			For: r.edge(l.best), Against: r.edge(l.worst), Constraint: r.forbidding(l),
		})
	}
	slices.SortFunc(r.out.Refused, func(x, y Refusal) int {
		return comparePairs(Pair{x.A, x.B}, Pair{y.A, y.B})
	})
}

// forbidding names the constraint that keeps the groups of l apart, "" when
// none does.
func (r *Refiner) forbidding(l *link) string {
	for i, c := range r.opts.Constraints {
		if r.groups[i].Forbids(l.u, l.v) {
			return c.Name()
		}
	}
	if l.shut {
		return CannotLink
	}
	return ""
}
