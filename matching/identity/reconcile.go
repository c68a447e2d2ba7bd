package identity

import (
	"cmp"
	"fmt"
	"slices"
)

// None stands for no cluster: a record that a run did not have.
const None = ^uint32(0)

// Kind is what became of an id.
type Kind uint8

// The kinds of change.
const (
	Keep  Kind = iota // the records stay under their id
	Merge             // their id is retired; they go on under the id of a cluster they joined
	Split             // their id lives on elsewhere; they left it for another
	New               // no earlier run had any of the cluster's records
	Gone              // none of the id's records are left
)

var kinds = [...]string{"keep", "merge", "split", "new", "gone"}

// String is the name that history tables hold.
func (k Kind) String() string { return kinds[k] }

// Change is one row of the history: Records records went from id Old to id
// New. The rows of one Old add up to those of its records that this run has
// too; a Gone row counts the records that it has not.
type Change struct {
	Kind    Kind
	Old     ID // the zero ID for New
	New     ID // the zero ID for Gone
	Records uint32
}

// Runs are the clusters of two runs over the same numbering of the records
// that either had.
type Runs struct {
	Before []uint32 // by record: its cluster in the previous run, or None
	After  []uint32 // by record: its cluster in this run, or None
	IDs    []ID     // by cluster of the previous run; no two equal
	Fresh  []ID     // by cluster of this run: the id it gets if it inherits none
}

// Reconcile names this run's clusters, by cluster, and tells the history,
// ordered by (Old, New).
//
// An id goes to the cluster with most of its records, each cluster taking one
// id at most: overlaps are served from the largest down, equal ones by the
// smaller old id, then by the smaller fresh id. So a cluster that did not
// change keeps its id, and so does the larger part of a split and the larger
// party of a merge. A cluster that inherits nothing gets its fresh id; if that
// is in use (its anchor left a cluster that it had named), the next one by
// hashing. The error is an IDs that repeats or a cluster number out of range.
func Reconcile(in Runs) ([]ID, []Change, error) {
	if err := in.check(); err != nil {
		return nil, nil, err
	}
	flows := in.flows()
	heir := inherit(flows, in)
	ids := in.name(heir)
	return ids, in.history(flows, heir, ids), nil
}

func (in *Runs) check() error {
	if len(in.Before) != len(in.After) {
		return fmt.Errorf("reconcile ids: %d records before, %d after", len(in.Before), len(in.After))
	}
	for r := range in.Before {
		if b := in.Before[r]; b != None && int(b) >= len(in.IDs) {
			return fmt.Errorf("reconcile ids: record %d: cluster %d of the previous run has no id", r, b)
		}
		if a := in.After[r]; a != None && int(a) >= len(in.Fresh) {
			return fmt.Errorf("reconcile ids: record %d: cluster %d of this run has no fresh id", r, a)
		}
	}
	sorted := slices.Clone(in.IDs)
	slices.SortFunc(sorted, compare)
	if len(slices.Compact(sorted)) != len(in.IDs) {
		return fmt.Errorf("reconcile ids: two clusters of the previous run have one id")
	}
	return nil
}

// flow is how many records went from a cluster to a cluster.
type flow struct{ before, after, records uint32 }

// flows counts the records that both runs have, by (before, after).
func (in *Runs) flows() []flow {
	var out []flow
	for r, b := range in.Before {
		if a := in.After[r]; a != None && b != None {
			out = append(out, flow{b, a, 1})
		}
	}
	slices.SortFunc(out, func(x, y flow) int {
		return cmp.Or(cmp.Compare(x.before, y.before), cmp.Compare(x.after, y.after))
	})
	k := 0
	for _, f := range out {
		if k > 0 && out[k-1].before == f.before && out[k-1].after == f.after {
			out[k-1].records++
			continue
		}
		out[k] = f
		k++
	}
	return out[:k]
}

// inherit is, by cluster of the previous run, the cluster that keeps its id.
func inherit(flows []flow, in Runs) []uint32 {
	heir := slices.Repeat([]uint32{None}, len(in.IDs))
	served := make([]bool, len(in.Fresh))
	bySize := slices.Clone(flows)
	slices.SortFunc(bySize, func(x, y flow) int {
		return cmp.Or(cmp.Compare(y.records, x.records),
			compare(in.IDs[x.before], in.IDs[y.before]), compare(in.Fresh[x.after], in.Fresh[y.after]))
	})
	for _, f := range bySize {
		if heir[f.before] == None && !served[f.after] {
			heir[f.before], served[f.after] = f.after, true
		}
	}
	return heir
}

// name gives every cluster of this run its id.
func (in *Runs) name(heir []uint32) []ID {
	ids := make([]ID, len(in.Fresh))
	named := make([]bool, len(in.Fresh))
	taken := make(map[ID]bool, len(in.IDs)+len(in.Fresh))
	for b, a := range heir {
		taken[in.IDs[b]] = true // retired ones too: an id never changes its meaning
		if a != None {
			ids[a], named[a] = in.IDs[b], true
		}
	}
	order := make([]int, 0, len(ids))
	for a := range ids {
		if !named[a] {
			order = append(order, a)
		}
	}
	slices.SortFunc(order, func(x, y int) int { return compare(in.Fresh[x], in.Fresh[y]) })
	for _, a := range order {
		id := in.Fresh[a]
		for taken[id] {
			id = next(id)
		}
		ids[a], taken[id] = id, true
	}
	return ids
}

// history is the rows of Change.
func (in *Runs) history(flows []flow, heir []uint32, ids []ID) []Change {
	var out []Change
	left := make([]bool, len(in.IDs))
	known := make([]bool, len(ids))
	for _, f := range flows {
		left[f.before], known[f.after] = true, true
		c := Change{Kind: Merge, Old: in.IDs[f.before], New: ids[f.after], Records: f.records}
		switch heir[f.before] {
		case f.after:
			c.Kind = Keep
		case None:
		default:
			c.Kind = Split
		}
		out = append(out, c)
	}
	out = append(out, in.ends(left, known, ids)...)
	slices.SortFunc(out, func(x, y Change) int { return cmp.Or(compare(x.Old, y.Old), compare(x.New, y.New)) })
	return out
}

// ends is the clusters that only one of the runs has any records of.
func (in *Runs) ends(left, known []bool, ids []ID) []Change {
	var out []Change
	for b, size := range sizes(in.Before, len(in.IDs)) {
		if !left[b] {
			out = append(out, Change{Kind: Gone, Old: in.IDs[b], Records: size})
		}
	}
	for a, size := range sizes(in.After, len(ids)) {
		if !known[a] {
			out = append(out, Change{Kind: New, New: ids[a], Records: size})
		}
	}
	return out
}

// sizes counts the records of each of n clusters.
func sizes(cluster []uint32, n int) []uint32 {
	out := make([]uint32, n)
	for _, c := range cluster {
		if c != None {
			out[c]++
		}
	}
	return out
}
