package cluster

import "slices"

// A record without a birth date that fits two people of one name and different
// birth dates fits neither well: it is one of the two, and the weight against
// strangers does not tell which. Against the other as the alternative, its
// weight is w − log2(1 + 2^w'), next to nothing when the two are alike. Such a
// record stays alone, and what it stands between stays apart.

// A merge is contested when one of the two groups is a single record that has
// a link about as strong to a third that cannot be the other's, because a
// constraint forbids it or the sum of weights between them is contestApart or
// less. As strong is the strongest pair, within contestMargin, and more than
// half the sum: a record that fits twenty records of one person and one of
// another is the first one's. A group of several records is not asked: what
// holds it and another together is the sum of many pairs, and one pair of its
// records that is as strong says nothing against it.
const (
	contestMargin = Bit
	contestShare  = 2 // 1/contestShare of the sum
	contestApart  = -10 * Bit
)

// contested tells whether the merge along l is.
func (r *Refiner) contested(l *link) bool {
	return l.best != nothing && (r.rivalled(l, l.u, l.v) || r.rivalled(l, l.v, l.u))
}

// rivalled tells whether group is a record with a link about as strong as l to
// a third group that cannot be one with other, the one at l's far end.
func (r *Refiner) rivalled(l *link, group, other uint32) bool {
	g := &r.graph
	if g.size[group] > 1 {
		return false
	}
	for h := g.first[group]; h != nothing; h = g.next[h] {
		k, third := &g.links[h/2], g.other(h)
		if k.dead || third == other || k.weight() <= max(0, l.weight()/contestShare) || k.best == nothing ||
			g.pairs[k.best].weight < g.pairs[l.best].weight-contestMargin {
			continue
		}
		if r.constrained(k.u, k.v) {
			continue // what may not be is no alternative
		}
		if i := g.index.get(third, other); i != nothing && (r.forbidding(&g.links[i]) != "" || g.links[i].weight() <= contestApart) {
			return true
		}
	}
	return false
}

// constrained tells whether a constraint keeps two groups apart.
func (r *Refiner) constrained(a, b uint32) bool {
	return slices.ContainsFunc(r.groups, func(g Groups) bool { return g.Forbids(a, b) })
}

// part keeps the groups of l apart in the moves that follow.
func (r *Refiner) part(l *link) {
	r.left, r.right = r.members(r.left, l.u), r.members(r.right, l.v)
	for _, a := range r.left {
		for _, b := range r.right {
			r.cannot = append(r.cannot, Pair{min(a, b), max(a, b)})
		}
	}
	slices.SortFunc(r.cannot, comparePairs)
	r.cannot = slices.Compact(r.cannot)
}
