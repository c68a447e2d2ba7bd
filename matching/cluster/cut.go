package cluster

import "slices"

// cutOversize breaks components of more than bound records into pieces of at
// most bound and returns the positive edges between pieces, by (A, B). sets
// is changed accordingly.
//
// A piece grows along its best supported edges, as in Kruskal's algorithm,
// and an edge that would make a piece exceed the bound is refused: first the
// edges that lie on a cycle, the strongest first, then the bridges, the
// strongest first. So what is cut is bridges, whose two sides nothing else
// joins, and after them the weakest links. A bridge is a chain's typical
// flaw: one shared phone number between two families.
func cutOversize(sets *Sets, edges []Edge, firm []Pair, bound int) []Edge {
	size := make([]uint32, len(sets.parent))
	found := false
	for r := range uint32(len(size)) {
		root := sets.Find(r)
		size[root]++
		found = found || int(size[root]) > bound
	}
	if !found {
		return nil
	}
	over := make([]bool, len(size)) // by record, for the roots are about to go
	for r := range uint32(len(size)) {
		over[r] = int(size[sets.Find(r)]) > bound
	}
	var inside []Edge
	for _, e := range edges {
		if e.Weight > 0 && over[e.A] {
			inside = append(inside, e)
		}
	}
	for r, o := range over {
		if o {
			sets.parent[r], size[r] = uint32(r), 1
		}
	}
	join := func(a, b uint32, bound int) {
		a, b = sets.Find(a), sets.Find(b)
		if a == b || int(size[a])+int(size[b]) > bound {
			return
		}
		sets.Union(a, b)
		size[min(a, b)] += size[max(a, b)]
	}
	for _, p := range firm {
		if over[p.A] {
			join(p.A, p.B, len(size)) // neither a judgement nor a cluster is cut
		}
	}
	for _, e := range bySupport(inside, over) {
		join(e.A, e.B, bound)
	}
	return slices.DeleteFunc(inside, func(e Edge) bool { return sets.Find(e.A) == sets.Find(e.B) })
}

// bySupport is the edges in the order in which pieces grow. over tells which
// records they are among.
func bySupport(edges []Edge, over []bool) []Edge {
	bridge := bridges(renumbered(edges, over))
	order := make([]int, len(edges))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		if bridge[i] != bridge[j] {
			if bridge[j] {
				return -1
			}
			return 1
		}
		return compareStrength(edges[i], edges[j])
	})
	out := make([]Edge, len(edges))
	for k, i := range order {
		out[k] = edges[i]
	}
	return out
}

// renumbered is the edges with the records that over marks numbered from 0,
// and how many these are: a cut must not cost memory for every record.
func renumbered(edges []Edge, over []bool) ([]Edge, int) {
	number, n := make([]uint32, len(over)), 0
	for r, o := range over {
		if o {
			number[r] = uint32(n)
			n++
		}
	}
	out := make([]Edge, len(edges))
	for i, e := range edges {
		out[i] = Edge{A: number[e.A], B: number[e.B], Weight: e.Weight}
	}
	return out, n
}

// bridges tells for every edge whether its removal disconnects its ends
// (Tarjan 1974), without recursion: a chain may be millions of records long.
func bridges(edges []Edge, n int) []bool {
	b := bridgeSearch{out: make([]bool, len(edges)), entered: make([]uint32, n), low: make([]uint32, n)}
	b.adjacency(edges, n)
	for v := range uint32(n) {
		if b.entered[v] == 0 && b.starts[v] < b.starts[v+1] {
			b.visit(v)
		}
	}
	return b.out
}

// half is one direction of an edge.
type half struct{ to, edge uint32 }

type bridgeSearch struct {
	out          []bool
	starts, next []uint32
	halves       []half
	entered, low []uint32 // by record: order of entry from 1, and the earliest entry its subtree reaches
	clock        uint32
	stack        []half // the path to the present record: record, and the edge it was entered by
}

func (b *bridgeSearch) adjacency(edges []Edge, n int) {
	b.starts = make([]uint32, n+1)
	for _, e := range edges {
		b.starts[e.A+1]++
		b.starts[e.B+1]++
	}
	for v := range n {
		b.starts[v+1] += b.starts[v]
	}
	b.halves = make([]half, 2*len(edges))
	b.next = slices.Clone(b.starts)
	for i, e := range edges {
		b.halves[b.next[e.A]] = half{e.B, uint32(i)}
		b.next[e.A]++
		b.halves[b.next[e.B]] = half{e.A, uint32(i)}
		b.next[e.B]++
	}
	copy(b.next, b.starts)
}

func (b *bridgeSearch) enter(v, by uint32) {
	b.clock++
	b.entered[v], b.low[v] = b.clock, b.clock
	b.stack = append(b.stack, half{v, by})
}

func (b *bridgeSearch) visit(root uint32) {
	b.enter(root, alone)
	for len(b.stack) > 0 {
		top := b.stack[len(b.stack)-1]
		v := top.to
		if b.next[v] < b.starts[v+1] {
			h := b.halves[b.next[v]]
			b.next[v]++
			if h.edge == top.edge {
				continue
			}
			if b.entered[h.to] == 0 {
				b.enter(h.to, h.edge)
			} else {
				b.low[v] = min(b.low[v], b.entered[h.to])
			}
			continue
		}
		b.stack = b.stack[:len(b.stack)-1]
		if len(b.stack) == 0 {
			return
		}
		u := b.stack[len(b.stack)-1].to
		b.low[u] = min(b.low[u], b.low[v])
		b.out[top.edge] = b.low[v] > b.entered[u]
	}
}
