package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"concord/jobs/pipeline"
)

const exportFixtures = "../../transforms/consent/mapping/testdata/"

// exportJob publishes for every purpose that the fixtures speak of.
const exportJob = `job: exports
store: .
output: out
controller: Northwind
consent: {policy: eu-gdpr}
gates: {quarantine: 100%, unmatched_accounts: 100%}
channels:
  crm:
    read: crm.csv
    key: id
    brand: north
    fields: {first: given_name, email: email, phone: phone, device: device_id, country: country}
  export: {kind: consent, read: export.jsonl, mapping: MAPPING, purposes: PURPOSES, source: crm, brand: north}
snapshots:
  mail: {purpose: marketing.communications, channel: email, columns: [country]}
  texts: {purpose: marketing.communications, channel: sms, columns: [country]}
  calls: {purpose: marketing.communications, channel: phone, columns: [country]}
  ads: {purpose: marketing.advertising, columns: [country]}
  count: {purpose: analytics, columns: [country]}
  report: {purpose: analytics.reporting, columns: [country]}
  content: {purpose: personalize.content, columns: [country]}
  profiling: {purpose: personalize.content.profiling, columns: [country]}
  share: {purpose: third_party_sharing, columns: [country]}
`

// contactable makes contact points of the fixtures' placeholders.
var contactable = strings.NewReplacer("@example.org", "@post.alt", "+491510000000", "+491517654321", `"v-`, `"visitor-000`)

// exportPeople hold the contact points of the fixtures, one each.
var exportPeople = []string{
	"p1,Ann,ann@post.alt,+4915176543211,ecid-1,FR", "p2,Bob,bob@post.alt,,,FR", "p3,Cy,cy@post.alt,+4915176543212,,FR",
	"p4,Di,di@post.alt,,,FR", "p5,Eve,eve@post.alt,,,FR", "u-1,Fay,,,dev-1,FR", "u-2,Gus,,,dev-2,FR", "u-4,Hal,,,dev-4,FR",
	"c-1,Ivy,,,,FR", "v-1,Jo,,,visitor-0001,FR",
}

// The fixture of every mapping, through a whole run: a statement that names
// nobody refuses it, and says where; without that row each snapshot holds whom
// the export permits, and the quarantine what could not be read.
func TestExportsRun(t *testing.T) {
	for name, c := range map[string]struct {
		purposes string
		nobody   int    // row of the fixture that names nobody, 0 for none
		reaches  string // snapshot ─► people
		aside    string // codes of the rows in quarantine
	}{
		"adobe_xdm": {purposes: "{}",
			reaches: "content: Ann\nmail: Ann", aside: "consent_missing consent_unreadable"},
		"mparticle": {purposes: "{newsletter: marketing.communications.email, Performance: analytics.reporting}", nobody: 5,
			reaches: "mail: Ann", aside: "consent_missing consent_unreadable"},
		"onetrust": {purposes: "{news: marketing.communications.email, texts: marketing.communications.sms, profiling: personalize.content.profiling, reports: analytics.reporting}", nobody: 5,
			reaches: "mail: Ann", aside: "consent_missing consent_unreadable"},
		"salesforce_contact_point_consent": {purposes: "{Newsletter: marketing.communications}", nobody: 9,
			reaches: "mail: Ann", aside: "consent_missing consent_missing consent_missing consent_unreadable consent_unreadable"},
		"segment": {purposes: "{Advertising: marketing.advertising, Analytics: analytics, Data.Sharing: third_party_sharing}", nobody: 5,
			reaches: "ads: Fay\nshare: Fay", aside: "consent_missing consent_unreadable"},
		"unomi": {purposes: "{shop/newsletter: marketing.communications.email, shop/tracking: analytics}",
			reaches: "count: Ann Jo\nmail: Ann", aside: "consent_contradicts consent_unreadable"},
	} {
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile(filepath.FromSlash(exportFixtures + name + ".jsonl"))
			if err != nil {
				t.Fatal(err)
			}
			text := contactable.Replace(string(raw)) // example.org and rows of noughts are nobody's
			files := map[string]string{
				"job.yaml":     strings.NewReplacer("MAPPING", name, "PURPOSES", c.purposes).Replace(exportJob),
				"crm.csv":      "id,first,email,phone,device,country\n" + strings.Join(exportPeople, "\n") + "\n",
				"export.jsonl": text,
			}
			if c.nobody > 0 {
				_, err := pipeline.Run(context.Background(), newSource(t, files).config)
				want := fmt.Sprintf(`the first in channel "export" object "export.jsonl" row %d `, c.nobody)
				if !errors.Is(err, pipeline.ErrRefused) || !strings.Contains(err.Error(), want) {
					t.Errorf("got %v, want a refusal that names %s", err, want)
				}
				lines := strings.SplitAfter(text, "\n")
				files["export.jsonl"] = strings.Join(slices.Delete(lines, c.nobody-1, c.nobody), "")
			}
			s := newSource(t, files)
			s.run()
			if got := s.reached(); got != c.reaches {
				t.Errorf("reaches\n%s\nwant\n%s", got, c.reaches)
			}
			if got := strings.Join(s.column("quarantine", "", "code"), " "); got != c.aside {
				t.Errorf("in quarantine %q, want %q", got, c.aside)
			}
		})
	}
}

