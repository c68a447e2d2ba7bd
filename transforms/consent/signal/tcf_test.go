package signal

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The strings of this test are published: spec, "Transparency and Consent
// String with Global Vendor & CMP List Formats"; java, the IAB's iabtcf-java,
// TCStringV2Test; gpp-es, IAB Tech Lab's iabgpp-es, TcfEuV2 tests; perl, the
// README of GDPR-IAB-TCFv2. The values are those that the sources state.
func TestPublishedTCStrings(t *testing.T) {
	const (
		bitFields = "COrEAV4OrXx94ACABBENAHCIAD-AAAAAAACAAxAAAAgAIAwgAgAAAAEAgQAAAAAEAYQAQAAAACAAAABAAA"
		longCore  = "CPi8wgAPi8wgAAOACBENCuCoAP_AAEfAACiQJHNd_H__bX9n-f7_6ft0eY1f9_r37uQzDhfNk-8F3L_W_LwX_2E7NF36tq4KmR4ku1LBIUNtHMnUDUmxaokVrzHsak2cpzNKJ_BkknsZe2dYGF9vm5tj-QKZ7_5_d3f52T_9_9v-39z33913v3d93-_13LjdV5_9H_v9fR_b8_Kf9_5-_4v8_____3_e______8AEEggCTDVuIAuxLHAm0DCKBECMKwkKoFABBQDC0QGADg4KdlYBPrCBAAgFAEYEQIcAUYEAgAAAgCQiACQIsEAAAIgEAAIAEQiEABAwCCgAsDAIAAQDQMUQoABAkIMiAiKUwICIEggJbKhBKC6Q0wgCrLACgkRsFAAiAAAUgACAsHAMESAlYsECTFG-QAjBCgFEqFaAGGgAwABBI4RABgACCRwqADAAEEjgA"
	)
	tests := []struct {
		name, text string
		want       string
	}{
		{"java base64", "COtybn4PA_zT4KjACBENAPCIAEBAAECAAIAAAAAAAAAA",
			"2020-01-26T17:01:00Z 2021-02-02T17:01:00Z cmp 675/2/1 EN list 15 policy 2 features [1] consents [2 10] interests [2 9] one true AA vendors [] li []"},
		{"java bit fields", bitFields + ".IBAgAAAgAIAwgAgAAAAEAAAACA.QAagAQAgAIAwgA",
			"vendors [23 37 47 48 53 65 98] li [37 47 48 53 65 98 129] disclosed [23 37 47 48 53 65 98 129] allowed [12 23 37 47 48 53]"},
		{"java interests as ranges", "COv__-wOv__-wC2AAAENAPCgAAAAAAAAAAAAA_wAQA_gEBABAEAAAA", "li [128]"},
		{"java two ranges", "COwBOpCOwBOpCLqAAAENAPCAAAAAAAAAAAAAFfwAYFfAV-BVkAGBVYFWAAA.IFoEUQQgAIQwgIwQABAEAAAAOIAACAIAAAAQAIAgEAACEAAAAAgAQBAAAAAAAGBAAgAAAAAAAFAAECAAAgAAQARAEQAAAAAJAAIAAgAAAYQEAAAQmAgBC3ZAYzUw", "vendors [702 703]"},
		{"java one range", "COwBOpCOwBOpCLqAAAENAPCAAAAAAAAAAAAAFfwAQFfgUbABAUaAAA", "vendors [703]"},
		{"java purposes", "COwxsONOwxsONKpAAAENAdCAAMAAAAAAAAAAAAAAAAAA", "consents [1 2]"},
		{"gpp-es defaults", "CAAAAAAAAAAAAAAAAAENAACAAAAAAAAAAAAAAAAAAAAA.QAAA.IAAA",
			"1970-01-01T00:00:00Z 1970-01-01T00:00:00Z cmp 0/0/0 EN list 0 policy 2 features [] consents [] interests [] one false AA vendors [] li [] disclosed [] allowed []"},
		{"gpp-es service specific", "CPSG_8APSG_8AAAAAAENAACgAAAAAAAAAAAAAAAAAAAA.YAAAAAAAAAAA",
			"2022-01-01T00:00:00Z 2022-01-01T00:00:00Z"},
		{"gpp-es decode 2", longCore,
			"cmp 14/2/1 EN list 174 policy 2 features [1] consents [1 2 3 4 5 6 7 8 9 10] interests [2 6 7 8 9 10] one false US"},
		{"perl", "CLcVDxRMWfGmWAVAHCENAXCkAKDAADnAABRgA5mdfCKZuYJez-NQm0TBMYA4oCAAGQYIAAAAAAEAIAEgAA.argAC0gAAAAAAAAAAAA",
			"2008-12-07T10:04:17Z 2012-01-10T17:10:13Z cmp 21/7/2 EN list 23"},
	}
	for _, tt := range tests {
		got, err := DecodeTCF(tt.text)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if line := describeTCF(got); !strings.Contains(line, tt.want) {
			t.Errorf("%s:\nread %s\nwant %s", tt.name, line, tt.want)
		}
	}
	long, err := DecodeTCF(longCore)
	if err != nil {
		t.Fatal(err)
	}
	if n, li := len(slices.Collect(long.VendorConsents.All())), len(slices.Collect(long.VendorLegitimateInterests.All())); n != 772 || li != 280 {
		t.Errorf("decode 2: %d vendors and %d interests, want 772 and 280", n, li)
	}
	perl, err := DecodeTCF(tests[9].text)
	if err != nil {
		t.Fatal(err)
	}
	if perl.Publisher == nil {
		t.Error("perl: want a publisher segment")
	}
	for _, purpose := range []int{1, 3, 9, 10} {
		if !perl.Consents.Has(purpose) {
			t.Errorf("perl: want consent for purpose %d", purpose)
		}
	}
}

