package evaluate

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// Interval holds a figure with 95 % confidence.
type Interval struct{ Low, High float64 }

// Intervals of a clustering's rates.
type Intervals struct{ Pairwise, BCubed, Cluster RateInterval }

// RateInterval is the intervals of a Rate.
type RateInterval struct{ Precision, Recall, F1 Interval }

// replicates is how many times the bootstrap resamples: the usual number for
// percentiles of 2.5 and 97.5.
const replicates = 1000

// buckets bounds the units that are resampled. Up to that many entities each
// is a unit; beyond, a unit is a random group of entities of equal expected
// size, which changes the width of an interval by about 1/√(2·buckets) of
// itself and makes the cost independent of the number of entities.
const buckets = 4096

// share is an entity's part in every sum that the rates are made of. The
// entities' shares add up to the whole: a pair of a cluster across two
// entities counts half for each, and a cluster is divided among entities by
// records.
type share struct {
	correct, said, right      float64 // pairs
	purity, complete, records float64
	exact, clusters, entities float64
}

func (s *share) add(o *share) {
	s.correct += o.correct
	s.said += o.said
	s.right += o.right
	s.purity += o.purity
	s.complete += o.complete
	s.records += o.records
	s.exact += o.exact
	s.clusters += o.clusters
	s.entities += o.entities
}

func (s *share) rates() (pairwise, bcubed, cluster Rate) {
	return rate(s.correct, s.said, s.right),
		harmonic(s.purity/s.records, s.complete/s.records),
		rate(s.exact, s.clusters, s.entities)
}

// ClusterIntervals is the 95 % intervals of the rates of Clusters, by the
// percentile bootstrap over entities: entities are what a truth is a sample
// of, and the records of one stand or fall together, so resampling records or
// pairs would promise too much. The same input gives the same intervals. The
// error is lengths that differ or a truth without records.
func ClusterIntervals(cluster, entity []uint32) (Intervals, error) {
	t, err := newContingency(cluster, entity)
	if err != nil {
		return Intervals{}, err
	}
	if t.records == 0 {
		return Intervals{}, fmt.Errorf("evaluate: the truth names none of the %d records", t.unknown)
	}
	units := t.shares()
	rnd := rand.New(rand.NewPCG(0x636f6e63, 0x6f7264)) // fixed: a rerun gives the same report
	var drawn [9][]float64
	for range replicates {
		var sum share
		for range units {
			sum.add(&units[rnd.IntN(len(units))])
		}
		p, b, c := sum.rates()
		for i, v := range []float64{p.Precision, p.Recall, p.F1, b.Precision, b.Recall, b.F1, c.Precision, c.Recall, c.F1} {
			drawn[i] = append(drawn[i], v)
		}
	}
	at := func(i int) RateInterval {
		return RateInterval{Precision: percentiles(drawn[i]), Recall: percentiles(drawn[i+1]), F1: percentiles(drawn[i+2])}
	}
	return Intervals{Pairwise: at(0), BCubed: at(3), Cluster: at(6)}, nil
}

func percentiles(drawn []float64) Interval {
	slices.Sort(drawn)
	cut := len(drawn) * 25 / 1000
	return Interval{Low: drawn[cut], High: drawn[len(drawn)-1-cut]}
}

// shares is the units that are resampled.
func (t *contingency) shares() []share {
	units := make([]share, min(len(t.entitySize), buckets))
	for _, c := range t.cells {
		n, in, of := float64(c.records), float64(t.clusterSize[c.cluster]), float64(t.entitySize[c.entity])
		s := share{
			correct: n * (n - 1) / 2, said: n * (in - 1) / 2, right: n * (of - 1) / 2,
			purity: n * n / in, complete: n * n / of, records: n,
			clusters: n / in, entities: n / of,
		}
		if n == in && n == of {
			s.exact = 1
		}
		units[t.unit(c.entity)].add(&s)
	}
	return slices.DeleteFunc(units, func(s share) bool { return s.records == 0 })
}

// unit is the unit an entity belongs to.
func (t *contingency) unit(entity uint32) int {
	if len(t.entitySize) <= buckets {
		return int(entity)
	}
	x := (uint64(entity) + 1) * 0x9e3779b97f4a7c15 // neighbours may be alike: scatter them
	x ^= x >> 32
	return int(x % buckets)
}
