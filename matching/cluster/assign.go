package cluster

import "slices"

// maxAssigned is how many records one assignment may have. Each record of the
// one source costs a search of the component, so the worst case is quadratic:
// some tens of milliseconds here. Sources whose records belong together one to
// one have components of a few records; one of thousands is a chain of weak
// links, and is cut as an oversized component is.
const maxAssigned = 4096

// Assign chooses, among the positive edges between records of the classes left
// and right, those of the one-to-one assignment with the greatest sum of
// weights: no other choice in which every record has at most one partner has a
// greater one. must are pairs that are partners whatever their weight, and
// cannot pairs that are not. class is by record. A component of more than 4,096
// records is cut first, at bridges and the weakest edges, so that there the
// assignment is the best of each piece.
//
// The result is by record: its partner, or the record itself where it has none,
// or [Contested] where another partner for one of two would cost less than
// margin in all: which of them it is, the weights do not tell. It depends on the
// set of edges alone.
func Assign(edges []Edge, class []uint16, left, right uint16, must, cannot []Pair, margin int64) (partner []uint32, cut []Edge) {
	n := len(class)
	partner = make([]uint32, n)
	for i := range partner {
		partner[i] = uint32(i)
	}
	between := func(p Pair) bool {
		a, b := class[p.A], class[p.B]
		return a == left && b == right || a == right && b == left
	}
	for _, p := range must {
		if between(p) {
			partner[p.A], partner[p.B] = p.B, p.A
		}
	}
	apart := make([]Pair, 0, len(cannot))
	for _, p := range cannot {
		apart = append(apart, p.ordered())
	}
	slices.SortFunc(apart, comparePairs)
	var open []Edge
	for _, e := range edges {
		p := Pair{e.A, e.B}
		_, forbidden := slices.BinarySearchFunc(apart, p, comparePairs)
		if e.Weight > 0 && between(p) && !forbidden && partner[e.A] == e.A && partner[e.B] == e.B {
			open = append(open, e)
		}
	}
	open = distinct(open)
	return partner, assignOpen(open, class, left, partner, margin, maxAssigned)
}

// Contested stands for the partner of a record that is one of two's.
const Contested = ^uint32(0)

// assignOpen assigns component by component.
func assignOpen(edges []Edge, class []uint16, left uint16, partner []uint32, margin int64, bound int) (cut []Edge) {
	sets := NewSets(len(class))
	for _, e := range edges {
		sets.Union(e.A, e.B)
	}
	cut = cutOversize(sets, edges, nil, bound)
	slices.SortStableFunc(edges, func(x, y Edge) int { return int(sets.Find(x.A)) - int(sets.Find(y.A)) })
	var a assignment
	for from := 0; from < len(edges); {
		root, to := sets.Find(edges[from].A), from
		for to < len(edges) && sets.Find(edges[to].A) == root {
			to++
		}
		a.load(edges[from:to], sets, class, left)
		a.solve()
		for i, j := range a.of {
			switch {
			case j >= uint32(len(a.right)):
			case a.regret(uint32(i)) < margin:
				partner[a.left[i]], partner[a.right[j]] = Contested, Contested
			default:
				partner[a.left[i]], partner[a.right[j]] = a.right[j], a.left[i]
			}
		}
		from = to
	}
	return cut
}

// assignment is the bipartite graph of one component. Every left record has an
// edge of no weight to a place of its own beyond the right records: to be
// without a partner.
type assignment struct {
	left, right []uint32 // records, ascending
	starts      []uint32 // edges of left i are halves[starts[i]:starts[i+1]]
	halves      []choice
	of          []uint32 // by left: its right position; len(right)+i for none
	taken       []uint32 // by right position: its left, nothing for none
	search
}

// choice is an edge seen from its left record.
type choice struct {
	to   uint32 // right position
	cost int64  // the greatest weight less this one's: never negative
}

// load takes the edges, sorted by (A, B), but for those that were cut.
func (a *assignment) load(edges []Edge, sets *Sets, class []uint16, left uint16) {
	a.left, a.right = a.left[:0], a.right[:0]
	most, kept := int64(0), make([]Edge, 0, len(edges)) // A is the left record here
	for _, e := range edges {
		if sets.Find(e.A) != sets.Find(e.B) {
			continue
		}
		if class[e.A] != left {
			e.A, e.B = e.B, e.A
		}
		kept = append(kept, e)
		a.left, a.right = append(a.left, e.A), append(a.right, e.B)
		most = max(most, int64(e.Weight))
	}
	slices.SortFunc(kept, compareEdges)
	slices.Sort(a.left)
	slices.Sort(a.right)
	a.left, a.right = slices.Compact(a.left), slices.Compact(a.right)
	a.starts, a.halves = a.starts[:0], a.halves[:0]
	for i, record := range a.left {
		a.starts = append(a.starts, uint32(len(a.halves)))
		for len(kept) > 0 && kept[0].A == record {
			j, _ := slices.BinarySearch(a.right, kept[0].B)
			a.halves = append(a.halves, choice{uint32(j), most - int64(kept[0].Weight)})
			kept = kept[1:]
		}
		a.halves = append(a.halves, choice{uint32(len(a.right) + i), most})
	}
	a.starts = append(a.starts, uint32(len(a.halves)))
}
