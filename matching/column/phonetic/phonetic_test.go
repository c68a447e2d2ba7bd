package phonetic

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The examples are those of the National Archives' page on the Soundex
// indexing system, in lower case.
func TestSoundexPublishedExamples(t *testing.T) {
	for name, want := range map[string]string{
		"washington": "w252", "lee": "l000", "gutierrez": "g362", "pfister": "p236", "jackson": "j250",
		"tymczak": "t522", "vandeusen": "v532", "ashcraft": "a261", "robert": "r163", "rupert": "r163",
		"rubin": "r150", "": "", "12": "", "de la cruz": "d426",
	} {
		if got := Soundex(name); got != want {
			t.Errorf("Soundex(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestSpellingClasses(t *testing.T) {
	for _, class := range []string{
		"mohammed muhammad mohamad muhamed", "stephen steven stefan steffen", "meyer meier maier mayer",
		"sergey sergej", "katherine catherine katherin", "schmidt schmitt smith smyth", "philip filip phillip",
		"anne ann", "hussein husain", "clarke clark", "nooristani nuristani", "maja maya", "dmitrij dmitri", "wagner vagner",
	} {
		words := strings.Fields(class)
		for _, w := range words[1:] {
			if Spelling(w) != Spelling(words[0]) {
				t.Errorf("Spelling(%q) = %q but Spelling(%q) = %q", w, Spelling(w), words[0], Spelling(words[0]))
			}
		}
	}
	for _, pair := range [][2]string{{"maria", "marie"}, {"anna", "ian"}, {"john", "jane"}, {"hans", "heinz"}, {"brown", "braun"}, {"jan", "ian"}, {"maryann", "maryjane"}} {
		if Spelling(pair[0]) == Spelling(pair[1]) {
			t.Errorf("Spelling puts %q and %q into one class: %q", pair[0], pair[1], Spelling(pair[0]))
		}
	}
}

func TestSpellingIgnoresSpacesAndHyphens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,6}`), 1, 3).Draw(t, "words")
		joined := Spelling(strings.Join(words, ""))
		for _, sep := range []string{" ", "-", "'"} {
			if got := Spelling(strings.Join(words, sep)); got != joined {
				t.Fatalf("Spelling of %q joined by %q is %q, joined by nothing %q", words, sep, got, joined)
			}
		}
		if joined == "" {
			t.Fatalf("Spelling(%q) is empty", words)
		}
	})
}
