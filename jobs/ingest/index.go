package ingest

import (
	"math/bits"

	"concord/jobs/spill"
)

// index is a hash table from hashes to the codes of things that are stored
// elsewhere: open addressing over one slice of 64-bit entries, each the upper
// half of a hash and a code. Whether two things of equal halves are the same is
// for the caller to see. A lookup is a loop over the slots from home on:
//
//	for i := x.home(hash); x.slots[i] != 0; i = x.next(i) {
//		if code, ok := x.match(i, hash); ok && ... {
//
// A slot follows from the upper half alone, by its leading bits, so that
// growing hashes nothing again and goes through memory in order.
type index struct {
	slots []uint64 // hash>>32<<32 | code; 0 is free: codes begin with 1
	shift int      // 64 - log2(len(slots))
	used  int
	in    *room
}

// leastSlots is the size of a new index: 1 KiB.
const leastSlots = 128

func newIndex(in *room) index { return indexOf(in, leastSlots) }

// indexOf is an index of so many slots, a power of two up to 2^32.
func indexOf(in *room, slots int) index {
	return index{slots: spill.Make[uint64](in.space, slots), shift: 64 - bits.TrailingZeros(uint(slots)), in: in}
}

func (x *index) home(hash uint64) int { return int(hash >> x.shift) }

func (x *index) next(i int) int { return (i + 1) & (len(x.slots) - 1) }

// match is the code in slot i, if its half of a hash is that of hash.
func (x *index) match(i int, hash uint64) (code uint32, ok bool) {
	e := x.slots[i]
	return uint32(e), e>>32 == hash>>32
}

// put adds a code, which must not be in the index yet.
func (x *index) put(hash uint64, code uint32) {
	if 3*x.used >= 2*len(x.slots) { // more than two thirds full: probes lengthen
		x.grow()
	}
	x.set(hash>>32<<32 | uint64(code))
	x.used++
}

func (x *index) set(entry uint64) {
	i := x.home(entry)
	for x.slots[i] != 0 {
		i = x.next(i)
	}
	x.slots[i] = entry
}

func (x *index) grow() {
	larger := indexOf(x.in, 2*len(x.slots))
	for _, e := range x.slots {
		if e != 0 {
			larger.set(e)
		}
	}
	x.arrays(x.in.space.Free)
	x.slots, x.shift = larger.slots, larger.shift
}

func (x *index) arrays(move func(array any)) { move(&x.slots) }
