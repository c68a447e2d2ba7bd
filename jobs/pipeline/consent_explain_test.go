package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// asked is a job with Ada, who has an e-mail address and a telephone number,
// and Grace, who has an e-mail address.
func asked(t *testing.T) *lab {
	l := newLab(t)
	l.write("crm.csv", "id,email,mobile,seen\n1,ada@mail.alt,+1 415 226 8317,2026-04-01\n2,grace@mail.alt,,2026-04-01\n3,joan@mail.alt,,2026-04-01\n")
	l.write("job.yaml", `job: asked
store: .
output: out
controller: Shop
region: US
channels:
  crm: {read: crm.csv, key: id, event_time: seen, fields: {email: email, mobile: phone}}
  preferences: {kind: consent, read: "consent*.csv"}
consent: {policy: eu-gdpr}
gates: {consent_drop: 100%, permitted_drift: 100%}
snapshots:
  mail: {purpose: marketing.communications, channel: email}
  text: {purpose: marketing.communications, channel: sms}
  counts: {purpose: analytics.reporting}
`)
	l.consents("email,ada@mail.alt,marketing.communications,email,given,2026-03-01,,", "email,grace@mail.alt,marketing.communications,email,given,2026-03-01,2026-05-10,")
	return l
}

// consents writes the feed, a row per event.
func (l *lab) consents(rows ...string) {
	l.write("consent.csv", "subject_kind,subject_value,purpose,channel,state,event_time,valid_until,scope\n"+strings.Join(rows, "\n")+"\n")
}

// ask expects one answer with one cell.
func (l *lab) ask(q ConsentQuestion) (*ConsentAnswer, *CellAnswer) {
	l.t.Helper()
	answers, err := ExplainConsent(context.Background(), l.config(1), q)
	if err != nil {
		l.t.Fatal(err)
	}
	if len(answers) != 1 || len(answers[0].Cells) != 1 {
		l.t.Fatalf("answers %+v, want one with one cell", answers)
	}
	if shown := fmt.Sprintf("%+v", answers); strings.Contains(shown, "@") || strings.Contains(shown, "2268317") {
		l.t.Errorf("the answer holds a personal value: %s", shown)
	}
	return &answers[0], &answers[0].Cells[0]
}

func may(day int) time.Time { return time.Date(2026, 5, day, 0, 0, 0, 0, time.UTC) }

func TestExplainSaysWhyAndBecauseOfWhat(t *testing.T) {
	l := asked(t)
	l.mustRun(1)
	mail := ConsentQuestion{ContactPoint: " Ada@Mail.alt", Purpose: "marketing.communications", Channel: "email", AsOf: may(1)}
	a, c := l.ask(mail)
	if !c.Allowed || c.Ended || c.Grounds[0].Code != "granted" || a.Kind != "email" || a.Run != l.config(1).RunID() {
		t.Errorf("a standing consent is explained as %+v in %+v", c, a)
	}
	if len(a.Events) != 1 || !a.Events[0].Own || !a.Events[0].Decides || a.Events[0].Source.Row != 1 || a.Events[0].Source.Object != "consent.csv" {
		t.Errorf("its event is told as %+v", a.Events)
	}

	l.consents("email,ada@mail.alt,marketing.communications,email,given,2026-03-01,,",
		"phone,(415) 226-8317,marketing,*,objected,2026-04-01,,person")
	l.mustRun(2)
	mail.AsOf = time.Time{}
	a, c = l.ask(mail)
	if c.Allowed || c.Grounds[0].Code != "denied_for_person" || c.Grounds[0].Change == "" {
		t.Errorf("a travelling objection is explained as %+v", c)
	}
	if len(a.Events) != 2 || a.Events[0].Decides || !a.Events[1].Decides || a.Events[1].Own || a.Events[1].Kind != "phone" || a.Events[1].State != "objected" {
		t.Errorf("its events are told as %+v", a.Events)
	}
	mail.AsOf = may(1).Add(time.Hour)
	if _, c = l.ask(mail); !c.Allowed {
		t.Error("the answer as of the first run is not what was published then")
	}
	text := ConsentQuestion{ContactPoint: "415-226-8317", Purpose: "marketing.communications.sms"}
	if a, c = l.ask(text); c.Allowed || a.Kind != "phone" || c.Grounds[0].Code != "objected" {
		t.Errorf("the number itself is explained as %+v", c)
	}
}

func TestExplainSaysThatAPermissionHasEnded(t *testing.T) {
	l := asked(t)
	l.mustRun(1)
	q := ConsentQuestion{ContactPoint: "grace@mail.alt", Purpose: "marketing.communications", Channel: "email", AsOf: may(9)}
	if _, c := l.ask(q); !c.Allowed || c.Ended || !c.ValidUntil.Equal(may(10)) {
		t.Errorf("the day before: %+v", c)
	}
	q.AsOf = may(10)
	if _, c := l.ask(q); !c.Allowed || !c.Ended {
		t.Errorf("on the day it ends: %+v", c)
	}
}

