// Package nickname knows which given names a form may stand for.
//
// It is a relation, not an equivalence: "alex" stands for alexander and for
// alexandra, which does not make alexander stand for alexandra. [Roots] is the
// set of names a form stands for, itself included; two forms may be the same
// person's name when their sets intersect. Names are lower-case a-z, as the
// canonical form of a given name is.
package nickname

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// The tables name their sources in their first lines.
var (
	//go:embed diminutives.txt
	diminutives string
	//go:embed cognates.txt
	cognates string
)

// roots maps each known form to the sorted names it stands for.
var roots = sync.OnceValue(func() map[string][]string {
	m := make(map[string][]string, 4096)
	for _, table := range []string{diminutives, cognates} {
		for line := range strings.Lines(table) {
			addLine(m, line)
		}
	}
	for form, list := range m {
		slices.Sort(list)
		m[form] = slices.Compact(list)
	}
	return m
})

// addLine reads "root form form …". Each form stands for root, root for itself.
func addLine(m map[string][]string, line string) {
	if strings.HasPrefix(line, "#") {
		return
	}
	words := strings.Fields(line)
	for _, form := range words {
		m[form] = append(m[form], words[0])
	}
}

// Roots appends to out the names that form may stand for, sorted, and returns
// it. Every form stands for itself, known or not.
func Roots(form string, out []string) []string {
	known := roots()[form]
	i, found := slices.BinarySearch(known, form)
	if found {
		return append(out, known...)
	}
	out = append(out, known[:i]...)
	out = append(out, form)
	return append(out, known[i:]...)
}

// Same tells whether two forms may stand for one name.
func Same(a, b string) bool {
	ra, rb := Roots(a, nil), Roots(b, nil)
	for _, r := range ra {
		if slices.Contains(rb, r) {
			return true
		}
	}
	return false
}