// The specification's own example with all four segments sets bits behind the
// largest vendor id that its segments declare (733 of 748). Nobody can say
// whose they are, so it is refused; its core and publisher segments are sound.
func TestExampleOfTheSpecificationWithStrayBits(t *testing.T) {
	const stray = "FukWSQgAIQwgI0QEByFAAAAeIAACAIgSAAQAIAgEQACEABAAAAgAQFAEAIAAAGBAAgAAAAQAIFAAMCQAAgAAQiRAEQAAAAANAAIAAggAIYQFAAARmggBC3ZCYzU2yIA"
	const core, publisher = "COw4XqLOw4XqLAAAAAENAXCAAAAAAAAAAAAAAAAAAAAA", "YAAAAAAAAAAAAAAAAAA"
	for _, segment := range []string{"I" + stray, "Q" + stray} {
		_, err := DecodeTCF(core + "." + segment + "." + publisher)
		if e, ok := err.(*Error); !ok || e.Code != TrailingData {
			t.Errorf("%v, want %s", err, TrailingData)
		}
	}
	if _, err := DecodeTCF(core + "." + publisher); err != nil {
		t.Error(err)
	}
}

func describeTCF(t *TCString) string {
	at := func(ds int64) string {
		return time.UnixMilli(ds * 100).UTC().Truncate(time.Second).Format(time.RFC3339)
	}
	list := func(f Flags) (out []int) {
		for i := range 64 {
			if f.Has(i) {
				out = append(out, i)
			}
		}
		return out
	}
	line := fmt.Sprintf("%s %s cmp %d/%d/%d %s list %d policy %d features %v consents %v interests %v one %v %s vendors %v li %v",
		at(t.Created), at(t.LastUpdated), t.CMP, t.CMPVersion, t.Screen, t.Language, t.VendorList, t.Policy, list(t.SpecialFeatures),
		list(t.Consents), list(t.LegitimateInterests), t.PurposeOneNotDisclosed, t.PublisherCountry,
		slices.Collect(t.VendorConsents.All()), slices.Collect(t.VendorLegitimateInterests.All()))
	if t.DisclosedVendors != nil {
		line += fmt.Sprint(" disclosed ", slices.Collect(t.DisclosedVendors.All()))
	}
	if t.AllowedVendors != nil {
		line += fmt.Sprint(" allowed ", slices.Collect(t.AllowedVendors.All()))
	}
	return line
}

// anyTCF draws a valid TC string.
func anyTCF(t *rapid.T) *TCString {
	number := func(name string, bits int) int { return rapid.IntRange(0, 1<<bits-1).Draw(t, name) }
	flags := func(name string, n int) Flags {
		return Flags(rapid.Uint64Range(0, 1<<n-1).Draw(t, name)) << 1
	}
	created := rapid.Int64Range(0, disclosedFromDate+1000*day).Draw(t, "created")
	s := &TCString{
		Created: created, LastUpdated: created + rapid.Int64Range(0, 100*day).Draw(t, "later"),
		CMP: number("cmp", 12), CMPVersion: number("cmp version", 12), Screen: number("screen", 6),
		Language:   rapid.StringMatching("[A-Z]{2}").Draw(t, "language"),
		VendorList: number("list", 12), Policy: rapid.IntRange(minPolicy, maxPolicy).Draw(t, "policy"),
		ServiceSpecific: rapid.Bool().Draw(t, "specific"), NonStandardTexts: rapid.Bool().Draw(t, "texts"),
		SpecialFeatures: flags("features", 12), Consents: flags("consents", 24), LegitimateInterests: flags("interests", 24),
		PurposeOneNotDisclosed: rapid.Bool().Draw(t, "one"),
		PublisherCountry:       rapid.StringMatching("[A-Z]{2}").Draw(t, "country"),
		VendorConsents:         anyIDs(t, "vendors"), VendorLegitimateInterests: anyIDs(t, "vendor interests"),
	}
	for range rapid.IntRange(0, 3).Draw(t, "restrictions") {
		s.Restrictions = append(s.Restrictions, Restriction{
			Purpose: rapid.IntRange(1, 24).Draw(t, "purpose"), Type: RestrictionType(rapid.IntRange(0, 2).Draw(t, "type")),
			Vendors: anyIDs(t, "restricted"),
		})
	}
	if created >= disclosedFromDate || rapid.Bool().Draw(t, "disclosed") {
		ids := anyIDs(t, "disclosed")
		s.DisclosedVendors = &ids
	}
	if rapid.Bool().Draw(t, "allowed") {
		ids := anyIDs(t, "allowed")
		s.AllowedVendors = &ids
	}
	if rapid.Bool().Draw(t, "publisher") {
		n := rapid.IntRange(0, 63).Draw(t, "custom")
		s.Publisher = &PublisherTC{
			Consents: flags("publisher consents", 24), LegitimateInterests: flags("publisher interests", 24),
			CustomPurposes: n, CustomConsents: flags("custom consents", n), CustomLegitimateInterests: flags("custom interests", n),
		}
	}
	return s
}

