package spill

import (
	"fmt"
	"reflect"
	"slices"
	"unsafe"
)

// worthwhile is the size in bytes from which arrays that come to be are made in
// the space: fewer bytes are soon replaced by more, and the heap is faster.
const worthwhile = 1 << 20

// Make is an array of n zeros, in the space if it is large. Where the space has
// no room it is in the heap, and [Space.Err] tells so: who makes arrays asks it
// now and then.
func Make[E any](s *Space, n int) []E {
	if a, ok := made[E](s, n, nil); ok {
		return a
	}
	return make([]E, n)
}

// Grow is a with room for n more elements; in the space, which then takes a
// back, if it is large. In the heap an array grows by half: append's own
// quarter copies everything twice as often. In the space it doubles: what is
// not yet written takes no memory there.
func Grow[E any](s *Space, a []E, n int) []E {
	if cap(a)-len(a) >= n {
		return a
	}
	if more, ok := made(s, len(a)+max(n, len(a)), a); ok {
		more = more[:len(a)]
		s.Free(&a)
		return more
	}
	return slices.Grow(a, max(n, len(a)/2))
}

// made is an array of n elements in the space, the first of them those of a.
func made[E any](s *Space, n int, a []E) ([]E, bool) {
	var zero E
	size := int(unsafe.Sizeof(zero))
	if s == nil || n*size < worthwhile {
		return nil, false
	}
	if t := reflect.TypeFor[E](); !pointerFree(t) {
		panic("spill: elements with pointers: " + t.String())
	}
	to, err := s.take(n*size, bytesOf(a))
	if err != nil {
		s.fail(err)
		return nil, false
	}
	return unsafe.Slice((*E)(unsafe.Pointer(unsafe.SliceData(to))), n), true
}

func bytesOf[E any](a []E) []byte {
	var zero E
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(a))), len(a)*int(unsafe.Sizeof(zero)))
}

func (s *Space) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.error == nil {
		s.error = err
	}
}

// Err is why an array could not be made in the space, nil if all could.
func (s *Space) Err() error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.error
}

// Free takes an array back that nobody touches any more: a pointer to a slice as
// Move, Make or Grow left it, which is nil from then on. An array of the heap is
// the collector's. One that shares a segment with others stays in the file.
func (s *Space) Free(array any) {
	if s == nil {
		return
	}
	slice := reflect.ValueOf(array).Elem()
	p := slice.UnsafePointer()
	slice.SetZero()
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.find(p)
	if i < 0 || s.maps[i].shared {
		return
	}
	m := s.maps[i]
	s.maps = slices.Delete(s.maps, i, i+1)
	if s.open > i {
		s.open--
	}
	s.held -= int64(len(m.bytes))
	if err := release(s.file, m); err != nil && s.error == nil {
		s.error = fmt.Errorf("give back %d MiB on disk: %w", len(m.bytes)>>20, err)
	}
}
