package cluster

import (
	"slices"
	"testing"
)

// Two clusters of one person that no rule compared (0,1 before the marriage,
// 2,3 after), a third that a candidate also names but whose records speak
// against it, and a cluster that nothing touches.
func TestClosure(t *testing.T) {
	first := Input{N: 8, Edges: []Edge{{0, 1, 8}, {2, 3, 8}, {4, 5, 8}, {6, 7, 8}}, Cannot: []Pair{{0, 4}}}
	cluster, _, err := solve(first, Options{})
	if err != nil {
		t.Fatal(err)
	}
	second := Closure(first, cluster, []Edge{{1, 2, 5}, {3, 4, 3}})
	parts, err := Partition(second)
	if err != nil {
		t.Fatal(err)
	}
	if parts.Len() != 1 {
		t.Fatalf("%d components, want the one that candidates touch", parts.Len())
	}
	c := parts.At(0)
	if want := []uint32{0, 1, 2, 3, 4, 5}; !slices.Equal(c.Records, want) {
		t.Fatalf("records %v, want %v", c.Records, want)
	}
	out, err := NewRefiner(Options{}).Refine(c)
	if err != nil {
		t.Fatal(err)
	}
	if want := []uint32{0, 0, 0, 0, 4, 4}; !slices.Equal(out.Cluster, want) {
		t.Errorf("clusters %v, want %v", out.Cluster, want)
	}
	if want := []Merge{{A: 0, B: 2, Weight: 5, For: Edge{1, 2, 5}}}; !slices.Equal(out.Merges, want) {
		t.Errorf("merges %v, want %v", out.Merges, want)
	}
	var fresh []Link
	for _, l := range out.Links {
		if l.Origin != Joined {
			fresh = append(fresh, l)
		}
	}
	if want := []Link{{Edge{1, 2, 5}, Scored}}; !slices.Equal(fresh, want) {
		t.Errorf("new links %v, want %v", fresh, want)
	}
	if len(out.Refused) != 1 || out.Refused[0].Constraint != CannotLink {
		t.Errorf("refused %v, want the clusters of the cannot-link", out.Refused)
	}
}
