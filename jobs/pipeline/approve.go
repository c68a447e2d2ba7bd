package pipeline

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"concord/jobs/store"
)

// Approval is a person's word that what a gate refused is as it should be.
type Approval struct {
	Gate   string    `json:"gate"`
	Run    string    `json:"run"` // that was refused
	Config string    `json:"config_sha256"`
	AsOf   time.Time `json:"as_of"`
	Past   string    `json:"published_manifest_sha256"` // that the figures compare with
	// Findings are what was refused: the approval covers the same subjects up
	// to the same figures, and nothing else.
	Findings []finding `json:"findings"`
	Reason   string    `json:"reason"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
}

// Subjects says what is approved, a line each.
func (a *Approval) Subjects() []string {
	var out []string
	for _, f := range a.Findings {
		out = append(out, f.Text)
	}
	return out
}

// approvalFolder is where approvals are: objects that are written once.
const approvalFolder = "ledger/approvals/"

// Approve records that what a gate refused is as it should be. run names the
// refused run, "" for the last one of this configuration. The next run of the
// same configuration and as-of passes the gate, as long as its figures are no
// worse.
func Approve(ctx context.Context, c *Config, gate, run, reason, by string) (*Approval, error) {
	if !slices.Contains(gateNames(), gate) {
		return nil, failedf(ErrConfig, "there is no gate %q; there are %s", gate, strings.Join(gateNames(), ", "))
	}
	if strings.TrimSpace(reason) == "" || strings.TrimSpace(by) == "" {
		return nil, failedf(ErrConfig, "an approval says why and by whom")
	}
	out, err := c.openOutputs()
	if err != nil {
		return nil, classify(err)
	}
	x, err := c.refusalOf(ctx, out, run)
	if err != nil {
		return nil, err
	}
	if err := c.stillMatters(ctx, out, x); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(x.Gates, func(g refusedFigures) bool { return g.Gate == gate })
	if i < 0 {
		var names []string
		for _, g := range x.Gates {
			names = append(names, g.Gate)
		}
		return nil, failedf(ErrConfig, "run %s was not refused by gate %s, but by %s", x.Run, gate, strings.Join(names, ", "))
	}
	a := &Approval{Gate: gate, Run: x.Run, Config: x.Config, AsOf: x.AsOf, Past: x.Past, Findings: x.Gates[i].Findings,
		Reason: strings.TrimSpace(reason), By: strings.TrimSpace(by), At: time.Now().UTC()}
	return a, a.keep(ctx, out)
}

// stillMatters refuses an approval that no run would look at: of another job
// file, or of figures against a run that is no longer the published one.
func (c *Config) stillMatters(ctx context.Context, out store.Store, x *refusal) error {
	if x.Config != c.Digest() {
		return failedf(ErrConfig, "run %s was refused under another job file than this one: run the job again, and approve what is refused then", x.Run)
	}
	now, err := readPublished(ctx, out, "state")
	if err != nil && !errors.Is(err, ErrNotFound) {
		return classify(err)
	}
	if now.digest() != x.Past {
		return failedf(ErrConfig, "run %s was compared with what was published before run %s: run the job again, and approve what is refused then", x.Run, now.run())
	}
	return nil
}

// keep writes the approval. Its name has the moment, so that they list in
// their order; none replaces another.
func (a *Approval) keep(ctx context.Context, out store.Store) error {
	text, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return err
	}
	key := approvalFolder + a.At.Format("20060102T150405.000000000Z") + "-" + a.Gate + ".json"
	if _, err := out.PutIf(ctx, key, append(text, '\n'), store.Absent); err != nil {
		return fmt.Errorf("record the approval: %w", err)
	}
	return nil
}

// refusalOf reads the record of a refused run, or of the last one of this
// configuration.
func (c *Config) refusalOf(ctx context.Context, out store.Store, run string) (*refusal, error) {
	if run != "" {
		x, err := readRefusal(ctx, out, "lineage/"+run+"/"+refusalName)
		if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrKey) {
			return nil, failedf(ErrNotFound, "no gate refused a run %q: take its name from the message of the refusal", run)
		}
		return x, err
	}
	all, err := out.List(ctx, store.Scope{Prefix: "lineage/", Segments: 3})
	if err != nil {
		return nil, err
	}
	var last *refusal
	for _, info := range all {
		if !strings.HasSuffix(info.Key, "/"+refusalName) {
			continue
		}
		x, err := readRefusal(ctx, out, info.Key)
		if err != nil {
			return nil, err
		}
		if x.Config == c.Digest() && (last == nil || cmp.Or(x.At.Compare(last.At), strings.Compare(x.Run, last.Run)) > 0) {
			last = x
		}
	}
	if last == nil {
		return nil, failedf(ErrNotFound, "no gate refused a run of this job file as it stands: name the run with --run, or run the job first")
	}
	return last, nil
}

func readRefusal(ctx context.Context, s store.Store, key string) (*refusal, error) {
	text, err := read(ctx, s, key)
	if err != nil {
		return nil, err
	}
	var x refusal
	if err := json.Unmarshal(text, &x); err != nil {
		return nil, fmt.Errorf("%s is not the record of a refusal", key)
	}
	return &x, nil
}

// approvals are those that may bear on a run.
type approvals []*Approval

// approvals reads those given for this configuration, as-of and published
// run. Whatever else lies there is not ours to judge.
func (r *run) approvals(ctx context.Context) (approvals, error) {
	all, err := r.output.List(ctx, store.Scope{Prefix: approvalFolder})
	if err != nil {
		return nil, fmt.Errorf("look for approvals: %w", err)
	}
	var out approvals
	for _, info := range all {
		text, err := read(ctx, r.output, info.Key)
		if err != nil {
			return nil, fmt.Errorf("read approval: %w", err)
		}
		var a Approval
		if err := json.Unmarshal(text, &a); err != nil {
			return nil, fmt.Errorf("%s is not an approval", info.Key)
		}
		if a.Config == r.Digest() && a.AsOf.Equal(r.AsOf) && a.Past == r.previous["state"].digest() {
			out = append(out, &a)
		}
	}
	return out, nil
}

// covering is an approval of what a gate found, nil when there is none: same
// gate, same subject, a figure no greater.
func (list approvals) covering(gate string, f finding) *Approval {
	for _, a := range list {
		if a.Gate != gate {
			continue
		}
		for _, x := range a.Findings {
			if x.Subject == f.Subject && x.Snapshot == f.Snapshot && f.Figure <= x.Figure {
				return a
			}
		}
	}
	return nil
}

func gateNames() []string {
	var names []string
	for _, g := range gates() {
		names = append(names, g.name)
	}
	return names
}
