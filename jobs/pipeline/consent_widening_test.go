package pipeline_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"

	"concord/jobs/pipeline"
)

// wideningJob reads four people of a state where silence permits e-mail, so
// that a denial which goes unheard shows at once.
const wideningJob = `job: widening
store: .
output: out
controller: Northwind
consent: {others: [Southwind]}
channels:
  crm:
    read: crm.csv
    key: id
    event_time: seen
    brand: {column: brand}
    fields: {first: given_name, email: email, country: country, state: region}
  preferences:
    kind: consent
    read: consent.csv
    SOURCE
snapshots:
  mail: {purpose: marketing.communications, channel: email, columns: [given_name]}
`

const wideningPeople = `id,first,email,country,state,brand,seen
1,Ann,ann@one.alt,US,NY,North,2026-01-01
2,Bob,bob@two.alt,US,NY,North,2026-01-01
3,Cyd,cyd@three.alt,US,NY,North,2026-01-01
`

const wideningHeader = "subject_kind,subject_value,controller,brand,purpose,channel,state,event_time,scope,valid_until\n"

func widening(t *testing.T, source, feed string) *source {
	return newSource(t, map[string]string{
		"job.yaml": strings.Replace(wideningJob, "SOURCE", source, 1), "crm.csv": wideningPeople, "consent.csv": wideningHeader + feed,
	})
}

// A denial about Ann, in every way that feeds write it, is heard.
func TestDenialsAreHeard(t *testing.T) {
	for name, c := range map[string]struct{ source, row string }{
		"as the job writes it":                {"", "email,ann@one.alt,Northwind,North,marketing.communications,email,withdrawn,2026-02-01,,"},
		"a controller in capitals":            {"", "email,ann@one.alt,NORTHWIND ,North,marketing.communications,email,withdrawn,2026-02-01,,"},
		"a brand in capitals":                 {"", "email,ann@one.alt,Northwind, NORTH,marketing.communications,email,withdrawn,2026-02-01,,"},
		"no controller and no brand":          {"", "email,ann@one.alt,,,marketing.communications,email,withdrawn,2026-02-01,,"},
		"no channel":                          {"", "email,ann@one.alt,Northwind,,marketing.communications,,withdrawn,2026-02-01,,"},
		"an end that has passed":              {"", "email,ann@one.alt,Northwind,,marketing.communications,email,withdrawn,2026-02-01,,2026-03-01"},
		"another brand, for the controller":   {"", "email,ann@one.alt,Northwind,West,marketing.communications,email,objected,2026-02-01,controller,"},
		"a customer number":                   {"", "account,crm/1,Northwind,North,marketing.communications,email,withdrawn,2026-02-01,,"},
		"a customer number of a source":       {"source: crm", "account,1,Northwind,North,marketing.communications,email,withdrawn,2026-02-01,,"},
		"a suppression list":                  {"", "email,ann@one.alt,,,,,suppressed,,,"},
		"a suppression list, with a time":     {"", "email,ann@one.alt,northwind,,,,suppressed,2026-02-01,,"},
		"a suppressed customer number":        {"", "account,crm/1,,,,,suppressed,,,"},
		"a suppression with an end":           {"", "email,ann@one.alt,,,,,suppressed,2026-02-01,,2026-03-01"},
		"a restriction (Art. 18)":             {"", "account,crm/1,,,,,restricted,2026-02-01,,"},
		"an erasure":                          {"", "email,ann@one.alt,,,,,erased,2026-02-01,,"},
		"a suppression whose time is no time": {"", "email,ann@one.alt,,,,,suppressed,yesterday,,"},
		"a state that nobody knows":           {"", "email,ann@one.alt,,,marketing.communications,email,perhaps,2026-02-01,,"},
		"a purpose that nobody knows":         {"", "email,ann@one.alt,,,marketing.newsletter,email,withdrawn,2026-02-01,,"},
		"a denial without a time":             {"", "email,ann@one.alt,,,marketing.communications,email,withdrawn,,,"},
		"a denial of the far future":          {"", "email,ann@one.alt,,,marketing.communications,email,withdrawn,2062-01-01,,"},
	} {
		t.Run(name, func(t *testing.T) {
			// Enough rows that one bad one is no reason to refuse the run.
			rest := strings.Repeat("email,nobody@else.alt,Southwind,,marketing.communications,email,withdrawn,2026-02-01,,\n", 30)
			s := widening(t, c.source, c.row+"\n"+rest)
			s.run()
			s.expect("mail", "Bob Cyd")
		})
	}
}

