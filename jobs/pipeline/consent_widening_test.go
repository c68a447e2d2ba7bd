package pipeline_test

import (
	"context"
	"errors"
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
		"customer numbers without a source": {"account,1,Northwind,North,marketing.communications,email,withdrawn,2026-02-01,,", `unmatched_accounts: channel "preferences": of the 1 accounts it names 1 are no record's, 100.0 %`},
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
