package pipeline_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"concord/jobs/pipeline"
)

// versionsJob reads two channels of one source, of which one has consent
// columns, in a state where silence permits e-mail: a denial that is lost shows
// at once.
const versionsJob = `job: versions
store: .
output: out
controller: Northwind
gates: {quarantine: 100%}
channels:
  crm:
    read: crm*.csv
    key: id
    event_time: seen
    fields: {first: given_name, email: email, device: device_id, country: country, state: region}
    consent: {newsletter: {purpose: marketing.communications.email}}
    signals: {gpc: gpc}
  shop:
    read: shop.csv
    source: crm
    key: id
    event_time: seen
    fields: {first: given_name, email: email, country: country, state: region}
snapshots:
  mail: {purpose: marketing.communications, channel: email, columns: [given_name]}
  ads: {purpose: marketing.advertising.first_party.targeted, columns: [country]}
`

const versionsHead = "id,first,email,device,country,state,seen,newsletter,gpc\n"

// zoe is a record that makes the channel's columns hold something; she is
// published by mail.
const zoe = "99,Zoe,zoe@nine.alt,,US,NY,2026-01-01T10:00:01Z,yes,\n"

func versions(t *testing.T, crm, shop string) *source {
	return newSource(t, map[string]string{
		"job.yaml": versionsJob, "crm.csv": versionsHead + zoe + crm,
		"shop.csv": "id,first,email,country,state,seen\n98,Yul,yul@eight.alt,US,NY,2026-01-01T10:00:01Z\n" + shop,
	})
}

// A row that gives way to a newer one of its key is no record, and what it says
// of consent was said all the same.
func TestWhatAnOlderRowSaidWasSaid(t *testing.T) {
	for name, c := range map[string]struct{ crm, shop, mail string }{
		"a no, and the newer cell is blank": {
			"1,Ann,ann@one.alt,,US,NY,2026-01-01T10:00:01Z,no,\n1,Ann,ann@one.alt,,US,NY,2026-02-01T10:00:01Z,,\n", "", "Yul Zoe"},
		"a no, and the newer row is another channel's": {
			"1,Ann,ann@one.alt,,US,NY,2026-01-01T10:00:01Z,no,\n", "1,Ann,ann@one.alt,US,NY,2026-02-01T10:00:01Z\n", "Yul Zoe"},
		"a no, and the newer row has another address": {
			"1,Ann,ann@one.alt,,US,NY,2026-01-01T10:00:01Z,no,\n1,Ann,ann@new.alt,,US,NY,2026-02-01T10:00:01Z,,\n", "", "Yul Zoe"},
		"a no, and the newer row says yes": {
			"1,Ann,ann@one.alt,,US,NY,2026-01-01T10:00:01Z,no,\n1,Ann,ann@one.alt,,US,NY,2026-02-01T10:00:01Z,yes,\n", "", "Ann Yul Zoe"},
		"a yes, and the newer row says no": {
			"1,Ann,ann@one.alt,,US,NY,2026-01-01T10:00:01Z,yes,\n1,Ann,ann@one.alt,,US,NY,2026-02-01T10:00:01Z,no,\n", "", "Yul Zoe"},
		"a no and a yes in two rows of one time": {
			"1,Ann,ann@one.alt,,US,NY,2026-01-01T10:00:01Z,no,\n1,Ann,ann@one.alt,,US,NY,2026-01-01T10:00:01Z,yes,\n", "", "Yul Zoe"},
		"a no of some time that day, and a yes at noon": {
			"1,Ann,ann@one.alt,,US,NY,2026-02-01,no,\n1,Ann,ann@one.alt,,US,NY,2026-02-01T12:00:00Z,yes,\n", "", "Yul Zoe"},
		"a word that is neither": {
			"1,Ann,ann@one.alt,,US,NY,2026-01-01T10:00:01Z,hardly,\n1,Ann,ann@one.alt,,US,NY,2026-02-01T10:00:01Z,,\n", "", "Yul Zoe"},
		"a yes of no time denies nothing, and grants nothing": {
			"1,Ann,ann@one.alt,,US,NY,,yes,\n2,Bob,bob@one.alt,,FR,,,yes,\n", "", "Ann Yul Zoe"},
		"a no of no time": {
			"1,Ann,ann@one.alt,,US,NY,,no,\n", "", "Yul Zoe"},
		"a no in a row whose time is no time": {
			"1,Ann,ann@one.alt,,US,NY,soon,no,\n1,Ann,ann@one.alt,,US,NY,2026-02-01T10:00:01Z,,\n", "", "Yul Zoe"},
		"a no in a row without a key": {
			",Ann,ann@one.alt,,US,NY,2026-02-01T10:00:01Z,no,\n1,Ann,ann@one.alt,,US,NY,2026-01-01T10:00:01Z,yes,\n", "", "Yul Zoe"},
		"a yes in a row without a key permits nothing": {
			",Ann,ann@one.alt,,US,NY,2026-02-01T10:00:01Z,yes,\n1,Ann,ann@one.alt,,US,NY,2026-01-01T10:00:01Z,no,\n", "", "Yul Zoe"},
	} {
		t.Run(name, func(t *testing.T) {
			s := versions(t, c.crm, c.shop)
			s.run()
			s.expect("mail", c.mail)
		})
	}
}

