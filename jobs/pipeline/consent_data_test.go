package pipeline_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"concord/jobs/pipeline"
)

// dataJob publishes for counting and for e-mail. What was bought, and how
// somebody is addressed, are kinds of data that consent may name.
const dataJob = `job: data
store: .
output: out
controller: Northwind
consent: {policy: eu-gdpr}
gates: {consent_drop: 100%}
channels:
  crm:
    read: crm.csv
    key: id
    event_time: seen
    fields: {first: given_name, email: email, phone: phone, sex: sex, language: language, city: city, country: country, device: device_id, bought: {as: text, name: bought, category: user.behavior.purchase_history}}
  preferences: {kind: consent, read: consent.csv}
golden: {device_id: all_values}
snapshots:
  analytics: {purpose: analytics.reporting}
  mail: {purpose: marketing.communications, channel: email}
  web: {purpose: personalize}
`

const dataHead = "subject_kind,subject_value,purpose,channel,state,event_time,data_categories,scope\n"

func dataSource(t *testing.T, events ...string) *source {
	return newSource(t, map[string]string{
		"job.yaml": dataJob,
		"crm.csv": "id,first,email,phone,sex,language,city,country,device,bought,seen\n" +
			"1,Ann,ann@one.alt,+33612345678,f,fr,Lyon,FR,device-0001,shoes,2026-01-01T10:00:01Z\n",
		"consent.csv": dataHead + strings.Join(events, "\n") + "\n",
	})
}

// shown are the filled columns of Ann's row in a snapshot, "nobody" when she is
// not in it.
func (s *source) shown(snapshot string, columns ...string) string {
	s.t.Helper()
	rows := s.rows("profiles", snapshot)
	if len(rows) == 0 {
		return "nobody"
	}
	var filled []string
	for _, c := range columns {
		if v := rows[0][c]; v != "" && v != "[]" {
			filled = append(filled, c)
		}
	}
	return strings.Join(filled, " ")
}

var dataColumns = []string{"given_name", "email", "phone", "sex", "language", "city", "country", "device_id", "bought"}

// A consent for some kinds of data shows those, a denial of some hides those,
// and the snapshot passes its verification either way.
func TestConsentForSomeDataShowsThatData(t *testing.T) {
	const (
		counted = "email,ann@one.alt,analytics.reporting,,given,2026-02-01,"
		written = "email,ann@one.alt,marketing.communications,email,given,2026-02-01,"
		web     = "device,device-0001,personalize,,given,2026-02-01,"
	)
	for name, c := range map[string]struct {
		events               []string
		analytics, mail, web string
	}{
		"all data": {[]string{counted + ",", written + ",", web + ","},
			"sex language city country bought", "given_name email sex language city country bought", "given_name sex language city country device_id bought"},
		"what was bought": {[]string{counted + "user.behavior,", written + "user.behavior,", web + "user.behavior.purchase_history,"},
			"bought", "email bought", "bought"},
		"what she is": {[]string{counted + "user.demographic,", written + "user.name;user.demographic,", web + "user.device,"},
			"sex language", "given_name email sex language", "device_id"},
		"not what she bought": {[]string{counted + ",", written + ",", web + ",",
			"email,ann@one.alt,analytics,,objected,2026-03-01,user.behavior.purchase_history,",
			"email,ann@one.alt,marketing,email,objected,2026-03-01,user.behavior,person",
			"device,device-0001,personalize,,withdrawn,2026-03-01,user.behavior,"},
			"sex language city country", "given_name email sex language city country", "given_name sex language city country device_id"},
		"not her address": {[]string{counted + ",", written + ",", web + ",",
			"email,ann@one.alt,marketing.communications,email,objected,2026-03-01,user.contact,"},
			"sex language city country bought", "nobody", "given_name sex language city country device_id bought"},
		"nothing that is shown": {[]string{counted + "user.financial,", written + "user.financial,", web + "user.financial,"},
			"nobody", "email", "nobody"},
		"nothing is left": {[]string{counted + "user.behavior,", written + ",", web + "user.device,",
			"email,ann@one.alt,analytics,,objected,2026-03-01,user,", "email,ann@one.alt,marketing.communications,email,withdrawn,2026-03-01,user,",
			"phone,+33612345678,personalize,,objected,2026-03-01,user.device,"},
			"nobody", "nobody", "nobody"},
	} {
		t.Run(name, func(t *testing.T) {
			s := dataSource(t, c.events...)
			s.run()
			for snapshot, want := range map[string]string{"analytics": c.analytics, "mail": c.mail, "web": c.web} {
				if got := s.shown(snapshot, dataColumns...); got != want {
					t.Errorf("%s shows %q, want %q", snapshot, got, want)
				}
			}
		})
	}
}

// That a permission is for other kinds of data than before is a change, in
// permission_delta and between two runs, and no permission is gained or lost.
func TestOtherKindsOfDataAreAChange(t *testing.T) {
	const given = "email,ann@one.alt,analytics.reporting,,given,2026-02-01,,"
	s := dataSource(t, given)
	first := s.run().Manifest.Run.ID
	feed := filepath.Join(filepath.Dir(s.config.Path), "consent.csv")
	changed := func(events ...string) (string, map[string]string) {
		t.Helper()
		if err := os.WriteFile(feed, []byte(dataHead+strings.Join(events, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		later := *s.config
		later.AsOf = s.config.AsOf.Add(24 * time.Hour)
		s.config = &later
		run := s.run().Manifest.Run.ID
		for _, row := range s.rows("permission_delta", "analytics") {
			if row["kind"] == "email" {
				return run, row
			}
		}
		return run, nil
	}
	second, row := changed(given, "email,ann@one.alt,analytics,,objected,2026-03-01,user.behavior.purchase_history,")
	if row["old_allowed"] != "true" || row["new_allowed"] != "true" || !strings.Contains(row["data_categories"], "user.demographic.gender") || strings.Contains(row["data_categories"], "behavior") {
		t.Errorf("an objection to some data is the change %v", row)
	}
	var flips []pipeline.Flip
	err := pipeline.DiffConsents(context.Background(), s.config, first, second, "analytics", func(f *pipeline.Flip) error {
		flips = append(flips, *f)
		return nil
	})
	if err != nil || len(flips) != 1 || !flips[0].Old || !flips[0].New || flips[0].OldKinds != nil || len(flips[0].NewKinds) == 0 {
		t.Errorf("between the runs lies %+v, %v", flips, err)
	}
	if _, row = changed(given, "email,ann@one.alt,analytics,,objected,2026-03-01,user.behavior.purchase_history,"); row != nil {
		t.Errorf("nothing new, and yet the change %v", row)
	}
	if _, row = changed(given); row["old_allowed"] != "true" || row["new_allowed"] != "true" || row["data_categories"] != "" {
		t.Errorf("the objection gone is the change %v", row)
	}
}
