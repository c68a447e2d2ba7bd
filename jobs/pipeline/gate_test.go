package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"concord/jobs/engine"
	"concord/jobs/store"
	"concord/transforms/report"
)

// shop is the extracts of a small job, as numbers.
type shop struct {
	people    int // with an e-mail address of their own
	twice     int // of them, how many have a second record
	thrice    int // of them, how many have a third
	given     int // consents to e-mail, from the first person on
	withdrawn int // withdrawals, from the first person on
	keyless   int // rows without a key, in addition
	day       int // of April, when records were last seen
	gates     string
}

// lab is a job in a directory of its own.
type lab struct {
	t   *testing.T
	dir string
}

func newLab(t *testing.T) *lab { return &lab{t, t.TempDir()} }

func (l *lab) write(name, text string) {
	l.t.Helper()
	path := filepath.Join(l.dir, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
		l.t.Fatal(err)
	}
}

// address is person i's: no two are alike.
func address(i int) string {
	return fmt.Sprintf("%x@mail.alt", sha256.Sum256([]byte{byte(i), byte(i >> 8)}))[:10] + "@mail.alt"
}

// fill writes the extracts and the job file.
func (l *lab) fill(s shop) {
	var crm, events strings.Builder
	crm.WriteString("id,email,seen\n")
	row := 0
	add := func(i int) {
		row++
		fmt.Fprintf(&crm, "k%d,%s,2026-04-%02dT00:00:00Z\n", row, address(i), s.day)
	}
	for i := range s.people {
		add(i)
		if i < s.twice {
			add(i)
		}
		if i < s.thrice {
			add(i)
		}
	}
	for range s.keyless {
		fmt.Fprintf(&crm, ",nobody@mail.alt,2026-04-01T00:00:00Z\n")
	}
	events.WriteString("subject_kind,subject_value,purpose,channel,state,event_time\n")
	for i := range s.given {
		fmt.Fprintf(&events, "email,%s,marketing.communications,email,given,2026-03-01T00:00:00Z\n", address(i))
	}
	for i := range s.withdrawn {
		fmt.Fprintf(&events, "email,%s,marketing.communications,email,withdrawn,2026-03-02T00:00:00Z\n", address(i))
	}
	l.write("crm.csv", crm.String())
	l.write("consent.csv", events.String())
	l.write("job.yaml", `job: shop
store: .
output: out
controller: Shop
channels:
  crm: {read: crm.csv, key: id, event_time: seen, fields: {email: email}}
  preferences: {kind: consent, read: consent.csv}
match: {rules: [{name: same_email, all: [email]}]}
consent: {policy: eu-gdpr}
gates: {`+s.gates+`}
snapshots:
  mail: {purpose: marketing.communications, channel: email}
  service: {purpose: essential.service, basis: contract}
`)
}

func (l *lab) config(day int) *Config {
	l.t.Helper()
	path := filepath.Join(l.dir, "job.yaml")
	j, err := Load(path)
	if err != nil {
		l.t.Fatal(err)
	}
	return &Config{Job: j, Path: path, AsOf: time.Date(2026, 5, day, 0, 0, 0, 0, time.UTC), Engine: engine.Local{Count: 2}, Version: "test", Observe: Silent{}}
}

// run runs the job as of a day of May.
func (l *lab) run(day int) (*Outcome, error) {
	l.t.Helper()
	return Run(context.Background(), l.config(day))
}

func (l *lab) mustRun(day int) *report.Manifest {
	l.t.Helper()
	out, err := l.run(day)
	if err != nil {
		l.t.Fatal(err)
	}
	return out.Manifest
}

func (l *lab) output() store.Store {
	l.t.Helper()
	s, err := store.OpenDirectory(filepath.Join(l.dir, "out"))
	if err != nil {
		l.t.Fatal(err)
	}
	return s
}

// published is every object that a reader of snapshots and state may see.
func (l *lab) published() map[string][]byte {
	l.t.Helper()
	out := map[string][]byte{}
	for _, prefix := range []string{"snapshots/", "state/"} {
		infos, err := l.output().List(context.Background(), store.Scope{Prefix: prefix})
		if err != nil {
			l.t.Fatal(err)
		}
		for _, info := range infos {
			if out[info.Key], err = read(context.Background(), l.output(), info.Key); err != nil {
				l.t.Fatal(err)
			}
		}
	}
	return out
}

