package score

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestSoftMin holds the table against the formula: within a hundredth of a
// bit, never above the lesser, symmetric.
func TestSoftMin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Int32Range(-100*Bit, 100*Bit).Draw(t, "a")
		b := rapid.Int32Range(-100*Bit, 100*Bit).Draw(t, "b")
		got := softMin(a, b)
		want := -math.Log2(math.Exp2(-bits(a)) + math.Exp2(-bits(b)))
		if math.Abs(bits(got)-want) > 0.01 || got > min(a, b) || got != softMin(b, a) {
			t.Fatalf("softMin(%v, %v) = %v, want %v", bits(a), bits(b), bits(got), want)
		}
	})
}

// TestRelativesKeepAHouseholdApart works an example by hand: one address, one
// family name and other given names are one person's records 0.01/0.8 as often
// as two relatives', and there is a pair of relatives to every match.
func TestRelativesKeepAHouseholdApart(t *testing.T) {
	p := &Params{Relatives: 1, Comparisons: []Comparison{
		{Name: "name", Levels: []Level{{}, {M: 0.04, U: 0.98, R: 0.1}, {M: 0.01, U: 0.01, R: 0.8}, {M: 0.95, U: 0.01, R: 0.1}}},
		{Name: "address", Levels: []Level{{}, {M: 0.1, U: 0.999, R: 0.1}, {M: 0.9, U: 0.001, R: 0.9}}},
	}}
	if err := p.validate(); err != nil {
		t.Fatal(err)
	}
	r := compileRelatives(p)
	household := uint64(2 | 2<<LevelBits)
	if got, want := bits(r.against(20*Bit, household)), math.Log2(0.01/0.8); math.Abs(got-want) > 0.01 {
		t.Errorf("20 bits against strangers become %.3f, want %.3f", got, want)
	}
	same := uint64(3 | 2<<LevelBits)
	if got, want := bits(r.against(20*Bit, same)), math.Log2(9.5); math.Abs(got-want) > 0.01 {
		t.Errorf("with equal names: %.3f, want %.3f", got, want)
	}
	var none relatives
	if none.against(7, household) != 7 {
		t.Error("a model without relatives changed a weight")
	}
}
