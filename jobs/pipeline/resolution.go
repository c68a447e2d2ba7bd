package pipeline

import (
	"context"
	"fmt"

	"concord/matching/cluster"
	"concord/matching/evaluate"
	"concord/matching/score"
	"concord/schemas/model"
)

// Resolution is a job resolved and not published: its clusters and the
// evidence for them, to be measured.
type Resolution struct {
	run   *run
	index map[string]uint32 // records by name, made when first needed
}

// Resolve runs the job up to its clusters.
func Resolve(ctx context.Context, c *Config) (*Resolution, error) {
	r, err := c.resolveOnly(ctx, "cluster")
	if err != nil {
		return nil, err
	}
	return &Resolution{run: r}, nil
}

// Records is how many there are.
func (x *Resolution) Records() int { return x.run.in.Records.N }

// People is how many the job takes them to be.
func (x *Resolution) People() int { return x.run.resolved.clusters.len() }

// Pairs is how many were compared.
func (x *Resolution) Pairs() int64 { return x.run.stats.Pairs }

// Clusters is the cluster of every record, by CHANNEL/KEY and SOURCE/KEY.
func (x *Resolution) Clusters() map[string]uint32 {
	index := x.run.recordIndex()
	for name, record := range index {
		index[name] = x.run.resolved.clusters.of[record]
	}
	return index
}

// Model is the match model, to be varied; do not change it.
func (x *Resolution) Model() *model.Model { return x.run.matcher.model }

// RulesAlone measures what the deterministic rules would give without the
// model: all that their links connect is one person.
func (x *Resolution) RulesAlone(truth string) (evaluate.Result, error) {
	sets := cluster.NewSets(x.Records())
	for _, r := range x.run.matcher.rules {
		for _, l := range r.Links {
			sets.Union(l.A, l.B)
		}
	}
	return x.measure(sets, truth)
}

// measure compares a partition with the truth.
func (x *Resolution) measure(sets *cluster.Sets, truth string) (evaluate.Result, error) {
	entity, err := x.run.readTruth(truth, &Evaluation{})
	if err != nil {
		return evaluate.Result{}, failedf(ErrConfig, "truth %s: %w", truth, err)
	}
	result, err := evaluate.Clusters(numbers(sets, x.Records()), entity)
	if err != nil {
		return result, fmt.Errorf("measure components: %w", err)
	}
	return result, nil
}

// componentsAt connects what links of at least so much weight, in bits, do.
func (x *Resolution) componentsAt(bits float64) *cluster.Sets {
	sets := cluster.NewSets(x.Records())
	for _, e := range x.run.edges {
		if float64(e.Weight) >= bits*score.Bit {
			sets.Union(e.A, e.B)
		}
	}
	return sets
}

// numbers is each record's set.
func numbers(sets *cluster.Sets, n int) []uint32 {
	out := make([]uint32, n)
	for i := range out {
		out[i] = sets.Find(uint32(i))
	}
	return out
}

// ComponentsAt measures what clustering by a threshold, in bits, would give:
// all that links of at least so much connect is one person.
func (x *Resolution) ComponentsAt(bits float64, truth string) (evaluate.Result, error) {
	return x.measure(x.componentsAt(bits), truth)
}
