package cluster

import "slices"

// Unique allows one record of each class in a cluster. With the classes being
// duplicate-free sources it says that such a source holds a person once; with
// every source a class, linking is one-to-one.
type Unique struct {
	name, description string
	class             []uint16
}

// NewUnique makes the constraint. class is by record; 0 is none.
func NewUnique(name, description string, class []uint16) *Unique {
	return &Unique{name: name, description: description, class: class}
}

// Name is the constraint's name.
func (u *Unique) Name() string { return u.name }

// Description is one sentence for reports.
func (u *Unique) Description() string { return u.description }

// Forbids tells whether a and b are of one class.
func (u *Unique) Forbids(a, b uint32) bool {
	return u.class[a] != 0 && u.class[a] == u.class[b]
}

// NewGroups makes the state of one Refiner.
func (u *Unique) NewGroups() Groups { return &uniqueGroups{of: u} }

// uniqueGroups holds the set of classes of each group, a bit for each class
// that the component has twice: the others cannot conflict.
type uniqueGroups struct {
	of      *Unique
	words   int      // of 64 bits, per group
	bits    []uint64 // by group, words each
	classes []uint16 // scratch
}

func (g *uniqueGroups) Reset(records []uint32) {
	g.classes = g.classes[:0]
	for _, r := range records {
		if c := g.of.class[r]; c != 0 {
			g.classes = append(g.classes, c)
		}
	}
	slices.Sort(g.classes)
	g.classes = repeated(g.classes)
	g.words = (len(g.classes) + 63) / 64
	g.bits = sized(g.bits, g.words*len(records))
	clear(g.bits)
	for i, r := range records {
		if k, ok := slices.BinarySearch(g.classes, g.of.class[r]); ok {
			g.bits[i*g.words+k/64] |= 1 << (k % 64)
		}
	}
}

// repeated keeps one of each value that occurs more than once in sorted.
func repeated(sorted []uint16) []uint16 {
	out := sorted[:0]
	for i := 0; i < len(sorted); {
		j := i + 1
		for j < len(sorted) && sorted[j] == sorted[i] {
			j++
		}
		if j-i > 1 {
			out = append(out, sorted[i])
		}
		i = j
	}
	return out
}

func (g *uniqueGroups) Forbids(a, b uint32) bool {
	x := g.bits[int(a)*g.words:][:g.words]
	y := g.bits[int(b)*g.words:][:g.words]
	for i := range x {
		if x[i]&y[i] != 0 {
			return true
		}
	}
	return false
}

func (g *uniqueGroups) Merge(into, from uint32) {
	x := g.bits[int(into)*g.words:][:g.words]
	y := g.bits[int(from)*g.words:][:g.words]
	for i := range x {
		x[i] |= y[i]
	}
}
