// Package names knows frequent names of people, as facts: what is a given name
// anywhere, and about how many bear it. Normalizing asks it which word of a
// name is which, matching whether two names that look alike are two names.
package names

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

// The tables are compiled by transforms/normalize/data/compile.go from lists
// that each file's first lines name.
var (
	//go:embed given.txt
	givenText string
	//go:embed family.txt
	familyText string
)

// Given and Family give the frequency class of a folded name: the floor of log2
// of its count among about 2^28 people. They are read when first asked for.
// Do not write to them.
var (
	Given  = sync.OnceValue(func() map[string]int { return classes(givenText) })
	Family = sync.OnceValue(func() map[string]int { return classes(familyText) })
)

func classes(text string) map[string]int {
	m := map[string]int{}
	for l := range strings.Lines(text) {
		if l = strings.TrimSuffix(l, "\n"); l == "" || l[0] == '#' {
			continue
		}
		class, of, _ := strings.Cut(l, " ")
		k, err := strconv.Atoi(class)
		if err != nil {
			panic("names: an embedded table has a line without class")
		}
		for _, name := range strings.Fields(of) {
			m[name] = k
		}
	}
	return m
}
