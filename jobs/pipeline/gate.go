package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"concord/jobs/store"
	"concord/schemas/job"
	"concord/schemas/table"
	"concord/transforms/consent"
	"concord/transforms/report"
)

// gate is a check that stands between a run's verified snapshots and their
// publication. It compares figures, of this run and of the published one,
// with the tolerances of the job.
type gate struct {
	name        string
	description string // one sentence, for reports
	look        func(*comparison) []finding
}

// comparison is what gates look at.
type comparison struct {
	gates  *job.Gates
	asOf   time.Time
	now    *report.Manifest
	past   *report.Manifest // of the published run; nil when there is none
	newest map[string]int64 // by channel with a limit: its newest event time up to the as-of, µs, or table.NoTime

	strangers map[string]*stranger     // by consent channel
	accounts  map[string]*accountShare // by consent channel
	unheard   map[string]*stranger     // by people channel
}

// finding is one thing that a gate looked at.
type finding struct {
	// Snapshot is the one that it is about, "" for the run.
	Snapshot string `json:"snapshot,omitempty"`
	// Subject is what was measured, in which direction: an approval is for
	// one subject.
	Subject string `json:"subject"`
	// Figure is how far from the expected, in the gate's own unit. An approval
	// covers figures up to the one it was given for.
	Figure float64 `json:"figure"`
	// Text says it with numbers, and the tolerance.
	Text    string `json:"text"`
	refuses bool
}

// noPast is what gates say that compare with the published run.
const noPast = "nothing is published yet to compare with"

// refusal is the record of a run that gates refused: what an approval is
// given for.
type refusal struct {
	Run    string           `json:"run"`
	Config string           `json:"config_sha256"`
	AsOf   time.Time        `json:"as_of"`
	Past   string           `json:"published_manifest_sha256"` // that the figures compare with; "" for none
	Gates  []refusedFigures `json:"gates"`
	At     time.Time        `json:"at"`
}

// refusedFigures are the findings that a gate refused.
type refusedFigures struct {
	Gate     string    `json:"gate"`
	Findings []finding `json:"findings"`
}

const refusalName = "refusal.json"

// gates asks every gate. If one refuses and nobody approved of what it found,
// the run ends here.
func (r *run) gates(ctx context.Context) error {
	c := &comparison{gates: &r.Job.Gates, asOf: r.AsOf, now: r.facts(report.Complete), past: r.previous["state"].facts(),
		strangers: r.strangers, accounts: r.accountsNamed, unheard: r.unheard}
	if len(c.gates.MaxStaleness) > 0 {
		c.newest = r.newest()
	}
	given, err := r.approvals(ctx)
	if err != nil {
		return err
	}
	var refused []refusedFigures
	for _, g := range gates() {
		found := g.look(c)
		var against []finding
		for _, f := range found {
			if f.refuses && given.covering(g.name, f) == nil {
				against = append(against, f)
			}
		}
		if len(against) > 0 {
			refused = append(refused, refusedFigures{g.name, against})
		}
		r.gated = append(r.gated, g.checks(found, given)...)
	}
	if len(refused) == 0 {
		return nil
	}
	return r.refuse(ctx, refused)
}

// checks are the gate's findings for the manifest: one check for the run, or
// one for each snapshot.
func (g *gate) checks(found []finding, given approvals) []report.Check {
	var out []report.Check
	for _, f := range found {
		passed, text := true, f.Text
		if f.refuses {
			a := given.covering(g.name, f)
			passed = a != nil
			if passed {
				text += fmt.Sprintf(" (approved by %s: %s)", a.By, a.Reason)
			}
		}
		if n := len(out); n > 0 && out[n-1].Snapshot == f.Snapshot {
			out[n-1].Passed = out[n-1].Passed && passed
			out[n-1].Detail += "; " + text
			continue
		}
		out = append(out, report.Check{Snapshot: f.Snapshot, Name: g.name, Description: g.description, Passed: passed, Detail: text})
	}
	return out
}

// refuse records what was refused and says why, by how much and what to do.
func (r *run) refuse(ctx context.Context, gates []refusedFigures) error {
	x := refusal{Run: r.attempt, Config: r.Digest(), AsOf: r.AsOf, Past: r.previous["state"].digest(), Gates: gates, At: time.Now().UTC()}
	text, err := json.MarshalIndent(x, "", "  ")
	if err != nil {
		return err
	}
	if err := r.put(ctx, r.lineageFolder()+"/"+refusalName, append(text, '\n')); err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("nothing is published: what was published before stays as it is\n")
	for _, g := range gates {
		for _, f := range g.Findings {
			fmt.Fprintf(&b, "  %s: %s\n", g.Gate, f.Text)
		}
	}
	b.WriteString("if it should not be so, repair what is named above and run again; if it should, approve it first:\n")
	path := r.Path
	if strings.ContainsAny(path, " \t'") {
		path = strconv.Quote(path)
	}
	for _, g := range gates {
		fmt.Fprintf(&b, "  concord approve %s --gate %s --run %s --reason TEXT\n", path, g.Gate, r.attempt)
	}
	fmt.Fprintf(&b, "  concord run %s --as-of %s", path, r.AsOf.Format(time.RFC3339))
	return failedf(ErrRefused, "%s", b.String())
}

// newest is, by channel that has a limit, the time of its newest event that is
// not after the as-of: one date in the future does not keep a feed fresh.
func (r *run) newest() map[string]int64 {
	out := map[string]int64{}
	for name := range r.Job.Gates.MaxStaleness {
		out[name] = table.NoTime
	}
	note := func(channel string, at int64) {
		if have, ok := out[channel]; ok && at != table.NoTime && at <= r.AsOf.UnixMicro() {
			out[channel] = max(have, at)
		}
	}
	t := r.in.Records
	for rec, at := range t.EventTime {
		note(t.Channels[t.Channel[rec]], at)
	}
	_ = r.log.Each(func(e *consent.LoggedEvent) error { // the function returns no error
		if c := r.Job.Channels[e.Source.Channel]; c != nil && c.IsConsent() {
			note(e.Source.Channel, e.Time.Lo)
		}
		return nil
	})
	return out
}

// discard removes what the run wrote of snapshots that it did not publish: a
// reader that lists folders must not find them.
func (r *run) discard(ctx context.Context) error {
	for _, p := range r.begun {
		if p.live {
			continue
		}
		p.files = nil
		for _, prefix := range []string{p.folder + "/", r.provenanceFolder(p.audience) + "/"} {
			there, err := r.output.List(ctx, store.Scope{Prefix: prefix})
			for i := 0; i < len(there) && err == nil; i++ {
				err = r.output.Remove(ctx, there[i].Key)
			}
			if err != nil {
				return fmt.Errorf("remove what was not published from %s: %w", prefix, err)
			}
		}
	}
	return nil
}

// provenanceFolder is where the provenance of a snapshot's values is.
func (r *run) provenanceFolder(a *audience) string {
	return r.lineageFolder() + "/snapshot=" + a.name
}
