package cluster

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawLinkage draws records of two sources and edges between them, some of
// them equal, so that there are several best assignments.
func drawLinkage(t *rapid.T, most int) (edges []Edge, class []uint16) {
	n := rapid.IntRange(2, most).Draw(t, "records")
	class = rapid.SliceOfN(rapid.Uint16Range(0, 2), n, n).Draw(t, "class")
	for a := range uint32(n) {
		for b := a + 1; b < uint32(n); b++ {
			if rapid.IntRange(0, 2).Draw(t, "edge") > 0 {
				edges = append(edges, Edge{a, b, rapid.Int32Range(-3, 12).Draw(t, "weight")})
			}
		}
	}
	return edges, class
}

// bestAssignment tries every assignment of the edges; with is an edge that it
// may not hold, the zero Edge for none, and other whether with.A must have a
// partner all the same.
func bestAssignment(edges []Edge, class []uint16, without Edge, partnered uint32) (best int64) {
	used := make([]bool, len(class))
	best = -1
	var try func(i int, sum int64)
	try = func(i int, sum int64) {
		if i == len(edges) {
			if partnered == nothing || used[partnered] {
				best = max(best, sum)
			}
			return
		}
		try(i+1, sum)
		e := edges[i]
		if e == without || e.Weight <= 0 || class[e.A]+class[e.B] != 3 || class[e.A] == 0 || class[e.B] == 0 || used[e.A] || used[e.B] {
			return
		}
		used[e.A], used[e.B] = true, true
		try(i+1, sum+int64(e.Weight))
		used[e.A], used[e.B] = false, false
	}
	try(0, 0)
	return best
}

func weightOf(t *rapid.T, edges []Edge, class []uint16, partner []uint32) (sum int64) {
	for a, b := range partner {
		if b == uint32(a) || b == Contested {
			continue
		}
		if partner[b] != uint32(a) || class[a]+class[b] != 3 {
			t.Fatalf("record %d is the partner of %d, whose partner is %d: %v", b, a, partner[b], class)
		}
		for _, e := range edges {
			if e.A == uint32(a) && e.B == b {
				sum += int64(e.Weight)
			}
		}
	}
	return sum
}

// Against every assignment of up to eight records: none weighs more, and none
// of the edges is left that could still be taken.
func TestAssignAgainstOptimum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		edges, class := drawLinkage(t, 8)
		partner, _ := Assign(edges, class, 1, 2, nil, nil, 0)
		if got, want := weightOf(t, edges, class, partner), bestAssignment(edges, class, Edge{}, nothing); got != want {
			t.Fatalf("partners %v weigh %d, the best assignment of %v %d", partner, got, edges, want)
		}
	})
}

// The regret of a pair is what the best assignment loses in which its left
// record has another partner.
func TestContestedAgainstOptimum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		edges, class := drawLinkage(t, 7)
		margin := rapid.Int64Range(1, 6).Draw(t, "margin")
		best := bestAssignment(edges, class, Edge{}, nothing)
		sure, _ := Assign(edges, class, 1, 2, nil, nil, 0)
		partner, _ := Assign(edges, class, 1, 2, nil, nil, margin)
		for _, e := range edges {
			left := e.A
			if class[left] != 1 {
				left = e.B
			}
			if sure[e.A] != e.B {
				continue
			}
			second := bestAssignment(edges, class, e, left)
			want := second >= 0 && best-second < margin
			if got := partner[e.A] == Contested && partner[e.B] == Contested; got != want {
				t.Fatalf("pair %v: contested %v; the best assignment weighs %d, without it %d, margin %d, edges %v, class %v", e, got, best, second, margin, edges, class)
			}
		}
	})
}

// When a pair is parted its right record may go to one who had no partner.
func TestContestedGoesToWhoHadNone(t *testing.T) {
	class := []uint16{0, 1, 2, 2, 1, 1}
	edges := []Edge{{1, 3, 1}, {2, 4, 1}, {2, 5, 1}, {3, 4, 4}}
	for margin, want := range map[int64]uint32{3: 3, 4: Contested} { // without 3 and 4 two of weight 1 are left, of 5
		if partner, _ := Assign(edges, class, 1, 2, nil, nil, margin); partner[4] != want {
			t.Errorf("margin %d: partner %d, want %d", margin, partner[4], want)
		}
	}
}

// Judged pairs are partners, or are not, whatever they weigh, and the order of
// edges does not matter.
func TestAssignObeysJudgements(t *testing.T) {
	class := []uint16{1, 1, 2, 2}
	edges := []Edge{{0, 2, 10}, {0, 3, 9}, {1, 2, 9}, {1, 3, 2}}
	for _, c := range []struct {
		name         string
		must, cannot []Pair
		want         []uint32
	}{
		{"the sum decides, not the strongest pair", nil, nil, []uint32{3, 2, 1, 0}},
		{"judged together", []Pair{{2, 0}}, nil, []uint32{2, 3, 0, 1}},
		{"judged apart", nil, []Pair{{3, 0}}, []uint32{2, 3, 0, 1}},
		{"judged together without an edge", []Pair{{1, 3}}, []Pair{{0, 2}}, []uint32{0, 3, 2, 1}},
	} {
		for range 4 {
			rand.Shuffle(len(edges), func(i, j int) { edges[i], edges[j] = edges[j], edges[i] })
			if got, _ := Assign(slices.Clone(edges), class, 1, 2, c.must, c.cannot, 0); !slices.Equal(got, c.want) {
				t.Errorf("%s: partners %v, want %v", c.name, got, c.want)
			}
		}
	}
}

// A chain longer than the bound is cut where the evidence is thinnest, and
// assigned piece by piece.
func TestAssignCutsLongChains(t *testing.T) {
	const n = 40
	class := make([]uint16, n)
	var edges []Edge
	for i := range uint32(n) {
		class[i] = uint16(1 + i%2)
		if i > 0 {
			edges = append(edges, Edge{i - 1, i, 10})
		}
	}
	edges[19].Weight = 1 // between records 19 and 20
	partner := upTo(n)
	cut := assignOpen(slices.Clone(edges), class, 1, partner, 0, 20)
	if len(cut) != 1 || cut[0] != edges[19] {
		t.Fatalf("cut %v, want the weakest link %v", cut, edges[19])
	}
	for i, p := range partner {
		if want := uint32(i) ^ 1; p != want {
			t.Errorf("partner of %d: %d, want %d", i, p, want)
		}
	}
}

// With both classes unique, clusters of two sources are the assignment.
func TestOneToOneClustersAreTheAssignment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		edges, class := drawLinkage(t, 10)
		for i := range class {
			class[i] = max(class[i], 1)
		}
		partner, _ := Assign(edges, class, 1, 2, nil, nil, 2)
		opts := Options{Constraints: []Constraint{
			NewUnique("unique", "A source holds a person once.", class),
			NewOneToOne("one_to_one", "A record has one partner.", class, 1, 2, partner),
		}, Contest: true, Rescore: func(a, b uint32) int32 { return -1 }}
		cluster, _, err := solve(Input{N: len(class), Edges: edges}, opts)
		if err != nil {
			t.Fatal(err)
		}
		for a := range uint32(len(class)) {
			for b := range a {
				if together, want := cluster[a] == cluster[b], partner[a] == b; together != want {
					t.Fatalf("records %d and %d: together %v, partners %v, edges %v, class %v", b, a, together, partner, edges, class)
				}
			}
		}
	})
}
