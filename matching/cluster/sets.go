package cluster

// Sets is a union-find over records 0 … n-1 with path halving (Tarjan and van
// Leeuwen 1984). The larger root always joins the smaller one, so Find is the
// smallest record of a set whatever the order of unions was. That linking
// rule costs O(log n) a find, amortised, and no memory beside the parents.
type Sets struct{ parent []uint32 }

// NewSets makes n sets of one record each.
func NewSets(n int) *Sets {
	s := &Sets{}
	s.Reset(n)
	return s
}

// Reset makes n sets of one record each, reusing the memory.
func (s *Sets) Reset(n int) {
	s.parent = sized(s.parent, n)
	for i := range s.parent {
		s.parent[i] = uint32(i)
	}
}

// Find is the smallest record of x's set.
func (s *Sets) Find(x uint32) uint32 {
	p := s.parent
	for p[x] != x {
		p[x] = p[p[x]]
		x = p[x]
	}
	return x
}

// Union joins the sets of a and b and tells whether they were two.
func (s *Sets) Union(a, b uint32) bool {
	a, b = s.Find(a), s.Find(b)
	if a == b {
		return false
	}
	if a > b {
		a, b = b, a
	}
	s.parent[b] = a
	return true
}

// sized is a slice of n elements whose contents are unspecified, in s's
// memory where it fits.
func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2)
	}
	return s[:n]
}
