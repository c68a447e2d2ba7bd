package spill

import (
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Arrays that grow in a space hold what they would hold in the heap, through
// any sequence of appending and resting.
func TestGrownArraysKeepTheirValues(t *testing.T) {
	s := open(t)
	rapid.Check(t, func(t *rapid.T) {
		var got, want []uint64
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			n := rapid.IntRange(0, 1<<18).Draw(t, "elements")
			got = Grow(s, got, n)
			if cap(got) < len(got)+n {
				t.Fatalf("room for %d elements, want %d", cap(got)-len(got), n)
			}
			for i := range n {
				got, want = append(got, uint64(len(got)*3+i)), append(want, uint64(len(want)*3+i))
			}
			if rapid.Bool().Draw(t, "rest") {
				s.Rest()
			}
		}
		if s.Owns(got) && cap(got)*8 < worthwhile || !s.Owns(got) && len(got)*8 > worthwhile {
			t.Fatalf("an array of %d bytes is in the space: %t", cap(got)*8, s.Owns(got))
		}
		if !slices.Equal(got, want) {
			t.Fatal("values changed")
		}
		s.Free(&got)
		if got != nil {
			t.Fatal("an array that was given back is still there")
		}
	})
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestFreeGivesTheDiskBack(t *testing.T) {
	s := open(t)
	a := Make[uint32](s, 8<<20)
	for i := range a {
		if a[i] != 0 {
			t.Fatalf("element %d of a new array is %d", i, a[i])
		}
		a[i] = uint32(i)
	}
	if s.Bytes() != 32<<20 {
		t.Errorf("the space holds %d bytes", s.Bytes())
	}
	s.Free(&a)
	if s.Bytes() != 0 || a != nil {
		t.Errorf("the space holds %d bytes of what was given back", s.Bytes())
	}
	inHeap := make([]uint32, 1<<20)
	s.Free(&inHeap)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestNilSpaceMakesInTheHeap(t *testing.T) {
	var s *Space
	a := Grow(s, Make[uint32](s, 1<<20), 1)
	if len(a) != 1<<20 || cap(a) <= len(a) || s.Owns(a) || s.Err() != nil {
		t.Error("the nil space makes no arrays in the heap")
	}
	s.Free(&a)
}

// A space without room makes arrays in the heap, and says so.
func TestMakeWithoutRoomTells(t *testing.T) {
	s := open(t)
	file := s.file
	readOnly, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	s.file = readOnly
	a := Make[uint32](s, 1<<20)
	if len(a) != 1<<20 || s.Owns(a) {
		t.Error("no array without room")
	}
	if err := s.Err(); err == nil || !strings.Contains(err.Error(), "TMPDIR") {
		t.Errorf("the space says %v", err)
	}
	s.file = file
	if err := readOnly.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