func (l *lab) sameAs(before map[string][]byte) {
	l.t.Helper()
	now := l.published()
	for key, data := range before {
		if !bytes.Equal(now[key], data) {
			l.t.Errorf("%s changed", key)
		}
	}
	for key := range now {
		if _, ok := before[key]; !ok {
			l.t.Errorf("%s is new", key)
		}
	}
}

// wide lets every drift pass.
const wide = "consent_drop: 100%, permitted_drift: 100%, merge_drift: 100%, quarantine: 100%, "

// leaving is wide but for one tolerance, which keeps its default.
func leaving(gate string) string {
	kept := ""
	for part := range strings.SplitSeq(wide, ", ") {
		if part != "" && !strings.HasPrefix(part, gate) {
			kept += part + ", "
		}
	}
	return kept
}

// Every gate in a story of its own: a good run publishes; a bad one is
// refused and changes nothing; approved, it publishes; what is worse than was
// approved is refused still.
func TestGateStories(t *testing.T) {
	good := shop{people: 60, twice: 12, given: 50, day: 30}
	for _, story := range []struct {
		name, gate, says string
		bad, worse       func(*shop)
		gates            string
	}{
		{"a_feed_that_shrank", "consent_feed", `consent channel "preferences": 40 rows after 50 in the published run, 20.0 % fewer; gates.consent_drop is 10 %`,
			func(s *shop) { s.given = 40 }, func(s *shop) { s.given = 39 }, leaving("consent_drop")},
		{"a_feed_that_stopped", "consent_feed", `consent channel "preferences": 1 rows after 50`,
			func(s *shop) { s.given = 1 }, nil, leaving("consent_drop")},
		{"a_source_that_stopped", "stale_inputs", `channel "crm": its newest event, of 2026-04-20T00:00:00Z, is 12d older than the as-of; gates.max_staleness is 3d`,
			func(s *shop) { s.day = 20 }, func(s *shop) { s.day = 19 }, wide + "max_staleness: {crm: 3d}"},
		{"rows_that_cannot_be_used", "quarantine_share", `channel "crm": 10 of 82 rows are in quarantine, 12.2 %; gates.quarantine is 5 %`,
			func(s *shop) { s.keyless = 10 }, func(s *shop) { s.keyless = 11 }, leaving("quarantine")},
		{"strangers_welded_together", "largest_cluster", "the largest golden record joins 3 records; gates.largest_cluster is 2",
			func(s *shop) { s.thrice = 1 }, nil, wide + "largest_cluster: 2"},
		{"more_is_merged_than_before", "merge_rate", "37.5 % of the records are merged away, 16.7 % in the published run: +20.8 points; gates.merge_drift is 10 %",
			func(s *shop) { s.twice = 36 }, func(s *shop) { s.twice = 37 }, leaving("merge_drift")},
		{"less_is_merged_than_before", "merge_rate", "0.0 % of the records are merged away, 16.7 % in the published run: -16.7 points",
			func(s *shop) { s.twice = 0 }, nil, leaving("merge_drift")},
		{"fewer_may_be_written_to", "permitted_share", `snapshot "mail" publishes 66.7 % of the golden records, 83.3 % in the published run: -16.7 points; gates.permitted_drift is 5 %`,
			func(s *shop) { s.withdrawn = 10 }, func(s *shop) { s.withdrawn = 11 }, leaving("permitted_drift")},
		{"more_may_be_written_to", "permitted_share", `snapshot "mail" publishes 100.0 % of the golden records, 83.3 % in the published run: +16.7 points`,
			func(s *shop) { s.given = 60 }, nil, leaving("permitted_drift")},
	} {
		t.Run(story.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			s := good
			s.gates = story.gates
			l.fill(s)
			l.mustRun(1)
			before := l.published()
			story.bad(&s)
			l.fill(s)
			_, err := l.run(2)
			if !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), story.gate+": "+story.says) {
				t.Fatalf("got %v, want a refusal by %s that says %q", err, story.gate, story.says)
			}
			if !strings.Contains(err.Error(), "concord approve "+l.config(2).Path+" --gate "+story.gate) || strings.Count(err.Error(), "--gate") != 1 {
				t.Errorf("the refusal does not say how to approve, or of more than one gate: %v", err)
			}
			l.sameAs(before)
			l.approve(story.gate)
			if story.worse != nil {
				worse := s
				story.worse(&worse)
				l.fill(worse)
				if _, err := l.run(2); !errors.Is(err, ErrRefused) {
					t.Errorf("what is worse than was approved: got %v, want a refusal", err)
				}
				l.sameAs(before)
				l.fill(s)
			}
			l.passes(story.gate, l.mustRun(2))
		})
	}
}

