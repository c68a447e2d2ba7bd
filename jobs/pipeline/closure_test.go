package pipeline

import (
	"maps"
	"slices"
	"testing"

	"concord/matching/cluster"
	"concord/matching/column/columntest"
	"concord/schemas/attribute"
)

// Under a narrow budget few rules remain, and records that share none of their
// keys stay apart; what is known of the clusters joins them. Whatever the number
// of workers, the clusters are the same.
func TestClosureFindsWhatBlockingMissed(t *testing.T) {
	files := newTown(400).files()
	resolve := func(match string, workers int) map[string]uint32 {
		t.Helper()
		x, err := Resolve(t.Context(), settle(t, townJob+"\nmatch: {"+match+"}\n", files, workers))
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range x.run.resolved.links {
			if x.run.resolved.clusters.of[l.A] != x.run.resolved.clusters.of[l.B] {
				t.Errorf("%s: a link of records %d and %d, of two clusters", match, l.A, l.B)
			}
		}
		if links, want := len(x.run.resolved.links), x.Records()-x.People(); links != want {
			t.Errorf("%s: %d links hold %d records in %d clusters, want %d", match, links, x.Records(), x.People(), want)
		}
		return x.Clusters()
	}
	open := resolve("closure: false, budget: {pairs: 1200}", 2)
	closed := resolve("budget: {pairs: 1200}", 2)
	if n, m := distinctNumbers(open), distinctNumbers(closed); m >= n {
		t.Errorf("%d clusters without closure, %d with it", n, m)
	}
	partOf := map[uint32]uint32{}
	for record, k := range open {
		if to, seen := partOf[k]; seen && to != closed[record] {
			t.Errorf("closure split the cluster of %s", record)
		}
		partOf[k] = closed[record]
	}
	if other := resolve("budget: {pairs: 1200}", 1); !maps.Equal(closed, other) {
		t.Error("one worker makes other clusters than two")
	}
}

func distinctNumbers(clusters map[string]uint32) int {
	return len(slices.Compact(slices.Sorted(maps.Values(clusters))))
}

// A cluster's row holds its records' values, names in step with each other.
func TestClusterTable(t *testing.T) {
	names := []attribute.Name{attribute.GivenName, attribute.FamilyName, attribute.Email}
	table := columntest.Table(names, [][]string{
		{"ana", "cruz", "a@x.uk"}, {"bo", "diaz", ""}, {"ana", "lopez", "a@x.uk|b@x.uk"},
	})
	out := clusterTable(table, partitionOf([]uint32{0, 1, 0}))
	if out.N != 2 {
		t.Fatalf("%d rows, want 2", out.N)
	}
	for _, c := range []struct {
		name attribute.Name
		want []string
	}{
		{attribute.GivenName, []string{"ana", "ana"}}, {attribute.FamilyName, []string{"cruz", "lopez"}},
		{attribute.Email, []string{"a@x.uk", "a@x.uk", "b@x.uk"}},
	} {
		col := out.Column(c.name)
		lo, hi := col.Slots(0)
		var got []string
		for _, code := range col.Codes[lo:hi] {
			got = append(got, col.Values.At(code))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s of the first cluster: %v, want %v", c.name, got, c.want)
		}
	}
	given := out.Column(attribute.GivenName)
	lo, _ := given.Slots(0)
	if n := given.Count[given.Codes[lo]]; n != 1 {
		t.Errorf("%d clusters hold the given name ana, want 1", n)
	}
	if none := out.Column(attribute.Email).Count[0]; none != 1 {
		t.Errorf("%d clusters hold no e-mail address, want 1", none)
	}
}

// Refusals between clusters that the closure pass joined are gone, the others
// bear the present numbers, and the later of two stands.
func TestRefusalsAfterClosure(t *testing.T) {
	lowest := []uint32{0, 0, 2, 3, 3} // clusters 0 and 1, and 3 and 4, became one
	got := stillRefused([]cluster.Refusal{
		{A: 0, B: 1, Weight: -1}, {A: 2, B: 4, Weight: -2}, {A: 1, B: 2, Weight: -3}, {A: 0, B: 2, Weight: -4},
	}, lowest)
	want := []cluster.Refusal{{A: 0, B: 2, Weight: -4}, {A: 2, B: 3, Weight: -2}}
	if !slices.Equal(got, want) {
		t.Errorf("refusals %v, want %v", got, want)
	}
}
