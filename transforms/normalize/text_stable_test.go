package normalize

import (
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// checkCleaned fails when clean's short cut changes what clean gives, or when
// the last word of a stable text is not folded as it is alone.
func checkCleaned(t interface{ Fatalf(string, ...any) }, s string) (stable bool) {
	if !isStable(s) {
		return false
	}
	if collapse(s) != slowClean(s) {
		t.Fatalf("%q is stable, and it is cleaned to %q", s, slowClean(s))
	}
	if s = collapse(s); foldedEnding(s) != lastWord(Fold(s)) {
		t.Fatalf("%q folds to %q, its ending to %q", s, Fold(s), foldedEnding(s))
	}
	return true
}

func TestTablesOfCharactersAreRight(t *testing.T) {
	stable := 0
	for r := range rune(0x11000) {
		if scriptOf(r) != findScript(r) {
			t.Fatalf("%U is of script %d, by its tables %d", r, findScript(r), scriptOf(r))
		}
		for _, s := range []string{string(r), "a" + string(r), string(r) + "e", "κ" + string(r) + "й", "가" + string(r), " " + string(r) + " 名"} {
			if checkCleaned(t, s) {
				stable++
			}
		}
	}
	if stable < 100_000 {
		t.Errorf("%d texts are stable: the tables are poor", stable)
	}
}

func TestStableTextsStayAsTheyAre(t *testing.T) {
	letters := rapid.RuneFrom([]rune(" aZ9'-`ßłΑάἀΰйЁїאبـ名街部ひビ가각ᄀᆨ\u0301\u3099"), unicode.Greek, unicode.Cyrillic, unicode.Han, unicode.Hangul, unicode.Katakana)
	rapid.Check(t, func(t *rapid.T) {
		for range 20 {
			checkCleaned(t, rapid.StringOfN(letters, 1, 12, -1).Draw(t, "s"))
		}
	})
}

func BenchmarkFoldGreek(b *testing.B) {
	for b.Loop() {
		Fold("ΟΔΌΣ ΑΓΊΟΥ ΔΗΜΗΤΡΊΟΥ")
	}
}
