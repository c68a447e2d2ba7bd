package job

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// withConsent is the minimal job with signals of its crm channel and a
// channel "feed" of an export.
func withConsent(signals, feed string) string {
	text := strings.Replace(minimal, "    key: id\n", "    key: id\n    signals: "+signals+"\n", 1)
	return strings.Replace(text, "snapshots:", "  feed: {kind: consent, read: feed.jsonl, "+feed+"}\nsnapshots:", 1)
}

const (
	goodSignals = "{tc: {kind: tcf, vendor: 755, anchor: account, time: asked}, gpc: gpc}"
	goodFeed    = "mapping: unomi, purposes: {shop/news: marketing.communications.email}"
)

func TestConsentSourcesAreRead(t *testing.T) {
	j, err := Parse("job.yaml", []byte(withConsent(goodSignals, goodFeed)))
	if err != nil {
		t.Fatal(err)
	}
	signals := j.Channels["crm"].Signals
	if want := (Signal{Kind: "tcf", Vendor: 755, Anchor: "account", Time: "asked"}); *signals["tc"] != want {
		t.Errorf("signal tc read as %+v, want %+v", *signals["tc"], want)
	}
	if signals["gpc"].Kind != "gpc" {
		t.Errorf("a signal that is only its kind read as %+v", signals["gpc"])
	}
	if feed := j.Channels["feed"]; feed.Mapping != "unomi" || feed.Purposes["shop/news"] != "marketing.communications.email" {
		t.Errorf("feed read as %+v", feed)
	}
}

// What a consent column is read for is checked before any row is.
func TestMistakesInConsentColumnsAreNamed(t *testing.T) {
	for column, want := range map[string]string{
		"{purpose: marketing.comunications.email}":                          `line 7: channels.crm.consent.news.purpose: unknown purpose "marketing.comunications.email" (did you mean marketing.communications?)`,
		"{purpose: marketing.communications, channel: mail}":                `channels.crm.consent.news.channel: unknown channel "mail": want one of *, email, sms`,
		"{purpose: marketing.communications.email, channel: sms}":           "the purpose names the channel email already",
		"{purpose: marketing.communications.email, jurisdiction: Germany}":  `a place is an ISO 3166 code such as DE or US-CA, not "Germany"`,
		"{granted: [subscribed]}":                                           "purpose is missing",
		"{purpose: marketing.communications.email, jurisdiction: US-CA}":    "",
		"{purpose: marketing.communications, channel: email, granted: [j]}": "",
	} {
		_, err := Parse("job.yaml", []byte(strings.Replace(minimal, "    key: id\n", "    key: id\n    consent: {news: "+column+"}\n", 1)))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", column, err, want)
		}
	}
}

func TestAConsentColumnIsNoList(t *testing.T) {
	for _, column := range []string{`"news[]": {purpose: marketing.communications.email}`, `news: {purpose: marketing.communications.email, time: "at[]"}`} {
		_, err := Parse("job.yaml", []byte(strings.Replace(minimal, "    key: id\n", "    key: id\n    consent: {"+column+"}\n", 1)))
		if err == nil || !strings.Contains(err.Error(), "a consent column is one word of a row") {
			t.Errorf("%s: got %v", column, err)
		}
	}
}

// Each mistake is named with its place and remedy.
func TestMistakesInConsentSourcesAreNamed(t *testing.T) {
	const subject = "fields: {k: subject_kind, v: subject_value}, "
	for name, c := range map[string]struct{ signals, feed, want string }{
		"unknown mapping":       {goodSignals, "mapping: adobe_xmd", `line 9: channels.feed.mapping: unknown mapping "adobe_xmd" (did you mean adobe_xdm?)`},
		"unknown purpose":       {goodSignals, "mapping: segment, purposes: {ads: marketing.advertisin}", `channels.feed.purposes.ads: unknown purpose "marketing.advertisin" (did you mean marketing.advertising?)`},
		"purposes of nothing":   {goodSignals, "purposes: {ads: marketing.advertising}", `name its mapping`},
		"mapping and fields":    {goodSignals, "mapping: segment, fields: {a: state}", `drop fields`},
		"mapping and signals":   {goodSignals, "mapping: segment, signals: {gpc: gpc}", `channel of their own`},
		"unknown kind":          {"{tc: tfc}", goodFeed, `line 7: channels.crm.signals.tc.kind: unknown kind of signal "tfc" (did you mean tcf?)`},
		"no kind":               {"{tc: {vendor: 1}}", goodFeed, `name the kind of signal`},
		"vendor of gpc":         {"{gpc: {kind: gpc, vendor: 1}}", goodFeed, `vendor and ignore_publisher_tc are for tcf and gpp`},
		"vendor too large":      {"{tc: {kind: tcf, vendor: 65536}}", goodFeed, `from 1 to 65535`},
		"unknown anchor":        {"{gpc: {kind: gpc, anchor: emial}}", goodFeed, `unknown anchor "emial" (did you mean email?)`},
		"list of signals":       {`{"tc[]": tcf}`, goodFeed, `a signal is one text of a row`},
		"unknown key":           {"{gpc: {kind: gpc, vender: 3}}", goodFeed, `unknown key "vender": did you mean "vendor"?`},
		"signal without fields": {goodSignals, "signals: {gpc: gpc}", `names the column of subject_kind`},
		"anchor of a feed":      {goodSignals, subject + "signals: {gpc: {kind: gpc, anchor: device}}", `the row's own subject`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("job.yaml", []byte(withConsent(c.signals, c.feed)))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
	text := strings.Replace(minimal, "    key: id\n", "    key: id\n    mapping: segment\n", 1)
	if _, err := Parse("job.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), "only a channel of kind consent has a mapping") {
		t.Errorf("a mapping of customer records: %v", err)
	}
}

// The examples of the page on consent sources are channels of jobs.
func TestExamplesOfConsentSourcesParse(t *testing.T) {
	page, err := os.ReadFile("../docs/consent-sources.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(page, -1)
	if len(examples) < 2 {
		t.Fatalf("found %d examples", len(examples))
	}
	for _, e := range examples {
		text := "job: x\nstore: .\n" + string(e[1]) + "snapshots: {essential: {purpose: essential.service, basis: contract}}\n"
		if _, err := Parse("example", []byte(text)); err != nil {
			t.Errorf("%v in\n%s", err, text)
		}
	}
}
