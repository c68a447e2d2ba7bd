package storetest

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"concord/jobs/store"
)

// behavesLikeMap runs random operations on a store and on a map, and compares
// everything that can be read after each.
func behavesLikeMap(t *testing.T, open func(t *testing.T) store.Store) {
	rapid.Check(t, func(rt *rapid.T) {
		s := open(t)
		model := map[string]string{}
		key := rapid.SampledFrom([]string{"a", "b/a", "b/c/d", "b.csv", "e/f"})
		for range rapid.IntRange(1, 8).Draw(rt, "operations") {
			step(rt, t, s, model, key.Draw(rt, "key"))
			compareWith(rt, t, s, model)
		}
	})
}

// step does one operation on both.
func step(rt *rapid.T, t *testing.T, s store.Store, model map[string]string, key string) {
	data := rapid.StringN(0, 20, 60).Draw(rt, "data")
	switch rapid.SampledFrom([]string{"create", "remove", "put"}).Draw(rt, "operation") {
	case "create":
		put(t, s, key, data)
		model[key] = data
	case "remove":
		if err := s.Remove(t.Context(), key); err != nil {
			rt.Fatal(err)
		}
		delete(model, key)
	case "put":
		_, tag, err := s.Get(t.Context(), key)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			rt.Fatal(err)
		}
		expect := rapid.SampledFrom([]string{tag, store.Absent, "other"}).Draw(rt, "expect")
		_, err = s.PutIf(t.Context(), key, []byte(data), expect)
		if (err == nil) != (expect == tag) || err != nil && !errors.Is(err, store.ErrConflict) {
			rt.Fatalf("put %q expecting %q where the tag is %q: %v", key, expect, tag, err)
		}
		if err == nil {
			model[key] = data
		}
	}
}

func compareWith(rt *rapid.T, t *testing.T, s store.Store, model map[string]string) {
	prefix := rapid.SampledFrom([]string{"", "b", "b/", "b/c", "e/f", "x/"}).Draw(rt, "prefix")
	want := slices.DeleteFunc(slices.Sorted(maps.Keys(model)), func(k string) bool { return !strings.HasPrefix(k, prefix) })
	if got := keys(t, s, store.Scope{Prefix: prefix}); !slices.Equal(got, want) {
		rt.Fatalf("list %q: %q, want %q", prefix, got, want)
	}
	for _, k := range want {
		if got := read(t, s, k); got != model[k] {
			rt.Fatalf("object %q: %q, want %q", k, got, model[k])
		}
	}
}
