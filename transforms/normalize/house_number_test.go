package normalize

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"
)

// houseNumberGrammar says what houseNumberOf reads.
var houseNumberGrammar = regexp.MustCompile(`^(?i:no\.? ?|nr\.? ?|n° ?|#)?([0-9]{1,6} ?[A-Za-z]?(?: ?[-/] ?[0-9]{1,6} ?[A-Za-z]?)?)$`)

func checkHouseNumberOf(t interface{ Fatalf(string, ...any) }, s string) {
	want := ""
	m := houseNumberGrammar.FindStringSubmatch(s)
	if m != nil {
		want = m[1]
	}
	if got, ok := houseNumberOf(s); ok != (m != nil) || ok && got != want {
		t.Fatalf("houseNumberOf(%q) = %q, %v; the grammar reads %q, %v", s, got, ok, want, m != nil)
	}
}

func TestHouseNumberOfFollowsItsGrammar(t *testing.T) {
	for _, s := range []string{"", "#", "n", "no", "No. 5", "no5", "nr.12 a", "n°7", "N° 7", "1", "123456", "1234567", "12 A", "12 a-14 b", "12  /  3", "12 - 3 ", "12-", "12a3",
		"12/3-4", "#12-3", "1a ", "1 a /2", "1 /", "1 -a"} {
		checkHouseNumberOf(t, s)
	}
	rapid.Check(t, func(t *rapid.T) {
		checkHouseNumberOf(t, rapid.StringMatching(`(No|nr|n°|#)?\.? ?[0-9]{0,7} ?[a-zß]? ?[-/]? ?[0-9]{0,7} ?[A-Z]? ?`).Draw(t, "s"))
	})
	rapid.Check(t, func(t *rapid.T) {
		checkHouseNumberOf(t, rapid.StringOfN(rapid.RuneFrom([]rune("nor.# -/09aZ°")), 0, 9, -1).Draw(t, "s"))
	})
}