// A consent is for the address that the row held when it was given, and stays
// with it: where consent is needed, the newer address has none.
func TestAnOlderYesStaysWithItsAddress(t *testing.T) {
	s := versions(t, "1,Ann,ann@one.alt,,FR,,2026-01-01T10:00:01Z,yes,\n1,Ann,ann@new.alt,,FR,,2026-02-01T10:00:01Z,,\n"+
		"2,Bob,bob@one.alt,,FR,,2026-01-01T10:00:01Z,yes,\n2,Bob,bob@one.alt,,FR,,2026-02-01T10:00:01Z,,\n", "")
	s.run()
	s.expect("mail", "Bob Yul Zoe")
}

// A browser's objection in an older row is heard, though the newer row names
// another device, or none.
func TestAnOlderSignalIsHeard(t *testing.T) {
	for name, newer := range map[string]string{"another device": "d-2-other", "no device": ""} {
		t.Run(name, func(t *testing.T) {
			s := versions(t, "1,Ann,ann@one.alt,d-1-first,US,CA,2026-01-01T10:00:01Z,,1\n1,Ann,ann@one.alt,"+newer+",US,CA,2026-02-01T10:00:01Z,,\n", "")
			s.run()
			if got := len(s.column("profiles", "ads", "country")); got != 2 {
				t.Errorf("%d people may be advertised to; Ann objected, Yul and Zoe did not", got)
			}
		})
	}
}

// A torn row of a channel with consent columns may be anybody's denial, and so
// may one that denies and names nobody.
func TestRowsWithConsentColumnsThatNameNobodyStopTheRun(t *testing.T) {
	for name, row := range map[string]string{
		"torn":               "1,Ann,ann@one\n",
		"a no of nobody":     ",,,,,,2026-02-01,no,\n",
		"a word of nobody":   ",,,,,,2026-02-01,hardly,\n",
		"a signal, nobody's": ",,,,US,CA,2026-02-01,,1\n",
	} {
		t.Run(name, func(t *testing.T) {
			s := versions(t, row, "")
			plan, err := pipeline.Plan(context.Background(), s.config)
			if err != nil || len(plan.Gates) != 1 || !strings.HasPrefix(plan.Gates[0], "unheard_rows: ") {
				t.Errorf("the plan names the gates %q, %v", plan.Gates, err)
			}
			_, err = pipeline.Run(context.Background(), s.config)
			const want = `unheard_rows: channel "crm" has consent columns, and 1 of its rows may deny and name nobody, the first in object "crm.csv" row 2`
			if !errors.Is(err, pipeline.ErrRefused) || !strings.Contains(err.Error(), want) {
				t.Fatalf("got %v, want a refusal with %q", err, want)
			}
			if _, err := pipeline.Approve(context.Background(), s.config, "unheard_rows", "", "looked at it", "tester"); err != nil {
				t.Fatal(err)
			}
			s.run()
			s.expect("mail", "Yul Zoe")
		})
	}
}
