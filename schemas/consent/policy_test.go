package consent

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func rule(t *testing.T, p *Policy, iso, purpose string) Rule {
	t.Helper()
	c, ch, _, err := p.Registry().Resolve(purpose)
	if err != nil {
		t.Fatal(err)
	}
	return p.Strictest(p.Jurisdiction(iso), c, ch)
}

// What the table says of the places that it was written for, by hand.
func TestDefaultPolicyByHand(t *testing.T) {
	tests := []struct {
		iso, purpose string
		regime       Regime
		revocation   Scope
	}{
		{"FR", "marketing.communications.email", SoftOptIn, AnchorScope},
		{"FR", "marketing.communications.whatsapp", OptIn, AnchorScope},
		{"FR", "marketing.communications.postal", OptOut, AnchorScope},
		{"FR", "personalize.recommendations", OptIn, AnchorScope},
		{"DE", "marketing.communications.email", DoubleOptIn, AnchorScope},
		{"DE", "marketing.communications.postal", OptOut, AnchorScope},
		{"GB", "marketing.communications.phone", OptOut, AnchorScope},
		{"UK", "marketing.communications.email", SoftOptIn, AnchorScope},
		{"CA", "marketing.communications.email", SoftOptIn, AnchorScope},
		{"CA-QC", "analytics", OptIn, AnchorScope},
		{"US", "third_party_sharing", OptOut, PersonScope},
		{"us-ca", "marketing.advertising.third_party.targeted", OptOut, PersonScope},
		{"US-PR", "personalize", OptOut, PersonScope}, // not listed: as a state that is not known
		{"US-NY", "personalize", OptOut, AnchorScope},
		{"US-NY", "marketing.communications.sms", OptIn, AnchorScope},
		{"JP", "marketing.communications.email", DoubleOptIn, AnchorScope},
		{"", "analytics", OptIn, PersonScope},
	}
	p := DefaultPolicy()
	for _, tt := range tests {
		if r := rule(t, p, tt.iso, tt.purpose); r.Regime != tt.regime || r.Revocation != tt.revocation {
			t.Errorf("%s %s: %v, revocation %v; want %v, %v", tt.iso, tt.purpose, r.Regime, r.Revocation, tt.regime, tt.revocation)
		}
	}
	if r := rule(t, p, "FR", "analytics.reporting"); r.Refresh != 730*microsecondsPerDay || !r.Allows(BasisLegitimateInterests) || r.Allows(BasisContract) {
		t.Errorf("France, reports: %+v", r)
	}
	if r := rule(t, p, "CA", "marketing.communications.email"); r.Refresh != Forever || r.SoftRefresh != 730*microsecondsPerDay {
		t.Errorf("Canada, e-mail: %+v", r)
	}
}

// Every row names its source.
func TestPolicyRowsAreSourced(t *testing.T) {
	for _, row := range DefaultPolicy().Rows() {
		if len(row.Source) < 8 {
			t.Errorf("%s %s %s: source %q", row.Jurisdiction, row.Purpose, row.Channel, row.Source)
		}
	}
}

func TestAssume(t *testing.T) {
	p, err := DefaultPolicy().Assume("eu-gdpr")
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Codes(p.Jurisdiction("")); len(got) != 1 || got[0] != "EU" {
		t.Errorf("assumed %v", got)
	}
	if got := DefaultPolicy().Codes(DefaultPolicy().Jurisdiction("")); got[0] != DefaultJurisdiction {
		t.Error("assuming changed the table it came from")
	}
	if _, err := p.Assume("eu"); err == nil || !strings.Contains(err.Error(), "eu-gdpr") {
		t.Errorf("got %v", err)
	}
	if p.Strictest(0, 0, AnyChannel) != p.Strictest(p.Jurisdiction(""), 0, AnyChannel) {
		t.Error("an empty set must be asked as the assumed jurisdiction")
	}
}

func TestMinority(t *testing.T) {
	p := DefaultPolicy()
	at := func(s string) int64 {
		when, err := time.Parse("2006-01-02", s)
		if err != nil {
			t.Fatal(err)
		}
		return when.UnixMicro()
	}
	us, fr := p.Jurisdiction("US-CA"), p.Jurisdiction("FR")
	tests := []struct {
		set  JurisdictionSet
		asOf string
		want Minority
	}{
		{us, "2023-06-14", Child}, // turns 13 on the 15th
		{us, "2023-06-15", Minor},
		{us, "2026-06-14", Minor},
		{us, "2026-06-15", Adult},
		{fr, "2025-06-14", Child},
		{fr, "2025-06-15", Adult},
		{us | fr, "2025-06-15", Minor},
		{p.Jurisdiction(""), "2026-06-15", Minor},
	}
	for _, tt := range tests {
		if got := p.Minority(tt.set, 2010, time.June, 15, at(tt.asOf)); got != tt.want {
			t.Errorf("%v at %s: %v, want %v", p.Codes(tt.set), tt.asOf, got, tt.want)
		}
	}
}

