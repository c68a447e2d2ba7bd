package signal

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	schema "concord/schemas/consent"
)

// states lists statements as "purpose state", for comparing.
func states(said []Statement) string {
	var lines []string
	for _, s := range said {
		lines = append(lines, s.Purpose+" "+s.State.String())
	}
	return strings.Join(lines, ", ")
}

func mustRead(t testing.TB, r Reader, kind Kind, text string) []Statement {
	t.Helper()
	said, err := r.Read(kind, text)
	if err != nil {
		t.Fatalf("%s: %v", kind, err)
	}
	return said
}

func stateOf(said []Statement, purpose string) string {
	for _, s := range said {
		if s.Purpose == purpose {
			return s.State.String()
		}
	}
	return "silent"
}

// iabgpp-es, TcfEuV2 "decode 2": purposes 1 to 10 consented, TCF 2.0.
const allConsented = "CPi8wgAPi8wgAAOACBENCuCoAP_AAEfAACiQAAAAAAAAAAAA"

func TestTCFStates(t *testing.T) {
	base := func(change func(*TCString)) string {
		s := validTCF()
		if change != nil {
			change(s)
		}
		return encodeTCF(s, false)
	}
	const (
		storage   = "functional.storage"                           // purpose 1
		adReports = "analytics.reporting.ad_performance"           // purpose 7
		insights  = "analytics.reporting.campaign_insights"        // purpose 9
		limited   = "personalize.content.limited"                  // purpose 11
		messages  = "marketing.communications"                     // no TCF purpose
		security  = "essential.service.security"                   // a special purpose: nobody is asked
		thirdAds  = "marketing.advertising.third_party.targeted"   // purpose 4
		firstAds  = "marketing.advertising.first_party.targeted"   // purpose 4
		capping   = "marketing.advertising.frequency_capping"      // purpose 2
		context   = "marketing.advertising.first_party.contextual" // purpose 2
	)
	tests := []struct {
		name    string
		reader  Reader
		text    string
		purpose string
		want    string
	}{
		{"a bit set is a grant", Reader{}, base(nil), storage, "given"},
		{"a bit not set is a refusal", Reader{}, base(nil), insights, "refused"},
		{"a purpose that TCF does not know", Reader{}, base(nil), messages, "silent"},
		{"a special purpose", Reader{}, base(nil), security, "silent"},
		{"one TCF purpose, two of the registry", Reader{}, base(func(s *TCString) { s.Consents = 1 << 4 }), thirdAds, "given"},
		{"one TCF purpose, two of the registry", Reader{}, base(func(s *TCString) { s.Consents = 1 << 4 }), firstAds, "given"},
		{"purpose 2 stands for contextual", Reader{}, base(func(s *TCString) { s.Consents = 1 << 2 }), context, "given"},
		{"purpose 2 stands for capping", Reader{}, base(func(s *TCString) { s.Consents = 1 << 4 }), capping, "refused"},
		{"a bit of no purpose means nothing", Reader{}, base(func(s *TCString) { s.Consents = 1 << 24 }), storage, "refused"},
		{"legitimate interest is no consent", Reader{}, base(func(s *TCString) { s.LegitimateInterests = 1 << 9 }), insights, "refused"},
		{"purpose 1 was not disclosed", Reader{}, base(func(s *TCString) { s.PurposeOneNotDisclosed = true }), storage, "silent"},
		{"purpose 11 in TCF 2.2", Reader{}, base(func(s *TCString) { s.Policy = 4 }), limited, "refused"},
		{"purpose 11 before TCF 2.2", Reader{}, base(func(s *TCString) { s.Policy = 2 }), limited, "silent"},
		{"purpose 11 set before TCF 2.2", Reader{}, base(func(s *TCString) { s.Policy = 3; s.Consents = 1 << 11 }), limited, "silent"},

		{"a publisher that did not get it", Reader{}, base(func(s *TCString) { s.Publisher = &PublisherTC{Consents: 1 << 7} }), storage, "refused"},
		{"a publisher that got it", Reader{}, base(func(s *TCString) { s.Publisher = &PublisherTC{Consents: 1 << 1} }), storage, "given"},
		{"a publisher that got it alone", Reader{}, base(func(s *TCString) { s.Consents = 0; s.Publisher = &PublisherTC{Consents: 1 << 1} }), storage, "refused"},
		{"an empty publisher segment", Reader{}, base(func(s *TCString) { s.Publisher = &PublisherTC{} }), storage, "refused"},
		{"an empty publisher segment, ignored", Reader{IgnorePublisherTC: true}, base(func(s *TCString) { s.Publisher = &PublisherTC{} }), storage, "given"},

		{"a vendor with consent", Reader{Vendor: 3}, base(nil), adReports, "given"},
		{"a vendor without consent", Reader{Vendor: 5}, base(nil), adReports, "refused"},
		{"a vendor without the purpose", Reader{Vendor: 3}, base(nil), insights, "refused"},
		{"a vendor whom the publisher forbids it", Reader{Vendor: 4}, base(nil), adReports, "refused"},
		{"that restriction is of one purpose", Reader{Vendor: 4}, base(nil), storage, "given"},
		{"a vendor told to claim an interest", Reader{Vendor: 4}, base(func(s *TCString) { s.Restrictions[0].Type = RequireLegitimateInterest }), adReports, "refused"},
		{"a vendor told to ask for consent", Reader{Vendor: 4}, base(func(s *TCString) { s.Restrictions[0].Type = RequireConsent }), adReports, "given"},
		{"a vendor that was not disclosed", Reader{Vendor: 3}, base(func(s *TCString) { s.DisclosedVendors = &IDs{{7, 8}} }), adReports, "refused"},
		{"a vendor reads no publisher segment", Reader{Vendor: 3}, base(func(s *TCString) { s.Publisher = &PublisherTC{} }), adReports, "given"},
	}
	for _, tt := range tests {
		if got := stateOf(mustRead(t, tt.reader, TCF, tt.text), tt.purpose); got != tt.want {
			t.Errorf("%s: %s is %s, want %s", tt.name, tt.purpose, got, tt.want)
		}
	}
}

