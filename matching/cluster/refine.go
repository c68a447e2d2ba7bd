package cluster

import (
	"slices"
	"sort"
)

// Options say how components are refined. The zero value works.
type Options struct {
	Constraints []Constraint
	// Rescore scores a pair of records, a < b, that is not among the edges. It
	// must be a pure function of the pair. nil counts such pairs as 0, which
	// lets evidence against go unheard.
	Rescore func(a, b uint32) int32
	// Sampled is Rescore in components of which not every pair is scored; nil
	// means Rescore.
	Sampled func(a, b uint32) int32
	// Contest leaves records alone, in components of which every pair is
	// scored, that fit two clusters about as well where the two cannot be one.
	Contest bool
}

// small is the greatest component of which every pair is rescored (2,016 at
// most, well under a millisecond) and single records are moved: then a
// cluster is a bit set of one word.
const small = 64

// Refiner refines components, one after the other, reusing its memory. It
// belongs to one goroutine.
type Refiner struct {
	opts   Options
	groups []Groups // by constraint

	records []uint32 // of the present component
	scored  int      // the first pairs of graph.pairs: edges and full rescoring, by (a, b)
	firm    []Pair   // by position: the must-links, then the joined pairs
	judged  int      // how many of firm are must-links
	cannot  []Pair   // by position
	graph   graph
	out     Result

	sets        Sets
	order       []uint32
	left, right []uint32 // members of two groups
	neighbourhood
}

// NewRefiner makes a refiner.
func NewRefiner(opts Options) *Refiner {
	if opts.Sampled == nil {
		opts.Sampled = opts.Rescore
	}
	r := &Refiner{opts: opts}
	for _, c := range opts.Constraints {
		r.groups = append(r.groups, c.NewGroups())
	}
	return r
}

// Refine finds the clusters of a component. The error is a *ConflictError: a
// must-link that a constraint or a cannot-link contradicts.
func (r *Refiner) Refine(c Component) (*Result, error) {
	r.begin(c)
	if len(c.Records) == 2 && len(c.Must)+len(c.Cannot)+len(c.Joined) == 0 {
		r.refinePair(c.Edges[0])
		return &r.out, nil
	}
	r.load(c)
	if err := r.obey(); err != nil {
		return nil, err
	}
	r.contract()
	if len(r.records) <= small {
		r.improve()
	}
	for i := range r.out.Cluster {
		r.out.Cluster[i] = r.records[r.graph.low[r.graph.root(uint32(i))]]
	}
	r.total()
	r.span()
	r.refusals()
	return &r.out, nil
}

func (r *Refiner) begin(c Component) {
	r.records = c.Records
	o := &r.out
	o.Cluster = sized(o.Cluster, len(c.Records))
	o.Links, o.Merges, o.Moves, o.Refused = o.Links[:0], o.Merges[:0], o.Moves[:0], o.Refused[:0]
	o.Rescored = 0
}

// refinePair is Refine for two records and the positive edge that made them a
// component: most components are like that.
func (r *Refiner) refinePair(e Edge) {
	o := &r.out
	o.Cluster[0], o.Cluster[1], o.Objective = e.A, e.A, int64(e.Weight)
	for _, c := range r.opts.Constraints {
		if c.Forbids(e.A, e.B) {
			o.Cluster[1], o.Objective = e.B, 0
			o.Refused = append(o.Refused, Refusal{A: e.A, B: e.B, Weight: int64(e.Weight), For: e, Constraint: c.Name()})
			return
		}
	}
	o.Links = append(o.Links, Link{Edge: e})
	o.Merges = append(o.Merges, Merge{A: e.A, B: e.B, Weight: int64(e.Weight), For: e})
}

// load builds the graph of the component and proposes its positive links.
func (r *Refiner) load(c Component) {
	n := len(c.Records)
	r.graph.reset(n)
	if n <= small && r.opts.Rescore != nil {
		r.loadAll(c)
	} else {
		for _, e := range c.Edges {
			r.graph.add(pair{a: r.position(e.A), b: r.position(e.B), weight: e.Weight})
		}
	}
	r.scored = len(r.graph.pairs)
	r.firm, r.judged = r.positions(r.firm[:0], c.Must), len(c.Must)
	r.firm = r.positions(r.firm, c.Joined)
	r.cannot = r.positions(r.cannot[:0], c.Cannot)
	for _, p := range r.cannot {
		r.graph.forbid(p.A, p.B)
	}
	for _, g := range r.groups {
		g.Reset(c.Records)
	}
	for i := range r.graph.links {
		r.graph.queue.push(uint32(i), r.graph.links[i].weight())
	}
}

// loadAll adds every pair of a small component, scoring those that are not
// edges.
func (r *Refiner) loadAll(c Component) {
	edges := c.Edges
	for i, a := range c.Records {
		for j := i + 1; j < len(c.Records); j++ {
			p := pair{a: uint32(i), b: uint32(j)}
			if b := c.Records[j]; len(edges) > 0 && edges[0].A == a && edges[0].B == b {
				p.weight, edges = edges[0].Weight, edges[1:]
			} else {
				p.weight, p.origin = r.opts.Rescore(a, b), Rescored
				r.out.Rescored++
			}
			r.graph.add(p)
		}
	}
}

