package normalize

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// addressLine draws a line of the words that the patterns of addresses know,
// as people and machines run them together.
func addressLine(t *rapid.T) string {
	words := append(strings.Split(unitWord, "|"), strings.Fields("p.o. po P.O. g.p.o. box Box pobox postfach apartado de correos casella postale private bag floor fl etage 3rd level penthouse "+
		"ground attic suite # #4 no no. 5 12 4b B-7 123 1234 12345 123456 12345-6789 D-10115 00-950 1000-205 01310-100 SW1A 2AA GIR 0AA M5H 2N2 1015 CJ 101 15 straße High St _ boîte é Ω 部屋 ſuite bloc\u212a ٣")...)
	parts := rapid.SliceOfN(rapid.SampledFrom(words), 1, 7).Draw(t, "words")
	var b strings.Builder
	for i, w := range parts {
		if i > 0 {
			b.WriteString(rapid.SampledFrom([]string{" ", " ", "", ". ", ", ", "-"}).Draw(t, "separator"))
		}
		b.WriteString(w)
	}
	return b.String()
}

// A pattern that matches where its sign was not seen is a part of an address
// that is lost.
func TestNoPatternMatchesWithoutItsSigns(t *testing.T) {
	matched := map[*regexp.Regexp]int{}
	check := func(t *rapid.T, s string, needs signs, p *regexp.Regexp) {
		if p.MatchString(s) {
			matched[p]++
			if signsOf(s)&needs != needs {
				t.Fatalf("%q is matched by %s and has not its signs", s, p)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		for range 50 {
			s := addressLine(t)
			check(t, s, signBox, boxPattern)
			for _, p := range unitPatterns {
				check(t, s, p.needs, p.pattern)
			}
			for _, c := range codesInText {
				if c.pattern != nil {
					check(t, s, c.needs, c.pattern)
				} else if _, _, ok := lastDigitWord(s, c.digits); ok && signsOf(s)&c.needs != c.needs {
					t.Fatalf("%q has a word of %d digits and not its signs", s, c.digits)
				}
			}
		}
	})
	if len(matched) < 6 {
		t.Errorf("only %d of the patterns were seen to match", len(matched))
	}
}

func TestLastDigitWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.RuneFrom([]rune("0017a_ -é,")), 0, 16, -1).Draw(t, "s")
		n := rapid.IntRange(1, 3).Draw(t, "n")
		all := regexp.MustCompile(`\b[0-9]{`+string(rune('0'+n))+`}\b`).FindAllStringIndex(s, -1)
		lo, hi, ok := lastDigitWord(s, n)
		if ok != (len(all) > 0) || ok && (lo != all[len(all)-1][0] || hi != all[len(all)-1][1]) {
			t.Fatalf("lastDigitWord(%q, %d) = %d, %d, %v; the pattern finds %v", s, n, lo, hi, ok, all)
		}
	})
}
