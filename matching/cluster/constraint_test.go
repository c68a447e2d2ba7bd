package cluster

import (
	"testing"

	"pgregory.net/rapid"
)

// The law of Groups, for every constraint: groups answer as their pairs do.
func TestGroupsAgreeWithPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 200).Draw(t, "records")
		value := rapid.SliceOfN(rapid.Uint32Range(0, 4), n, n).Draw(t, "value")
		class := rapid.SliceOfN(rapid.Uint16Range(0, uint16(n)), n, n).Draw(t, "class")
		partner := make([]uint32, n)
		for i := range partner {
			partner[i] = rapid.SampledFrom([]uint32{uint32(i), Contested, uint32(n - 1 - i)}).Draw(t, "partner")
		}
		for _, c := range []Constraint{
			NewExclusive("v", "A value.", value), NewUnique("c", "A class.", class),
			NewOneToOne("o", "A partner.", class, 1, 2, partner),
		} {
			checkGroups(t, c, n)
		}
	})
}

func checkGroups(t *rapid.T, c Constraint, n int) {
	records := rapid.Permutation(upTo(n)).Draw(t, "records")
	g := c.NewGroups()
	g.Reset(records[:n/2]) // whatever was there before must not show
	g.Reset(records)
	members := make([][]uint32, n)
	for i, r := range records {
		members[i] = []uint32{r}
	}
	for range 2 * n {
		a := rapid.IntRange(0, n-1).Draw(t, "into")
		b := rapid.IntRange(0, n-1).Draw(t, "from")
		if a == b || members[a] == nil || members[b] == nil {
			continue
		}
		want := false
		for _, r := range members[a] {
			for _, s := range members[b] {
				want = want || c.Forbids(r, s)
			}
		}
		if got := g.Forbids(uint32(a), uint32(b)); got != want {
			t.Fatalf("%s: groups %v and %v: forbidden %v, by pairs %v", c.Name(), members[a], members[b], got, want)
		}
		if !want {
			g.Merge(uint32(a), uint32(b))
			members[a], members[b] = append(members[a], members[b]...), nil
		}
	}
}

func upTo(n int) []uint32 {
	out := make([]uint32, n)
	for i := range out {
		out[i] = uint32(i)
	}
	return out
}