func TestExplainOfWhoSaidNothing(t *testing.T) {
	l := asked(t)
	l.mustRun(1)
	a, c := l.ask(ConsentQuestion{ContactPoint: "joan@mail.alt", Purpose: "marketing.communications", Channel: "email"})
	if c.Allowed || c.Grounds[0].Code != "no_grant" || len(a.Events) != 0 {
		t.Errorf("%+v", a)
	}
	if a, c = l.ask(ConsentQuestion{ContactPoint: "crm/3", Kind: "account", Purpose: "analytics.reporting"}); a.Kind != "account" || c.Profile == "" {
		t.Errorf("an account is explained as %+v", a)
	}
}

func TestExplainNamesTheBrandsThereAre(t *testing.T) {
	l := asked(t)
	l.write("job.yaml", strings.Replace(l.read("job.yaml"), "crm: {read: crm.csv,", "crm: {read: crm.csv, brand: North,", 1))
	l.mustRun(1)
	q := ConsentQuestion{ContactPoint: "joan@mail.alt", Purpose: "marketing.communications", Channel: "email", Brand: "West"}
	if _, err := ExplainConsent(context.Background(), l.config(1), q); !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), `no profile of brand "West" has that contact point: it is known for ["north"]`) {
		t.Errorf("got %v", err)
	}
	q.Brand = " NORTH "
	if _, c := l.ask(q); c.Brand != "north" {
		t.Errorf("answered for brand %q", c.Brand)
	}
}

func TestExplainRefusesWhatNothingIsDecidedFor(t *testing.T) {
	l := asked(t)
	ctx, q := context.Background(), ConsentQuestion{ContactPoint: "ada@mail.alt", Purpose: "marketing.communications"}
	if _, err := ExplainConsent(ctx, l.config(1), q); !errors.Is(err, ErrNotFound) {
		t.Errorf("before any run: %v", err)
	}
	l.mustRun(1)
	for _, c := range []struct {
		q    ConsentQuestion
		kind error
		want string
	}{
		{ConsentQuestion{ContactPoint: "nobody@mail.alt", Purpose: q.Purpose}, ErrNotFound, "no published profile and no consent event has that contact point"},
		{ConsentQuestion{ContactPoint: "ada@mail.alt", Purpose: q.Purpose, AsOf: may(1).Add(-time.Hour)}, ErrNotFound, "nothing was published as of"},
		{ConsentQuestion{ContactPoint: "ada@mail.alt", Purpose: "marketing.comunications"}, ErrConfig, "--purpose"},
		{ConsentQuestion{ContactPoint: "ada@mail.alt", Purpose: q.Purpose, Channel: "pigeon"}, ErrConfig, "--channel"},
		{ConsentQuestion{ContactPoint: "ada@mail.alt", Purpose: q.Purpose, Channel: "postal"}, ErrConfig, "there are analytics.reporting, marketing.communications.email, marketing.communications.sms"},
		{ConsentQuestion{ContactPoint: "ada@mail.alt", Purpose: q.Purpose, Kind: "fax"}, ErrConfig, "--kind is email, phone, device, account or postal"},
		{ConsentQuestion{ContactPoint: "no number", Purpose: q.Purpose, Kind: "phone"}, ErrConfig, "cannot be read as a contact point"},
	} {
		_, err := ExplainConsent(ctx, l.config(1), c.q)
		if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "@") {
			t.Errorf("%+v: got %v, want %q", c.q, err, c.want)
		}
	}
}

func TestDiffListsEveryFlipWithItsReasons(t *testing.T) {
	l := asked(t)
	first := l.mustRun(1)
	l.consents("email,ada@mail.alt,marketing.communications,email,given,2026-03-01,,",
		"email,ada@mail.alt,marketing.communications,email,withdrawn,2026-04-01,,", "email,joan@mail.alt,marketing.communications,email,given,2026-04-01,,")
	l.mustRun(2)
	ctx, ids := context.Background(), [2]string{l.config(1).RunID(), l.config(2).RunID()}
	flips := func(a, b, snap string) map[string]int {
		t.Helper()
		out := map[string]int{}
		err := DiffConsents(ctx, l.config(1), a, b, snap, func(f *Flip) error {
			if f.Profile == "" || f.Token == "" || f.Old == f.New {
				t.Errorf("a flip of nothing: %+v", f)
			}
			out[fmt.Sprint(f.Snapshot, f.Kind, f.Old, f.New, f.Before, f.After)]++
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	want := map[string]int{
		"mailemailtrue false [granted] [withdrawn]": 1, // Ada
		"mailemailtrue false [granted] [no_grant]":  1, // Grace, whose consent is not in the feed any more
		"mailemailfalse true [no_grant] [granted]":  1, // Joan
	}
	for _, c := range [][2]string{{ids[0], ""}, {ids[0], "mail"}, {first.Run.ID, ""}} {
		if got := flips(c[0], ids[1], c[1]); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("from %s, snapshot %q: got %v, want %v", c[0], c[1], got, want)
		}
	}
	if got := flips(ids[1], ids[1], ""); len(got) != 0 {
		t.Errorf("a run differs from itself: %v", got)
	}
	none := func(*Flip) error { return nil }
	if err := DiffConsents(ctx, l.config(1), ids[0], "yesterday", "", none); !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), ids[0]+", "+ids[1]) {
		t.Errorf("a run that is not there: %v", err)
	}
	if err := DiffConsents(ctx, l.config(1), ids[0], ids[1], "male", none); !errors.Is(err, ErrNotFound) {
		t.Errorf("a snapshot that is not there: %v", err)
	}
}
