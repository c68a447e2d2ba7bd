package normalize

import (
	"testing"

	"pgregory.net/rapid"

	"concord/schemas/names"
)

// A set behind a sieve has what the set has.
func TestRareWordsAreTheWords(t *testing.T) {
	text := rapid.StringMatching(`[abé]{0,5}`)
	rapid.Check(t, func(t *rapid.T) {
		words := map[string]bool{}
		for _, w := range rapid.SliceOf(text).Draw(t, "words") {
			words[w] = true
		}
		r := rarely(words)
		for w := range words {
			if !r.has(w) {
				t.Fatalf("%q is missing", w)
			}
		}
		for _, s := range rapid.SliceOf(text).Draw(t, "texts") {
			if r.has(s) != words[s] {
				t.Fatalf("has(%q) = %t", s, r.has(s))
			}
		}
	})
}

// The sieve keeps out most of what is no word: else it would be of no use.
func TestSieveKeepsOutNames(t *testing.T) {
	passed, n := 0, 0
	for name := range names.Family() {
		n++
		if fillerNames.sieve.passes(name) {
			passed++
		}
	}
	if n == 0 || passed > n/5 {
		t.Errorf("%d of %d family names pass", passed, n)
	}
}

func BenchmarkFillerName(b *testing.B) {
	names := []string{"miller", "maria", "o'neill", "van der berg", "li", "test", "anderson", "123 main street"}
	for i := 0; b.Loop(); i++ {
		isFillerName(names[i&7])
	}
}
