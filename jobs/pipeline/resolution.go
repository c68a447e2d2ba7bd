package pipeline

import (
	"context"
	"fmt"

	"concord/matching/cluster"
	"concord/matching/evaluate"
	"concord/matching/score"
)

// Resolution is a job resolved and not published: its clusters and the
// evidence for them, to be measured.
type Resolution struct{ run *run }

// Resolve runs the job up to its clusters.
func Resolve(ctx context.Context, c *Config) (*Resolution, error) {
	r, err := c.resolveOnly(ctx, "cluster")
	if err != nil {
		return nil, err
	}
	return &Resolution{r}, nil
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

// componentsAt is, by record, the smallest record that links of at least so
// much weight, in bits, connect it with.
func (x *Resolution) componentsAt(bits float64) []uint32 {
	sets := cluster.NewSets(x.Records())
	for _, e := range x.run.edges {
		if float64(e.Weight) >= bits*score.Bit {
			sets.Union(e.A, e.B)
		}
	}
	out := make([]uint32, x.Records())
	for i := range out {
		out[i] = sets.Find(uint32(i))
	}
	return out
}

// ComponentsAt measures what clustering by a threshold, in bits, would give:
// all that links of at least so much connect is one person.
func (x *Resolution) ComponentsAt(bits float64, truth string) (evaluate.Result, error) {
	entity, err := x.run.readTruth(truth, &Evaluation{})
	if err != nil {
		return evaluate.Result{}, failedf(ErrConfig, "truth %s: %w", truth, err)
	}
	result, err := evaluate.Clusters(x.componentsAt(bits), entity)
	if err != nil {
		return result, fmt.Errorf("measure components: %w", err)
	}
	return result, nil
}
