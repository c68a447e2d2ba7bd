package cluster

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// naive is greedy additive edge contraction by its definition, on every pair
// of the world: the two groups with the greatest positive sum that may meet,
// equal sums by the smallest pair across.
func naive(w *world) []uint32 {
	cluster := make([]uint32, w.n)
	for i := range cluster {
		cluster[i] = uint32(i)
	}
	for {
		var best int64
		var next []uint32
		across := square[int64](w.n) // by cluster numbers
		for i := range w.n {
			for j := range w.n {
				across[cluster[i]][cluster[j]] += int64(w.weight[i][j])
			}
		}
		for i := range uint32(w.n) {
			for j := i + 1; j < uint32(w.n); j++ {
				a, b := min(cluster[i], cluster[j]), max(cluster[i], cluster[j])
				if a == b {
					continue
				}
				if across[a][b] <= best {
					continue
				}
				if m := merged(cluster, a, b); w.allowed(m) {
					best, next = across[a][b], m
				}
			}
		}
		if next == nil {
			return cluster
		}
		cluster = next
	}
}

// merged is the clusters with b's records in a.
func merged(cluster []uint32, a, b uint32) []uint32 {
	out := slices.Clone(cluster)
	for i := range out {
		if out[i] == b {
			out[i] = a
		}
	}
	return out
}

func contractOnly(c Component, opts Options) []uint32 {
	r := NewRefiner(opts)
	r.begin(c)
	r.load(c)
	r.contract()
	out := make([]uint32, len(c.Records))
	for i := range out {
		out[i] = c.Records[r.graph.low[r.graph.root(uint32(i))]]
	}
	return out
}

func TestContractIsGreedyByDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, 9)
		w.must = nil
		c := wholeWorld(w)
		if got, want := contractOnly(c, w.options), naive(w); !slices.Equal(got, want) {
			t.Fatalf("clusters %v, by definition %v", got, want)
		}
	})
}

// wholeWorld is all records as one component.
func wholeWorld(w *world) Component {
	in := w.input()
	c := Component{Edges: in.Edges}
	for _, p := range w.cannot {
		c.Cannot = append(c.Cannot, p.ordered())
	}
	slices.SortFunc(c.Cannot, comparePairs)
	for i := range uint32(w.n) {
		c.Records = append(c.Records, i)
	}
	return c
}

// Above the size of full rescoring, pairs are scored when their groups are
// about to meet. Where all of them speak against, that is the same as having
// scored them at the start.
func TestLateRescoringEqualsFull(t *testing.T) {
	for seed := range uint64(3) {
		w := peopleWorld(rand.New(rand.NewPCG(seed, 7)), 72, 6)
		want := naive(w)
		if got := contractOnly(wholeWorld(w), w.options); !slices.Equal(got, want) {
			t.Errorf("seed %d: clusters %v, by definition %v", seed, got, want)
		}
		w.options.Rescore = nil
		if got := contractOnly(wholeWorld(w), w.options); slices.Equal(got, want) {
			t.Errorf("seed %d: rescoring changed nothing, so this test shows nothing", seed)
		}
	}
}

// peopleWorld is n records of people with about size records each. Pairs of
// one person are mostly linked and chance links join people; all other pairs
// speak against.
func peopleWorld(rnd *rand.Rand, n, size int) *world {
	w := &world{n: n, weight: square[int32](n), edge: square[bool](n), value: make([]uint32, n), class: make([]uint16, n)}
	for i := range n {
		for j := range i {
			v := -rnd.Int32N(8*Bit) - 1
			if i/size == j/size && rnd.IntN(10) > 0 || rnd.IntN(30) == 0 {
				v = rnd.Int32N(12*Bit) + 1
			}
			w.setWeight(i, j, v)
			w.edge[j][i] = v > 0
		}
	}
	w.bind()
	return w
}

