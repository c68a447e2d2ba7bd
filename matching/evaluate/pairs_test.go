package evaluate

import (
	"testing"

	"pgregory.net/rapid"
)

func drawPairs(t *rapid.T, n int) []Pair {
	var out []Pair
	for range rapid.IntRange(0, 30).Draw(t, "pairs") {
		a, b := rapid.IntRange(0, n-1).Draw(t, "a"), rapid.IntRange(0, n-1).Draw(t, "b")
		if a != b {
			out = append(out, Pair{uint32(a), uint32(b)})
		}
	}
	return out
}

// A truth made of pairs and the same truth as entities agree: the pairs plus
// the implied ones are exactly the entities' pairs.
func TestFromPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 12).Draw(t, "n")
		pairs := drawPairs(t, n)
		entity, implied, err := FromPairs(n, pairs)
		if err != nil {
			t.Fatal(err)
		}
		said := map[Pair]bool{}
		for _, p := range pairs {
			said[Pair{min(p.A, p.B), max(p.A, p.B)}] = true
			if entity[p.A] != entity[p.B] {
				t.Fatalf("pair %v is not of one entity", p)
			}
		}
		all, extra := 0, uint64(0)
		for p := range TruePairs(entity) {
			all++
			if !said[p] {
				extra++
			}
		}
		if extra != implied || all != len(said)+int(implied) {
			t.Fatalf("%d pairs said, %d true, %d implied of which %d are new", len(said), all, implied, extra)
		}
	})
	if _, _, err := FromPairs(2, []Pair{{0, 2}}); err == nil {
		t.Error("record out of range: no error")
	}
}

// All pairs inside clusters, measured as pairs, are the clustering measured
// pairwise.
func TestPairsAgreeWithClusters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cluster, entity := drawTruth(t)
		var pairs []Pair
		for b := range uint32(len(cluster)) {
			for a := range b {
				if cluster[a] == cluster[b] {
					pairs = append(pairs, Pair{b, a}, Pair{a, b})
				}
			}
		}
		got, err := Pairs(pairs, entity)
		if err != nil {
			t.Fatal(err)
		}
		want, err := Clusters(cluster, entity)
		if err != nil {
			t.Fatal(err)
		}
		if got.Rate != want.Pairwise || got.CorrectPairs != want.CorrectPairs || got.TruePairs != want.TruePairs {
			t.Fatalf("as pairs %+v, as clusters %+v", got, want)
		}
	})
}

// The entity {0,1,2,3}: blocking covers 0-1 and 1-2, so 2 of 6 pairs, and the
// chain reaches 3 of 6. The entity {4,5} is missed.
func TestBlockingCeiling(t *testing.T) {
	entity := []uint32{0, 0, 0, 0, 4, 4, Unknown, Unknown}
	covered := func(a, b uint32) bool { return b == a+1 && b < 3 }
	got := BlockingCeiling(entity, covered)
	if want := (Ceiling{TruePairs: 7, Covered: 2, Completeness: 2.0 / 7, Closed: 3.0 / 7}); got != want {
		t.Errorf("ceiling %+v, want %+v", got, want)
	}
	if got := BlockingCeiling(entity[6:], covered); got.Completeness != 1 || got.TruePairs != 0 {
		t.Errorf("ceiling without truth %+v", got)
	}
}

func TestPairsRefusesNonsense(t *testing.T) {
	for _, p := range []Pair{{1, 1}, {0, 2}} {
		if _, err := Pairs([]Pair{p}, []uint32{0, 0}); err == nil {
			t.Errorf("pair %v of two records: no error", p)
		}
	}
}
