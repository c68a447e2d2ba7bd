package cluster

import "math/bits"

// neighbourhood is the scratch of local moves: a small component as a square
// of weights and bit sets, one word each.
type neighbourhood struct {
	weight  [small * small]int32
	forbids [small]uint64 // by position: the positions it may not meet
	cluster [small]uint64 // the members of each cluster
	in      [small]uint8  // by position: its cluster
	n       int
}

// improve moves single records to other clusters, or out into one of their
// own, while the sum of weights inside clusters grows, and merges clusters
// that it has become worth merging: a local search in the manner of Kernighan
// and Lin (1970), with single moves only. Greedy contraction cannot undo an
// early merge; this can. Measured on 8 records, share of optimal partitions
// without and with moves: weights uniform around 0: 64 and 78 %; two or three
// people with weights of ±8 bits and noise of standard deviation 6: 99 and
// 100 %, of 9: 92 and 97 %. Records with must-links or joined pairs stay.
func (r *Refiner) improve() {
	if !r.improvable() {
		return
	}
	r.loadNeighbourhood()
	var fixed uint64
	for _, p := range r.firm {
		fixed |= 1<<p.A | 1<<p.B
	}
	for r.moveRecords(fixed) || len(r.out.Moves) > 0 && (r.mergeClusters() || r.split()) {
	}
	if len(r.out.Moves) > 0 {
		r.regroup()
	}
}

// improvable tells whether some weight counts against the clusters: a
// negative one inside or a positive one across. Without any they are optimal.
func (r *Refiner) improvable() bool {
	if len(r.records) < 4 { // greedy is optimal on three records
		return false
	}
	for _, p := range r.graph.pairs {
		if (r.graph.root(p.a) == r.graph.root(p.b)) != (p.weight > 0) && p.weight != 0 {
			return true
		}
	}
	return false
}

func (r *Refiner) loadNeighbourhood() {
	h, n := &r.neighbourhood, len(r.records)
	h.n = n
	clear(h.weight[:n*small])
	clear(h.forbids[:])
	clear(h.cluster[:])
	for _, p := range r.graph.pairs {
		h.weight[p.a*small+p.b], h.weight[p.b*small+p.a] = p.weight, p.weight
	}
	for i := range uint32(n) {
		h.in[i] = uint8(r.graph.root(i))
		h.cluster[h.in[i]] |= 1 << i
		for j := range i {
			if r.forbiddingPair(j, i) != "" {
				h.forbids[i] |= 1 << j
				h.forbids[j] |= 1 << i
			}
		}
	}
}

// toward is the sum of weights between position i and the members of set.
func (h *neighbourhood) toward(i int, set uint64) (sum int64) {
	for row := h.weight[i*small:][:small]; set != 0; set &= set - 1 {
		sum += int64(row[bits.TrailingZeros64(set)])
	}
	return sum
}

// moveRecords moves every record, in order, to where it adds most, until none
// gains. It tells whether any moved.
func (r *Refiner) moveRecords(fixed uint64) (moved bool) {
	h := &r.neighbourhood
	for again := true; again; {
		again = false
		for i := range h.n {
			if fixed>>i&1 != 0 {
				continue
			}
			if to, gain := h.bestMove(i); gain > 0 {
				h.cluster[h.in[i]] &^= 1 << i
				h.cluster[to] |= 1 << i
				h.in[i] = uint8(to)
				r.out.Moves = append(r.out.Moves, Move{Record: r.records[i], Gain: gain})
				again, moved = true, true
			}
		}
	}
	return moved
}

// bestMove is the cluster that position i adds most to, over where it is; the
// one with the smallest record among equals.
func (h *neighbourhood) bestMove(i int) (to int, gain int64) {
	here := h.toward(i, h.cluster[h.in[i]]&^(1<<i))
	low, empty := small, -1
	for c, set := range h.cluster[:h.n] {
		if set == 0 {
			empty = c
		}
		if set == 0 || c == int(h.in[i]) || set&h.forbids[i] != 0 {
			continue
		}
		g, first := h.toward(i, set)-here, bits.TrailingZeros64(set)
		if g > gain || g == gain && gain > 0 && first < low {
			to, gain, low = c, g, first
		}
	}
	if empty >= 0 && -here > gain {
		return empty, -here
	}
	return to, gain
}

// mergeClusters merges the two clusters that gain most by it and tells
// whether there were any. Only moves make that possible: contraction ended
// when no two groups gained.
func (r *Refiner) mergeClusters() bool {
	h := &r.neighbourhood
	var best int64
	var a, b int
	for c := range h.n { // by smallest record, so that ties do not depend on numbering
		for d := range c {
			x, y := h.in[d], h.in[c]
			if x == y || h.cluster[x]&(1<<d-1) != 0 || h.cluster[y]&(1<<c-1) != 0 {
				continue
			}
			if g := h.across(h.cluster[x], h.cluster[y]); g > best && !h.forbidden(h.cluster[x], h.cluster[y]) {
				best, a, b = g, int(x), int(y)
			}
		}
	}
	if best > 0 {
		h.rename(b, a)
	}
	return best > 0
}

// across is the sum of weights between two sets.
func (h *neighbourhood) across(x, y uint64) (sum int64) {
	for ; x != 0; x &= x - 1 {
		sum += h.toward(bits.TrailingZeros64(x), y)
	}
	return sum
}

func (h *neighbourhood) forbidden(x, y uint64) bool {
	for ; x != 0; x &= x - 1 {
		if h.forbids[bits.TrailingZeros64(x)]&y != 0 {
			return true
		}
	}
	return false
}

func (h *neighbourhood) rename(from, to int) {
	for set := h.cluster[from]; set != 0; set &= set - 1 {
		h.in[bits.TrailingZeros64(set)] = uint8(to)
	}
	h.cluster[to] |= h.cluster[from]
	h.cluster[from] = 0
}

// split breaks clusters that no positive weight and no must-link holds
// together any more: a record that left may have been what did. The sum does
// not fall by it, for across the break no weight is positive. It tells
// whether any broke; the sets are the clusters then.
func (r *Refiner) split() bool {
	h := &r.neighbourhood
	r.sets.Reset(h.n)
	for _, p := range r.firm {
		r.sets.Union(p.A, p.B)
	}
	for _, p := range r.graph.pairs {
		if p.weight > 0 && h.in[p.a] == h.in[p.b] {
			r.sets.Union(p.a, p.b)
		}
	}
	before := bits.OnesCount64(h.occupied())
	clear(h.cluster[:])
	for i := range uint32(h.n) {
		h.in[i] = uint8(r.sets.Find(i))
		h.cluster[h.in[i]] |= 1 << i
	}
	return bits.OnesCount64(h.occupied()) > before
}

// occupied is the clusters that have members.
func (h *neighbourhood) occupied() (set uint64) {
	for c := range h.n {
		if h.cluster[c] != 0 {
			set |= 1 << c
		}
	}
	return set
}

// regroup makes the graph and the constraints' groups those of the sets.
func (r *Refiner) regroup() {
	pairs := r.graph.pairs
	r.graph.reset(len(r.records))
	for _, p := range pairs { // in place: pair i is read before it is written
		r.graph.add(p)
	}
	for _, p := range r.cannot {
		r.graph.forbid(p.A, p.B)
	}
	for _, g := range r.groups {
		g.Reset(r.records)
	}
	for i := range uint32(len(r.records)) {
		if root := r.graph.root(r.sets.Find(i)); root != r.graph.root(i) {
			r.join(root, r.graph.root(i))
		}
	}
}
