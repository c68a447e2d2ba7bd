package pipeline_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"concord/jobs/pipeline"
)

// consent_valid_until is the moment at which a published flag turns FALSE when
// nothing new is said: a run as of the microsecond before still publishes the
// row, and a run as of that moment does not.
func TestConsentValidUntilIsWhenTheRowGoes(t *testing.T) {
	s := newSource(t, map[string]string{
		"job.yaml": `job: ends
store: .
output: out
controller: Northwind
gates: {permitted_drift: 100%, merge_drift: 100%}
channels:
  crm: {read: crm.csv, key: id, event_time: seen, fields: {first: given_name, email: email, second: email, country: country, state: region}}
  preferences: {kind: consent, read: consent.csv}
snapshots:
  mail: {purpose: marketing.communications, channel: email}
`,
		"crm.csv": "id,first,email,second,country,state,seen\n" +
			"1,Ann,ann@one.alt,,FR,,2026-01-01\n" + // renewal
			"2,Bob,bob@two.alt,,FR,,2026-01-01\n" + // its own end
			"3,Cyd,cyd@three.alt,,DE,,2026-01-01\n" + // confirmed
			"4,Dee,dee@four.alt,dee@five.alt,FR,,2026-01-01\n" + // two ends
			"5,Eve,eve@six.alt,,US,NY,2026-01-01\n" + // a withdrawal to come
			"6,Fay,fay@seven.alt,,FR,,2026-01-01\n" + // "never" to come
			"7,Gus,gus@eight.alt,,GB,,2026-01-01\n" + // soft opt-in
			"8,Hal,hal@nine.alt,,US,NY,2026-01-01\n", // a suppression to come
		"consent.csv": `subject_kind,subject_value,purpose,channel,state,event_time,valid_until,confirmed_at,legal_basis,frequency
email,ann@one.alt,marketing.communications,email,given,2025-01-10T12:00:00Z,,,,
email,bob@two.alt,marketing.communications,email,given,2026-01-10,2026-07-01,,,
email,cyd@three.alt,marketing.communications,email,given,2025-03-01T08:00:00Z,,2025-03-02,,
email,dee@four.alt,marketing.communications,email,given,2026-01-10,2026-06-01,,,
email,dee@five.alt,marketing.communications,email,given,2026-01-10,2026-08-01,,,
email,eve@six.alt,marketing.communications,email,withdrawn,2026-09-01T10:00:00Z,,,,
email,fay@seven.alt,marketing.communications,email,given,2026-01-10,,,,
email,fay@seven.alt,marketing.communications,email,,2026-10-01T00:00:00Z,,,,never
email,gus@eight.alt,marketing.communications,email,given,2025-06-01T00:00:00Z,,,legitimate_interests,
email,hal@nine.alt,,,suppressed,2026-11-01T00:00:00Z,,,,
`,
	})
	for _, table := range []string{"profiles", "contact_points"} {
		s.run() // the runs below published others
		rows := s.rows(table, "mail")
		if len(rows) < 8 {
			t.Fatalf("%s has %d rows: %v", table, len(rows), rows)
		}
		for _, row := range rows {
			until, err := time.Parse(time.RFC3339Nano, row["consent_valid_until"])
			if err != nil {
				t.Errorf("%s: no end in %v", table, row)
				continue
			}
			for _, at := range []struct {
				when time.Time
				want bool
			}{{until.Add(-time.Microsecond), true}, {until, false}} {
				later := *s.config
				later.AsOf = at.when
				if _, err := pipeline.Run(context.Background(), &later); err != nil {
					t.Fatal(err)
				}
				there := slices.ContainsFunc((&source{t: t, config: &later}).rows(table, "mail"), func(r map[string]string) bool {
					return r["profile_id"] == row["profile_id"] && r["value"] == row["value"]
				})
				if there != at.want {
					t.Errorf("%s: %s%s until %v: published as of %v: %v", table, row["given_name"], row["value"], until, at.when, there)
				}
			}
		}
	}
}
