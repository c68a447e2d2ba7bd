package pipeline

import (
	"context"
	"fmt"
	"slices"

	"concord/jobs/ingest"
	"concord/schemas/attribute"
	schema "concord/schemas/consent"
	"concord/schemas/job"
	"concord/schemas/table"
	"concord/transforms/consent"
	"concord/transforms/golden"
	"concord/transforms/snapshot"
)

// audience is a snapshot's declaration, compiled: who is in it and what of
// them.
type audience struct {
	name     string
	spec     *job.Snapshot
	purpose  string
	channel  schema.Channel
	basis    schema.Basis
	entry    snapshot.MatrixEntry
	brands   []uint16 // indexes into Records.Brands
	requests []int    // by position in brands: number of the consent request
	columns  []attribute.Name
	// categories are those that the job declared of its own columns.
	categories map[attribute.Name]string
	key        []byte
	version    int
}

// audiences compiles the job's snapshots and lists what consent is asked.
func (r *run) audiences(ctx context.Context, plan *golden.Plan) ([]*audience, []consent.Request, error) {
	var all []*audience
	var requests []consent.Request
	for _, name := range r.Job.SnapshotNames() {
		a, err := r.audience(ctx, name, plan)
		if err != nil {
			return nil, nil, fmt.Errorf("snapshot %q: %w", name, err)
		}
		for _, b := range a.brands {
			a.requests = append(a.requests, len(requests))
			requests = append(requests, consent.Request{
				Controller: r.Job.Controller, Brand: r.in.Records.Brands[b],
				Purpose: a.purpose, Channel: a.channel, Basis: a.basis, Topic: a.spec.Topic, Shows: r.shows(a),
			})
		}
		all = append(all, a)
	}
	return all, requests, nil
}

func (r *run) audience(ctx context.Context, name string, plan *golden.Plan) (*audience, error) {
	a := &audience{name: name, spec: r.Job.Snapshots[name]}
	if err := a.declare(); err != nil {
		return nil, failed(ErrConfig, err)
	}
	if a.basis == schema.BasisConsent && r.log.Events() == 0 && !r.hasConsentFeed() {
		return nil, failedf(ErrConfig, "its basis is consent and the job reads no consent: map a channel of kind consent, or consent columns, or declare another basis")
	}
	if t := a.spec.Topic; t != "" && !r.log.HasTopic(t) {
		return nil, failedf(ErrConfig, "no preference in the feeds is about the topic %q, so whoever declined it would not be left out: write it as the feeds do", t)
	}
	var wanted []string
	for _, b := range a.spec.Brands {
		wanted = append(wanted, ingest.Brand(b))
	}
	for i, b := range r.in.Records.Brands {
		if len(wanted) == 0 || slices.Contains(wanted, b) {
			a.brands = append(a.brands, uint16(i))
		}
	}
	for _, b := range wanted {
		if !slices.Contains(r.in.Records.Brands, b) {
			return nil, failedf(ErrConfig, "no channel has the brand %q; there are %q", b, r.in.Records.Brands)
		}
	}
	var available []attribute.Name
	for _, c := range plan.Attributes() {
		available = append(available, c.Name)
	}
	matrix := snapshot.DefaultMatrix()
	a.entry, _ = matrix.Entry(a.purpose)
	a.categories = r.Job.Categories()
	var err error
	if a.columns, err = matrix.Columns(a.purpose, a.spec.Columns, available, a.categories); err != nil {
		return nil, failed(ErrConfig, err)
	}
	a.key, a.version, err = r.keys.Secret(ctx, purposeDomain(a.purpose))
	return a, err
}

// declare resolves purpose, channel and basis: all that can be checked before
// any row is read.
func (a *audience) declare() error {
	reg := schema.DefaultRegistry()
	code, ch, split, err := reg.Resolve(a.spec.Purpose)
	if err != nil {
		return err
	}
	a.purpose = reg.Purpose(code).Key
	if a.channel, err = schema.ParseChannel(a.spec.Channel); err != nil {
		return err
	}
	if split {
		if a.channel != schema.AnyChannel && a.channel != ch {
			return fmt.Errorf("purpose %q names another channel than %q", a.spec.Purpose, a.spec.Channel)
		}
		a.channel = ch
	}
	if a.basis, err = schema.ParseBasis(a.spec.Basis); err != nil {
		return err
	}
	_, ok := snapshot.DefaultMatrix().Entry(a.purpose)
	if !ok {
		return fmt.Errorf("purpose %q: nothing is published for it: the purpose matrix has no entry", a.purpose)
	}
	return nil
}

// checkDeclarations refuses a job whose purposes, channels or bases are
// unknown, before any row is read.
func (c *Config) checkDeclarations() error {
	declared := map[string]*audience{}
	for _, name := range c.Job.SnapshotNames() {
		a := &audience{name: name, spec: c.Job.Snapshots[name]}
		if err := a.declare(); err != nil {
			return failedf(ErrConfig, "snapshot %q: %w", name, err)
		}
		declared[name] = a
	}
	for _, name := range c.Job.JoinNames() {
		if err := checkJoins(name, declared[c.Job.Joins[name][0]], declared[c.Job.Joins[name][1]]); err != nil {
			return err
		}
	}
	for attr, rule := range c.Job.Golden {
		if _, ok := golden.Lookup(rule); !ok {
			return failedf(ErrConfig, "golden.%s: unknown survivorship rule %q", attr, rule)
		}
	}
	return nil
}

func (r *run) hasConsentFeed() bool {
	for _, c := range r.Job.Channels {
		if c.IsConsent() || len(c.Embedded) > 0 || len(c.Signals) > 0 {
			return true
		}
	}
	return false
}

// readsPreferences tells whether the job speaks of topics or frequencies: a
// consent channel maps a column to one, or a snapshot has a topic. A feed whose
// columns are named as the fields may hold them all the same; they narrow, but
// then contact_points does not show them.
func (r *run) readsPreferences() bool {
	for _, s := range r.Job.Snapshots {
		if s.Topic != "" {
			return true
		}
	}
	for _, c := range r.Job.Channels {
		for _, f := range c.Fields {
			if c.IsConsent() && (consent.Field(f.As) == consent.FieldTopic || consent.Field(f.As) == consent.FieldFrequency) {
				return true
			}
		}
	}
	return false
}

// use is the name of the audience's permission flag.
func (a *audience) use() []string { return []string{a.name} }

// profileColumns are the attributes of its profiles table.
func (a *audience) profileColumns(plan *golden.Plan) []table.ProfileColumn {
	var out []table.ProfileColumn
	for _, n := range a.columns {
		out = append(out, table.ProfileColumn{Attribute: n, List: plan.Attributes()[plan.Index(n)].Rule.List, Category: a.categories[n]})
	}
	return out
}
