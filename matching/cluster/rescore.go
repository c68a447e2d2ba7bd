package cluster

// sampleSize is how many unscored pairs across two groups are scored before
// the groups may merge: all of them if there are no more. It bounds the cost
// of a proposal; the mean of 128 weights is within a few bits of the mean of
// all, and what counts is its sign.
const sampleSize = 128

// complete scores the pairs across l that have not been, or a sample of them
// whose mean then stands for the rest.
func (r *Refiner) complete(l *link) {
	g := &r.graph
	across := uint64(g.size[l.u]) * uint64(g.size[l.v])
	if r.opts.Rescore == nil || l.scored+l.estimated >= across {
		return
	}
	r.left, r.right = r.members(r.left, l.u), r.members(r.right, l.v)
	unscored := across - l.scored
	var sum int64
	var asked uint64
	if unscored <= sampleSize && across <= 64*sampleSize {
		for _, a := range r.left {
			for _, b := range r.right {
				sum, asked = r.ask(l, a, b, sum, asked)
			}
		}
	} else {
		seed := uint64(r.records[r.left[0]])<<32 | uint64(r.records[r.right[0]])
		for i := range uint64(sampleSize) {
			k := mix(seed+i*0x9e3779b97f4a7c15) % across
			a, b := r.left[k/uint64(len(r.right))], r.right[k%uint64(len(r.right))]
			sum, asked = r.ask(l, a, b, sum, asked)
		}
	}
	l.estimated, l.estimate = unscored, 0
	if asked > 0 {
		l.estimate = scale(sum, unscored, asked)
	}
}

// ask scores positions a and b unless they have been.
func (r *Refiner) ask(l *link, a, b uint32, sum int64, asked uint64) (int64, uint64) {
	a, b = min(a, b), max(a, b)
	if _, ok := r.lookup(a, b); ok {
		return sum, asked
	}
	w := r.opts.Sampled(r.records[a], r.records[b])
	r.out.Rescored++
	if w > 0 && (l.best == nothing || w > r.graph.pairs[l.best].weight) || w < 0 && (l.worst == nothing || w < r.graph.pairs[l.worst].weight) {
		r.graph.pairs = append(r.graph.pairs, pair{a: a, b: b, weight: w, origin: Rescored})
		l.note(r.graph.pairs, uint32(len(r.graph.pairs)-1))
	}
	return sum + int64(w), asked + 1
}

// scale is sum · of / asked, the sign and the whole units of it.
func scale(sum int64, of, asked uint64) int64 {
	if of == asked {
		return sum
	}
	return sum / int64(asked) * int64(of)
}

// mix is a bijection of 64-bit words that looks random: the finalizer of
// SplitMix64 (Steele, Lea and Flood 2014).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
