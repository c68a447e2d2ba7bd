package normalize

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// checkNANP fails when readNANP reads raw and the library disagrees.
func checkNANP(t interface{ Errorf(string, ...any) }, raw, region string) (read bool) {
	v, ok := readNANP(raw, region)
	if !ok {
		return false
	}
	want := readAnyPhone(raw, Options{Region: region}, nil)
	if !reflect.DeepEqual([]Value{v}, want) {
		t.Errorf("readNANP(%q, %q) = %+v, the library has %+v", raw, region, v, want)
	}
	return true
}

func TestWholeAreasAreTheLibrarys(t *testing.T) {
	read := 0
	for area := range 1000 {
		if !isWholeArea()[area] {
			continue
		}
		for exchange := range 10 {
			rest := (area*7919 + exchange*104729) % 1000000
			if checkNANP(t, fmt.Sprintf("%03d%d%06d", area, exchange, rest), "US") {
				read++
			}
		}
	}
	if read < 4000 {
		t.Errorf("%d numbers were read: the list of areas is short", read)
	}
}

func TestNANPSpellings(t *testing.T) {
	for _, c := range []struct {
		raw, region string
		read        bool
	}{
		{"(807) 422-9031", "US", true}, {"(807) 422-9031", "ca", true}, {" 807.422.9031 ", "US", true}, {"+1 807 422 9031", "DE", true},
		{"1-807-422-9031", "", true}, {"18074229031", "US", true}, {"807/422-9031", "US", true}, {"2125550123", "US", true}, {"617.111.2833", "US", true},
		{"8074229031", "", false}, {"8074229031", "DE", false}, {"+8074229031", "US", false}, {"1807422903.0", "US", false}, {"807422903", "US", false},
		{"80742290311", "US", false}, {"807 422 9031 x1", "US", false}, {"1 (+1) 807 422 9031", "US", false}, {"800 141 2345", "US", false},
		{"268 480 1234", "US", false}, {"", "US", false}, {"1", "US", false}, {"8 074 229 031.0", "US", false},
	} {
		if checkNANP(t, c.raw, c.region) != c.read {
			t.Errorf("readNANP(%q, %q) read it: %v", c.raw, c.region, !c.read)
		}
	}
}

func TestNANPIsTheLibrarysReading(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.StringMatching(`1?[1-9][0-9]{2}[0-9]{7}`).Draw(t, "digits")
		separators := rapid.SliceOfN(rapid.SampledFrom([]string{"", "", "", "", " ", "-", ".", "(", ")", "/", "+"}), len(digits)+1, len(digits)+1).Draw(t, "separators")
		var b strings.Builder
		for i, s := range separators {
			b.WriteString(s)
			if i < len(digits) {
				b.WriteByte(digits[i])
			}
		}
		checkNANP(t, b.String(), rapid.SampledFrom([]string{"US", "CA", "", "GB", "DE", "PR"}).Draw(t, "region"))
	})
}

func FuzzNANP(f *testing.F) {
	f.Add("(807) 422-9031", "US")
	f.Add("+1 617.111.2833", "")
	f.Fuzz(func(t *testing.T, raw, region string) {
		if len(raw) < 64 && len(region) < 3 {
			checkNANP(t, raw, region)
		}
	})
}
