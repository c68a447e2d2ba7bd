package cluster

// nothing stands for no edge, no link and no record.
const nothing = ^uint32(0)

// graph is a component under contraction: groups of records, and between any
// two of them at most one link that sums the pairs across. Groups and records
// are numbered by position in the component. A group keeps the number of
// whichever of its parts had more links, so that few links are renamed.
//
// The link of two groups keeps, when links become parallel, the number of the
// earlier one. Links are made in order of their pairs, so a link's number is
// also the order of its earliest pair: the tie-break between equal sums, which
// does not depend on how groups are numbered.
type graph struct {
	pairs []pair // the evidence, by link at first; found pairs are appended
	links []link
	index pairIndex
	queue queue

	// Each link has two halves, 2·link for its u side and 2·link+1 for its v
	// side. The halves of a group's links form a list; those of dead links are
	// dropped when it is next walked.
	first, last []uint32 // by group
	next        []uint32 // by half

	size   []uint32 // by group
	low    []uint32 // by group: its smallest record
	degree []uint32 // by group: halves in its list, dead ones included
	head   []uint32 // by group: its first record
	tail   []uint32 // by group: its last record
	after  []uint32 // by record: the next one of the group
	group  []uint32 // by record, of groups that are gone too: a forest, followed by root
}

// pair is the evidence about two records by position, a < b.
type pair struct {
	a, b   uint32
	weight int32
	origin Origin
}

// link is what is known between two groups.
type link struct {
	u, v uint32
	dead bool
	// shut: a cannot-link or a constraint keeps the groups apart, for good.
	shut bool
	// The pairs of records across are of three kinds: scored, with sum being
	// the sum of their weights; estimated from a sample of them; and neither.
	scored, estimated uint64
	sum, estimate     int64
	// best and worst are the strongest pair for and against, nothing if none.
	best, worst uint32
}

func (l *link) weight() int64 { return l.sum + l.estimate }

func (g *graph) reset(n int) {
	g.pairs, g.links, g.next = g.pairs[:0], g.links[:0], g.next[:0]
	g.index.reset(n)
	g.queue.reset()
	g.isolate(n)
}

// isolate puts every record in a group of its own, without links.
func (g *graph) isolate(n int) {
	for _, s := range []*[]uint32{&g.first, &g.last, &g.size, &g.low, &g.degree, &g.head, &g.tail, &g.after, &g.group} {
		*s = sized(*s, n)
	}
	for i := range g.first {
		r := uint32(i)
		g.first[i], g.last[i], g.size[i], g.degree[i] = nothing, nothing, 1, 0
		g.low[i], g.head[i], g.tail[i], g.after[i], g.group[i] = r, r, r, nothing, r
	}
}

// root is the group of record r.
func (g *graph) root(r uint32) uint32 {
	for g.group[r] != r {
		g.group[r] = g.group[g.group[r]]
		r = g.group[r]
	}
	return r
}

// add makes the link of a pair of records, which must be the first of theirs
// and come after those of all smaller pairs.
func (g *graph) add(p pair) {
	i := g.connect(p.a, p.b)
	g.pairs = append(g.pairs, p)
	g.links[i].note(g.pairs, uint32(len(g.pairs)-1))
	g.links[i].sum, g.links[i].scored = int64(p.weight), 1
}

// connect makes a link without evidence.
func (g *graph) connect(a, b uint32) uint32 {
	i := uint32(len(g.links))
	g.links = append(g.links, link{u: a, v: b, best: nothing, worst: nothing})
	g.next = append(g.next, nothing, nothing)
	g.append(a, 2*i)
	g.append(b, 2*i+1)
	g.index.set(a, b, i)
	return i
}

// forbid shuts the link of records a and b, making one where there is none.
func (g *graph) forbid(a, b uint32) {
	i := g.index.get(a, b)
	if i == nothing {
		i = g.connect(a, b)
	}
	g.links[i].shut = true
}

// note lets pair i compete for the strongest pair for and against.
func (l *link) note(pairs []pair, i uint32) {
	if w := pairs[i].weight; w > 0 && (l.best == nothing || stronger(pairs, i, l.best)) {
		l.best = i
	} else if w < 0 && (l.worst == nothing || weaker(pairs, i, l.worst)) {
		l.worst = i
	}
}

// stronger tells whether pair i has the greater weight or, with equal
// weights, the smaller records.
func stronger(pairs []pair, i, j uint32) bool {
	if pairs[i].weight != pairs[j].weight {
		return pairs[i].weight > pairs[j].weight
	}
	return before(pairs[i], pairs[j])
}

func weaker(pairs []pair, i, j uint32) bool {
	if pairs[i].weight != pairs[j].weight {
		return pairs[i].weight < pairs[j].weight
	}
	return before(pairs[i], pairs[j])
}

func before(p, q pair) bool { return p.a < q.a || p.a == q.a && p.b < q.b }

// append puts half h at the end of group a's list.
func (g *graph) append(a, h uint32) {
	if g.last[a] == nothing {
		g.first[a] = h
	} else {
		g.next[g.last[a]] = h
	}
	g.last[a], g.next[h] = h, nothing
	g.degree[a]++
}

// other is the group at the far end of half h.
func (g *graph) other(h uint32) uint32 {
	if h&1 == 0 {
		return g.links[h/2].v
	}
	return g.links[h/2].u
}

// contract merges groups a and b and returns the number that the whole keeps
// and the one that is gone.
func (g *graph) contract(a, b uint32) (into, from uint32) {
	if g.degree[b] > g.degree[a] || g.degree[b] == g.degree[a] && b < a {
		a, b = b, a
	}
	if i := g.index.get(a, b); i != nothing {
		g.links[i].dead = true
		g.index.unset(a, b)
	}
	for h := g.first[b]; h != nothing; {
		next := g.next[h]
		if !g.links[h/2].dead {
			g.move(h, b, a)
		}
		h = next
	}
	g.group[b] = a
	g.size[a] += g.size[b]
	g.low[a] = min(g.low[a], g.low[b])
	g.after[g.tail[a]] = g.head[b]
	g.tail[a] = g.tail[b]
	return a, b
}

// move gives half h of group b to group a, merging its link with the one that
// a has to the same group.
func (g *graph) move(h, b, a uint32) {
	e, k := h/2, g.other(h)
	g.index.unset(b, k)
	f := g.index.get(a, k)
	if f == nothing || f > e {
		if h&1 == 0 {
			g.links[e].u = a
		} else {
			g.links[e].v = a
		}
		g.append(a, h)
		g.index.set(a, k, e)
	}
	if f == nothing {
		return
	}
	keep, drop := min(e, f), max(e, f)
	g.links[keep].absorb(&g.links[drop], g.pairs)
	g.queue.push(keep, g.links[keep].weight())
}

// absorb adds what another link between the same groups knows.
func (l *link) absorb(m *link, pairs []pair) {
	l.sum += m.sum
	l.estimate += m.estimate
	l.scored += m.scored
	l.estimated += m.estimated
	l.shut = l.shut || m.shut
	for _, i := range []uint32{m.best, m.worst} {
		if i != nothing {
			l.note(pairs, i)
		}
	}
	m.dead = true
}
