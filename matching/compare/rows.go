package compare

import (
	"cmp"
	"slices"
	"unsafe"

	"concord/matching/column"
)

// rows is what a kernel compares of each record: none, one or several of what
// T stands for, a value or a composed name. T holds no pointers and its zero is
// none.
//
// The first row of every record is where one multiplication finds it; Bind puts
// those of several kernels side by side. Records that have more are rare
// enough to be looked up: their first row is a mark, which its code tells.
type rows[T comparable] struct {
	first  unsafe.Pointer // the first record's
	stride uintptr        // bytes from one record to the next
	n      int
	// Of the records of several rows, in order: all of their rows, bounded by
	// starts.
	starts []uint32
	all    []T
	source *source[T] // nil once they are laid out
}

// marked is what the code of a first row has set when it is no row but the mark
// of a record that has several. Codes are below it.
const marked = 1 << 31

// at is the only row of record r, zero when it has none; of a record of
// several the mark.
func (s *rows[T]) at(r uint32) *T { return (*T)(unsafe.Add(s.first, uintptr(r)*s.stride)) }

// of is what record r has, given the code of its first row: one row at least,
// which may be zero.
func (s *rows[T]) of(r, code uint32) []T {
	if code >= marked {
		at := code - marked
		return s.all[s.starts[at]:s.starts[at+1]]
	}
	return unsafe.Slice(s.at(r), 1)
}

// source is what rows are made from.
type source[T comparable] struct {
	width func(r uint32) uint32 // how many rows record r has at most
	at    func(r, s uint32) T   // row s of record r, zero where there is none
	mark  func(code uint32) T   // the row that stands for several, with that code
	done  func()                // called once the rows are made; may be nil
}

// itself is the mark of rows that are codes.
func itself(code uint32) uint32 { return code }

// newRows is the rows of n records, to be laid out by lay.
func newRows[T comparable](n int, from source[T]) rows[T] { return rows[T]{n: n, source: &from} }

// lay makes the rows and puts the first of each record into memory, from at on
// and stride bytes apart. The memory is zero.
func (s *rows[T]) lay(memory unsafe.Pointer, at, stride uintptr) {
	s.lie(memory, at, stride)
	s.starts = []uint32{0}
	for r := range uint32(s.n) {
		s.make(r)
	}
	if s.source.done != nil {
		s.source.done()
	}
	s.source = nil
}

// make makes the rows of record r.
func (s *rows[T]) make(r uint32) {
	var none T
	first, from := s.at(r), len(s.all)
	for slot := range s.source.width(r) {
		v := s.source.at(r, slot)
		switch {
		case v == none:
		case *first == none:
			*first = v
		case len(s.all) == from:
			s.all = append(s.all, *first, v)
		default:
			s.all = append(s.all, v)
		}
	}
	if len(s.all) > from {
		*first = s.source.mark(marked + uint32(len(s.starts)-1))
		s.starts = append(s.starts, uint32(len(s.all)))
	}
}

// alone lays the rows out in memory of their own.
func (s *rows[T]) alone() {
	first := make([]T, s.n+1) // one more, so that there is a first
	s.lay(unsafe.Pointer(&first[0]), 0, s.size())
}

// gather copies the first rows of the records into window.
func (s *rows[T]) gather(records []uint32, window []T) []T {
	window = resize(window, len(records))
	for i, r := range records {
		window[i] = *s.at(r)
	}
	return window
}

func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/4)
	}
	return s[:n]
}

func (s *rows[T]) size() uintptr { var none T; return unsafe.Sizeof(none) }

// lie says that the first rows are in memory, from at on and stride bytes
// apart.
func (s *rows[T]) lie(memory unsafe.Pointer, at, stride uintptr) {
	s.first, s.stride = unsafe.Add(memory, at), stride
}

// movable is the rows of any kernel.
type movable interface {
	size() uintptr
	lay(memory unsafe.Pointer, at, stride uintptr)
	lie(memory unsafe.Pointer, at, stride uintptr)
	alone()
}

// laid is a kernel of a comparator of this package with its rows in memory of
// their own; nil of nil.
func laid(k rowed) Kernel {
	if k == nil {
		return nil
	}
	k.movable().alone()
	return k
}

// rowed is a kernel whose rows are to be laid out.
type rowed interface {
	Kernel
	movable() movable
}

// binder is a comparator whose kernels keep rows.
type binder interface {
	// bind is Bind but for the rows, which it leaves to be laid out.
	bind(t *column.Table) rowed
}

// Interleaved is the memory of what several kernels keep of the records.
type Interleaved struct {
	memory []uint64
	stride uintptr // bytes a record
	parts  []movable
}

// Arrays shows move a pointer to the memory. Move may put an equal array in its
// place, of memory that is managed otherwise. Call it before the kernels are
// used or cloned.
func (x *Interleaved) Arrays(move func(array any)) {
	move(&x.memory)
	for i, m := range x.parts {
		m.lie(x.first(), x.offset(i), x.stride)
	}
}

func (x *Interleaved) first() unsafe.Pointer { return unsafe.Pointer(&x.memory[0]) }

// offset is where the rows of part i are among those of a record.
func (x *Interleaved) offset(i int) (at uintptr) {
	for _, m := range x.parts[:i] {
		at += m.size()
	}
	return at
}

// cacheLine is the bytes that memory is read by.
const cacheLine = 64

// Bind binds the comparators to the table, nil where it lacks what one reads,
// and puts what the kernels keep of each record side by side. A block's records
// are all over a table, and a batch of its pairs waits for memory more than for
// anything else: a record then costs one or two cache lines rather than one for
// every comparison. each runs unit(i) for every i in [0, n), at once if it can;
// nil: one after the other.
func Bind(t *column.Table, comparators []Comparator, each func(n int, unit func(i int) error) error) ([]Kernel, *Interleaved, error) {
	if each == nil {
		each = oneByOne
	}
	kernels, rows := make([]Kernel, len(comparators)), make([]movable, len(comparators))
	err := each(len(comparators), func(i int) error {
		c, ok := comparators[i].(binder)
		if !ok {
			kernels[i] = comparators[i].Bind(t)
		} else if k := c.bind(t); k != nil {
			kernels[i], rows[i] = k, k.movable()
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	x := interleave(t.N, rows)
	return kernels, x, each(len(x.parts), func(i int) error {
		x.parts[i].lay(x.first(), x.offset(i), x.stride)
		return nil
	})
}

func oneByOne(n int, unit func(i int) error) error {
	for i := range n {
		if err := unit(i); err != nil {
			return err
		}
	}
	return nil
}

// interleave divides memory for n records among the rows; some are nil.
func interleave(n int, rows []movable) *Interleaved {
	x := &Interleaved{}
	for _, m := range rows {
		if m != nil {
			x.parts = append(x.parts, m)
			x.stride += m.size()
		}
	}
	// Sizes of 8 bytes and more are multiples of 8: with the small ones last
	// every row is aligned.
	slices.SortStableFunc(x.parts, func(a, b movable) int { return cmp.Compare(b.size(), a.size()) })
	x.stride = (x.stride + 7) &^ 7
	if whole := (x.stride + cacheLine - 1) &^ (cacheLine - 1); whole-x.stride <= x.stride/8 {
		x.stride = whole // so that a record begins a cache line, as the memory of many does
	}
	x.memory = make([]uint64, uintptr(n)*x.stride/8+1) // one more, so that there is a first
	return x
}