// More jurisdictions are never laxer, in any respect.
func TestStrictestIsMonotone(t *testing.T) {
	p := DefaultPolicy()
	all := JurisdictionSet(1)<<len(p.Jurisdictions()) - 1
	rapid.Check(t, func(t *rapid.T) {
		a := JurisdictionSet(rapid.Uint64Range(1, uint64(all)).Draw(t, "a"))
		b := a | JurisdictionSet(rapid.Uint64Range(0, uint64(all)).Draw(t, "more"))
		c := PurposeCode(rapid.IntRange(0, len(p.Registry().Purposes())-1).Draw(t, "purpose"))
		ch := Channel(rapid.IntRange(0, int(NumChannels)-1).Draw(t, "channel"))
		x, y := p.Strictest(a, c, ch), p.Strictest(b, c, ch)
		if y.Regime < x.Regime || y.Refresh > x.Refresh || y.SoftRefresh > x.SoftRefresh || y.Revocation < x.Revocation || y.Bases&^x.Bases != 0 {
			t.Fatalf("%v: %+v\n%v: %+v", p.Codes(a), x, p.Codes(b), y)
		}
		born := rapid.IntRange(2000, 2026).Draw(t, "born")
		asOf := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
		if p.Minority(b, born, time.March, 1, asOf) < p.Minority(a, born, time.March, 1, asOf) {
			t.Fatal("a jurisdiction made somebody older")
		}
	})
}

func TestLoadPolicyIsStrict(t *testing.T) {
	edits := map[string][2]string{
		"unknown key":          {`"refresh_days": 365`, `"refresh": 365`},
		"unknown purpose":      {`"purpose": "personalize"`, `"purpose": "personalise"`},
		"unknown channel":      {`"channel": "postal"`, `"channel": "post"`},
		"unknown regime":       {`"regime": "double_opt_in"`, `"regime": "opt-in"`},
		"unknown scope":        {`"revocation_scope": "person"`, `"revocation_scope": "family"`},
		"unknown basis":        {`"other_bases": ["legal_obligation"]`, `"other_bases": ["law"]`},
		"consent is no other":  {`"other_bases": ["legal_obligation"]`, `"other_bases": ["consent"]`},
		"no source":            {`"source": "CASL s. 6(1)(a)"`, `"source": ""`},
		"unknown jurisdiction": {`{"jurisdiction": "GB", "purpose": "analytics"`, `{"jurisdiction": "XX", "purpose": "analytics"`},
		"repeated rule":        {`{"jurisdiction": "GB", "purpose": "analytics"`, `{"jurisdiction": "GB", "purpose": "marketing"`},
		"no root rule":         {`{"jurisdiction": "GB", "purpose": "*"`, `{"jurisdiction": "GB", "purpose": "sales"`},
		"extends below":        {`"extends": "EU"`, `"extends": "US"`},
		"shared member":        {`"members": ["ES"]`, `"members": ["DE"]`},
		"ages swapped":         {`"minor_age": 18, "guardian_age": 16`, `"minor_age": 12, "guardian_age": 16`},
		"profile of nowhere":   {`"eu-gdpr": "EU"`, `"eu-gdpr": "EEC"`},
		"no strict default":    {`"code": "*"`, `"code": "Z"`},
		"no version":           {`"version": "2026.2"`, `"version": ""`},
	}
	for name, e := range edits {
		if !bytes.Contains(policyData, []byte(e[0])) {
			t.Fatalf("%s: the table no longer holds %s", name, e[0])
		}
		if _, err := LoadPolicy(bytes.Replace(policyData, []byte(e[0]), []byte(e[1]), 1), DefaultRegistry()); err == nil {
			t.Errorf("%s: was accepted", name)
		}
	}
	if _, err := LoadPolicy(append(bytes.Clone(policyData), '1'), DefaultRegistry()); err == nil {
		t.Error("something after the end was accepted")
	}
}
