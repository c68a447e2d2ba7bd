// Package pipeline is the main data path: what `concord run` does, from the
// extracts of a job to published snapshots and the evidence for them.
//
//	extracts ─► records ─► links ─► clusters ─► golden records ─► snapshots
//	                └────────── lineage, run manifest ──────────┘
//
// A stage reads the run's state and adds to it; the work itself is done by
// kernels of transforms and matching that the engine calls. What always
// holds: nothing is published before everything is written and verified; the
// same inputs, configuration and as-of give the same bytes at any number of
// workers; every row that was read is accounted for.
package pipeline

import (
	"context"
	"time"

	"concord/jobs/ingest"
	"concord/jobs/spill"
	"concord/jobs/store"
	"concord/matching/score"
	schema "concord/schemas/consent"
	"concord/transforms/consent"
	"concord/transforms/golden"
	"concord/transforms/report"
)

// run is the state of one run: each stage fills its part.
type run struct {
	*Config
	store   files       // where extracts are
	output  store.Store // where everything that the run makes goes
	keys    KeyProvider
	started time.Time
	phases  []Phase

	in           *ingest.Result
	objectDigest []string // by Records.Objects: SHA-256 of the object
	policy       *schema.Policy
	feeds        *intake // consent channels as they were read, until there is a log
	log          *consent.Log
	anchors      *anchors
	people       *circumstances
	unlinkable   []bool // by record: linking it was denied; nil when none was
	// strangers are the denials that name a controller or brand the job does
	// not have, by consent channel; accountsNamed is how many of the accounts
	// that a consent channel names are records.
	strangers     map[string]*stranger
	accountsNamed map[string]*accountShare
	unheard       map[string]*stranger // by people channel with consent columns: rows that may deny and name nobody
	suppressed    int                  // suppressions that the feeds hold
	matcher       *matcher
	edges         []score.Edge
	stats         score.Stats
	linking       *report.Matching // what the manifest says of linking, once that is over
	resolved      *resolved
	clustering    *consent.Clustering
	golden        *golden.Plan
	decisions     *consent.Engine
	snapshots     []*published
	files         []written            // tables of no snapshot: state, lineage, quarantine
	previous      map[string]*previous // by what the pointer is of: state, snapshots/NAME
	attempt       string               // RunID, with a number from the second attempt on
	begun         []*published         // snapshots of which anything was written
	gated         []report.Check       // what the gates found
	manifest      *report.Manifest
	space         *spill.Space // of arrays that are kept on disk; nil while memory suffices
}

// Phase is what a stage took, in the order of the stages.
type Phase struct {
	Name  string
	Took  time.Duration
	CPU   time.Duration // of all processors
	Peak  int64         // most memory the process held until its end, in bytes
	Items int64         // of Unit: rows, pairs, profiles
	Unit  string
}

// Run executes the job and publishes its snapshots.
func Run(ctx context.Context, c *Config) (*Outcome, error) {
	r, err := c.open(ctx)
	if err != nil {
		return nil, classify(err)
	}
	return r.execute(ctx)
}

// execute takes an opened run through its stages.
func (r *run) execute(ctx context.Context) (*Outcome, error) {
	if err := r.begin(ctx); err != nil {
		return nil, classify(err)
	}
	defer func() { _ = r.space.Close() }() // nothing in it outlives the run
	err := r.stages(ctx, []stage{
		{"extract", r.extract},  // objects ─► records, events, quarantine
		{"consent", r.consents}, // events ─► the log, anchors, who may be linked
		{"block", r.blocks},     // records ─► pairs worth comparing
		{"train", r.learn},      // pairs ─► match model
		{"score", r.scores},     // pairs ─► links
		{"cluster", r.resolve},  // links ─► clusters with golden ids
		{"snapshot", r.write},   // clusters ─► golden records as each purpose permits, verified
		{"gates", r.gates},      // or else refused: nothing is published
		{"publish", r.publish},  // lineage, manifest; then the pointers move
	})
	return r.finish(ctx, classify(err))
}

// stage is a step of a run.
type stage struct {
	name string
	do   func(context.Context) error
}

// stages runs the steps in order and times them.
func (r *run) stages(ctx context.Context, list []stage) error {
	for _, s := range list {
		r.Observe.Begin(s.name)
		began, used := time.Now(), processorTime()
		if err := s.do(ctx); err != nil {
			return err
		}
		p := r.phase(s.name)
		p.Took, p.CPU, p.Peak = time.Since(began), processorTime()-used, peakMemory()
		r.phases = append(r.phases, p)
		r.Observe.End(s.name, p.Took)
	}
	return nil
}

// phase says how much a stage had to do, for the phase table.
func (r *run) phase(name string) Phase {
	p := Phase{Name: name, Items: int64(r.in.Records.N), Unit: "records"}
	switch name {
	case "consent":
		p.Items, p.Unit = int64(r.log.Events()), "events"
	case "block":
		p.Items, p.Unit = r.matcher.plan.Pairs(), "pairs"
	case "train":
		p.Items, p.Unit = r.matcher.model.Training.BlockedPairs, "pairs"
	case "score":
		p.Items, p.Unit = r.stats.Pairs, "pairs"
	case "cluster":
		p.Items, p.Unit = int64(len(r.edges)), "links"
	case "gates":
		p.Items, p.Unit = int64(len(gates())), "gates"
	case "snapshot", "publish":
		p.Items, p.Unit = int64(r.resolved.clusters.len()), "golden records"
	}
	return p
}
