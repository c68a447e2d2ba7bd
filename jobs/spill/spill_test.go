package spill

import (
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func open(t *testing.T) *Space {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("spilling is built for Linux")
	}
	folder := t.TempDir()
	s, err := Open(folder, 1<<40)
	if err != nil && strings.Contains(err.Error(), "tmpfs") {
		t.Skip("the folder of temporary files is in memory")
	}
	if err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 0 {
		t.Fatalf("the file has a name: %v, %v", left, err)
	}
	return s
}

func TestMovedArraysKeepTheirValues(t *testing.T) {
	s := open(t)
	type fact struct {
		at   int64
		kind uint8
	}
	numbers, facts, small := make([]uint32, 1<<20), make([]fact, 1<<17), []uint16{1, 2, 3}
	for i := range numbers {
		numbers[i] = uint32(i * 7)
	}
	for i := range facts {
		facts[i] = fact{int64(-i), uint8(i)}
	}
	wantNumbers, wantFacts, before := slices.Clone(numbers), slices.Clone(facts), &small[0]
	if err := s.Move(&numbers, &facts, &small); err != nil {
		t.Fatal(err)
	}
	if want := int64(segment); s.Bytes() != want {
		t.Errorf("moved %d bytes, want %d", s.Bytes(), want)
	}
	if !s.Owns(numbers) || !s.Owns(facts) || s.Owns(small) {
		t.Error("what moved is not the space's, or what did not is")
	}
	at := &numbers[0]
	if err := s.Move(&numbers); err != nil || &numbers[0] != at {
		t.Error("an array of the space moved again")
	}
	if &small[0] != before {
		t.Error("a small array moved")
	}
	numbers[5] = 99 // moved arrays can be written
	wantNumbers[5] = 99
	s.Rest()
	runtime.GC()
	if !slices.Equal(numbers, wantNumbers) || !slices.Equal(facts, wantFacts) || !slices.Equal(small, []uint16{1, 2, 3}) {
		t.Error("values changed")
	}
	if cap(numbers) != len(numbers) {
		t.Error("appending would write behind the array")
	}
	numbers, facts = nil, nil
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestRestLetsGoOfMemory(t *testing.T) {
	s := open(t)
	big := make([]byte, 64<<20)
	if err := s.Move(&big); err != nil {
		t.Fatal(err)
	}
	for i := range big {
		big[i] = byte(i >> 12) // moving let go of it already
	}
	held := resident()
	s.Rest()
	if freed := held - resident(); freed < 32<<20 {
		t.Errorf("resting freed %d MiB of 64", freed>>20)
	}
	for i := 0; i < len(big); i += 4096 {
		if big[i] != byte(i>>12) {
			t.Fatalf("byte %d is another after rest", i)
		}
	}
	big = nil
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestSpaceKeepsItsBudget(t *testing.T) {
	s := open(t)
	big := make([]byte, 64<<20)
	if err := s.Move(&big); err != nil {
		t.Fatal(err)
	}
	for i := range big {
		big[i] = byte(i >> 12)
	}
	held := resident()
	s.done.Go(func() { s.keep(0) })
	for deadline := time.Now().Add(time.Minute); held-resident() < 32<<20; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the process still holds %d MiB after a minute, %d before", resident()>>20, held>>20)
		}
	}
	big = nil
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestNilSpaceMovesNothing(t *testing.T) {
	var s *Space
	a := make([]byte, 1<<20)
	at := &a[0]
	if err := s.Move(&a); err != nil || &a[0] != at {
		t.Error("moved")
	}
	s.Rest()
	if s.Bytes() != 0 || s.Close() != nil {
		t.Error("the nil space holds something")
	}
}

func TestElementsWithPointersPanic(t *testing.T) {
	s := open(t)
	defer func() {
		if recover() == nil {
			t.Error("strings have pointers")
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	texts := make([]string, 1<<16)
	_ = s.Move(&texts)
}

func TestOpenNamesTheRemedy(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("spilling is built for Linux")
	}
	_, err := Open(t.TempDir()+"/missing", 1<<40)
	if err == nil || !strings.Contains(err.Error(), "TMPDIR") {
		t.Errorf("got %v", err)
	}
}
