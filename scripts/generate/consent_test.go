package main

import (
	"slices"
	"strings"
	"testing"
)

// row is a consent event by column name.
type row map[string]string

func feed(t *testing.T, text string) []row {
	t.Helper()
	rows := csvRows(t, text, ',')
	var out []row
	for _, r := range rows[1:] {
		e := row{}
		for i, name := range rows[0] {
			e[name] = r[i]
		}
		out = append(out, e)
	}
	return out
}

// The example's feed tells every story that consent handling has to get right.
func TestConsentStories(t *testing.T) {
	files, _ := generated(t, options{entities: 1500, seed: 1}) // the example
	events := feed(t, files[consentPart])
	asOfDay := string(today.iso(nil))
	given := func(e row) bool { return e["state"] == "given" }
	stories := map[string]func(row) bool{
		"withdrawal":            func(e row) bool { return e["state"] == "withdrawn" && e["subject_kind"] == "email" },
		"refusal":               func(e row) bool { return e["state"] == "refused" },
		"renewal":               func(e row) bool { return e["state"] == "renewed" },
		"objection of a person": func(e row) bool { return e["state"] == "objected" && e["scope"] == "person" },
		"GPC signal":            func(e row) bool { return e["subject_kind"] == "device" && e["method"] == "gpc" },
		"guardian":              func(e row) bool { return given(e) && e["expressed_by"] == "guardian" },
		"expired grant":         func(e row) bool { return given(e) && e["valid_until"] != "" && e["valid_until"] < asOfDay },
		"grant that ends later": func(e row) bool { return given(e) && e["valid_until"] > asOfDay },
		"confirmed in Germany":  func(e row) bool { return e["jurisdiction"] == "DE" && e["confirmed_at"] != "" },
		"never confirmed": func(e row) bool {
			return e["jurisdiction"] == "DE" && e["method"] == "double_opt_in" && e["confirmed_at"] == ""
		},
		"day precision":       func(e row) bool { return len(e["event_time"]) == len("2006-01-02") },
		"soft opt-in":         func(e row) bool { return given(e) && e["legal_basis"] == "legitimate_interests" },
		"denied to be linked": func(e row) bool { return e["purpose"] == "operations.identity_resolution" && e["state"] == "refused" },
		"text messages":       func(e row) bool { return e["subject_kind"] == "phone" && e["channel"] == "sms" },
		"account of the webshop": func(e row) bool {
			return e["subject_kind"] == "account" && strings.HasPrefix(e["subject_value"], "webshop/W")
		},
		"brand south": func(e row) bool { return e["brand"] == south },
	}
	for name, is := range stories {
		if !slices.ContainsFunc(events, is) {
			t.Errorf("no event of the kind %q", name)
		}
	}
	if !ties(events) {
		t.Error("nobody granted and withdrew at the same time")
	}
}

// ties tells whether a grant and a denial of one address have the same time.
func ties(events []row) bool {
	at := map[[4]string]string{}
	for _, e := range events {
		cell := [4]string{e["subject_value"], e["brand"], e["channel"], e["event_time"]}
		if state, ok := at[cell]; ok && state != e["state"] {
			return true
		}
		at[cell] = e["state"]
	}
	return false
}

// Events are complete, have ids of their own, and are about contact points and
// accounts that the channels show.
func TestConsentEventsAreComplete(t *testing.T) {
	files, _ := generated(t, options{entities: 800, seed: 4})
	ids := map[string]bool{}
	truth := csvRows(t, files["truth.csv"], ',')[1:]
	accounts := map[string]bool{}
	for _, r := range truth {
		accounts[r[0]+"/"+r[1]] = true
	}
	shown := files[crmPart] + files[webshopPart] + files[callcentrePart]
	for _, e := range feed(t, files[consentPart]) {
		for _, name := range []string{"event_id", "subject_kind", "subject_value", "controller", "brand", "purpose", "channel", "state", "event_time", "jurisdiction"} {
			if e[name] == "" {
				t.Fatalf("an event lacks its %s", name)
			}
		}
		if ids[e["event_id"]] {
			t.Fatal("two events have one id")
		}
		ids[e["event_id"]] = true
		if e["event_time"] >= string(today.iso(nil)) {
			t.Fatal("an event is dated after the end of the world")
		}
		switch e["subject_kind"] {
		case "account":
			if !accounts[e["subject_value"]] {
				t.Fatal("an event is about an account that no channel has")
			}
		case "email", "device":
			local, domain, _ := strings.Cut(e["subject_value"], "@")
			if !strings.Contains(shown, local) || !strings.Contains(shown, domain) {
				t.Fatalf("an event is about an %s that no channel shows", e["subject_kind"])
			}
		}
	}
	if len(ids) < 800 {
		t.Errorf("%d events of 800 people", len(ids))
	}
}