// anyIDs draws ascending ranges that do not touch: the form in which both
// encodings give a set back.
func anyIDs(t *rapid.T, name string) IDs {
	var set IDs
	next := 1
	for range rapid.IntRange(0, 4).Draw(t, name) {
		first := next + rapid.IntRange(0, 500).Draw(t, "gap")
		last := first + rapid.IntRange(0, 20).Draw(t, "length")
		set = append(set, Range{first, last})
		next = last + 2
	}
	return set
}

func TestTCStringsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyTCF(t)
		text := encodeTCF(want, rapid.Bool().Draw(t, "ranges"))
		got, err := DecodeTCF(text)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%s\nread %+v\nwant %+v", text, got, want)
		}
	})
}

// validTCF is a plain string to damage.
func validTCF() *TCString {
	disclosed := IDs{{1, 9}}
	return &TCString{
		Created: disclosedFromDate, LastUpdated: disclosedFromDate, Language: "EN", Policy: maxPolicy, ServiceSpecific: true,
		PublisherCountry: "DE", Consents: 1<<1 | 1<<7 | 1<<24, VendorConsents: IDs{{3, 4}}, DisclosedVendors: &disclosed,
		Restrictions: []Restriction{{7, NotAllowed, IDs{{4, 4}}}},
	}
}

func TestDamagedTCStringsAreRefused(t *testing.T) {
	with := func(change func(*TCString)) string {
		s := validTCF()
		change(s)
		return encodeTCF(s, true)
	}
	good := with(func(*TCString) {})
	core, disclosed, _ := strings.Cut(good, ".")
	if _, err := DecodeTCF(good); err != nil {
		t.Fatal(err)
	}
	beyond := &writer{} // disclosed vendors 3 to 6, of at most 5
	beyond.uint(segmentDisclosed, 3)
	beyond.uint(5, 16)
	beyond.bool(true)
	beyond.ranges(IDs{{3, 6}})
	tests := []struct {
		name, text string
		code       Code
	}{
		{"range beyond the largest vendor", core + "." + beyond.base64(), BadValue},
		{"TCF 1", "B" + good[1:], BadVersion},
		{"version 3", "D" + good[1:], BadVersion},
		{"padding", good + "=", BadBase64},
		{"ordinary base64", strings.Replace(good, "A", "+", 1), BadBase64},
		{"space inside", core + " ." + disclosed, BadBase64},
		{"cut core", core[:len(core)-1], Truncated},
		{"half a core", core[:20], Truncated},
		{"cut segment", good[:len(good)-1], Truncated},
		{"empty segment", good + ".", Truncated},
		{"something after the core", core + "B." + disclosed, TrailingData},
		{"something after a segment", good + "B", TrailingData},
		{"repeated segment", good + "." + disclosed, BadSegment},
		{"segment of type 0", good + ".AAAA", BadSegment},
		{"segment of type 7", good + ".4AAA", BadSegment},
		{"disclosed vendors missing", core, MissingSegment},
		{"policy of TCF 1", with(func(s *TCString) { s.Policy = 1 }), BadVersion},
		{"policy of the future", with(func(s *TCString) { s.Policy = 6 }), BadVersion},
		{"updated before it was created", with(func(s *TCString) { s.LastUpdated-- }), BadValue},
		{"country that is no letters", with(func(s *TCString) { s.PublisherCountry = "\x5b\x5c" }), BadValue},
		{"restriction of type 3", with(func(s *TCString) { s.Restrictions[0].Type = 3 }), BadValue},
		{"restriction of purpose 0", with(func(s *TCString) { s.Restrictions[0].Purpose = 0 }), BadValue},
		{"vendor 0", with(func(s *TCString) { s.VendorConsents = IDs{{0, 4}} }), BadValue},
		{"range that goes down", with(func(s *TCString) { s.VendorConsents = IDs{{4, 3}} }), BadValue},
		{"bit field longer than the text", strings.TrimRight(encodeTCF(&TCString{Policy: 2, Language: "EN", PublisherCountry: "DE"}, false), "A") + "__", Truncated},
	}
	for _, tt := range tests {
		got, err := DecodeTCF(tt.text)
		var code Code
		if e, ok := err.(*Error); ok {
			code = e.Code
		}
		if got != nil || code != tt.code {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.code)
		}
		if said, err := Read(TCF, tt.text); err == nil || said != nil {
			t.Errorf("%s: states %v, error %v", tt.name, said, err)
		}
	}
}
