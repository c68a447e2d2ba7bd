package cluster

import "container/heap"

// search is the scratch of shortest augmenting paths, by right position.
type search struct {
	price    []int64 // of right positions: what keeps reduced costs from being negative
	offer    []int64 // of left positions
	distance []int64
	from     []uint32 // the left record that a path reaches the position by
	settled  []bool
	reached  []uint32
	frontier frontier
}

const unreached = int64(1) << 62

// solve assigns one left record after the other along the shortest augmenting
// path under reduced costs (Kuhn 1955; Jonker and Volgenant 1987, for a sparse
// graph): after every one the assignment is the cheapest of those so far, hence
// at the end the one with the greatest weight. A record always finds a path,
// for it may stay without a partner.
func (a *assignment) solve() {
	n, places := len(a.left), len(a.right)+len(a.left)
	a.of, a.taken = sized(a.of, n), sized(a.taken, places)
	a.price, a.offer = sized(a.price, places), sized(a.offer, n)
	a.distance, a.from, a.settled = sized(a.distance, places), sized(a.from, places), sized(a.settled, places)
	clear(a.price)
	clear(a.offer)
	clear(a.settled)
	for j := range a.taken {
		a.taken[j], a.distance[j] = nothing, unreached
	}
	for i := range uint32(n) {
		a.augment(i)
	}
}

// augment gives left record i a place, moving others along the path.
func (a *assignment) augment(i uint32) {
	a.frontier, a.reached = a.frontier[:0], a.reached[:0]
	a.expand(i, 0)
	for {
		next := heap.Pop(&a.frontier).(step)
		if a.settled[next.place] || next.distance != a.distance[next.place] {
			continue
		}
		a.settled[next.place] = true
		if a.taken[next.place] == nothing {
			a.reprice(i, next)
			a.shift(i, next.place)
			return
		}
		a.expand(a.taken[next.place], next.distance)
	}
}

// expand offers the places of left record i, which a path reached at so much.
func (a *assignment) expand(i uint32, at int64) {
	for _, c := range a.halves[a.starts[i]:a.starts[i+1]] {
		if a.reach(c.to, at+c.cost-a.offer[i]-a.price[c.to]) {
			a.from[c.to] = i
		}
	}
}

// reach notes that a path reaches a place at so much, unless one did at less.
func (a *assignment) reach(place uint32, at int64) bool {
	if a.settled[place] || at >= a.distance[place] {
		return false
	}
	if a.distance[place] == unreached {
		a.reached = append(a.reached, place)
	}
	a.distance[place] = at
	heap.Push(&a.frontier, step{at, place})
	return true
}

// reprice keeps reduced costs from being negative once the path is taken, and
// clears the marks of the search.
func (a *assignment) reprice(i uint32, end step) {
	a.offer[i] += end.distance
	for _, j := range a.reached {
		if a.settled[j] && j != end.place {
			slack := end.distance - a.distance[j]
			a.price[j] -= slack
			a.offer[a.taken[j]] += slack
		}
		a.distance[j], a.settled[j] = unreached, false
	}
}

// shift moves the places along the path that ends at place.
func (a *assignment) shift(i, place uint32) {
	for {
		by := a.from[place]
		before := a.of[by]
		a.of[by], a.taken[place] = place, by
		if by == i {
			return
		}
		place = before
	}
}

// regret is what it would cost to give left record i another partner than its
// own: the sum of weights less that of the best assignment in which it has
// another, the greatest integer where there is none.
func (a *assignment) regret(i uint32) int64 {
	own, alone := a.of[i], uint32(len(a.right))+i
	if own == alone {
		return unreached
	}
	a.frontier, a.reached = a.frontier[:0], a.reached[:0]
	a.settled[own], a.settled[alone] = true, true // closed to the first step
	a.expand(i, 0)
	a.settled[own], a.settled[alone] = false, false
	best, vacated := unreached, false
	for len(a.frontier) > 0 && best == unreached {
		next := heap.Pop(&a.frontier).(step)
		if a.settled[next.place] || next.distance != a.distance[next.place] {
			continue
		}
		a.settled[next.place] = true
		switch {
		case next.place == own: // another takes it, or nobody
			best = next.distance
		case a.taken[next.place] != nothing:
			a.expand(a.taken[next.place], next.distance)
		case !vacated:
			a.vacate(next.distance)
			vacated = true
		}
	}
	for _, j := range a.reached {
		a.distance[j], a.settled[j] = unreached, false
	}
	return best
}

// vacate offers every place that is taken to be left: once a free place is
// taken, another may become free, the first record's own or one whose record
// moves on to that.
func (a *assignment) vacate(at int64) {
	for j, by := range a.taken {
		if by != nothing {
			a.reach(uint32(j), at-a.price[j])
		}
	}
}

// step is a place at the edge of a search. Equal distances go by place, so that
// of several best assignments it is always the same.
type step struct {
	distance int64
	place    uint32
}

type frontier []step

func (f frontier) Len() int { return len(f) }
func (f frontier) Less(i, j int) bool {
	return f[i].distance < f[j].distance || f[i].distance == f[j].distance && f[i].place < f[j].place
}
func (f frontier) Swap(i, j int) { f[i], f[j] = f[j], f[i] }
func (f *frontier) Push(x any)   { *f = append(*f, x.(step)) }
func (f *frontier) Pop() any {
	old := *f
	x := old[len(old)-1]
	*f = old[:len(old)-1]
	return x
}
