package identity

import (
	"crypto/sha256"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"concord/schemas/table"
)

// The derivation is part of the published contract: ids in people's
// warehouses must not move. The preimage is written out by hand.
func TestOf(t *testing.T) {
	sum := sha256.Sum256([]byte("concord/golden-id/v1\x00\x00\x00\x00\x00\x00\x00\x00\x03crmA-17"))
	if got := Of("crm", "A-17"); got != ID(sum[:16]) {
		t.Errorf("id %x, want %x", got, sum[:16])
	}
	if got, want := Of("crm", "A-17").String(), "17osgr716ju73fov1bosn71qs4"; got != want {
		t.Errorf("id %s, want %s", got, want)
	}
	if Of("crm", "A1") == Of("crmA", "1") {
		t.Error("source and key run into each other")
	}
}

func TestParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := ID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
		other := ID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "other"))
		s := id.String()
		if len(s) != 26 || strings.ToLower(s) != s {
			t.Fatalf("id %q", s)
		}
		for _, form := range []string{s, strings.ToUpper(s)} {
			if got, err := Parse(form); err != nil || got != id {
				t.Fatalf("parse %q: %v, %v", form, got, err)
			}
		}
		last := strings.Index(digits, s[25:])
		if _, err := Parse(s[:25] + string(digits[last|1])); err == nil {
			t.Fatalf("parse %q with a spare bit set: no error", s)
		}
		if got := strings.Compare(s, other.String()); got != compare(id, other) {
			t.Fatalf("ids compare as %d, their strings as %d", compare(id, other), got)
		}
	})
	for _, bad := range []string{"", "abc", strings.Repeat("z", 26), strings.Repeat("a", 27)} {
		if _, err := Parse(bad); err == nil {
			t.Errorf("parse %q: no error", bad)
		}
	}
}

func drawRecords(t *rapid.T, n int) *table.Records {
	r := &table.Records{N: n, Sources: []string{"crm", "shop", "till"}}
	r.Key.Append("")
	for range n {
		r.Source = append(r.Source, rapid.Uint16Range(0, 2).Draw(t, "source"))
		r.EventTime = append(r.EventTime, rapid.SampledFrom([]int64{table.NoTime, -5, 0, 7}).Draw(t, "time"))
		r.Key.Append(rapid.StringMatching(`[ab]{1,6}`).Draw(t, "key"))
	}
	return r
}

// The id of a cluster depends on the set of its records, not on their order.
func TestFreshIgnoresOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "n")
		r := drawRecords(t, n)
		members := make([]uint32, n)
		for i := range members {
			members[i] = uint32(i)
		}
		want := Fresh(r, members)
		if got := Fresh(r, rapid.Permutation(members).Draw(t, "members")); got != want {
			t.Fatalf("id %v, with members permuted %v", want, got)
		}
		a := Anchor(r, members)
		for _, m := range members {
			if r.EventTime[m] < r.EventTime[a] {
				t.Fatalf("anchor %d is later than %d", a, m)
			}
		}
	})
}

func TestAnchor(t *testing.T) {
	r := &table.Records{N: 4, Sources: []string{"crm", "shop"}, Source: []uint16{1, 0, 0, 0}, EventTime: []int64{3, 3, 3, 9}}
	for _, key := range []string{"", "a", "z", "b", "a"} {
		r.Key.Append(key)
	}
	if got := Anchor(r, []uint32{0, 1, 2, 3}); got != 2 {
		t.Errorf("anchor %d, want 2: time first, then source, then key", got)
	}
	r.EventTime[3] = table.NoTime
	if got := Anchor(r, []uint32{0, 1, 2, 3}); got != 3 {
		t.Errorf("anchor %d, want 3: without a time is before all times", got)
	}
	if got := Anchor(r, slices.Clone([]uint32{1})); got != 1 {
		t.Errorf("anchor %d of one record", got)
	}
}