// A feed in which a denial may have gone unheard stops the run.
func TestFeedsThatMayHideADenialStopTheRun(t *testing.T) {
	const heard = "email,cyd@three.alt,Northwind,North,marketing.communications,email,withdrawn,2026-02-01,,\n"
	for name, c := range map[string]struct{ row, want string }{
		"a brand spelt otherwise":           {"email,ann@one.alt,Northwind,Norht,marketing.communications,email,withdrawn,2026-02-01,,", `foreign_denials: channel "preferences": 1 denials name a controller or brand that the job does not have, the first in object "consent.csv" row 2`},
		"a controller spelt otherwise":      {"email,ann@one.alt,Nortwind,North,marketing.communications,email,withdrawn,2026-02-01,,", "foreign_denials"},
		"a suppression of a controller":     {"email,ann@one.alt,Nortwind,,,,suppressed,,,", "foreign_denials"},
		"customer numbers without a source": {"account,1,Northwind,North,marketing.communications,email,withdrawn,2026-02-01,,", `unmatched_accounts: channel "preferences": of the 1 accounts and postal addresses it names 1 are no record's, 100.0 %`},
		"a source spelt otherwise":          {"account,CRM/1,Northwind,North,marketing.communications,email,withdrawn,2026-02-01,,", "unmatched_accounts"},
		"a suppressed number of no record":  {"account,1,,,,,suppressed,,,", "unmatched_accounts"},
		"a row torn off":                    {"email,ann@one.alt,Northw", "consent: 1 rows could not be read and name nobody"},
		"a row with a cell too many":        {"email,ann@one.alt,Northwind,North,marketing,communications,email,withdrawn,2026-02-01,,,more", "consent: 1 rows could not be read and name nobody"},
		"a denial of nobody":                {"email,,Northwind,North,marketing.communications,email,withdrawn,2026-02-01,,", "consent: 1 rows could not be read and name nobody"},
		"a suppression of nobody":           {",,,,,,suppressed,,,", "consent: 1 rows could not be read and name nobody"},
	} {
		t.Run(name, func(t *testing.T) {
			s := widening(t, "", heard+c.row+"\n")
			_, err := pipeline.Run(context.Background(), s.config)
			if !errors.Is(err, pipeline.ErrRefused) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want a refusal with %q", err, c.want)
			}
		})
	}
}

// A feed that may be empty and is says nothing: that is no feed, and a basis
// of consent then permits nobody, whatever the law makes of silence.
func TestAnEmptyFeedPermitsNobody(t *testing.T) {
	for name, c := range map[string]struct{ source, feed string }{
		"no row":                   {"may_be_empty: true", ""},
		"no row but a suppression": {"", "email,ann@one.alt,,,,,suppressed,,,\n"},
	} {
		t.Run(name, func(t *testing.T) {
			s := widening(t, c.source, c.feed)
			s.run()
			s.expect("mail", "")
		})
	}
}

// A preference centre keeps consent by customer number. It reaches the
// addresses of that customer's own record, as far as the record held them when
// the consent was given, and no other record's, however much they are one
// person: Ann's second record has an address that she consented nothing for.
func TestConsentKeptByAccountReachesItsOwnRecord(t *testing.T) {
	files := map[string]string{
		"job.yaml": `job: attach
store: .
output: out
controller: Northwind
consent: {policy: eu-gdpr}
match: {rules: [{name: born, all: [given_name, birth_date]}]}
channels:
  crm: {read: crm.csv, key: id, event_time: seen, fields: {first: given_name, born: birth_date, email: email, country: country}}
  preferences: {kind: consent, read: consent.csv, source: crm ATTACH}
snapshots:
  mail: {purpose: marketing.communications, channel: email}
`,
		"crm.csv": "id,first,born,email,country,seen\n" +
			"1,Ann,1970-01-01,ann@one.alt,FR,2026-01-01T10:00:01Z\n" +
			"2,Ann,1970-01-01,ann@other.alt,FR,2026-01-01T10:00:01Z\n" +
			"3,Bob,1971-02-02,bob@two.alt,FR,2026-03-03T10:00:01Z\n" + // changed since he consented
			"4,Cyd,1972-03-03,cyd@three.alt,FR,\n" + // nobody knows when
			"5,Dee,1973-04-04,dee@four.alt,FR,2026-01-01T10:00:01Z\n" +
			"6,Eve,1974-05-05,eve@five.alt,FR,2026-02-01\n", // some time that day
		"consent.csv": "subject_kind,subject_value,purpose,channel,state,event_time,scope\n" +
			"account,1,marketing.communications,email,given,2026-02-01T12:00:00Z,\n" +
			"account,3,marketing.communications,email,given,2026-02-01T12:00:00Z,\n" +
			"account,4,marketing.communications,email,given,2026-02-01T12:00:00Z,\n" +
			"account,5,marketing.communications,email,given,2026-02-01T12:00:00Z,\n" +
			"account,5,marketing.communications,email,withdrawn,2026-02-02T12:00:00Z,anchor\n" +
			"account,6,marketing.communications,email,given,2026-02-01T12:00:00Z,\n",
	}
	for attach, want := range map[string]string{
		"":                 "ann@one.alt",
		", attach: held":   "ann@one.alt",
		", attach: never":  "",
		", attach: latest": "ann@one.alt bob@two.alt cyd@three.alt eve@five.alt",
	} {
		t.Run(attach, func(t *testing.T) {
			mine := maps.Clone(files)
			mine["job.yaml"] = strings.Replace(mine["job.yaml"], "ATTACH", attach, 1)
			s := newSource(t, mine)
			s.run()
			if got := strings.Join(s.column("contact_points", "mail", "value"), " "); got != want {
				t.Errorf("may be written to: %q, want %q", got, want)
			}
		})
	}
}

