package main

import (
	"cmp"
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"slices"

	"concord/matching/score"
)

// result is what one side hands back.
type result struct {
	Records int
	Pairs   int64 // compared, where the side counts them
	Phases  []phase
	Peak    int64 // bytes resident at most, up to the end of the last phase
	// Counts is by blocking rule and agreement pattern: what the full mode
	// makes. Links are those of the link mode.
	Counts []count
	Links  []link
	// DuckDB is the version of the side that is one.
	DuckDB string
}

// phase is a step of a side's work.
type phase struct {
	Name      string
	CPU, Wall float64 // seconds; CPU of all threads, user and system
}

// count is how many pairs of a rule show a pattern of levels, 5 bits each.
type count struct {
	Rule    uint8
	Pattern uint64
	Pairs   int64
}

// link is a pair whose match weight reached the threshold.
type link struct {
	A, B    uint32
	Weight  int32 // log2 odds in units of 1/65536
	Rule    uint8
	Pattern uint64
}

// sorted puts the result in an order of its own: the sides differ in theirs.
func (r *result) sorted() {
	slices.SortFunc(r.Counts, func(x, y count) int {
		return cmp.Or(cmp.Compare(x.Rule, y.Rule), cmp.Compare(x.Pattern, y.Pattern))
	})
	slices.SortFunc(r.Links, func(x, y link) int { return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B)) })
}

// pairs is the number of pairs by rule.
func (r *result) pairs(rules int) []int64 {
	out := make([]int64, rules)
	for _, c := range r.Counts {
		out[c.Rule] += c.Pairs
	}
	return out
}

// same refuses two results that are not of the same pairs, patterns and links.
func same(a, b *result, rules int) error {
	if a.Records != b.Records {
		return fmt.Errorf("records: %d and %d", a.Records, b.Records)
	}
	if x, y := a.pairs(rules), b.pairs(rules); !slices.Equal(x, y) {
		return fmt.Errorf("pairs by rule: %d and %d", x, y)
	}
	if err := sameCounts(a.Counts, b.Counts); err != nil {
		return err
	}
	if len(a.Links) != len(b.Links) {
		return fmt.Errorf("links: %d and %d", len(a.Links), len(b.Links))
	}
	for i := range a.Links {
		if a.Links[i] != b.Links[i] {
			return fmt.Errorf("link %d: %+v and %+v", i, a.Links[i], b.Links[i])
		}
	}
	return nil
}

// sameCounts names the first rule and pattern of which one side has more.
func sameCounts(a, b []count) error {
	type place struct {
		rule    uint8
		pattern uint64
	}
	of := map[place]int64{}
	for _, c := range b {
		of[place{c.Rule, c.Pattern}] = c.Pairs
	}
	for _, c := range a {
		if n := of[place{c.Rule, c.Pattern}]; n != c.Pairs {
			return fmt.Errorf("rule %d, levels %o: %d pairs and %d", c.Rule, levels(c.Pattern), c.Pairs, n)
		}
	}
	if len(a) != len(b) {
		return fmt.Errorf("agreement patterns by rule: %d and %d", len(a), len(b))
	}
	return nil
}

// levels unpacks a pattern.
func levels(pattern uint64) []uint8 {
	var out []uint8
	for ; pattern != 0; pattern >>= score.LevelBits {
		out = append(out, uint8(pattern&(1<<score.LevelBits-1)))
	}
	return out
}

func (r *result) write(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	if err := errors.Join(gob.NewEncoder(f).Encode(r), f.Close()); err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	return nil
}

func readResult(path string) (*result, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read result: %w", err)
	}
	defer f.Close()
	r := new(result)
	if err := gob.NewDecoder(f).Decode(r); err != nil {
		return nil, fmt.Errorf("read result: %w", err)
	}
	r.sorted()
	return r, nil
}
