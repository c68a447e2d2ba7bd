package pipeline

import (
	"strings"
	"testing"
	"time"

	"concord/schemas/job"
	"concord/schemas/table"
	"concord/transforms/report"
)

func TestGatesSayWhatTheyCheck(t *testing.T) {
	seen := map[string]bool{}
	for _, g := range gates() {
		if g.name == "" || seen[g.name] || g.look == nil {
			t.Errorf("gate %q has no name of its own, or does nothing", g.name)
		}
		seen[g.name] = true
		if !strings.HasSuffix(g.description, ".") || len(g.description) < 20 {
			t.Errorf("gate %q is not described in a sentence: %q", g.name, g.description)
		}
	}
}

// tolerances are the defaults of a job file.
func tolerances(t *testing.T) *job.Gates {
	t.Helper()
	j, err := job.Parse("job.yaml", []byte("job: j\nstore: s\nchannels: {crm: {read: x, key: id, fields: {e: email}}}\nsnapshots: {s: {purpose: essential.service, basis: contract}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	return &j.Gates
}

// figures is a manifest of so many records in so many golden records, of
// which some are published, and a consent feed of so many rows.
func figures(records, golden, published, feed int64) *report.Manifest {
	m := &report.Manifest{
		Channels:  []report.Channel{{Name: "crm", Kind: report.KindRecords, Rows: report.Rows{Read: records, Accepted: records}}},
		Snapshots: []report.Snapshot{{Name: "mail", Purpose: "p", Golden: golden, Published: published}},
	}
	if feed >= 0 {
		m.Channels = append(m.Channels, report.Channel{Name: "consent", Kind: report.KindConsent, Rows: report.Rows{Read: feed, Accepted: feed}})
	}
	// One golden record joins what the others leave.
	if golden > 0 {
		m.Clusters.Sizes = []report.Size{{Records: 1, Clusters: golden - 1}, {Records: records - golden + 1, Clusters: 1}}
	}
	return m
}

// Each row is a figure just within a tolerance or just beyond it.
func TestGatesAtTheirLimits(t *testing.T) {
	past := figures(1000, 800, 400, 100)
	asOf := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	hours := func(h int) int64 { return asOf.Add(-time.Duration(h) * time.Hour).UnixMicro() }
	for _, c := range []struct {
		gate, says string
		now        *report.Manifest
		first      bool // nothing was published before
		newest     int64
		refused    bool
	}{
		{gate: "consent_feed", now: figures(1000, 800, 400, 90), says: "90 rows after 100"},
		{gate: "consent_feed", now: figures(1000, 800, 400, 89), says: "11.0 % fewer", refused: true},
		{gate: "consent_feed", now: figures(1000, 800, 400, 0), says: "100.0 % fewer", refused: true},
		{gate: "consent_feed", now: figures(1000, 800, 400, -1), says: "reads it no more", refused: true},
		{gate: "consent_feed", now: figures(1000, 800, 400, 5000), says: "5000 rows after 100"},
		{gate: "consent_feed", now: figures(1000, 800, 400, 0), first: true, says: noPast},
		{gate: "permitted_share", now: figures(1000, 800, 440, 100), says: "+5.0 points"},
		{gate: "permitted_share", now: figures(1000, 800, 441, 100), says: "+5.1 points", refused: true},
		{gate: "permitted_share", now: figures(1000, 800, 360, 100), says: "-5.0 points"},
		{gate: "permitted_share", now: figures(1000, 800, 359, 100), says: "-5.1 points", refused: true},
		{gate: "permitted_share", now: figures(1000, 800, 0, 100), first: true, says: noPast},
		{gate: "permitted_share", now: figures(0, 0, 0, 100), says: "no golden records"},
		{gate: "merge_rate", now: figures(1000, 700, 350, 100), says: "30.0 % of the records are merged away, 20.0 %"},
		{gate: "merge_rate", now: figures(1000, 699, 350, 100), says: "+10.1 points", refused: true},
		{gate: "merge_rate", now: figures(1000, 901, 450, 100), says: "-10.1 points", refused: true},
		{gate: "merge_rate", now: figures(1000, 1000, 0, 100), first: true, says: noPast},
		{gate: "largest_cluster", now: figures(2000, 1001, 0, 0), first: true, says: "joins 1000 records"},
		{gate: "largest_cluster", now: figures(2000, 1000, 0, 0), first: true, says: "joins 1001 records", refused: true},
		{gate: "stale_inputs", now: figures(9, 9, 9, 9), newest: hours(36), says: "36h older"},
		{gate: "stale_inputs", now: figures(9, 9, 9, 9), newest: hours(37), says: "gates.max_staleness is 36h", refused: true},
		{gate: "stale_inputs", now: figures(9, 9, 9, 9), newest: table.NoTime, says: "no event is dated", refused: true},
		{gate: "quarantine_share", now: bad(200, 10), first: true, says: "10 of 200 rows"},
		{gate: "quarantine_share", now: bad(199, 10), first: true, says: "5.0 %", refused: true},
		{gate: "quarantine_share", now: bad(20, 9), first: true, says: "45.0 %"},
		{gate: "quarantine_share", now: bad(3, 3), first: true, says: "100.0 %", refused: true},
		{gate: "quarantine_share", now: bad(3, 0), first: true, says: "no row is in quarantine"},
	} {
		in := &comparison{gates: tolerances(t), asOf: asOf, now: c.now, past: past}
		if c.first {
			in.past = nil
		}
		if c.newest != 0 {
			in.gates.MaxStaleness = map[string]job.Duration{"crm": job.Duration(36 * time.Hour)}
			in.newest = map[string]int64{"crm": c.newest}
		}
		for _, g := range gates() {
			if g.name != c.gate {
				continue
			}
			refused, text := false, ""
			for _, f := range g.look(in) {
				refused = refused || f.refuses
				text += f.Text + "\n"
			}
			if refused != c.refused || !strings.Contains(text, c.says) {
				t.Errorf("%s: refused %v, want %v, with %q in\n%s", c.gate, refused, c.refused, c.says, text)
			}
		}
	}
}

// bad is a manifest of a channel with rows in quarantine.
func bad(read, quarantined int64) *report.Manifest {
	return &report.Manifest{Channels: []report.Channel{{Name: "crm", Kind: report.KindRecords,
		Rows: report.Rows{Read: read, Accepted: read - quarantined, Quarantined: quarantined}}}}
}

// A consent column that runs dry is a consent feed that stopped.
func TestConsentColumnsAreFeeds(t *testing.T) {
	with := func(filled int64) *report.Manifest {
		return &report.Manifest{Channels: []report.Channel{{Name: "crm", Kind: report.KindRecords, Columns: []report.Column{
			{Name: "email", Attribute: "email", Filled: 10}, {Name: "newsletter", Attribute: consentAttribute, Filled: filled},
		}}}}
	}
	found := consentFeeds(&comparison{gates: tolerances(t), now: with(80), past: with(100)})
	if len(found) != 1 || !found[0].refuses || !strings.Contains(found[0].Text, `consent column "newsletter" of channel "crm": 80 rows after 100`) {
		t.Errorf("found %+v", found)
	}
}

// An approval covers the gate, subject and direction it was given for, up to
// the figure it was given for.
func TestApprovalsCoverNoMoreThanWasRefused(t *testing.T) {
	given := approvals{{Gate: "permitted_share", Findings: []finding{{Snapshot: "mail", Subject: "snapshot mail fell", Figure: 0.2}}}}
	for _, c := range []struct {
		gate string
		f    finding
		want bool
	}{
		{"permitted_share", finding{Snapshot: "mail", Subject: "snapshot mail fell", Figure: 0.2}, true},
		{"permitted_share", finding{Snapshot: "mail", Subject: "snapshot mail fell", Figure: 0.1}, true},
		{"permitted_share", finding{Snapshot: "mail", Subject: "snapshot mail fell", Figure: 0.21}, false},
		{"permitted_share", finding{Snapshot: "mail", Subject: "snapshot mail rose", Figure: 0.1}, false},
		{"permitted_share", finding{Snapshot: "sms", Subject: "snapshot sms fell", Figure: 0.1}, false},
		{"merge_rate", finding{Snapshot: "mail", Subject: "snapshot mail fell", Figure: 0.1}, false},
	} {
		if got := given.covering(c.gate, c.f) != nil; got != c.want {
			t.Errorf("gate %s, %+v: covered %v", c.gate, c.f, got)
		}
	}
}
