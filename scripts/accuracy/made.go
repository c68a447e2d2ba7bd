package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
)

// story is how two records came about: by whom they were made, and what is
// special about them.
type story struct {
	name           string
	together, more int // pairs put together, and all pairs
}

// kinship names what two people have to do with each other.
func (t *town) kinship(a, b int) string {
	p, q := &t.people[a], &t.people[b]
	switch {
	case p.household == q.household && p.special != "" && p.special == q.special && (p.special == "twins") == (p.birth == q.birth):
		return p.special
	case p.household == q.household:
		return "household"
	case p.office >= 0 && p.office == q.office:
		return "one office"
	case p.given == q.given && p.family == q.family:
		return "namesakes"
	}
	return "strangers"
}

// tally counts by story how often people's records were put together: those
// of one person, rightly, and those of two, wrongly.
func (m *made) tally(clusters map[string]uint32) (right, wrong []story) {
	byPerson, byCluster := map[int][]uint32{}, map[uint32][]int{}
	names := make([]string, 0, len(m.owner))
	for name := range m.owner {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		p, c := m.owner[name], clusters[name]
		byPerson[p] = append(byPerson[p], c)
		byCluster[c] = append(byCluster[c], p)
	}
	rights, wrongs := map[string]*story{}, map[string]*story{}
	count := func(to map[string]*story, name string, together bool) {
		if to[name] == nil {
			to[name] = &story{name: name}
		}
		to[name].more++
		if together {
			to[name].together++
		}
	}
	for p := range m.town.people {
		for i, c := range byPerson[p] {
			for _, d := range byPerson[p][:i] {
				count(rights, m.town.history(p), c == d)
			}
		}
	}
	for _, people := range byCluster {
		for i, p := range people {
			for _, q := range people[:i] {
				if p != q {
					count(wrongs, m.town.kinship(p, q), true)
				}
			}
		}
	}
	return stories(rights), stories(wrongs)
}

// history names what happened to a person.
func (t *town) history(i int) string {
	p := &t.people[i]
	switch {
	case p.maiden != "":
		return "married"
	case len(p.homes) > 1:
		return "moved"
	}
	return "settled"
}

func stories(of map[string]*story) []story {
	var out []story
	for _, s := range of {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b story) int { return cmp.Compare(a.name, b.name) })
	return out
}

// measureMade resolves the made-up sets and prints their rows, and how it
// went by story.
func (o *options) measureMade(ctx context.Context, t *table, to io.Writer) error {
	for _, m := range madeSets() {
		for _, mapping := range []mapping{masked, written} {
			if err := o.measureTown(ctx, &m, mapping, t, to); err != nil {
				return fmt.Errorf("%s: %w", m.name, err)
			}
		}
	}
	return nil
}

func (o *options) measureTown(ctx context.Context, m *madeSet, by mapping, t *table, to io.Writer) error {
	dir, err := os.MkdirTemp("", "accuracy")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) // nothing to do about a leftover
	written, err := m.write(dir)
	if err != nil {
		return err
	}
	here := *o
	here.data = dir
	if err := here.measure(ctx, &written.set, by, t); err != nil {
		return err
	}
	x, _, err := here.resolve(ctx, &written.set, by)
	if err != nil {
		return err
	}
	right, wrong := written.tally(x.Clusters())
	for _, s := range right {
		fmt.Fprintf(to, "    %s: %d of %d pairs of one person together\n", s.name, s.together, s.more)
	}
	for _, s := range wrong {
		fmt.Fprintf(to, "    %s: %d pairs of two people together\n", s.name, s.together)
	}
	return nil
}