// An identity that cannot be read is nobody's, and yet its row may deny: whoever
// the row names otherwise is held, and the run goes on.
func TestARowThatNamesSomebodyIsNotNobodys(t *testing.T) {
	identities := func(list string) string {
		return `{"mpid":"101","user_identities":[` + list + `],"consent_state":{"ccpa":{"data_sale_opt_out":{"consented":true,"timestamp_unixtime_ms":1767607200000}}}}` + "\n"
	}
	const phone = `{"identity_type":"mobile_number","identity":"none"}`
	s := newSource(t, map[string]string{
		"job.yaml": strings.NewReplacer("MAPPING", "mparticle", "PURPOSES", "{}").Replace(exportJob),
		"crm.csv":  "id,first,email,phone,device,country\np1,Ann,ann@post.alt,,,US\np2,Bob,bob@post.alt,,,US\n",
		"export.jsonl": identities(`{"identity_type":"email","identity":"ann@post.alt"},`+phone) +
			`{"mpid":"102","user_identities":[{"identity_type":"email","identity":"bob@post.alt"}],"consent_state":{"ccpa":{"data_sale_opt_out":{"consented":false,"timestamp_unixtime_ms":1767607200000}}}}` + "\n",
	})
	s.run()
	for _, line := range []string{"mail: Bob", "share: Bob"} { // her address is held, and she objected to sale
		if got := s.reached(); !slices.Contains(strings.Split(got, "\n"), line) {
			t.Errorf("reaches\n%s\nwithout the line %q", got, line)
		}
	}
	if got := strings.Join(s.column("consent_limits", "", "row"), " "); !strings.HasPrefix(got, "1") {
		t.Errorf("rows that hold: %q", got)
	}
}

// reached is who may be used by each snapshot, a line each.
func (s *source) reached() string {
	s.t.Helper()
	names := map[string]string{} // by golden id
	for _, row := range s.rows("memberships", "") {
		i := slices.IndexFunc(exportPeople, func(p string) bool { return strings.HasPrefix(p, row["record_key"]+",") })
		names[row["golden_id"]] = strings.Split(exportPeople[i], ",")[1]
	}
	var lines []string
	for _, snapshot := range slices.Sorted(maps.Keys(s.config.Job.Snapshots)) {
		var who []string
		for _, row := range s.rows("provenance", snapshot) {
			if name := names[row["golden_id"]]; !slices.Contains(who, name) {
				who = append(who, name)
			}
		}
		slices.Sort(who)
		if len(who) > 0 {
			lines = append(lines, snapshot+": "+strings.Join(who, " "))
		}
	}
	return strings.Join(lines, "\n")
}