// Two groups of a hundred records, 20,000 edges inside and 50 across; the
// other 9,950 pairs across all weigh -3, so the sample's estimate is exact.
func TestLateRescoringSamples(t *testing.T) {
	in := Input{N: 200}
	for b := range uint32(200) {
		for a := range b {
			if a/100 == b/100 {
				in.Edges = append(in.Edges, Edge{a, b, 500})
			} else if a+100 == b && a < 50 {
				in.Edges = append(in.Edges, Edge{a, b, 40})
			}
		}
	}
	_, results, err := solve(in, Options{Rescore: func(a, b uint32) int32 { return -3 }})
	if err != nil {
		t.Fatal(err)
	}
	got := results[0]
	if len(got.Refused) != 1 || got.Refused[0].Weight != 50*40-9950*3 || got.Refused[0].For.Weight != 40 {
		t.Errorf("refused %v, want one of weight %d", got.Refused, 50*40-9950*3)
	}
	// Contraction inside the groups needs no rescoring; across, one sample,
	// of which the few scored pairs are left out.
	if got.Rescored > sampleSize || got.Rescored < sampleSize*9/10 {
		t.Errorf("%d pairs rescored, want about %d", got.Rescored, sampleSize)
	}
}

// After refinement no single record gains by moving and no two clusters by
// merging, as far as the rules allow.
func TestRefineIsLocallyOptimal(t *testing.T) {
	rnd := rand.New(rand.NewPCG(8, 8))
	moved := 0
	for k := range 600 {
		w := randomWorld(rnd, 12)
		for i := range w.value {
			if k%2 == 0 && rnd.IntN(3) == 0 {
				w.value[i] = 1 + rnd.Uint32N(2)
			}
		}
		cluster, results, err := solve(w.input(), w.options)
		if err != nil {
			t.Fatal(err)
		}
		moved += moves(results)
		if !w.allowed(cluster) {
			t.Fatalf("world %d: clusters %v break a rule", k, cluster)
		}
		now := w.objective(cluster)
		improves := func(c []uint32) bool { return w.objective(c) > now && w.allowed(c) }
		for i := range cluster {
			for to := range uint32(w.n) + 1 { // w.n is a cluster of its own
				c := slices.Clone(cluster)
				if c[i] = to; improves(c) {
					t.Fatalf("world %d: clusters %v: record %d gains in %d", k, cluster, i, to)
				}
				if improves(merged(cluster, cluster[i], to)) {
					t.Fatalf("world %d: clusters %v: %d and %d gain by merging", k, cluster, cluster[i], to)
				}
			}
		}
	}
	if moved == 0 {
		t.Error("no record moved, so this test shows nothing")
	}
}

// Components too large for a dense index take the same path by another
// index; a star whose hub is the last record makes groups change number.
func TestLargeComponent(t *testing.T) {
	const n = 4*denseIndex + 1
	in := Input{N: n}
	for i := range uint32(n - 1) {
		in.Edges = append(in.Edges, Edge{i, n - 1, int32(i) + 1})
	}
	cluster, results, err := solve(in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if slices.Max(cluster) != 0 {
		t.Error("a star of positive edges is not one cluster")
	}
	if got := len(results[0].Links); got != n-1 {
		t.Errorf("%d links span %d records", got, n)
	}
	against := Options{Rescore: func(a, b uint32) int32 { return -2 * n }}
	cluster, results, err = solve(in, against)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(cluster)
	if got := len(slices.Compact(cluster)); got != n-1 {
		t.Errorf("%d clusters of a star whose leaves disagree, want %d: the hub with its best leaf, the others alone", got, n-1)
	}
	if results[0].Rescored > n*n/2 {
		t.Errorf("%d pairs rescored", results[0].Rescored)
	}
}

// The order of edges and of components does not matter, and a pair that is
// given twice counts once.
func TestRefineIgnoresOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, 12)
		w.must = nil
		in := w.input()
		want, wantResults, err := solve(in, w.options)
		if err != nil {
			t.Fatal(err)
		}
		shuffled := in
		shuffled.Edges = rapid.Permutation(slices.Concat(in.Edges, in.Edges[:len(in.Edges)/2])).Draw(t, "edges")
		shuffled.Cannot = rapid.Permutation(in.Cannot).Draw(t, "cannot")
		got, results, err := solve(shuffled, w.options)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) || !reflect.DeepEqual(results, wantResults) {
			t.Fatalf("clusters %v, with edges shuffled %v", want, got)
		}
	})
}