// position is where a record of the component is in it.
func (r *Refiner) position(record uint32) uint32 {
	i, _ := slices.BinarySearch(r.records, record)
	return uint32(i)
}

func (r *Refiner) positions(to, pairs []Pair) []Pair {
	for _, p := range pairs {
		to = append(to, Pair{r.position(p.A), r.position(p.B)})
	}
	return to
}

// lookup finds the scored pair of positions a < b.
func (r *Refiner) lookup(a, b uint32) (i int, ok bool) {
	key := pair{a: a, b: b}
	scored := r.graph.pairs[:r.scored]
	i = sort.Search(len(scored), func(i int) bool { return !before(scored[i], key) })
	return i, i < len(scored) && scored[i].a == a && scored[i].b == b
}

// known is the weight of positions a < b, 0 when they were not scored.
func (r *Refiner) known(a, b uint32) int32 {
	if i, ok := r.lookup(a, b); ok {
		return r.graph.pairs[i].weight
	}
	return 0
}

// obey contracts the must-links and the joined pairs.
func (r *Refiner) obey() error {
	for i, p := range r.firm {
		a, b := r.graph.root(p.A), r.graph.root(p.B)
		if a == b {
			continue
		}
		l := link{u: a, v: b, best: nothing, worst: nothing}
		if k := r.graph.index.get(a, b); k != nothing {
			l = r.graph.links[k]
		}
		if r.forbidding(&l) != "" {
			return r.conflict(p, a, b)
		}
		if r.firmOrigin(i) == Judged {
			r.record(l, true)
		}
		r.join(a, b)
	}
	return nil
}

// contract is greedy additive edge contraction: it merges the two groups with
// the greatest sum of weights across while there are any with a positive one
// that may meet.
func (r *Refiner) contract() {
	g := &r.graph
	for {
		best, ok := g.queue.pop()
		if !ok {
			return
		}
		l := &g.links[best.link]
		if l.dead || l.shut || l.weight() != best.weight {
			continue
		}
		if r.forbidding(l) != "" {
			l.shut = true // groups only grow, so it stays forbidden
			continue
		}
		if r.complete(l); l.weight() != best.weight {
			g.queue.push(best.link, l.weight())
			continue
		}
		if r.opts.Contest && len(r.records) <= small && r.contested(l) {
			l.shut = true
			r.part(l)
			continue
		}
		r.record(*l, false)
		r.join(l.u, l.v)
	}
}

// record notes the merge of the groups of l.
func (r *Refiner) record(l link, judged bool) {
	a, b := r.records[r.graph.low[l.u]], r.records[r.graph.low[l.v]]
	r.out.Merges = append(r.out.Merges, Merge{
		A: min(a, b), B: max(a, b), Weight: l.weight(),
		For: r.edge(l.best), Against: r.edge(l.worst), Judged: judged,
	})
}

// join contracts groups a and b in the graph and in the constraints.
func (r *Refiner) join(a, b uint32) {
	into, from := r.graph.contract(a, b)
	for _, g := range r.groups {
		g.Merge(into, from)
	}
}

// total sums the weights inside clusters.
func (r *Refiner) total() {
	r.out.Objective = 0
	for _, p := range r.graph.pairs {
		if r.out.Cluster[p.a] == r.out.Cluster[p.b] {
			r.out.Objective += int64(p.weight)
		}
	}
}

// conflict finds two records that make the must-link p of groups a and b
// impossible.
func (r *Refiner) conflict(p Pair, a, b uint32) error {
	err := &ConflictError{Must: Pair{r.records[p.A], r.records[p.B]}}
	r.left, r.right = r.members(r.left, a), r.members(r.right, b)
	for _, x := range r.left {
		for _, y := range r.right {
			if name := r.forbiddingPair(x, y); name != "" {
				err.Forbidden, err.Constraint = Pair{r.records[min(x, y)], r.records[max(x, y)]}, name
				return err
			}
		}
	}
	panic("cluster: groups are forbidden to meet, yet no two of their records are")
}

// forbiddingPair names the constraint that keeps positions x and y apart, ""
// when none does.
func (r *Refiner) forbiddingPair(x, y uint32) string {
	for _, c := range r.opts.Constraints {
		if c.Forbids(r.records[x], r.records[y]) {
			return c.Name()
		}
	}
	p := Pair{min(x, y), max(x, y)}
	if _, found := slices.BinarySearchFunc(r.cannot, p, comparePairs); found {
		return CannotLink
	}
	return ""
}

// members is the positions in group g, in to's memory, ascending.
func (r *Refiner) members(to []uint32, g uint32) []uint32 {
	to = to[:0]
	for i := r.graph.head[g]; i != nothing; i = r.graph.after[i] {
		to = append(to, i)
	}
	slices.Sort(to)
	return to
}