func TestTCFTimesAndPlaces(t *testing.T) {
	const midnight = disclosedFromDate
	tests := []struct {
		name    string
		updated int64
		country string
		lo, hi  int64
		place   string
	}{
		{"rounded to the day", midnight, "DE", midnight * 100_000, (midnight+864_000)*100_000 - 1, "DE"},
		{"a tenth of a second", midnight + 1, "FR", (midnight + 1) * 100_000, (midnight+2)*100_000 - 1, "FR"},
		{"no country", midnight, "AA", midnight * 100_000, (midnight+864_000)*100_000 - 1, ""},
	}
	for _, tt := range tests {
		s := validTCF()
		s.LastUpdated, s.PublisherCountry = tt.updated, tt.country
		said := mustRead(t, Reader{}, TCF, encodeTCF(s, true))
		for _, x := range said {
			if x.Time != (schema.Interval{Lo: tt.lo, Hi: tt.hi}) || x.Jurisdiction != tt.place || x.Method != "tcf" || x.Scope != schema.AnchorScope {
				t.Errorf("%s: %+v", tt.name, x)
			}
		}
		e := said[0].Event(schema.Anchor{Kind: schema.Device, Hash: [32]byte{1}}, "Northwind", "", schema.Interval{Lo: 5, Hi: 6})
		if e.Time != said[0].Time {
			t.Errorf("%s: the string's own time must win", tt.name)
		}
	}
	if said, err := Read(TCF, "CAAAAAAAAAAAAAAAAAENAACAAAAAAAAAAAAAAAAAAAAA"); err == nil || said != nil {
		t.Errorf("a string without a time states %v", said)
	}
}