// A refiner keeps nothing from one component to the next.
func TestRefinerIsReusable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, 10)
		w.must = nil
		r := NewRefiner(w.options)
		parts, err := Partition(w.input())
		if err != nil {
			t.Fatal(err)
		}
		for i := parts.Len() - 1; i >= 0; i-- {
			for range 2 {
				got, err := r.Refine(parts.At(i))
				if err != nil {
					t.Fatal(err)
				}
				want, _ := NewRefiner(w.options).Refine(parts.At(i))
				if !slices.Equal(got.Cluster, want.Cluster) || !slices.Equal(got.Links, want.Links) || got.Objective != want.Objective {
					t.Fatalf("component %d: %v reused, %v fresh", i, got, want)
				}
			}
		}
	})
}

func TestMustLinkConflict(t *testing.T) {
	rules := Options{Constraints: []Constraint{NewExclusive("customer_no", "One register, one number.", []uint32{1, 0, 2, 0})}}
	tests := map[string]struct {
		in   Input
		opts Options
		want ConflictError
	}{
		"by value, through a third record": {
			Input{N: 4, Must: []Pair{{1, 0}, {2, 1}}}, rules,
			ConflictError{Must: Pair{1, 2}, Forbidden: Pair{0, 2}, Constraint: "customer_no"},
		},
		"by judgement": {
			Input{N: 4, Must: []Pair{{0, 1}, {1, 2}}, Cannot: []Pair{{2, 0}}}, Options{},
			ConflictError{Must: Pair{1, 2}, Forbidden: Pair{0, 2}, Constraint: CannotLink},
		},
	}
	for name, tt := range tests {
		_, _, err := solve(tt.in, tt.opts)
		var conflict *ConflictError
		if !errors.As(err, &conflict) || *conflict != tt.want {
			t.Errorf("%s: error %v, want %v", name, err, &tt.want)
		}
	}
}

// Worked by hand. Records 0-1-2 are one person; 3 is a stranger that shares a
// phone with 2, which 0 and 1 speak against.
func TestRefineWorkedExample(t *testing.T) {
	in := Input{N: 5, Edges: []Edge{
		{0, 1, 9 * Bit}, {0, 2, 4 * Bit}, {1, 2, -1 * Bit}, {2, 3, 5 * Bit},
	}}
	rescored := map[Pair]int32{{0, 3}: -6 * Bit, {1, 3}: -2 * Bit}
	cluster, results, err := solve(in, Options{Rescore: func(a, b uint32) int32 { return rescored[Pair{a, b}] }})
	if err != nil {
		t.Fatal(err)
	}
	// 0+1 (9), then 2+3 (5), for {0,1}–2 sums to 3 by then; {0,1}–{2,3} sums
	// to 4-1-6-2 = -5. Moving 2 to {0,1} would gain 3-5 < 0. So 14 is the sum.
	if want := []uint32{0, 0, 2, 2, 4}; !slices.Equal(cluster, want) {
		t.Fatalf("clusters %v, want %v", cluster, want)
	}
	got := results[0]
	if got.Objective != 14*Bit || got.Rescored != 2 {
		t.Errorf("objective %d, %d pairs rescored; want %d and 2", got.Objective, got.Rescored, 14*Bit)
	}
	wantMerges := []Merge{
		{A: 0, B: 1, Weight: 9 * Bit, For: Edge{0, 1, 9 * Bit}},
		{A: 2, B: 3, Weight: 5 * Bit, For: Edge{2, 3, 5 * Bit}},
	}
	if !slices.Equal(got.Merges, wantMerges) {
		t.Errorf("merges %v, want %v", got.Merges, wantMerges)
	}
	wantRefused := []Refusal{{A: 0, B: 2, Weight: -5 * Bit, For: Edge{0, 2, 4 * Bit}, Against: Edge{0, 3, -6 * Bit}}}
	if !slices.Equal(got.Refused, wantRefused) {
		t.Errorf("refused %v, want %v", got.Refused, wantRefused)
	}
}
