package block

// earlier answers, for two positions of a unit, whether a rule before the
// present one pairs their records, or an earlier block of the present rule.
// That is how a pair is scored once without a set of pairs.
//
// Rules that give a record one block are compared id by id, after a filter:
// each rule has an 8-bit lane with a digest of the block's number, eight rules
// to a word, and equal lanes show as zero bytes of the exclusive or. Rules
// that give a record several blocks are one ascending list per record, after
// a 64-bit filter of their digests.
type earlier struct {
	single []*groups
	several,
	lanesPer int // words of lanes per position

	lanes  []uint64 // by position and word; lane 0 means no block
	ids    []uint32 // by position and single rule
	filter []uint64 // by position
	starts []uint32 // bounds of each position's list in list
	list   []uint64 // rule<<32 | block, ascending by position
}

const (
	lowBits  = 0x0101010101010101
	highBits = 0x8080808080808080
)

// load gathers what is needed for the rows of a unit of rule k. at is the
// block that each position stands in.
func (e *earlier) load(p *Plan, k int, rows, at []uint32) {
	e.single, e.several = e.single[:0], 0
	for r := range k {
		if g := &p.rules[r].groups; g.starts == nil {
			e.single = append(e.single, g)
		} else {
			e.several++
		}
	}
	if p.rules[k].groups.starts != nil {
		e.several++
	}
	e.loadSingle(rows)
	if e.several > 0 {
		e.loadSeveral(p, k, rows, at)
	}
}

func (e *earlier) loadSingle(rows []uint32) {
	k := len(e.single)
	e.lanesPer = (k + 7) / 8
	e.lanes = resize(e.lanes, len(rows)*e.lanesPer)
	e.ids = resize(e.ids, len(rows)*k)
	clear(e.lanes)
	for r, g := range e.single {
		word, shift := r/8, r%8*8
		for i, rec := range rows {
			id := g.ids[rec]
			e.ids[i*k+r] = id
			if id != 0 {
				e.lanes[i*e.lanesPer+word] |= uint64(1+id%255) << shift
			}
		}
	}
}

func (e *earlier) loadSeveral(p *Plan, k int, rows, at []uint32) {
	e.filter = resize(e.filter, len(rows))
	e.starts = append(e.starts[:0], 0)
	e.list = e.list[:0]
	for i, rec := range rows {
		from := len(e.list)
		for r := range k {
			if g := &p.rules[r].groups; g.starts != nil {
				for _, id := range g.of(rec) {
					e.list = append(e.list, uint64(r)<<32|uint64(id))
				}
			}
		}
		if g := &p.rules[k].groups; g.starts != nil {
			for _, id := range g.of(rec) {
				if id < at[i] {
					e.list = append(e.list, uint64(k)<<32|uint64(id))
				}
			}
		}
		e.filter[i] = digest(e.list[from:])
		e.starts = append(e.starts, uint32(len(e.list)))
	}
}

// digest sets one bit per entry.
func digest(list []uint64) uint64 {
	bits := uint64(0)
	for _, v := range list {
		bits |= 1 << (v * 0x9e3779b97f4a7c15 >> 58)
	}
	return bits
}

// keep appends to dst the positions in [lo, hi) that share no earlier block
// with position i.
func (e *earlier) keep(dst []int32, i, lo, hi int) []int32 {
	switch {
	case len(e.single) == 0:
		for j := lo; j < hi; j++ {
			dst = append(dst, int32(j))
		}
	case e.lanesPer == 1:
		dst = e.keepOneWord(dst, i, lo, hi)
	default:
		dst = e.keepWords(dst, i, lo, hi)
	}
	if e.several > 0 {
		dst = e.keepSeveral(dst, i)
	}
	return dst
}

// keepOneWord is keepWords for up to eight rules.
func (e *earlier) keepOneWord(dst []int32, i, lo, hi int) []int32 {
	own := e.lanes[i]
	present := presence(own)
	for j, other := range e.lanes[lo:hi] {
		x := own ^ other
		if (x-lowBits)&^x&present == 0 || !e.sameBlock(i, lo+j) {
			dst = append(dst, int32(lo+j))
		}
	}
	return dst
}

func (e *earlier) keepWords(dst []int32, i, lo, hi int) []int32 {
	n := e.lanesPer
	own := e.lanes[i*n : i*n+n]
	for j := lo; j < hi; j++ {
		other := e.lanes[j*n : j*n+n]
		hit := uint64(0)
		for w, o := range own {
			x := o ^ other[w]
			hit |= (x - lowBits) &^ x & presence(o)
		}
		if hit == 0 || !e.sameBlock(i, j) {
			dst = append(dst, int32(j))
		}
	}
	return dst
}

// presence has the high bit of every lane that is not 0. No carry crosses
// lanes: the sum of two 7-bit numbers stays below 256.
func presence(lanes uint64) uint64 {
	return (lanes&^highBits + ^uint64(highBits) | lanes) & highBits
}

// sameBlock tells whether a single-block rule puts the two together.
func (e *earlier) sameBlock(i, j int) bool {
	k := len(e.single)
	a, b := e.ids[i*k:i*k+k], e.ids[j*k:j*k+k]
	for r, id := range a {
		if id == b[r] && id != 0 {
			return true
		}
	}
	return false
}

func (e *earlier) keepSeveral(dst []int32, i int) []int32 {
	if e.filter[i] == 0 {
		return dst
	}
	own := e.list[e.starts[i]:e.starts[i+1]]
	kept := dst[:0]
	for _, j := range dst {
		if e.filter[i]&e.filter[j] == 0 || !intersects(own, e.list[e.starts[j]:e.starts[j+1]]) {
			kept = append(kept, j)
		}
	}
	return kept
}

// intersects tells whether two ascending lists share an entry.
func intersects(a, b []uint64) bool {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			return true
		}
	}
	return false
}

func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/4)
	}
	return s[:n]
}
