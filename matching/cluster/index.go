package cluster

// denseIndex is the greatest component whose pairs are indexed by a square
// array: 256 KB then, and most components are far smaller.
const denseIndex = 256

// pairIndex finds the link of two groups.
type pairIndex struct {
	n      uint32
	square []uint32          // by a·n + b with a < b, for n ≤ denseIndex
	sparse map[uint64]uint32 // by a<<32 | b with a < b, beyond
}

func (x *pairIndex) reset(n int) {
	x.n = uint32(n)
	if n > denseIndex {
		if x.sparse == nil {
			x.sparse = make(map[uint64]uint32)
		}
		clear(x.sparse)
		return
	}
	x.square = sized(x.square, n*n)
	for i := range x.square {
		x.square[i] = nothing
	}
}

func (x *pairIndex) get(a, b uint32) uint32 {
	a, b = min(a, b), max(a, b)
	if x.n <= denseIndex {
		return x.square[a*x.n+b]
	}
	if i, ok := x.sparse[uint64(a)<<32|uint64(b)]; ok {
		return i
	}
	return nothing
}

func (x *pairIndex) set(a, b, link uint32) {
	a, b = min(a, b), max(a, b)
	if x.n <= denseIndex {
		x.square[a*x.n+b] = link
		return
	}
	x.sparse[uint64(a)<<32|uint64(b)] = link
}

func (x *pairIndex) unset(a, b uint32) {
	a, b = min(a, b), max(a, b)
	if x.n <= denseIndex {
		x.square[a*x.n+b] = nothing
		return
	}
	delete(x.sparse, uint64(a)<<32|uint64(b))
}
