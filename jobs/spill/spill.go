// Package spill keeps large arrays in a file rather than in the heap, for runs
// whose records do not fit the memory they may use.
//
// An array that is moved stays an array: the file is mapped into memory, and
// the operating system reads and writes its pages as they are touched. What a
// stage does not touch need not be in memory, and the garbage collector sees
// none of it, so that no room is left for it to grow either. Only arrays
// without pointers can move; the tables of a run are made of those.
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
	"time"
	"unsafe"
)

// least is the size in bytes below which an array is not worth a page of its
// own.
const least = 1 << 12

// Space is a file of arrays. The nil Space moves nothing. Its methods may be
// called from several goroutines, with different arrays.
type Space struct {
	mu   sync.Mutex
	file *os.File
	size int64
	maps [][]byte
	quit chan struct{} // ends the keeper
	done sync.WaitGroup
}

// Open makes a space in a folder, which must be on a disk: "" is the system's
// folder for temporary files (TMPDIR). While the process holds more than budget
// bytes of memory, the space lets go of its own.
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
	s := &Space{file: f, quit: make(chan struct{})}
	s.done.Go(func() { s.keep(budget) })
	return s, nil
}

// often is how long a process may exceed its budget before that is noticed. A
// stage touches some hundred megabytes meanwhile.
const often = 250 * time.Millisecond

// keep rests whenever the process holds more than budget.
func (s *Space) keep(budget int64) {
	tick := time.NewTicker(often)
	defer tick.Stop()
	for {
		select {
		case <-s.quit:
			return
		case <-tick.C:
			if resident() > budget {
				s.Rest()
			}
		}
	}
}

// Move puts arrays into the space: each is a pointer to a slice, which from
// then on is of the space's memory and lives until Close. Small arrays stay
// where they are. Elements with pointers are a bug of the caller, and panic.
func (s *Space) Move(arrays ...any) error {
	if s == nil {
		return nil
	}
	for _, a := range arrays {
		if err := s.move(reflect.ValueOf(a).Elem()); err != nil {
			return err
		}
	}
	return nil
}

func (s *Space) move(slice reflect.Value) error {
	element := slice.Type().Elem()
	if !pointerFree(element) {
		panic("spill: elements with pointers: " + element.String())
	}
	n := slice.Len()
	bytes := n * int(element.Size())
	if bytes < least {
		return nil
	}
	to, err := s.take(bytes)
	if err != nil {
		return err
	}
	copy(to, unsafe.Slice((*byte)(slice.UnsafePointer()), bytes))
	rest(to[:cap(to)])
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

// take maps the next bytes of the file.
func (s *Space) take(bytes int) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	page := int64(os.Getpagesize())
	length := (int64(bytes) + page - 1) / page * page
	m, err := mapFile(s.file, s.size, length)
	if err != nil {
		return nil, fmt.Errorf("spill %d MiB to disk beside the %d MiB there: %w: free some, or set TMPDIR to a larger disk", length>>20, s.size>>20, err)
	}
	s.size += length
	s.maps = append(s.maps, m)
	return m[:bytes], nil // with the rest of its last page behind
}

// Rest lets go of the memory that the arrays take: each page comes back from
// the file when it is touched.
func (s *Space) Rest() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.maps {
		rest(m)
	}
}

// Bytes is how much was moved.
func (s *Space) Bytes() int64 {
	if s == nil {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.size
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
		errs = append(errs, unmap(m))
	}
	s.maps = nil
	return errors.Join(append(errs, s.file.Close())...)
}
