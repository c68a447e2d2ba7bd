package cluster

import (
	"fmt"
	"slices"
)

// MaxSize is the default bound on the records of one component. The largest
// person anyone has reason to expect has some hundred records; a component of
// thousands is a chain of weak links, and refining it in one piece would make
// one worker the last to finish.
const MaxSize = 1 << 14

// Input is what Partition works on.
type Input struct {
	N     int // records are 0 … N-1
	Edges []Edge
	// Must are pairs that are one person and Cannot pairs that are not, by
	// human judgement or by rule.
	Must, Cannot []Pair
	// Joined are pairs that an earlier pass put into one cluster, as Closure
	// gives them: they stay so.
	Joined []Pair
	// MaxSize bounds a component's records; 0 means the constant MaxSize.
	// Must-links and joined pairs are never cut, so a component may exceed it
	// by them alone.
	MaxSize int
}

// Component is a set of records that no positive edge and no must-link
// leaves, with all evidence among them. The slices are shared: do not change
// them.
type Component struct {
	Records              []uint32 // ascending, two or more
	Edges                []Edge   // by (A, B), each pair once
	Must, Cannot, Joined []Pair   // A < B, by (A, B), each pair once
}

// Components is the components of two or more records, ordered by their
// smallest record. Records in none of them are alone.
type Components struct {
	// Cut are the positive edges that were cut to bound a component's size,
	// by (A, B): evidence that no cluster can follow, to be reported.
	Cut []Edge

	starts  []uint32
	records []uint32
	edges   grouped[Edge]
	must    grouped[Pair]
	cannot  grouped[Pair]
	joined  grouped[Pair]
}

// Len counts the components.
func (c *Components) Len() int { return len(c.starts) - 1 }

// At is component i.
func (c *Components) At(i int) Component {
	return Component{
		Records: c.records[c.starts[i]:c.starts[i+1]],
		Edges:   c.edges.at(i), Must: c.must.at(i), Cannot: c.cannot.at(i), Joined: c.joined.at(i),
	}
}

// Partition finds the components of the positive edges and the must-links.
// Several edges of one pair count as the strongest of them: they are readings
// of the same two records, and adding them would count that evidence twice.
// It sorts in.Edges by (A, B) in place and takes O(E) when they are sorted
// already. A component over the size bound is cut where the evidence is
// thinnest; see Components.Cut. The error is a pair that is out of range.
func Partition(in Input) (*Components, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	edges := distinct(in.Edges)
	sets := NewSets(in.N)
	for _, e := range edges {
		if e.Weight > 0 {
			sets.Union(e.A, e.B)
		}
	}
	firm := slices.Concat(in.Must, in.Joined)
	for _, p := range firm {
		sets.Union(p.A, p.B)
	}
	bound := in.MaxSize
	if bound == 0 {
		bound = MaxSize
	}
	out := &Components{Cut: cutOversize(sets, edges, firm, bound)}
	number := out.number(sets, in.N)
	out.edges = group(edges, out.Len(), func(e Edge) uint32 { return together(number, e.A, e.B) })
	out.must = groupPairs(in.Must, out.Len(), number)
	out.cannot = groupPairs(in.Cannot, out.Len(), number)
	out.joined = groupPairs(in.Joined, out.Len(), number)
	return out, nil
}

func (in *Input) check() error {
	for _, e := range in.Edges {
		if e.A >= e.B || int(e.B) >= in.N {
			return fmt.Errorf("partition %d records: edge of records %d and %d: want A < B < %d", in.N, e.A, e.B, in.N)
		}
	}
	for _, list := range [][]Pair{in.Must, in.Cannot, in.Joined} {
		for _, p := range list {
			if p.A == p.B || int(max(p.A, p.B)) >= in.N {
				return fmt.Errorf("partition %d records: pair of records %d and %d: want two records below %d",
					in.N, p.A, p.B, in.N)
			}
		}
	}
	return nil
}

// distinct sorts edges and keeps the strongest of each pair. It copies only
// when there is something to drop.
func distinct(edges []Edge) []Edge {
	if !slices.IsSortedFunc(edges, compareEdges) {
		slices.SortFunc(edges, func(x, y Edge) int {
			if c := compareEdges(x, y); c != 0 {
				return c
			}
			return compareStrength(x, y)
		})
	}
	same := func(x, y Edge) bool { return x.A == y.A && x.B == y.B }
	for i := 1; i < len(edges); i++ {
		if same(edges[i-1], edges[i]) {
			return strongest(edges)
		}
	}
	return edges
}

func strongest(edges []Edge) []Edge {
	out := make([]Edge, 0, len(edges))
	for _, e := range edges {
		if last := len(out) - 1; last >= 0 && compareEdges(out[last], e) == 0 {
			out[last].Weight = max(out[last].Weight, e.Weight)
			continue
		}
		out = append(out, e)
	}
	return out
}

// alone is the component number of a record that is in none.
const alone = ^uint32(0)

// number lists the components' records and returns each record's component.
func (c *Components) number(sets *Sets, n int) []uint32 {
	size := make([]uint32, n)
	for r := range uint32(n) {
		size[sets.Find(r)]++
	}
	number := make([]uint32, n)
	c.starts = append(c.starts, 0)
	for r := range uint32(n) {
		switch root := sets.Find(r); {
		case size[root] == 1:
			number[r] = alone
		case root == r: // met first, for a root is its set's smallest record
			number[r] = uint32(len(c.starts) - 1)
			c.starts = append(c.starts, c.starts[len(c.starts)-1]+size[r])
		default:
			number[r] = number[root]
		}
	}
	c.records = make([]uint32, c.starts[len(c.starts)-1])
	next := slices.Clone(c.starts)
	for r, i := range number {
		if i != alone {
			c.records[next[i]] = uint32(r)
			next[i]++
		}
	}
	return number
}

// together is the component of two records, alone when they are in two.
func together(number []uint32, a, b uint32) uint32 {
	if number[a] != number[b] {
		return alone
	}
	return number[a]
}

// grouped is a list in runs, one per component.
type grouped[T any] struct {
	starts []uint64
	items  []T
}

func (g *grouped[T]) at(i int) []T { return g.items[g.starts[i]:g.starts[i+1]] }

// group is a stable counting sort of items by component, without those that
// are in none.
func group[T any](items []T, n int, of func(T) uint32) grouped[T] {
	g := grouped[T]{starts: make([]uint64, n+1)}
	for _, it := range items {
		if c := of(it); c != alone {
			g.starts[c+1]++
		}
	}
	for i := range n {
		g.starts[i+1] += g.starts[i]
	}
	g.items = make([]T, g.starts[n])
	next := slices.Clone(g.starts)
	for _, it := range items {
		if c := of(it); c != alone {
			g.items[next[c]] = it
			next[c]++
		}
	}
	return g
}

// groupPairs is group for judged pairs, ordered by (A, B).
func groupPairs(pairs []Pair, n int, number []uint32) grouped[Pair] {
	sorted := make([]Pair, len(pairs))
	for i, p := range pairs {
		sorted[i] = p.ordered()
	}
	slices.SortFunc(sorted, comparePairs)
	sorted = slices.Compact(sorted)
	return group(sorted, n, func(p Pair) uint32 { return together(number, p.A, p.B) })
}