func (l *lab) approve(gate string) {
	l.t.Helper()
	a, err := Approve(context.Background(), l.config(9), gate, "", "it was announced", "the officer")
	if err != nil {
		l.t.Fatal(err)
	}
	if a.Gate != gate || len(a.Subjects()) != 1 || a.AsOf.Day() != 2 {
		l.t.Errorf("approved %+v", a)
	}
}

// passes checks that the manifest tells of the approval.
func (l *lab) passes(gate string, m *report.Manifest) {
	l.t.Helper()
	i := slices.IndexFunc(m.Checks, func(c report.Check) bool {
		return c.Name == gate && strings.Contains(c.Detail, "(approved by the officer: it was announced)")
	})
	if i < 0 || !m.Checks[i].Passed || m.Run.Status != report.Complete {
		l.t.Errorf("the manifest does not tell of the approval: %+v", m.Checks)
	}
	p, err := current(context.Background(), l.output(), "snapshots/mail")
	if err != nil || p.AsOf.Day() != 2 {
		l.t.Errorf("the approved run did not publish: %+v, %v", p, err)
	}
}

// A refused run leaves a manifest that names what was refused and lists no
// file that is not there.
func TestRefusedRunTellsTheTruth(t *testing.T) {
	l := newLab(t)
	l.fill(shop{people: 30, given: 20, day: 30})
	l.mustRun(1)
	l.fill(shop{people: 30, given: 2, day: 30})
	if _, err := l.run(2); !errors.Is(err, ErrRefused) {
		t.Fatalf("got %v, want a refusal", err)
	}
	text, err := read(context.Background(), l.output(), "lineage/"+l.config(2).RunID()+"/"+manifestName)
	if err != nil {
		t.Fatal(err)
	}
	m, err := report.ParseManifest(text)
	if err != nil {
		t.Fatal(err)
	}
	if m.Run.Status != report.Failed || m.Versions.Parent != l.config(1).RunID() || len(m.Snapshots) != 2 || m.Snapshots[0].Published != 2 {
		t.Errorf("status %s, parent %q, snapshots %+v", m.Run.Status, m.Versions.Parent, m.Snapshots)
	}
	failed := 0
	for _, c := range m.Checks {
		if !c.Passed {
			failed++
		}
	}
	l.approve("permitted_share")
	l.approve("consent_feed")
	if _, err := l.run(3); !errors.Is(err, ErrRefused) {
		t.Errorf("another as-of than was approved: got %v, want a refusal", err)
	}
	if failed != 2 { // consent_feed, and permitted_share of mail
		t.Errorf("%d checks failed: %+v", failed, m.Checks)
	}
	for _, o := range m.Outputs {
		if _, err := l.output().Stat(context.Background(), o.Object); err != nil {
			t.Errorf("the manifest names %s: %v", o.Object, err)
		}
	}
}

// A run of the same slot keeps the evidence of the ones before it.
func TestAttemptsKeepTheirEvidence(t *testing.T) {
	l := newLab(t)
	l.fill(shop{people: 30, given: 20, day: 30})
	l.mustRun(1)
	before := l.published()
	first, err := current(context.Background(), l.output(), "state")
	if err != nil {
		t.Fatal(err)
	}
	l.mustRun(1)
	second, err := current(context.Background(), l.output(), "state")
	if err != nil || second.Run != first.Run+".2" {
		t.Fatalf("the second attempt is %q after %q: %v", second.Run, first.Run, err)
	}
	now := l.published()
	for key, data := range before {
		if !strings.HasSuffix(key, currentName) && !bytes.Equal(now[key], data) {
			t.Errorf("%s was overwritten", key)
		}
	}
}

func TestWhatIsPublishedMustBeReadable(t *testing.T) {
	l := newLab(t)
	l.fill(shop{people: 10, given: 5, day: 30})
	l.mustRun(1)
	l.write("out/state/run="+l.config(1).RunID()+"/manifest.json", "{}")
	_, err := l.run(2)
	if !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "remove state/CURRENT to start anew") {
		t.Errorf("got %v", err)
	}
}

