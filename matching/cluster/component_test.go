package cluster

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func drawEdges(t *rapid.T, n int, most int) []Edge {
	var out []Edge
	for range rapid.IntRange(0, most).Draw(t, "edges") {
		a := rapid.Uint32Range(0, uint32(n)-2).Draw(t, "a")
		b := rapid.Uint32Range(a+1, uint32(n)-1).Draw(t, "b")
		out = append(out, Edge{a, b, rapid.Int32Range(-3, 6).Draw(t, "weight")})
	}
	return out
}

// Components are what breadth-first search over positive edges reaches.
func TestPartitionFindsComponents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 40).Draw(t, "n")
		edges := drawEdges(t, n, 60)
		reach := make([]int, n) // by record: smallest record reached
		for i := range reach {
			reach[i] = i
		}
		for changed := true; changed; {
			changed = false
			for _, e := range edges {
				if e.Weight > 0 && reach[e.A] != reach[e.B] {
					m := min(reach[e.A], reach[e.B])
					reach[e.A], reach[e.B], changed = m, m, true
				}
			}
		}
		parts, err := Partition(Input{N: n, Edges: slices.Clone(edges)})
		if err != nil {
			t.Fatal(err)
		}
		seen, last := 0, -1
		for i := range parts.Len() {
			c := parts.At(i)
			if int(c.Records[0]) <= last || !slices.IsSorted(c.Records) || len(c.Records) < 2 {
				t.Fatalf("component %d: records %v after one that starts with %d", i, c.Records, last)
			}
			last = int(c.Records[0])
			for r, low := range reach {
				if slices.Contains(c.Records, uint32(r)) != (low == last) {
					t.Fatalf("record %d reaches %d, component %v", r, low, c.Records)
				}
			}
			seen += len(c.Records)
			checkInside(t, c, edges)
		}
		for r := range reach {
			if slices.Index(reach, reach[r]) == r && !slices.Contains(reach[r+1:], reach[r]) {
				seen++ // alone
			}
		}
		if seen != n || len(parts.Cut) > 0 {
			t.Fatalf("%d records of %d in components or alone, %d edges cut", seen, n, len(parts.Cut))
		}
	})
}

// checkInside: a component's edges are the strongest of each pair among its
// records.
func checkInside(t *rapid.T, c Component, edges []Edge) {
	want := map[Pair]int32{}
	for _, e := range edges {
		if slices.Contains(c.Records, e.A) && slices.Contains(c.Records, e.B) {
			if w, ok := want[Pair{e.A, e.B}]; !ok || e.Weight > w {
				want[Pair{e.A, e.B}] = e.Weight
			}
		}
	}
	if len(want) != len(c.Edges) || !slices.IsSortedFunc(c.Edges, compareEdges) {
		t.Fatalf("component %v: %d edges, want %d", c.Records, len(c.Edges), len(want))
	}
	for _, e := range c.Edges {
		if want[Pair{e.A, e.B}] != e.Weight {
			t.Fatalf("edge %v, want weight %d", e, want[Pair{e.A, e.B}])
		}
	}
}

func TestPartitionRefusesBadPairs(t *testing.T) {
	for name, in := range map[string]Input{
		"reversed edge":      {N: 3, Edges: []Edge{{2, 1, 5}}},
		"loop":               {N: 3, Edges: []Edge{{1, 1, 5}}},
		"edge out of range":  {N: 3, Edges: []Edge{{1, 3, 5}}},
		"must with itself":   {N: 3, Must: []Pair{{1, 1}}},
		"cannot too far":     {N: 3, Cannot: []Pair{{7, 1}}},
		"joined with itself": {N: 3, Joined: []Pair{{0, 0}}},
	} {
		if _, err := Partition(in); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// With a bound: pieces respect it, every positive edge is inside a piece or
// reported as cut, and two pieces that a cut edge joins would not fit into
// one.
func TestPartitionBoundsSize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 40).Draw(t, "n")
		edges := drawEdges(t, n, 80)
		bound := rapid.IntRange(1, 8).Draw(t, "bound")
		parts, err := Partition(Input{N: n, Edges: edges, MaxSize: bound})
		if err != nil {
			t.Fatal(err)
		}
		piece, size := upTo(n), make([]int, n)
		for i := range size {
			size[i] = 1
		}
		for i := range parts.Len() {
			c := parts.At(i)
			if len(c.Records) > bound {
				t.Fatalf("%d records, bound %d", len(c.Records), bound)
			}
			for _, r := range c.Records {
				piece[r], size[r] = c.Records[0], len(c.Records)
			}
		}
		for _, e := range edges {
			isCut := slices.ContainsFunc(parts.Cut, func(c Edge) bool { return compareEdges(c, e) == 0 })
			if e.Weight > 0 && isCut != (piece[e.A] != piece[e.B]) {
				t.Fatalf("edge %v: pieces %d and %d, cut %v", e, piece[e.A], piece[e.B], isCut)
			}
			if e.Weight > 0 && isCut && size[e.A]+size[e.B] <= bound {
				t.Fatalf("edge %v was cut between pieces of %d and %d, bound %d", e, size[e.A], size[e.B], bound)
			}
		}
	})
}

// Two triangles of weak links and the strong bridge between them: the bridge
// goes, though it is the strongest edge of all.
func TestCutPrefersBridges(t *testing.T) {
	in := Input{N: 6, MaxSize: 3, Edges: []Edge{
		{0, 1, 2}, {0, 2, 1}, {1, 2, 1}, {2, 3, 99}, {3, 4, 2}, {3, 5, 1}, {4, 5, 1},
	}}
	parts, err := Partition(in)
	if err != nil {
		t.Fatal(err)
	}
	if want := []Edge{{2, 3, 99}}; !slices.Equal(parts.Cut, want) {
		t.Errorf("cut %v, want %v", parts.Cut, want)
	}
	in.Must = []Pair{{3, 2}}
	if parts, err = Partition(in); err != nil {
		t.Fatal(err)
	}
	if got := parts.At(1); !slices.Equal(got.Records, []uint32{2, 3, 4}) || !slices.Equal(got.Must, []Pair{{2, 3}}) {
		t.Errorf("a must-link was cut: %v", got)
	}
}

// An edge is a bridge exactly if its ends are not connected without it.
func TestBridges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 14).Draw(t, "n")
		edges := distinct(drawEdges(t, n, 18))
		for i, got := range bridges(edges, n) {
			sets := NewSets(n)
			for j, e := range edges {
				if j != i {
					sets.Union(e.A, e.B)
				}
			}
			if want := sets.Find(edges[i].A) != sets.Find(edges[i].B); got != want {
				t.Fatalf("edge %v of %v: bridge %v, want %v", edges[i], edges, got, want)
			}
		}
	})
}