// A yes in a column such as do_not_call objects; a no in it is no consent. Where
// consent is needed (France) nobody may be called, where silence permits (Great
// Britain) whoever did not object.
func TestNotOptingOutIsNoConsent(t *testing.T) {
	s := newSource(t, map[string]string{
		"job.yaml": `job: calls
store: .
output: out
controller: Northwind
channels:
  crm:
    read: crm.csv
    key: id
    event_time: seen
    fields: {first: given_name, phone: phone, country: country}
    consent: {do_not_call: {purpose: marketing.communications.phone, opt_out: true}}
snapshots:
  calls: {purpose: marketing.communications, channel: phone}
`,
		"crm.csv": "id,first,phone,country,seen,do_not_call\n1,Ann,+33612345678,FR,2026-01-01,no\n2,Bob,+33612345679,FR,2026-01-01,yes\n" +
			"3,Cyd,+442079460018,GB,2026-01-01,no\n4,Dee,+442079460019,GB,2026-01-01,yes\n5,Eve,+442079460020,GB,,no\n6,Fay,+442079460021,GB,,yes\n",
	})
	s.run()
	s.expect("calls", "Cyd Eve")
	if got := strings.Join(s.column("quarantine", "", "row"), " "); got != "6" { // when was that said?
		t.Errorf("in quarantine are rows %q", got)
	}
}

// Letters: what a column or a feed says of them reaches the record's address,
// however the two write it.
func TestDenialsOfLettersAreHeard(t *testing.T) {
	files := map[string]string{
		"job.yaml": `job: letters
store: .
output: out
controller: Northwind
region: GB
consent: {policy: eu-gdpr}
channels:
  crm:
    read: crm.csv
    key: id
    event_time: seen
    fields: {first: given_name, street: street_address, city: city, postcode: postcode, country: country}
    consent: {letters: {purpose: marketing.communications.postal}}
  preferences: {kind: consent, read: consent.csv}
snapshots:
  letters: {purpose: marketing.communications, channel: postal}
`,
		"crm.csv": "id,first,street,city,postcode,country,seen,letters\n" +
			"1,Ann,1 High Street,Leeds,LS1 1AA,FR,2026-01-01,\n" +
			"2,Bob,2 High Street,Leeds,LS1 1AA,FR,2026-01-01,no\n" +
			"3,Cyd,3 High Street,Leeds,LS1 1AA,FR,2026-01-01,\n" +
			"4,Dee,4 High Street,Leeds,LS1 1AA,FR,2026-01-01,\n" +
			"5,Eve,5 High Street,Leeds,LS1 1AA,FR,2026-01-01,sometimes\n",
		"consent.csv": "subject_kind,subject_value,purpose,channel,state,event_time,scope\n" +
			"postal,\"3 high st, Leeds LS1 1AA, France\",marketing.communications,postal,objected,2026-02-01,anchor\n" +
			"account,crm/4,marketing.communications,postal,withdrawn,2026-02-01,anchor\n",
	}
	s := newSource(t, files)
	s.run()
	s.expect("letters", "Ann")
	files["consent.csv"] = "subject_kind,subject_value,purpose,channel,state,event_time\npostal,Leeds,marketing.communications,postal,objected,2026-02-01\n"
	if _, err := pipeline.Run(context.Background(), newSource(t, files).config); !errors.Is(err, pipeline.ErrRefused) {
		t.Errorf("a denial of an address that is none: %v", err)
	}
}

