package normalize

import (
	"fmt"
	"slices"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"pgregory.net/rapid"
)

// checkPlan fails when a plan reads digits and the library disagrees.
func checkPlan(t interface{ Errorf(string, ...any) }, digits, region string) (read bool) {
	got, ok := readInternational(digits)
	text := "+" + digits
	if region != "ZZ" {
		got, ok = readRegional(digits, region)
		text = digits
	}
	if !ok {
		return false
	}
	if want := readByLibrary(text, region); got != want {
		t.Errorf("%s in %s: the plan reads %+v, the library %+v", text, region, got, want)
	}
	return true
}

// Numbers of every country and kind, and numbers that differ from them in a
// digit or two, are read as the library does.
func TestPlansAreTheLibrarys(t *testing.T) {
	byPlan, all := 0, 0
	check := func(digits, region string) {
		all++
		if checkPlan(t, digits, region) {
			byPlan++
		}
	}
	for _, code := range supportedCodes() {
		for _, region := range phonenumbers.GetRegionCodesForCountryCode(code) {
			m := phoneMetadata()[region]
			for k, d := range numberKinds(m) {
				example := d.GetExampleNumber()
				for i := range example {
					b := []byte(example)
					b[i] = '0' + (b[i]-'0'+byte(k+i)%10)%10
					for _, n := range []string{string(b), string(b[1:]), string(b) + "7"} {
						check(fmt.Sprint(code)+n, "ZZ")
						check(n, region)
						check(m.GetNationalPrefix()+n, region)
					}
				}
			}
		}
	}
	t.Logf("%d of %d numbers were read by plans", byPlan, all)
	if byPlan < all/2 {
		t.Errorf("plans read %d of %d numbers: too few to be worth it", byPlan, all)
	}
}

func supportedCodes() (codes []int) {
	for code := range phonenumbers.GetSupportedCallingCodes() {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}

func TestPlansReadRandomDigitsAsTheLibraryDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.StringMatching(`[0-9]{7,18}`).Draw(t, "digits")
		checkPlan(t, digits, "ZZ")
		code := rapid.SampledFrom(supportedCodes()).Draw(t, "code")
		checkPlan(t, fmt.Sprint(code)+digits[:rapid.IntRange(1, len(digits)).Draw(t, "length")], "ZZ")
		checkPlan(t, digits, rapid.SampledFrom(phoneRegions).Draw(t, "region"))
	})
}

func FuzzPlan(f *testing.F) {
	f.Add("491753795970", "ZZ")
	f.Add("07721968727", "GB")
	f.Fuzz(func(t *testing.T, digits, region string) {
		if allDigits(digits) && len(digits) >= minPhoneDigits && len(digits) <= maxPhoneDigits+3 {
			checkPlan(t, digits, region)
		}
	})
}

func BenchmarkPhonePlan(b *testing.B) {
	var out []Value
	for b.Loop() {
		out = readPhone("+49 17 537 959 701", Options{}, out[:0])
	}
}
