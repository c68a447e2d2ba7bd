package normalize

import (
	_ "embed"
	"strings"
	"sync"
)

// The embedded tables, compiled by data/compile.go from lists of facts that
// each file's first lines name. They are parsed when first asked for.
var (
	//go:embed data/romanised.txt
	romanisedText string
	//go:embed data/disposable.txt
	disposableText string
	//go:embed data/countries.txt
	countriesText string
	//go:embed data/languages.txt
	languagesText string
)

var (
	romanised  = sync.OnceValue(readRomanised)
	disposable = sync.OnceValue(readDisposable)
	countries  = sync.OnceValue(func() *codeTable { return readCodes(countriesText) })
	languages  = sync.OnceValue(func() *codeTable { return readCodes(languagesText) })
)

// tableLines calls do for every line of an embedded table but its comment.
func tableLines(text string, do func(line string)) {
	for l := range strings.Lines(text) {
		if l = strings.TrimSuffix(l, "\n"); l != "" && l[0] != '#' {
			do(l)
		}
	}
}

func readRomanised() map[string]string {
	m := map[string]string{}
	tableLines(romanisedText, func(l string) {
		native, latin, _ := strings.Cut(l, " ")
		if r, _ := firstRune(native); scriptOf(r) == scriptArabic {
			native = arabicBase(native)
		}
		if _, ok := m[native]; !ok {
			m[native] = latin
		}
	})
	return m
}

func readDisposable() *rareWords {
	m := make(map[string]bool, 9000)
	tableLines(disposableText, func(l string) { m[l] = true })
	r := rarely(m)
	return &r
}

// A codeTable maps names and three-letter codes to two-letter codes.
type codeTable struct {
	two    map[string]bool   // the two-letter codes, as the table spells them
	three  map[string]string // by three-letter code, as the table spells it
	byName map[string]string // by folded name
}

func readCodes(text string) *codeTable {
	t := &codeTable{two: map[string]bool{}, three: map[string]string{}, byName: map[string]string{}}
	tableLines(text, func(l string) {
		two, rest, _ := strings.Cut(l, " ")
		three, names, _ := strings.Cut(rest, " ")
		t.two[two], t.three[three] = true, two
		for n := range strings.SplitSeq(names, "|") {
			f := Fold(n)
			if _, ok := t.byName[f]; !ok && f != "" {
				t.byName[f] = two
			}
		}
	})
	return t
}
