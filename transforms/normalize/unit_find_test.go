package normalize

import (
	"testing"

	"pgregory.net/rapid"
)

// checkUnit fails when findUnit and the pattern that it stands for disagree.
func checkUnit(t interface{ Fatalf(string, ...any) }, s string) (found bool) {
	u, ok := findUnit(s)
	m := unitPattern.FindStringSubmatchIndex(s)
	if ok != (m != nil) {
		t.Fatalf("findUnit(%q) = %+v, %v; the pattern finds %v", s, u, ok, m)
	}
	if !ok {
		return false
	}
	number := ""
	for k := 4; k < len(m); k += 2 {
		if m[k] >= 0 {
			number += s[m[k]:m[k+1]]
		}
	}
	if u != (foundUnit{m[2], m[3], number}) {
		t.Fatalf("findUnit(%q) = %+v; the pattern finds %q with %q", s, u, s[m[2]:m[3]], number)
	}
	return true
}

func TestFindUnitIsItsPattern(t *testing.T) {
	found, tried := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		for range 50 {
			tried++
			line := rapid.OneOf(rapid.Custom(addressLine), rapid.StringOfN(rapid.SampledFrom([]rune("aptunisuo#BN 0123./-,;é")), 0, 20, -1))
			if s := line.Draw(t, "line"); signsOf(s) != everySign && checkUnit(t, s) {
				found++
			}
		}
	})
	if found < tried/50 { // a short test tries a fifth of the lines
		t.Errorf("%d units found in %d lines: they are too hard", found, tried)
	}
}

func FuzzFindUnit(f *testing.F) {
	f.Add("6 Kings Way, Apt no. 5b")
	f.Add("24 rue Pierre Curie # 36;")
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) < 100 && signsOf(s) != everySign {
			checkUnit(t, s)
		}
	})
}

func BenchmarkCutUnit(b *testing.B) {
	for b.Loop() {
		cutUnit("6 Kings Way, Apt 5")
	}
}