func TestApproveNamesWhatIsWrong(t *testing.T) {
	l := newLab(t)
	l.fill(shop{people: 30, given: 20, day: 30})
	ctx := context.Background()
	if _, err := Approve(ctx, l.config(2), "consent_feed", "", "r", "b"); !errors.Is(err, ErrNotFound) {
		t.Errorf("before any run: %v", err)
	}
	l.mustRun(1)
	if _, err := Approve(ctx, l.config(2), "consent_feed", "", "r", "b"); !errors.Is(err, ErrNotFound) {
		t.Errorf("before any refusal: %v", err)
	}
	l.fill(shop{people: 30, given: 2, day: 30})
	if _, err := l.run(2); !errors.Is(err, ErrRefused) {
		t.Fatal(err)
	}
	for _, c := range []struct{ gate, run, reason, want string }{
		{"consent_fed", "", "r", `there is no gate "consent_fed"; there are consent_feed, foreign_denials, unheard_rows, unmatched_accounts, stale_inputs`},
		{"merge_rate", "", "r", "was not refused by gate merge_rate, but by consent_feed, permitted_share"},
		{"consent_feed", "nothing", "r", `no gate refused a run "nothing"`},
		{"consent_feed", "../state", "r", `no gate refused a run "../state"`},
		{"consent_feed", "", "  ", "an approval says why and by whom"},
	} {
		if _, err := Approve(ctx, l.config(2), c.gate, c.run, c.reason, "b"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: got %v", c, err)
		}
	}
}

// An approval that no run would look at is refused: of another job file, and of
// figures against what is published no more.
func TestApprovalsThatWouldNotCountAreRefused(t *testing.T) {
	l := newLab(t)
	good := shop{people: 30, given: 20, day: 30}
	l.fill(good)
	l.mustRun(1)
	l.fill(shop{people: 30, given: 2, day: 30})
	if _, err := l.run(2); !errors.Is(err, ErrRefused) {
		t.Fatal(err)
	}
	refused := l.config(2).RunID()
	approve := func(want string) {
		t.Helper()
		if _, err := Approve(context.Background(), l.config(2), "consent_feed", refused, "r", "b"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	l.fill(shop{people: 30, given: 2, day: 30, gates: "merge_drift: 11%"})
	approve("was refused under another job file")
	l.fill(good)
	l.mustRun(3)
	approve("was compared with what was published before run " + l.config(3).RunID())
}

// Of two runs at once, the one that would replace what it has not seen
// publishes nothing.
func TestRunThatWasOvertakenPublishesNothing(t *testing.T) {
	l := newLab(t)
	l.fill(shop{people: 10, given: 5, day: 30})
	l.mustRun(1)
	slow, err := l.config(3).open(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	l.mustRun(2)
	before := l.published()
	if _, err := slow.execute(context.Background()); !errors.Is(err, ErrRefused) || !errors.Is(err, store.ErrConflict) {
		t.Errorf("got %v, want a refusal because another run published", err)
	}
	for key := range l.published() {
		if _, ok := before[key]; !ok && strings.HasPrefix(key, "snapshots/") {
			t.Errorf("%s is left of a run that did not publish", key)
		}
	}
	if p, err := current(context.Background(), l.output(), "snapshots/mail"); err != nil || p.AsOf.Day() != 2 {
		t.Errorf("published is %+v: %v", p, err)
	}
}

// A consent column that runs dry stops the run as a feed that stops does.
func TestConsentColumnThatRanDry(t *testing.T) {
	l := newLab(t)
	l.write("job.yaml", `job: shop
store: .
output: out
channels:
  crm:
    read: crm.csv
    key: id
    event_time: seen
    fields: {email: email}
    consent: {newsletter: {purpose: marketing.communications.email}}
consent: {policy: eu-gdpr}
gates: {permitted_drift: 100%}
snapshots:
  mail: {purpose: marketing.communications, channel: email}
`)
	crm := func(filled int) string {
		text := "id,email,newsletter,seen\n"
		for i := range 20 {
			said := ""
			if i < filled {
				said = "yes"
			}
			text += fmt.Sprintf("%d,%s,%s,2026-04-01\n", i, address(i), said)
		}
		return text
	}
	l.write("crm.csv", crm(10))
	l.mustRun(1)
	l.write("crm.csv", crm(8))
	_, err := l.run(2)
	if !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), `consent column "newsletter" of channel "crm": 8 rows after 10 in the published run`) {
		t.Errorf("got %v", err)
	}
}