func TestOptOuts(t *testing.T) {
	const (
		sale    = "third_party_sharing objected"
		sharing = "marketing.advertising.third_party.targeted objected, third_party_sharing objected"
		all     = "marketing.advertising.first_party.targeted objected, marketing.advertising.profiling objected, " +
			"marketing.advertising.third_party.targeted objected, third_party_sharing objected"
		advertising = "marketing.advertising.first_party.targeted objected, marketing.advertising.profiling objected, " +
			"marketing.advertising.third_party.targeted objected"
	)
	us := func(id int, values map[string]int, gpc bool) string {
		for _, l := range usLayouts {
			if l.id != id {
				continue
			}
			s := &USSection{Version: 1, GPC: gpc}
			for _, f := range l.list {
				field := USField{f.name, make([]int, f.count)}
				field.Values[0] = values[f.name]
				s.Fields = append(s.Fields, field)
			}
			return encodeGPP([]Section{{id, encodeUS(s, l.gpc)}})
		}
		panic("no such section")
	}
	opt := func(f string, v int) map[string]int { return map[string]int{f: v} }
	tests := []struct {
		name  string
		kind  Kind
		text  string
		want  string
		place string
	}{
		{"GPC header", GPC, "1", all, ""},
		{"GPC property", GPC, " True ", all, ""},
		{"no GPC", GPC, "0", "", ""},
		{"no GPC property", GPC, "false", "", ""},
		{"nothing", GPC, "", "", ""},
		{"nothing", TCF, " ", "", ""},
		{"nothing", GPP, "", "", ""},
		{"nothing", USPrivacy, "", "", ""},
		{"opted out of sale", USPrivacy, "1YYN", sharing, "US-CA"},
		{"notice unknown", USPrivacy, "1-Y-", sharing, "US-CA"},
		{"did not opt out", USPrivacy, "1YNN", "", ""},
		{"the law does not apply", USPrivacy, "1---", "", ""},
		{"US Privacy in GPP", GPP, encodeGPP([]Section{{6, "1NYY"}}), sharing, "US-CA"},
		{"no section", GPP, "DBAA", "", ""},
		{"national sale", GPP, us(7, opt("SaleOptOut", 1), false), sale, "US"},
		{"national sharing", GPP, us(7, opt("SharingOptOut", 1), false), sharing, "US"},
		{"national advertising", GPP, us(7, opt("TargetedAdvertisingOptOut", 1), false), advertising, "US"},
		{"national GPC", GPP, us(7, nil, true), all, "US"},
		{"did not opt out is no consent", GPP, us(7, opt("SaleOptOut", 2), false), "", ""},
		{"a notice is no opt-out", GPP, us(7, opt("SaleOptOutNotice", 1), false), "", ""},
		{"California sharing", GPP, us(8, opt("SharingOptOut", 1), false), sharing, "US-CA"},
		{"Virginia advertising", GPP, us(9, opt("TargetedAdvertisingOptOut", 1), false), advertising, "US-VA"},
		{"Colorado GPC", GPP, us(10, nil, true), all, "US-CO"},
		{"Tennessee sale", GPP, us(22, opt("SaleOptOut", 1), false), sale, "US-TN"},
	}
	for _, tt := range tests {
		said := mustRead(t, Reader{}, tt.kind, tt.text)
		if got := states(said); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		for _, s := range said {
			if s.Scope != schema.PersonScope || s.Jurisdiction != tt.place || s.Time != (schema.Interval{}) || s.Channel != schema.AnyChannel {
				t.Errorf("%s: %+v", tt.name, s)
			}
		}
	}
}

func TestSectionsSpeakInOrder(t *testing.T) {
	said := mustRead(t, Reader{}, GPP, encodeGPP([]Section{{2, allConsented}, {6, "1YYN"}}))
	if first := said[0]; first.Method != "tcf" || first.State != schema.Given {
		t.Errorf("first %+v", first)
	}
	if last := said[len(said)-1]; last.Method != "us_privacy" || last.State != schema.Objected {
		t.Errorf("last %+v", last)
	}
}

func TestDamagedSignalsAreRefused(t *testing.T) {
	tests := []struct {
		kind Kind
		text string
		code Code
	}{
		{GPC, "2", BadValue}, {GPC, "yes", BadValue}, {GPC, "1;", BadValue},
		{USPrivacy, "1YN", Truncated}, {USPrivacy, "1YNNN", TrailingData}, {USPrivacy, "2YNN", BadVersion},
		{USPrivacy, "1yyn", BadValue}, {USPrivacy, "1Y-N", BadValue}, {USPrivacy, "1YN?", BadValue},
		{"cookie", "1", UnknownKind}, {"cookie", "", UnknownKind},
		{TCF, strings.Repeat("A", maxLength+1), TooLong},
	}
	for _, tt := range tests {
		said, err := Read(tt.kind, tt.text)
		if e, ok := err.(*Error); !ok || e.Code != tt.code || said != nil {
			t.Errorf("%s %.10q: states %v, error %v, want %s", tt.kind, tt.text, said, err, tt.code)
		}
	}
}

// Every statement becomes an event that the schema accepts, on a device and
// with the row's time where the signal has none.
func TestStatementsBecomeEvents(t *testing.T) {
	reg := schema.DefaultRegistry()
	device := schema.Anchor{Kind: schema.Device, Hash: [32]byte{7}}
	when := schema.Interval{Lo: 1_700_000_000_000_000, Hi: 1_700_000_000_999_999}
	for kind, text := range map[Kind]string{TCF: allConsented, GPC: "1", USPrivacy: "1YYN", GPP: encodeGPP([]Section{{8, "BVWSSSVY.YA"}})} {
		said := mustRead(t, Reader{}, kind, text)
		if len(said) == 0 {
			t.Errorf("%s states nothing", kind)
		}
		for _, s := range said {
			e := s.Event(device, "Northwind", "north", when)
			if err := e.Validate(reg); err != nil {
				t.Errorf("%s: %v", kind, err)
			}
			if kind != TCF && e.Time != when {
				t.Errorf("%s: time %v, want the row's", kind, e.Time)
			}
		}
	}
}

