package storetest

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"concord/jobs/store"
)

func putIf(t *testing.T, s store.Store) {
	ctx := t.Context()
	if _, err := s.PutIf(ctx, "CURRENT", []byte("one"), "some tag"); !errors.Is(err, store.ErrConflict) {
		t.Errorf("put over nothing with a tag: %v", err)
	}
	given := []byte("one")
	first, err := s.PutIf(ctx, "CURRENT", given, store.Absent)
	if err != nil {
		t.Fatal(err)
	}
	copy(given, "???") // the caller's own
	if _, err := s.PutIf(ctx, "CURRENT", []byte("two"), store.Absent); !errors.Is(err, store.ErrConflict) {
		t.Errorf("put over something as if absent: %v", err)
	}
	data, tag, err := s.Get(ctx, "CURRENT")
	if string(data) != "one" || tag != first || err != nil {
		t.Errorf("get: %q, tag %q, %v; put gave %q", data, tag, err, first)
	}
	copy(data, "!!!") // the caller's own
	if got := read(t, s, "CURRENT"); got != "one" {
		t.Errorf("callers changed what was put or got: %q", got)
	}
	second, err := s.PutIf(ctx, "CURRENT", []byte("two"), first)
	if err != nil || second == first {
		t.Errorf("put with the right tag: %q, %v", second, err)
	}
	if _, err := s.PutIf(ctx, "CURRENT", []byte("three"), first); !errors.Is(err, store.ErrConflict) {
		t.Errorf("put with the tag before: %v", err)
	}
	if got := read(t, s, "CURRENT"); got != "two" {
		t.Errorf("after two puts: %q", got)
	}
	if got := keys(t, s, store.Scope{}); !slices.Equal(got, []string{"CURRENT"}) {
		t.Errorf("listed: %q", got)
	}
}

func putIfOneWins(t *testing.T, s store.Store) {
	const writers, rounds = 4, 5
	tag := store.Absent
	for round := range rounds {
		var wg sync.WaitGroup
		tags := make([]string, writers)
		errs := make([]error, writers)
		for i := range writers {
			wg.Go(func() {
				tags[i], errs[i] = s.PutIf(t.Context(), "CURRENT", []byte{byte(round), byte(i)}, tag)
			})
		}
		wg.Wait()
		won := 0
		for i, err := range errs {
			if err == nil {
				won++
				tag = tags[i]
			} else if !errors.Is(err, store.ErrConflict) {
				t.Fatal(err)
			}
		}
		if won != 1 {
			t.Fatalf("round %d: %d writers won", round, won)
		}
	}
}

func pointersAreBounded(t *testing.T, s store.Store) {
	large := make([]byte, store.MaxPointer+1)
	if _, err := s.PutIf(t.Context(), "p", large, store.Absent); err == nil {
		t.Error("put of more than MaxPointer: no error")
	}
	put(t, s, "p", string(large))
	if _, _, err := s.Get(t.Context(), "p"); err == nil {
		t.Error("get of more than MaxPointer: no error")
	}
}
