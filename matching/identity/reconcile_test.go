package identity

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func id(b byte) ID { return ID{b} }

// Worked by hand: one run's fate of six ids.
func TestReconcileWorkedExample(t *testing.T) {
	in := Runs{
		//              keep     merge       split       gone new  deleted member
		Before: []uint32{0, 0, 1, 1, 2, 3, 3, 3, 4, None, 5, 5},
		After:  []uint32{0, 0, 1, 1, 1, 2, 2, 3, None, 4, 5, None},
		IDs:    []ID{id(10), id(11), id(12), id(13), id(14), id(15)},
		Fresh:  []ID{id(90), id(91), id(92), id(13), id(94), id(95)},
	}
	ids, history, err := Reconcile(in)
	if err != nil {
		t.Fatal(err)
	}
	// The record that leaves 13 is the one that named it: it must get another.
	other := next(id(13))
	if want := []ID{id(10), id(11), id(13), other, id(94), id(15)}; !slices.Equal(ids, want) {
		t.Errorf("ids %v, want %v", ids, want)
	}
	want := []Change{
		{New, ID{}, id(94), 1},
		{Keep, id(10), id(10), 2},
		{Keep, id(11), id(11), 2},
		{Merge, id(12), id(11), 1},
		{Split, id(13), other, 1},
		{Keep, id(13), id(13), 2},
		{Gone, id(14), ID{}, 1},
		{Keep, id(15), id(15), 1},
	}
	slices.SortFunc(want, func(x, y Change) int {
		if c := compare(x.Old, y.Old); c != 0 {
			return c
		}
		return compare(x.New, y.New)
	})
	if !slices.Equal(history, want) {
		t.Errorf("history %v,\nwant %v", history, want)
	}
}

func drawRuns(t *rapid.T) Runs {
	n := rapid.IntRange(0, 30).Draw(t, "records")
	in := Runs{}
	for i := range 8 {
		in.IDs = append(in.IDs, id(byte(100+i)))
		in.Fresh = append(in.Fresh, id(byte(rapid.IntRange(96, 112).Draw(t, "fresh")))) // collides at will
	}
	cluster := rapid.OneOf(rapid.Just(None), rapid.Uint32Range(0, 7))
	for range n {
		in.Before = append(in.Before, cluster.Draw(t, "before"))
		in.After = append(in.After, cluster.Draw(t, "after"))
	}
	return in
}

func TestReconcileLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawRuns(t)
		ids, history, err := Reconcile(in)
		if err != nil {
			t.Fatal(err)
		}
		sorted := slices.Clone(ids)
		slices.SortFunc(sorted, compare)
		if len(slices.Compact(sorted)) != len(ids) {
			t.Fatalf("two clusters share an id: %v", ids)
		}
		for b := range in.IDs {
			for a := range in.Fresh {
				if unchanged(in, uint32(b), uint32(a)) && ids[a] != in.IDs[b] {
					t.Fatalf("cluster %d did not change and its id did", b)
				}
			}
		}
		checkHistory(t, in, ids, history)
	})
}

// unchanged tells whether the clusters have the same records, one or more.
func unchanged(in Runs, b, a uint32) bool {
	some := false
	for r := range in.Before {
		if (in.Before[r] == b) != (in.After[r] == a) {
			return false
		}
		some = some || in.Before[r] == b
	}
	return some
}

// checkHistory: the rows account for every record that both runs have, a row
// says keep exactly if the id is the same, and every id with records is told.
func checkHistory(t *rapid.T, in Runs, ids []ID, history []Change) {
	moved := map[[2]ID]uint32{}
	for r, b := range in.Before {
		if a := in.After[r]; a != None && b != None {
			moved[[2]ID{in.IDs[b], ids[a]}]++
		}
	}
	for _, c := range history {
		switch key := [2]ID{c.Old, c.New}; c.Kind {
		case New, Gone:
			if (c.Kind == New) != (c.Old == ID{}) || (c.Kind == Gone) != (c.New == ID{}) {
				t.Fatalf("%v names the wrong ids", c)
			}
		default:
			if moved[key] != c.Records || (c.Kind == Keep) != (c.Old == c.New) {
				t.Fatalf("%v, %d records went that way", c, moved[key])
			}
			if alive := slices.Contains(ids, c.Old); alive != (c.Kind != Merge) {
				t.Fatalf("%v, old id in use: %v", c, alive)
			}
			delete(moved, key)
		}
	}
	if len(moved) > 0 {
		t.Fatalf("history leaves out %v", moved)
	}
}

// The numbering of records and clusters does not matter.
func TestReconcileIgnoresNumbering(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawRuns(t)
		for a := range in.Fresh {
			in.Fresh[a] = id(byte(96 + 2*a)) // anchors of different clusters differ
		}
		ids, history, err := Reconcile(in)
		if err != nil {
			t.Fatal(err)
		}
		perm := rapid.Permutation([]uint32{0, 1, 2, 3, 4, 5, 6, 7}).Draw(t, "after")
		other := Runs{IDs: in.IDs, Fresh: make([]ID, 8)}
		for a, p := range perm {
			other.Fresh[p] = in.Fresh[a]
		}
		order := make([]int, len(in.Before))
		for i := range order {
			order[i] = i
		}
		for _, r := range rapid.Permutation(order).Draw(t, "records") {
			other.Before = append(other.Before, in.Before[r])
			if a := in.After[r]; a == None {
				other.After = append(other.After, None)
			} else {
				other.After = append(other.After, perm[a])
			}
		}
		got, otherHistory, err := Reconcile(other)
		if err != nil {
			t.Fatal(err)
		}
		for a, p := range perm {
			if got[p] != ids[a] {
				t.Fatalf("cluster %d: id %v, renumbered %v", a, ids[a], got[p])
			}
		}
		if !slices.Equal(history, otherHistory) {
			t.Fatalf("history %v, renumbered %v", history, otherHistory)
		}
	})
}

func TestReconcileRefusesNonsense(t *testing.T) {
	for name, in := range map[string]Runs{
		"lengths":   {Before: []uint32{None}},
		"before":    {Before: []uint32{0}, After: []uint32{None}},
		"after":     {Before: []uint32{None}, After: []uint32{3}},
		"duplicate": {IDs: []ID{id(1), id(1)}},
	} {
		if _, _, err := Reconcile(in); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
