package compare

import (
	"cmp"
	"slices"
	"unsafe"
)

// rows is what a kernel compares of each record: none, one or several of what
// T stands for, a value or a composed name. T holds no pointers and its zero is
// none.
//
// The first row of every record is where one multiplication finds it; Interleave
// puts those of several kernels side by side. Records that have more are rare
// enough to be looked up: their first row is a mark, which its code tells.
type rows[T comparable] struct {
	first  unsafe.Pointer // the first record's
	stride uintptr        // bytes from one record to the next
	n      int
	// Of the records of several rows, in order: all of their rows, bounded by
	// starts.
	starts []uint32
	all    []T
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

// newRows makes the rows of n records from at(r, s), s below width(r), zeros
// left out. mark is a row with the given code, for records of several.
func newRows[T comparable](n int, width func(r uint32) uint32, at func(r, s uint32) T, mark func(code uint32) T) rows[T] {
	var none T
	first := make([]T, n+1) // one more, so that there is a first
	out := rows[T]{first: unsafe.Pointer(&first[0]), stride: unsafe.Sizeof(none), n: n, starts: []uint32{0}}
	for r := range uint32(n) {
		from := len(out.all)
		for s := range width(r) {
			v := at(r, s)
			switch {
			case v == none:
			case first[r] == none:
				first[r] = v
			case len(out.all) == from:
				out.all = append(out.all, first[r], v)
			default:
				out.all = append(out.all, v)
			}
		}
		if len(out.all) > from {
			first[r] = mark(marked + uint32(len(out.starts)-1))
			out.starts = append(out.starts, uint32(len(out.all)))
		}
	}
	return out
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

// move puts the first rows into memory, from at on and stride bytes apart.
func (s *rows[T]) move(memory unsafe.Pointer, at, stride uintptr) {
	from := *s
	s.lie(memory, at, stride)
	for r := range uint32(s.n) {
		*s.at(r) = *from.at(r)
	}
}

// lie says that the first rows are in memory, from at on and stride bytes
// apart.
func (s *rows[T]) lie(memory unsafe.Pointer, at, stride uintptr) {
	s.first, s.stride = unsafe.Add(memory, at), stride
}

// movable is the rows of any kernel.
type movable interface {
	size() uintptr
	move(memory unsafe.Pointer, at, stride uintptr)
	lie(memory unsafe.Pointer, at, stride uintptr)
}

// Interleaved is the memory of what several kernels keep of the records.
type Interleaved struct {
	memory []uint64 // none where kernels keep their own
	stride uintptr  // bytes a record
	parts  []movable
}

// Arrays shows move a pointer to the memory. Move may put an equal array in its
// place, of memory that is managed otherwise. Call it before the kernels are
// used or cloned.
func (x *Interleaved) Arrays(move func(array any)) {
	move(&x.memory)
	x.each(movable.lie)
}

// each calls place for every part, with where it is.
func (x *Interleaved) each(place func(m movable, memory unsafe.Pointer, at, stride uintptr)) {
	at := uintptr(0)
	for _, m := range x.parts {
		place(m, unsafe.Pointer(&x.memory[0]), at, x.stride)
		at += m.size()
	}
}

// cacheLine is the bytes that memory is read by.
const cacheLine = 64

// Interleave puts what the kernels keep of each of n records side by side. A
// block's records are all over a table, and a batch of its pairs waits for
// memory more than for anything else: a record then costs one or two cache
// lines rather than one for every comparison. Call it once, before the kernels
// are used or cloned.
func Interleave(n int, kernels []Kernel) *Interleaved {
	var all []movable
	stride := uintptr(0)
	for _, k := range kernels {
		if k, ok := k.(interface{ movable() movable }); ok {
			all = append(all, k.movable())
			stride += all[len(all)-1].size()
		}
	}
	// Sizes of 8 bytes and more are multiples of 8: with the small ones last
	// every row is aligned.
	slices.SortStableFunc(all, func(a, b movable) int { return cmp.Compare(b.size(), a.size()) })
	stride = (stride + 7) &^ 7
	if whole := (stride + cacheLine - 1) &^ (cacheLine - 1); whole-stride <= stride/8 {
		stride = whole // so that a record begins a cache line, as the memory of many does
	}
	if n == 0 || len(all) < 2 {
		return &Interleaved{}
	}
	x := &Interleaved{memory: make([]uint64, uintptr(n)*stride/8), stride: stride, parts: all}
	x.each(movable.move)
	return x
}
