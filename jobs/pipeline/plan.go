package pipeline

import (
	"context"

	"concord/jobs/ingest"
	"concord/matching/block"
	"concord/schemas/job"
)

// Forecast is what a run would do, without doing it.
type Forecast struct {
	Objects     []ingest.Object
	Fields      []ingest.Field
	Problems    []ingest.Problem
	Quarantined map[string]int64 // rows by code
	Records     int
	Comparisons []string
	Choices     []block.Choice // blocking rules, considered and chosen
	Pairs       int64
	Budget      int64
	Memory      job.Bytes // estimate of the run's peak
	OnDisk      bool      // the run would keep its records on disk
	Seconds     float64   // estimate of scoring
	Gates       []string  // that would refuse what the consent sources say, each with its finding
	Snapshots   []SnapshotColumns
	// Refused is the budget that refuses the run, nil when none does.
	Refused error
}

// Costs that estimates are made of, as measured on generated data; see
// matching/docs/performance.md. They are meant to be on the safe side.
const (
	secondsPerPair = 300e-9 // of one core
	// bytesPerRecord is the codes of a record, its rows and blocks while it is
	// matched, its links, and what collections leave room for.
	bytesPerRecord = 750
	// bytesSpilled is what a record takes while it is read and matched, when
	// what stays of it is kept on disk.
	bytesSpilled = 280
	// dictionaryShare is what dictionaries and hash tables take of the bytes
	// of the extracts.
	dictionaryShare = 2
	// baseMemory is the program and the row groups that each worker writes.
	baseMemory = 256 << 20
)

// Plan reads everything and writes nothing.
func Plan(ctx context.Context, c *Config) (*Forecast, error) {
	r, err := c.resolveOnly(ctx, "consent")
	if err != nil {
		return nil, err
	}
	f := &Forecast{
		Objects: r.in.Objects, Fields: r.in.Fields, Problems: r.in.Problems, Records: r.in.Records.N,
		Quarantined: map[string]int64{},
		Budget:      int64(c.Job.Match.Budget.Pairs),
	}
	if f.Snapshots, err = r.columnsOf(); err != nil {
		return nil, classify(err)
	}
	f.Gates = r.unheardGates()
	for _, q := range r.in.Quarantine {
		f.Quarantined[q.Code]++
	}
	if f.Budget == 0 {
		f.Budget = block.DefaultEffort(f.Records)
	}
	m, err := r.newMatcher()
	if err != nil {
		return nil, classify(err)
	}
	f.Refused = classify(r.block(ctx, m))
	if err := r.bind(ctx, m); err != nil {
		return nil, classify(err)
	}
	f.Choices, f.Pairs = m.choices, m.plan.Pairs()
	for _, x := range m.comparators {
		f.Comparisons = append(f.Comparisons, x.Name())
	}
	f.Memory, f.OnDisk = estimateMemory(r.in), r.space != nil
	f.Seconds = float64(f.Pairs) * secondsPerPair / float64(c.Engine.Workers())
	if f.Refused == nil {
		f.Refused = refuseMemory(r.in, c.Job.Match.Budget.Memory)
	}
	return f, nil
}

// unheardGates are the findings of gates that need no more than what was read:
// denials that nobody would hear.
func (r *run) unheardGates() (out []string) {
	c := &comparison{gates: &r.Job.Gates, asOf: r.AsOf, strangers: r.strangers, accounts: r.accountsNamed, unheard: r.unheard}
	for _, g := range []struct {
		name string
		look func(*comparison) []finding
	}{{"foreign_denials", foreignDenials}, {"unheard_rows", unheardRows}, {"unmatched_accounts", unmatchedAccounts}} {
		for _, f := range g.look(c) {
			if f.refuses {
				out = append(out, g.name+": "+f.Text)
			}
		}
	}
	return out
}

// refuseMemory refuses a run that would need more memory than its budget.
func refuseMemory(in *ingest.Result, budget job.Bytes) error {
	if need := estimateSpilled(in); need > budget {
		return failedf(ErrRefused, "the run would need about %d MiB of memory, with its records on disk, and match.budget.memory is %d MiB: raise it, or split the job by brand or region", need>>20, budget>>20)
	}
	return nil
}

// estimateSpilled is what a run takes that keeps its records on disk.
func estimateSpilled(in *ingest.Result) job.Bytes {
	return job.Bytes(baseMemory + int64(in.Records.N)*bytesSpilled)
}

// estimateMemory is what a run takes that keeps everything in memory.
func estimateMemory(in *ingest.Result) job.Bytes {
	var size int64
	for _, o := range in.Objects {
		size += o.Size
	}
	return memoryOf(in.Records.N, size)
}

// memoryOf is [estimateMemory] of so many records from so many bytes.
func memoryOf(records int, size int64) job.Bytes {
	return job.Bytes(baseMemory + int64(records)*bytesPerRecord + size*dictionaryShare)
}
