// Package spill keeps large arrays in a file rather than in the heap, for runs
// whose records do not fit the memory they may use.
//
// An array that is moved stays an array: the file is mapped into memory, and
// the operating system reads and writes its pages as they are touched. What a
// stage does not touch need not be in memory, and the garbage collector sees
// none of it, so that no room is left for it to grow either. Only arrays
// without pointers can move; the tables of a run are made of those.
//
//	arrays that are done       [Space.Move]   spill.go
//	arrays that come to be     [Make], [Grow] make.go
//	what must not stay longer  [Space.Rest]   rest.go
//
// The file holds personal data. It has no name: it is removed as soon as it is
// open, so that nobody else can open it and it is gone with the process,
// however that ends.
package spill

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"sync"
	"unsafe"
)

// least is the size in bytes below which an array stays in the heap.
const least = 1 << 12

// segment is how much of the file is mapped at a time for arrays that do not
// fill one: the system bounds how many maps a process may have.
const segment = 16 << 20

// line is what arrays begin at multiples of: a line of the processor's caches.
const line = 64

// Space is a file of arrays. The nil Space moves nothing. Its methods may be
// called from several goroutines, with different arrays.
type Space struct {
	mu    sync.Mutex
	file  *os.File
	size  int64 // of the file
	held  int64 // of the maps: without what was given back
	maps  []mapped
	open  int // the map that small arrays are put into, -1 for none
	used  int // bytes of it
	hand  hand
	error error // of the first array that found no room

	quit chan struct{} // ends the keeper
	done sync.WaitGroup
}

// mapped is a range of the file in memory.
type mapped struct {
	at     int64 // in the file
	bytes  []byte
	shared bool // a segment of several arrays
}

// has tells whether an array lies in the range.
func (m *mapped) has(p unsafe.Pointer) bool {
	return uintptr(p)-uintptr(unsafe.Pointer(unsafe.SliceData(m.bytes))) < uintptr(len(m.bytes))
}

// Open makes a space in a folder, which must be on a disk: "" is the system's
// folder for temporary files (TMPDIR). The space lets go of its own memory so
// that the process keeps to budget bytes.
func Open(folder string, budget int64) (*Space, error) {
	if folder == "" {
		folder = os.TempDir()
	}
	if err := checkFolder(folder); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(folder, "concord-spill-")
	if err != nil {
		return nil, fmt.Errorf("make a file to spill to: %w: set TMPDIR to a folder that can be written", err)
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(fmt.Errorf("unname the file to spill to: %w", err), f.Close())
	}
	s := &Space{file: f, open: -1, quit: make(chan struct{})}
	s.done.Go(func() { s.keep(budget) })
	return s, nil
}

// Move puts arrays into the space: each is a pointer to a slice, which from
// then on is of the space's memory and lives until Close. Small arrays stay
// where they are, and so do those of the space. Elements with pointers are a
// bug of the caller, and panic.
func (s *Space) Move(arrays ...any) error {
	if s == nil {
		return nil
	}
	for _, a := range arrays {
		if err := s.move(reflect.ValueOf(a).Elem()); err != nil {
			return err
		}
	}
	return s.Err()
}

// MoveAll moves what an owner shows of its arrays, up to the first error.
func (s *Space) MoveAll(arrays func(move func(array any))) (err error) {
	arrays(func(array any) {
		if err == nil {
			err = s.Move(array)
		}
	})
	return err
}

func (s *Space) move(slice reflect.Value) error {
	element := slice.Type().Elem()
	if !pointerFree(element) {
		panic("spill: elements with pointers: " + element.String())
	}
	n := slice.Len()
	bytes := n * int(element.Size())
	if bytes < least || s.owns(slice.UnsafePointer()) {
		return nil
	}
	to, err := s.take(bytes, unsafe.Slice((*byte)(slice.UnsafePointer()), bytes))
	if err != nil {
		return err
	}
	slice.Set(reflect.SliceAt(element, unsafe.Pointer(unsafe.SliceData(to)), n))
	return nil
}

// pointerFree tells whether the garbage collector has nothing to find in a
// value of a type.
func pointerFree(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64,
		reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		return true
	case reflect.Array:
		return pointerFree(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if !pointerFree(t.Field(i).Type) {
				return false
			}
		}
		return true
	}
	return false
}

// Owns tells whether an array, a slice, lies in the space.
func (s *Space) Owns(array any) bool {
	return s != nil && s.owns(reflect.ValueOf(array).UnsafePointer())
}

func (s *Space) owns(p unsafe.Pointer) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.find(p) >= 0
}

func (s *Space) find(p unsafe.Pointer) int {
	for i := range s.maps {
		if s.maps[i].has(p) {
			return i
		}
	}
	return -1
}

// take is room for an array that begins with what. It is written to the file,
// not to memory: nothing of it is there until it is touched.
func (s *Space) take(bytes int, what []byte) ([]byte, error) {
	s.mu.Lock()
	m, from, err := s.room(bytes)
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	if _, err := s.file.WriteAt(what, m.at+int64(from)); err != nil {
		return nil, fmt.Errorf("spill %d bytes to disk: %w", len(what), err)
	}
	return m.bytes[from : from+bytes : from+bytes], nil
}

// room finds room for an array: in the open segment, or in a map of its own.
func (s *Space) room(bytes int) (m mapped, from int, err error) {
	if bytes > segment/4 {
		i, err := s.extend(bytes)
		if err != nil {
			return mapped{}, 0, err
		}
		return s.maps[i], 0, nil
	}
	if s.open < 0 || s.used+bytes > len(s.maps[s.open].bytes) {
		i, err := s.extend(segment)
		if err != nil {
			return mapped{}, 0, err
		}
		s.maps[i].shared = true
		s.open, s.used = i, 0
	}
	from = s.used
	s.used += (bytes + line - 1) / line * line
	return s.maps[s.open], from, nil
}

// extend maps the next bytes of the file.
func (s *Space) extend(bytes int) (int, error) {
	page := int64(os.Getpagesize())
	length := (int64(bytes) + page - 1) / page * page
	m, err := mapFile(s.file, s.size, length)
	if err != nil {
		return 0, fmt.Errorf("spill %d MiB to disk beside the %d MiB there: %w: free some, or set TMPDIR to a larger disk", length>>20, s.held>>20, err)
	}
	s.maps = append(s.maps, mapped{at: s.size, bytes: m})
	s.size += length
	s.held += length
	return len(s.maps) - 1, nil
}

// Bytes is how much the space holds.
func (s *Space) Bytes() int64 {
	if s == nil {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.held
}

// Close gives the space back. No array that was moved may be touched any more.
func (s *Space) Close() error {
	if s == nil {
		return nil
	}
	close(s.quit)
	s.done.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, m := range s.maps {
		errs = append(errs, unmap(m.bytes))
	}
	s.maps, s.open = nil, -1
	return errors.Join(append(errs, s.file.Close())...)
}