// A consent bit more never turns a permission into a denial, and a bit less
// never turns a denial into a permission.
func TestGrantsFollowTheBits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyTCF(t)
		s.LastUpdated = max(s.LastUpdated, 1)
		r := Reader{Vendor: rapid.IntRange(0, 3).Draw(t, "vendor"), IgnorePublisherTC: rapid.Bool().Draw(t, "ignore")}
		before, err := r.Read(TCF, encodeTCF(s, true))
		if err != nil {
			t.Fatal(err)
		}
		s.Consents &^= Flags(rapid.Uint64Range(0, 1<<25-1).Draw(t, "taken"))
		after, err := r.Read(TCF, encodeTCF(s, true))
		if err != nil || len(after) != len(before) {
			t.Fatalf("%d statements became %d, %v", len(before), len(after), err)
		}
		for i := range after {
			if after[i].State == schema.Given && before[i].State != schema.Given {
				t.Fatalf("taking consent away gave %s", after[i].Purpose)
			}
		}
	})
}

// codes are all that an error may carry.
var codes = []Code{
	UnknownKind, BadBase64, Truncated, TrailingData, TooLong, BadVersion, BadValue,
	BadSections, UnknownSection, BadSegment, MissingSegment,
}

// FuzzRead: whatever the bytes, no panic; statements, or an error of a known
// code that repeats nothing of the text, never both; and a grant comes from a
// TC string alone.
func FuzzRead(f *testing.F) {
	for _, kind := range []int{0, 1, 2, 3} {
		f.Add(kind, allConsented)
		f.Add(kind, "DBACNYA~"+allConsented+"~1YYN")
		f.Add(kind, encodeGPP([]Section{{7, "BVVVkkkkkpFY.YA"}}))
		f.Add(kind, "1YNN")
		f.Add(kind, "1")
		f.Add(kind, encodeTCF(validTCF(), true))
	}
	f.Fuzz(func(t *testing.T, kind int, text string) {
		k := Kinds()[(kind%4+4)%4]
		said, err := Read(k, text)
		if err != nil {
			e, ok := err.(*Error)
			if said != nil || !ok || e.Kind != k || !slices.Contains(codes, e.Code) {
				t.Fatalf("states %v, error %v", said, err)
			}
			if len(text) > 12 && strings.Contains(err.Error(), text) {
				t.Fatal("the error repeats the signal")
			}
			return
		}
		for _, s := range said {
			grant := s.State == schema.Given
			if grant && s.Method != "tcf" || !grant && !s.State.Denies() {
				t.Fatalf("%s states %+v", k, s)
			}
		}
	})
}

// FuzzRoundTrip: a TC string that is read says the same when its values are
// encoded anew, whatever vendor encoding and padding it had.
func FuzzRoundTrip(f *testing.F) {
	f.Add(allConsented)
	f.Add(encodeTCF(validTCF(), false))
	f.Fuzz(func(t *testing.T, text string) {
		first, err := DecodeTCF(text)
		if err != nil {
			return
		}
		again, err := DecodeTCF(encodeTCF(first, true))
		if err != nil {
			t.Fatalf("not read again: %v", err)
		}
		if a, b := fmt.Sprintf("%+v", summary(first)), fmt.Sprintf("%+v", summary(again)); a != b {
			t.Fatalf("read %s\nand again %s", a, b)
		}
	})
}

// summary is a string's content without pointers.
func summary(s *TCString) []any {
	plain := *s
	out := []any{}
	for _, ids := range []*IDs{s.DisclosedVendors, s.AllowedVendors} {
		if ids != nil {
			out = append(out, *ids)
		}
	}
	if s.Publisher != nil {
		out = append(out, *s.Publisher)
	}
	plain.DisclosedVendors, plain.AllowedVendors, plain.Publisher = nil, nil, nil
	return append(out, plain)
}

func BenchmarkRead(b *testing.B) {
	for _, bench := range []struct {
		kind Kind
		text string
	}{
		{TCF, encodeTCF(validTCF(), false)},
		{GPP, encodeGPP([]Section{{2, allConsented}, {7, "BVVVkkkkkpFY.YA"}, {8, "BVWSSSVY.YA"}})},
		{USPrivacy, "1YYN"},
		{GPC, "1"},
	} {
		b.Run(string(bench.kind), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Read(bench.kind, bench.text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The page names every kind, code and US section.
func TestDocumentationNamesEveryKindAndCode(t *testing.T) {
	page, err := os.ReadFile("../../../schemas/docs/consent-sources.md")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, k := range Kinds() {
		names = append(names, string(k))
	}
	for _, c := range codes {
		names = append(names, string(c))
	}
	for _, name := range names {
		if !strings.Contains(string(page), "| `"+name+"` |") {
			t.Errorf("the page does not explain %q", name)
		}
	}
}
