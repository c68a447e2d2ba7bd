package block

import (
	"math"
	"math/bits"
)

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
	layout  *layout
	rows    []uint32
	single  int  // rules of one block
	several bool // whether there are others
	words   int  // words of lanes per position

	lanes  []uint64 // by position and word; lane 0 means no block
	filter []uint64 // by position: a bit for each entry of its list
	starts []uint32 // bounds of each position's list in list
	list   []uint32 // blocks, ascending by position

	touched uint32
}

const (
	lowBits  = 0x0101010101010101
	highBits = 0x8080808080808080
)

// load gathers what is needed for the rows of a unit of rule k. at is the
// block that each position stands in. Alone leaves out the rules before k.
func (e *earlier) load(l *layout, k int, rows, at []uint32, alone bool) {
	e.layout, e.rows, e.single, e.several = l, rows, 0, l.column[k] < 0
	first, end := uint32(0), uint32(math.MaxUint32) // where the lists of the rules up to k begin and end
	for r, c := range l.column {
		switch {
		case c < 0 && r > k:
			end = min(end, l.base[r]+1)
		case alone || r >= k:
		case c < 0:
			e.several = true
		default:
			e.single++
		}
	}
	if alone {
		first = l.base[k] + 1
	}
	e.loadLanes()
	if !e.several {
		return
	}
	e.filter = resize(e.filter, len(rows))
	e.starts, e.list = append(e.starts[:0], 0), e.list[:0]
	e.touch()
	for i, rec := range rows {
		if l.column[k] < 0 {
			end = l.base[k] + at[i] // of rule k itself, the blocks before this one
		}
		e.loadSeveral(i, l.listOf(rec), first, end)
	}
}

// touch reads the beginning of every list and does nothing with it: a loop so
// short has the processor wait for many cache lines at once, where one that
// branches on what it reads waits for each in turn.
func (e *earlier) touch() {
	sum := uint32(0)
	for _, r := range e.rows {
		sum += e.layout.list[e.layout.start(r)]
	}
	e.touched = sum
}

// loadLanes gathers the lanes of the earlier rules alone.
func (e *earlier) loadLanes() {
	e.words = laneWords(e.single)
	e.lanes = resize(e.lanes, len(e.rows)*e.words)
	if e.words == 0 {
		return
	}
	last := ^uint64(0) >> (64 - 8*(e.single-8*(e.words-1))) // of the last word
	for i, r := range e.rows {
		from := e.layout.single[int(r)*e.layout.width:]
		own := e.lanes[i*e.words : i*e.words+e.words]
		for w := range own {
			own[w] = uint64(from[2*w]) | uint64(from[2*w+1])<<32
		}
		own[len(own)-1] &= last
	}
}

// loadSeveral copies the part of a record's list in [first, end).
func (e *earlier) loadSeveral(i int, list []uint32, first, end uint32) {
	digests := uint64(0)
	for _, id := range list {
		if id >= end {
			break
		}
		if id < first {
			continue
		}
		e.list = append(e.list, id)
		digests |= 1 << (id * 0x9e3779b1 >> 26)
	}
	e.filter[i] = digests
	e.starts = append(e.starts, uint32(len(e.list)))
}

// keep sets dst, which has room for all, to the positions in [lo, hi) that
// share no earlier block with position i.
func (e *earlier) keep(dst []int32, i, lo, hi int) []int32 {
	switch {
	case e.single == 0:
		for j := lo; j < hi; j++ {
			dst = append(dst, int32(j))
		}
	case e.words == 1:
		dst = e.keepOneWord(dst, i, lo, hi)
	default:
		dst = e.keepWords(dst, i, lo, hi)
	}
	if e.several {
		dst = e.keepSeveral(dst, i)
	}
	return dst
}

// keepOneWord is keepWords for up to eight rules.
func (e *earlier) keepOneWord(dst []int32, i, lo, hi int) []int32 {
	own := e.lanes[i]
	present := presence(own)
	dst, n := dst[:hi-lo], 0
	for j, other := range e.lanes[lo:hi] {
		dst[n] = int32(lo + j)
		n++
		x := own ^ other
		if equal := (x - lowBits) &^ x & present; equal != 0 && e.sameBlock(i, lo+j, 0, equal) {
			n--
		}
	}
	return dst[:n]
}

func (e *earlier) keepWords(dst []int32, i, lo, hi int) []int32 {
	words := e.words
	own := e.lanes[i*words : i*words+words]
	dst, n := dst[:hi-lo], 0
	for j := lo; j < hi; j++ {
		dst[n] = int32(j)
		n++
		for w, other := range e.lanes[j*words : j*words+words] {
			x := own[w] ^ other
			if equal := (x - lowBits) &^ x & presence(own[w]); equal != 0 && e.sameBlock(i, j, w, equal) {
				n--
				break
			}
		}
	}
	return dst[:n]
}

// presence has the high bit of every lane that is not 0. No carry crosses
// lanes: the sum of two 7-bit numbers stays below 256.
func presence(lanes uint64) uint64 {
	return (lanes&^highBits + ^uint64(highBits) | lanes) & highBits
}

// sameBlock tells whether a rule of lane word w puts the two together, of those
// whose lanes are equal: they have their high bits set.
func (e *earlier) sameBlock(i, j, w int, equal uint64) bool {
	l := e.layout
	a, b := int(e.rows[i])*l.width+l.lanes+8*w, int(e.rows[j])*l.width+l.lanes+8*w
	for ; equal != 0; equal &= equal - 1 {
		if rule := bits.TrailingZeros64(equal) / 8; l.single[a+rule] == l.single[b+rule] {
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
		if e.filter[i]&e.filter[j] == 0 || !intersect(own, e.list[e.starts[j]:e.starts[j+1]]) {
			kept = append(kept, j)
		}
	}
	return kept
}

func intersect(x, y []uint32) bool {
	_, ok := firstCommon(x, y)
	return ok
}

func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/4)
	}
	return s[:n]
}
