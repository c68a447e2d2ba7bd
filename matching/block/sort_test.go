package block

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSortEntriesIsTheStableSort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bits := rapid.IntRange(1, 64).Draw(t, "bits")
		keys := rapid.SliceOf(rapid.Uint64Range(0, 1<<bits-1)).Draw(t, "keys")
		entries := make([]entry, len(keys))
		for i, k := range keys {
			entries[i] = entry{k, uint32(i)}
		}
		want := slices.Clone(entries)
		slices.SortStableFunc(want, func(a, b entry) int {
			switch {
			case a.key < b.key:
				return -1
			case a.key > b.key:
				return 1
			}
			return 0
		})
		got, _ := sortEntries(entries, make([]entry, len(entries)), bits)
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func BenchmarkSortEntries(b *testing.B) {
	const n = 1 << 20
	source, work, scratch := make([]entry, n), make([]entry, n), make([]entry, n)
	state := uint64(1)
	for i := range source {
		state = state*6364136223846793005 + 1442695040888963407
		source[i] = entry{state >> 40, uint32(i)}
	}
	b.ReportAllocs()
	for b.Loop() {
		copy(work, source)
		sortEntries(work, scratch, 24)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/record")
}