// Topics and frequencies narrow, whoever keeps them: by address or by customer
// number. They permit nothing, and a feed's global unsubscribe stays one.
func TestPreferencesNarrow(t *testing.T) {
	files := map[string]string{
		"job.yaml": `job: wishes
store: .
output: out
controller: Northwind
consent: {policy: eu-gdpr}
channels:
  crm: {read: crm.csv, key: id, event_time: seen, fields: {first: given_name, email: email, country: country}}
  preferences: {kind: consent, read: consent.csv}
snapshots:
  mail: {purpose: marketing.communications, channel: email}
  shoes: {purpose: marketing.communications, channel: email, topic: Summer Shoes}
`,
		"crm.csv": "id,first,email,country,seen\n1,Ann,ann@one.alt,FR,2026-01-01\n2,Bob,bob@two.alt,FR,2026-01-01\n" +
			"3,Cyd,cyd@three.alt,FR,2026-01-01\n4,Dee,dee@four.alt,FR,2026-01-01\n5,Eve,eve@five.alt,FR,2026-01-01\n6,Fay,fay@six.alt,FR,2026-01-01\n7,Gus,gus@seven.alt,FR,2026-01-01\n",
		"consent.csv": "subject_kind,subject_value,purpose,channel,state,event_time,topic,frequency\n" +
			strings.Join([]string{
				"email,ann@one.alt,marketing.communications,email,given,2026-02-01,,",
				"email,bob@two.alt,marketing.communications,email,given,2026-02-01,,",
				"email,bob@two.alt,marketing.communications,email,unsubscribed,2026-02-02,summer-shoes,",
				"email,cyd@three.alt,marketing.communications,email,given,2026-02-01,,",
				"account,crm/3,marketing.communications,,given,2026-02-02,hats,monthly",            // so not shoes
				"email,dee@four.alt,marketing.communications,email,given,2026-02-02,summer shoes,", // no consent
				"email,eve@five.alt,marketing.communications,email,given,2026-02-01,,",
				"account,crm/5,marketing.communications,*,,2026-02-02,,never",
				"email,fay@six.alt,marketing.communications,email,given,2026-02-01,,",
				"email,fay@six.alt,marketing.communications,email,given,2026-02-02,summer shoes,",
				"email,gus@seven.alt,marketing.communications,email,given,2026-02-01,,",
				"email,gus@seven.alt,marketing.communications,email,global unsubscribe,2026-02-02,summer shoes,",
			}, "\n") + "\n",
	}
	s := newSource(t, files)
	s.run()
	s.expect("mail", "Ann Bob Cyd Fay")
	s.expect("shoes", "Ann Fay")
	got := map[string]string{}
	for _, row := range s.rows("contact_points", "mail") {
		got[row["value"]] = row["topics_chosen"] + row["topics_declined"] + row["max_frequency"]
	}
	want := map[string]string{"ann@one.alt": "[][]", "bob@two.alt": `[]["summer shoes"]`, "cyd@three.alt": `["hats"][]monthly`, "fay@six.alt": `["summer shoes"][]`}
	if !maps.Equal(got, want) {
		t.Errorf("wishes of contact points: %v, want %v", got, want)
	}
	files["job.yaml"] = strings.Replace(files["job.yaml"], "Summer Shoes", "Sumer Shoes", 1)
	if _, err := pipeline.Run(context.Background(), newSource(t, files).config); !errors.Is(err, pipeline.ErrConfig) || !strings.Contains(err.Error(), "no preference in the feeds is about the topic") {
		t.Errorf("a topic spelt otherwise: %v", err)
	}
}

// A feed whose columns are named as the fields has no others: a scope that is
// spelt "Scope" would make an objection of the person one of an address.
func TestAColumnSpeltOtherwiseStopsTheRun(t *testing.T) {
	s := newSource(t, map[string]string{
		"job.yaml": strings.Replace(wideningJob, "SOURCE", "", 1), "crm.csv": wideningPeople,
		"consent.csv": "subject_kind,subject_value,brand,purpose,channel,state,event_time,Scope\n" +
			"email,ann@one.alt,North,marketing.communications,email,withdrawn,2026-02-01,person\n",
	})
	if _, err := pipeline.Run(context.Background(), s.config); !errors.Is(err, pipeline.ErrConfig) || !strings.Contains(err.Error(), `["Scope"] are none`) {
		t.Errorf("got %v", err)
	}
}
