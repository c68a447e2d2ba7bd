package compare

import "concord/matching/column"

// rows is what a kernel compares of each record: none, one or several of what
// T stands for, the code of a value or a composed name. The zero T is none.
type rows[T comparable] struct {
	all []T
	// starts bounds each record's in all; nil where no record has more than
	// one: then all is by record.
	starts []uint32
}

// of is what record r has; it may hold zeros where starts is nil.
func (s *rows[T]) of(r uint32) []T {
	if s.starts == nil {
		return s.all[r : r+1]
	}
	return s.all[s.starts[r]:s.starts[r+1]]
}

// newRows makes the rows of n records from at(r, s), s below width(r), without
// zeros.
func newRows[T comparable](n int, width func(r uint32) uint32, at func(r, s uint32) T) rows[T] {
	var none T
	out := rows[T]{all: make([]T, 0, n), starts: make([]uint32, 1, n+1)}
	single := true
	for r := range uint32(n) {
		for s := range width(r) {
			if v := at(r, s); v != none {
				out.all = append(out.all, v)
			}
		}
		out.starts = append(out.starts, uint32(len(out.all)))
		single = single && out.starts[r+1]-out.starts[r] <= 1
	}
	if single {
		out.spread()
	}
	return out
}

// spread gives every record exactly one row, zero where it has none.
func (s *rows[T]) spread() {
	n := len(s.starts) - 1
	all := make([]T, n)
	for r := range n {
		copy(all[r:r+1], s.all[s.starts[r]:s.starts[r+1]])
	}
	s.all, s.starts = all, nil
}

// codesOf is the values of each record of a column.
func codesOf(c *column.Column, n int) rows[uint32] {
	if c.Starts == nil {
		return rows[uint32]{all: c.Codes}
	}
	slots := slotReader(c)
	return newRows(n, slots.width, slots.code)
}
