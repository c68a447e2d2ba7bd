package signal

import "iter"

// Flags is a set of small numbers: bit n is number n, from 1 to 63.
type Flags uint64

// Has tells whether n is in the set.
func (f Flags) Has(n int) bool { return n > 0 && n < 64 && f>>n&1 == 1 }

// Range is the vendor ids from First to Last.
type Range struct{ First, Last int }

// IDs is a set of vendor ids. Ranges stand as the string gives them.
type IDs []Range

// Has tells whether id is in the set.
func (s IDs) Has(id int) bool {
	for _, r := range s {
		if r.First <= id && id <= r.Last {
			return true
		}
	}
	return false
}

// All gives the ids in the order of the ranges.
func (s IDs) All() iter.Seq[int] {
	return func(yield func(int) bool) {
		for _, r := range s {
			for id := r.First; id <= r.Last; id++ {
				if !yield(id) {
					return
				}
			}
		}
	}
}

// maxVendor is the largest id that 16 bits hold.
const maxVendor = 1<<16 - 1

// ranges reads Range(Int): a count of 12 bits, then entries of one id or two.
// Ids go from 1 to last.
func (b *bits) ranges(last int) IDs {
	var set IDs
	for n := b.int(12); n > 0 && b.code == ""; n-- {
		group := b.bool()
		r := Range{First: b.int(16)}
		r.Last = r.First
		if group {
			r.Last = b.int(16)
		}
		if b.code == "" && (r.First < 1 || r.Last < r.First || r.Last > last) {
			b.fail(BadValue)
		}
		set = append(set, r)
	}
	if b.code != "" {
		return nil
	}
	return set
}

// vendors reads a vendor section: the largest id, then a bit field up to it
// or ranges.
func (b *bits) vendors() IDs {
	last := b.int(16)
	if b.bool() {
		return b.ranges(last)
	}
	if b.code == "" && b.size()-b.at < last {
		b.fail(Truncated)
	}
	if b.code != "" {
		return nil
	}
	var set IDs
	for id := 1; id <= last; id++ {
		switch {
		case !b.bool():
		case len(set) > 0 && set[len(set)-1].Last == id-1:
			set[len(set)-1].Last = id
		default:
			set = append(set, Range{id, id})
		}
	}
	return set
}
