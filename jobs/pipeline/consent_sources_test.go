package pipeline_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"concord/jobs/engine"
	"concord/jobs/pipeline"
	"concord/schemas/job"
	"concord/transforms/consent/mapping"
	"concord/transforms/consent/signal"
)

// source is a job in a folder of its own.
type source struct {
	t      *testing.T
	config *pipeline.Config
	notes  *notes
}

// notes keeps what a run says.
type notes struct {
	pipeline.Silent
	lines []string
}

func (n *notes) Note(text string, args ...any) {
	for _, a := range args {
		if s, ok := a.(string); ok {
			text += " " + s
		}
	}
	n.lines = append(n.lines, text)
}

// newSource writes the files, by name, beside job.yaml.
func newSource(t *testing.T, files map[string]string) *source {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "job.yaml")
	j, err := pipeline.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	n := &notes{}
	return &source{t, &pipeline.Config{
		Job: j, Path: path, AsOf: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC),
		Engine: engine.Local{Count: 2}, Version: "test", Observe: n,
	}, n}
}

func (s *source) run() *pipeline.Outcome {
	s.t.Helper()
	out, err := pipeline.Run(context.Background(), s.config)
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

// rows are those of a published table, by column.
func (s *source) rows(table, snapshot string) []map[string]string {
	s.t.Helper()
	var b bytes.Buffer
	if err := pipeline.Export(context.Background(), s.config, table, snapshot, "csv", &b); err != nil {
		s.t.Fatal(err)
	}
	all, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		s.t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range all[1:] {
		named := map[string]string{}
		for i, column := range all[0] {
			named[column] = row[i]
		}
		out = append(out, named)
	}
	return out
}

// column is a column of a published table, sorted. Of profiles it tells who
// is in the snapshot.
func (s *source) column(table, snapshot, name string) []string {
	s.t.Helper()
	var b bytes.Buffer
	if err := pipeline.Export(context.Background(), s.config, table, snapshot, "csv", &b); err != nil {
		s.t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		s.t.Fatal(err)
	}
	at := slices.Index(rows[0], name)
	if at < 0 {
		s.t.Fatalf("table %s has no column %s but %v", table, name, rows[0])
	}
	var out []string
	for _, row := range rows[1:] {
		out = append(out, row[at])
	}
	slices.Sort(out)
	return out
}

// expect compares who is in a snapshot with names written "Ada Bob".
func (s *source) expect(snapshot, names string) {
	s.t.Helper()
	if got := strings.Join(s.column("profiles", snapshot, "given_name"), " "); got != names {
		s.t.Errorf("snapshot %s holds %q, want %q", snapshot, got, names)
	}
}

// What the job file offers is what there are readers for.
func TestJobFilesOfferWhatIsRead(t *testing.T) {
	if !slices.Equal(job.Mappings(), mapping.Names()) {
		t.Errorf("job files offer the mappings %v; there are %v", job.Mappings(), mapping.Names())
	}
	var kinds []string
	for _, k := range signal.Kinds() {
		kinds = append(kinds, string(k))
	}
	if !slices.Equal(job.SignalKinds(), kinds) {
		t.Errorf("job files offer the signals %v; there are %v", job.SignalKinds(), kinds)
	}
}

const adobeJob = `job: adobe
store: .
output: out
controller: Northwind
region: GB
gates: {quarantine: 100%}
channels:
  crm:
    read: crm.csv
    key: id
    fields: {first: given_name, email: email, phone: phone, country: country}
  platform: {kind: consent, read: profiles.jsonl, mapping: adobe_xdm, source: crm}
snapshots:
  essential: {purpose: essential.service, basis: contract}
  news: {purpose: marketing.communications, channel: email}
`

// The export of a platform decides: Ada said yes, Bob withdrew what he had
// given, Cy's answer is no word of that platform and holds Cy, Dee's yes has
// no time and grants nothing, Eve said nothing, and Fay, whose profile has no
// address, refused by her account.
func TestAdobeExportDecides(t *testing.T) {
	s := newSource(t, map[string]string{
		"job.yaml": adobeJob,
		"crm.csv": "id,first,email,phone,country\n" +
			"1,Ada,ada@mail.net,,GB\n2,Bob,bob@mail.net,+442079460002,GB\n3,Cy,cy@mail.net,,GB\n" +
			"4,Dee,dee@mail.net,,GB\n5,Eve,eve@mail.net,,GB\n6,Fay,fay@mail.net,,GB\n",
		"profiles.jsonl": `{"_id":"1","personalEmail":{"address":"Ada@Mail.net"},"consents":{"share":{"val":"y"},"marketing":{"email":{"val":"y"}},"metadata":{"time":"2026-01-01"}}}
{"_id":"2","personalEmail":{"address":"bob@mail.net"},"consents":{"marketing":{"email":{"val":"y"}},"metadata":{"time":"2026-01-01"}}}
{"_id":"2","identityMap":{"Email":[{"id":"bob@mail.net"}],"Phone":[{"id":"+442079460002"}]},"consents":{"marketing":{"email":{"val":"n"},"sms":{"val":"y"}},"metadata":{"time":"2026-02-01"}}}
{"_id":"3","personalEmail":{"address":"cy@mail.net"},"consents":{"marketing":{"email":{"val":"y"}},"metadata":{"time":"2026-01-01"}}}
{"_id":"3","personalEmail":{"address":"cy@mail.net"},"consents":{"share":{"val":"maybe"},"marketing":{"email":{"val":"yes"}},"metadata":{"time":"2026-02-01"}}}
{"_id":"4","personalEmail":{"address":"dee@mail.net"},"consents":{"marketing":{"email":{"val":"y"}}}}
{"_id":"5","personalEmail":{"address":"eve@mail.net"}}
{"_id":"6","personalEmail":{"address":"fay@mail.net"},"consents":{"marketing":{"email":{"val":"y"}},"metadata":{"time":"2026-01-01"}}}
{"_id":"6","consents":{"marketing":{"email":{"val":"dn"}},"idSpecific":{"Email":{"x":{"marketing":{"email":{"val":"n"}}}}},"metadata":{"time":"2026-02-01"}}}
`,
	})
	out := s.run()
	s.expect("essential", "Ada Bob Cy Dee Eve Fay")
	s.expect("news", "Ada")
	for _, c := range out.Manifest.Channels {
		if c.Name != "platform" {
			continue
		}
		// Cy's row has two states that cannot be read, and counts once.
		if c.Rows.Read != 9 || c.Rows.Quarantined != 2 || c.Rows.Accepted != 7 {
			t.Errorf("account of the export: %+v", c.Rows)
		}
	}
	if got := strings.Join(s.column("quarantine", "", "code"), " "); got != "consent_missing consent_unreadable" {
		t.Errorf("quarantine holds %q", got)
	}
	unread := "consents.idSpecific.Email.x.marketing.email.val"
	if !slices.ContainsFunc(s.notes.lines, func(l string) bool { return strings.Contains(l, unread) }) {
		t.Errorf("a denial in column %s went unnoticed: the run said %q", unread, s.notes.lines)
	}
	plan, err := pipeline.Plan(context.Background(), s.config)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, p := range plan.Problems {
		found = found || p.Column == unread && p.Code == "consent_not_read" && p.Rows == 9
	}
	if !found {
		t.Errorf("the plan does not name column %s: %+v", unread, plan.Problems)
	}
}

// An export that states nothing was read by the wrong mapping, or stopped.
func TestSilentExportIsRefused(t *testing.T) {
	files := map[string]string{
		"job.yaml":       adobeJob,
		"crm.csv":        "id,first,email,phone,country\n1,Ada,ada@mail.net,,GB\n",
		"profiles.jsonl": `{"userId":"1","context":{"consent":{"categoryPreferences":{"Advertising":false}}}}` + "\n",
	}
	s := newSource(t, files)
	_, err := pipeline.Run(context.Background(), s.config)
	if !errors.Is(err, pipeline.ErrInput) || !strings.Contains(err.Error(), `channel "platform": none of its 1 rows states anything that the mapping adobe_xdm reads`) {
		t.Errorf("refused by %v", err)
	}
	files["job.yaml"] = strings.Replace(adobeJob, "source: crm", "source: crm, may_be_empty: true", 1)
	newSource(t, files).run()
}

// A statement of an export that names nobody may be anybody's denial.
func TestExportedDenialOfNobodyStopsTheRun(t *testing.T) {
	s := newSource(t, map[string]string{
		"job.yaml":       adobeJob,
		"crm.csv":        "id,first,email,phone,country\n1,Ada,ada@mail.net,,GB\n",
		"profiles.jsonl": `{"consents":{"marketing":{"email":{"val":"n"}},"metadata":{"time":"2026-02-01"}}}` + "\n",
	})
	if _, err := pipeline.Run(context.Background(), s.config); !errors.Is(err, pipeline.ErrRefused) {
		t.Errorf("the run was not refused but ended by %v", err)
	}
}

// TC strings of 10 February 2026, written by this project's test encoder: a
// publisher's, English, without a country. Vendor 755 has consent in both.
const (
	tcAll      = "CQfaJIAQfaJIAAKABBENBkEgAP_gAAAAAAAAF5wAQF5gABAAAA" // every purpose
	tcWithout5 = "CQfaJIAQfaJIAAKABBENBkEgAPfgAAAAAAAAF5wAQF5gABAAAA" // all but profiles for content
)

func TestTCStringsHoldWhatIsSaid(t *testing.T) {
	for text, five := range map[string]bool{tcAll: true, tcWithout5: false} {
		tc, err := signal.DecodeTCF(text)
		if err != nil {
			t.Fatal(err)
		}
		if tc.Consents.Has(5) != five || !tc.Consents.Has(1) || !tc.VendorConsents.Has(755) || tc.VendorConsents.Has(756) {
			t.Errorf("the string holds %+v", tc)
		}
	}
}

const tcJob = `job: tcf
store: .
output: out
controller: Northwind
channels:
  web:
    read: web.jsonl
    key: id
    event_time: seen
    fields: {first: given_name, device: device_id, email: email, country: country}
    signals: {tc: {kind: tcf, vendor: VENDOR}}
  feed: {kind: consent, read: feed.csv}
snapshots:
  essential: {purpose: essential.service, basis: contract}
  profiling: {purpose: personalize.content.profiling}
  measuring: {purpose: functional.storage}
`

// tcFiles are people of one device each, but for Eve, who has none, and Fay,
// who has an e-mail address instead. All but Eve had consented before.
func tcFiles(vendor string) map[string]string {
	const d = "0000000-0000-4000-8000-000000000000"
	return map[string]string{
		"job.yaml": strings.Replace(tcJob, "VENDOR", vendor, 1),
		"web.jsonl": `{"id":"1","first":"Ada","device":"a` + d + `","country":"GB","seen":"2026-03-01","tc":"` + tcAll + `"}
{"id":"2","first":"Bob","device":"b` + d + `","country":"GB","seen":"2026-03-01","tc":"` + tcWithout5 + `"}
{"id":"3","first":"Cy","device":"c` + d + `","country":"GB","seen":"2026-03-01","tc":"` + tcAll[:20] + `"}
{"id":"4","first":"Dee","device":"d` + d + `","country":"GB","seen":"2026-03-01"}
{"id":"5","first":"Eve","country":"GB","seen":"2026-03-01","tc":"` + tcAll + `"}
{"id":"6","first":"Fay","email":"fay@mail.net","country":"GB","seen":"2026-03-01","tc":"` + tcWithout5 + `"}
`,
		"feed.csv": "subject_kind,subject_value,purpose,state,event_time\n" +
			"device,a" + d + ",personalize.content.profiling,given,2026-01-01\ndevice,b" + d + ",personalize.content.profiling,given,2026-01-01\n" +
			"device,c" + d + ",personalize.content.profiling,given,2026-01-01\ndevice,d" + d + ",personalize.content.profiling,given,2026-01-01\n" +
			"email,fay@mail.net,personalize.content.profiling,given,2026-01-01\n",
	}
}

// A TC string gives what it consents to and ends what it does not; one that
// is cut off says neither, and holds its record. Without a device the account
// is spoken of, and what it denies, as of Fay, is denied for the person.
func TestTCStringDeniesWhatItDoesNotConsentTo(t *testing.T) {
	s := newSource(t, tcFiles("755"))
	out := s.run()
	s.expect("essential", "Ada Bob Dee Eve Fay")
	s.expect("profiling", "Ada Dee Eve")
	s.expect("measuring", "Ada Bob Eve Fay")
	if got := strings.Join(s.column("quarantine", "", "code"), " "); got != "signal_truncated" {
		t.Errorf("quarantine holds %q", got)
	}
	// The record stays: it is its contact points that are held.
	for _, in := range out.Manifest.Inputs {
		if in.Rows.Quarantined != 0 {
			t.Errorf("rows of %s were refused: %+v", in.Object, in.Rows)
		}
	}
}

// The same strings permit another vendor nothing.
func TestTCStringSpeaksOfTheJobsVendor(t *testing.T) {
	s := newSource(t, tcFiles("756"))
	s.run()
	s.expect("profiling", "Dee")
	s.expect("measuring", "")
}

const gpcJob = `job: gpc
store: .
output: out
gates: {quarantine: 100%}
controller: Northwind
channels:
  crm:
    read: crm.csv
    key: id
    fields: {first: given_name, last: family_name, born: birth_date, email: email, country: country}
  web:
    read: web.csv
    key: id
    event_time: seen
    fields: {first: given_name, last: family_name, born: birth_date, email: email, device: device_id, country: country}
    signals: {gpc: gpc}
  cmp:
    kind: consent
    read: cmp.csv
    fields: {kind: subject_kind, id: subject_value, at: event_time}
    signals: {usp: us_privacy, gpp: {kind: gpp, time: gpp_at}}
snapshots:
  essential: {purpose: essential.service, basis: contract}
  sharing: {purpose: third_party_sharing}
  targeted: {purpose: marketing.advertising.first_party.targeted}
  profiling: {purpose: marketing.advertising.profiling}
  measuring: {purpose: analytics}
`

// gpcFiles: Ada's browser sends GPC and she has an e-mail address in another
// system, Bob's browser sends none, and Cy's US Privacy string, which came
// with his address, says that he opted out of sale.
func gpcFiles() map[string]string {
	return map[string]string{
		"job.yaml": gpcJob,
		"crm.csv": "id,first,last,born,email,country\n1,Ada,Lovegood,1975-12-10,ada@mail.net,US\n" +
			"2,Bob,Cratchit,1980-01-02,bob@mail.net,US\n3,Cy,Twombly,1981-04-25,cy@mail.net,US\n",
		"web.csv": "id,first,last,born,email,device,country,gpc,seen\n" +
			"w1,Ada,Lovegood,1975-12-10,ada@mail.net,a0000000-0000-4000-8000-000000000000,US,1,2026-03-01\n" +
			"w2,Bob,Cratchit,1980-01-02,bob@mail.net,b0000000-0000-4000-8000-000000000000,US,0,2026-03-01\n",
		"cmp.csv": "kind,id,at,usp,gpp,gpp_at\nemail,cy@mail.net,2026-02-01,1YYN,,\nemail,bob@mail.net,2026-02-01,1YNN,,\n",
	}
}

// GPC on one device binds the whole person: the e-mail address that another
// system has is barred from sale, sharing and targeting too, and from nothing
// else.
func TestGPCBindsThePerson(t *testing.T) {
	s := newSource(t, gpcFiles())
	s.run()
	s.expect("essential", "Ada Bob Cy")
	s.expect("sharing", "Bob")
	if got := len(s.column("profiles", "targeted", "profile_id")); got != 2 {
		t.Errorf("%d people may be targeted, want 2: only Ada objected", got)
	}
	if got := len(s.column("profiles", "profiling", "profile_id")); got != 2 {
		t.Errorf("%d people may be profiled for advertising, want 2: only Ada objected", got)
	}
	if got := len(s.column("profiles", "measuring", "profile_id")); got != 3 {
		t.Errorf("%d people may be measured, want 3: GPC does not speak of it", got)
	}
}

// A signal is about the anchors, and of the time, that the job names; without
// a time it may have been said after everything else, and holds.
func TestSignalNamesItsAnchorAndTime(t *testing.T) {
	files := gpcFiles()
	files["job.yaml"] = strings.Replace(gpcJob, "{gpc: gpc}", "{gpc: {kind: gpc, anchor: email, time: at}}", 1)
	files["web.csv"] = "id,first,last,born,email,device,country,gpc,seen,at\n" +
		"w1,Ada,Lovegood,1975-12-10,ada@mail.net,a0000000-0000-4000-8000-000000000000,US,1,2026-03-01,2026-02-03\n" +
		"w2,Bob,Cratchit,1980-01-02,bob@mail.net,b0000000-0000-4000-8000-000000000000,US,1,2026-03-01,\n"
	files["cmp.csv"] = "kind,id,at,usp,gpp,gpp_at\nemail,nobody@mail.net,2026-02-01,1YNN,,\n"
	s := newSource(t, files)
	s.run()
	for column, want := range map[string]string{"kind": "email", "event_time": "2026-02-03T00:00:00Z", "event_time_until": "2026-02-03T23:59:59.999999Z", "scope": "person"} {
		got := s.column("consent_events", "", column)
		if len(got) == 0 || got[0] != want || got[len(got)-1] != want {
			t.Errorf("%s of the events: %q, want %q", column, got, want)
		}
	}
	if got := strings.Join(s.column("quarantine", "", "code"), " "); got != "consent_missing" {
		t.Errorf("quarantine holds %q", got)
	}
	if points := s.column("contact_points", "essential", "value"); slices.Contains(points, "bob@mail.net") {
		t.Errorf("Bob's objection has no time and his address is not held: %q", points)
	}
}

// A row whose two signals cannot be read is set aside once and holds its
// subject; one without a subject stops the run.
func TestMalformedSignalOfAConsentChannel(t *testing.T) {
	files := gpcFiles()
	files["cmp.csv"] = "kind,id,at,usp,gpp,gpp_at\nemail,bob@mail.net,2026-02-01,1YXN,DBABMA~,2026-02-01\n"
	s := newSource(t, files)
	out := s.run()
	s.expect("essential", "Ada Bob Cy")
	for _, snapshot := range []string{"essential", "sharing"} {
		if points := s.column("contact_points", snapshot, "value"); slices.Contains(points, "bob@mail.net") || !slices.Contains(points, "cy@mail.net") {
			t.Errorf("snapshot %s shows %q: Bob's address is held, Cy's is not", snapshot, points)
		}
	}
	if got := strings.Join(s.column("quarantine", "", "code"), " "); got != "signal_truncated" {
		t.Errorf("quarantine holds %q", got)
	}
	for _, in := range out.Manifest.Inputs {
		if in.Channel == "cmp" && (in.Rows.Read != 1 || in.Rows.Quarantined != 1) {
			t.Errorf("account of the signals: %+v", in.Rows)
		}
	}
	files["cmp.csv"] = "kind,id,at,usp,gpp,gpp_at\nemail,,2026-02-01,1YXN,,\n"
	s = newSource(t, files)
	if _, err := pipeline.Run(context.Background(), s.config); !errors.Is(err, pipeline.ErrRefused) {
		t.Errorf("the run was not refused but ended by %v", err)
	}
}
