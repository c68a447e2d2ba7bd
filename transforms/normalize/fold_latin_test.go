package normalize

import (
	"testing"

	"pgregory.net/rapid"
)

// slowClean and slowFold are clean and Fold without their short cuts.
func slowClean(s string) string {
	for range 4 {
		t := cleanOnce(s)
		if t == s {
			break
		}
		s = t
	}
	return s
}

func slowFold(s string) string { return foldAny(slowClean(s)) }

func checkLatin(t interface{ Fatalf(string, ...any) }, s string) {
	if f, ok := foldLatin(s); ok && f != slowFold(s) {
		t.Fatalf("foldLatin(%q) = %q, by the rules of scripts it is %q", s, f, slowFold(s))
	}
	checkCleaned(t, s)
}

func TestEveryLatinLetterFoldsOnItsOwn(t *testing.T) {
	read := 0
	for r := rune(0x80); r < 0x800; r++ {
		for _, s := range []string{string(r), "a" + string(r), string(r) + "n O'", "É" + string(r) + "ß"} {
			checkLatin(t, s)
		}
		if _, ok := foldLatin(string(r)); ok {
			read++
		}
	}
	if read < 300 {
		t.Errorf("%d letters are folded on their own", read)
	}
	if f, ok := foldLatin("Łukasz  Żółć-O’Müller"); ok {
		t.Errorf("a typographic apostrophe was read: %q", f)
	}
	if f, ok := foldLatin(" Łukasz  Żółć-O'Müßer "); !ok || f != "lukasz zolc omusser" {
		t.Errorf("foldLatin = %q, %v", f, ok)
	}
}

func TestFoldLatinIsFold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkLatin(t, rapid.StringOfN(rapid.RuneFrom([]rune("aZ09 '`-.\t\x00\x7fàÀßøŁİıĳſǆəɐ̈́́·´кم名�")), 0, 12, -1).Draw(t, "s"))
	})
}

func BenchmarkFoldLatin(b *testing.B) {
	for b.Loop() {
		Fold("José María Müller")
	}
}
