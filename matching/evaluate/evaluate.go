// Package evaluate measures a clustering, a list of pairs or a set of judged
// pairs against the truth.
//
// All figures come from the contingency table of clusters and entities, in
// time linear in the records: no pair of records is ever listed. A true pair
// that blocking never proposed is a miss like any other, for the truth counts
// all pairs of an entity. Records that the truth does not know are left out of
// every figure, and counted.
//
// Figures do not depend on the order of records or on how clusters and
// entities are numbered: sums are of integers, or are taken in an order that
// only sizes decide.
package evaluate

import "fmt"

// Unknown is the entity of a record that the truth does not name.
const Unknown = ^uint32(0)

// Rate is how often what was said was right (precision), how often what is
// right was said (recall), and their harmonic mean. Precision is 1 when
// nothing was said, recall 1 when there was nothing to say.
type Rate struct{ Precision, Recall, F1 float64 }

// Result is a clustering measured.
type Result struct {
	Records  int // with a known entity: what all other figures are about
	Unknown  int // left out
	Entities int
	Clusters int

	TruePairs      uint64 // pairs of records of one entity
	PredictedPairs uint64 // pairs of records of one cluster
	CorrectPairs   uint64 // pairs that are both

	// Pairwise counts pairs of records.
	Pairwise Rate
	// BCubed averages over records the purity of the record's cluster and the
	// completeness of its entity (Bagga and Baldwin 1998).
	BCubed Rate
	// Cluster counts clusters that are exactly an entity, those of one record
	// included.
	Cluster Rate
	// ARI is the Rand index adjusted for chance (Hubert and Arabie 1985): 1 is
	// perfect, 0 is chance.
	ARI float64

	MaxCluster, MaxEntity uint32 // records
}

// Clusters measures cluster against entity, both by record. Unknown in entity
// leaves the record out; any other number is a cluster or an entity.
func Clusters(cluster, entity []uint32) (Result, error) {
	t, err := newContingency(cluster, entity)
	if err != nil {
		return Result{}, err
	}
	return t.result(), nil
}

func (t *contingency) result() Result {
	r := Result{
		Records: t.records, Unknown: t.unknown,
		Entities: len(t.entitySize), Clusters: len(t.clusterSize),
		TruePairs: pairsOf(t.entitySize), PredictedPairs: pairsOf(t.clusterSize),
		MaxCluster: greatest(t.clusterSize), MaxEntity: greatest(t.entitySize),
	}
	// B³ sums n²/size over cells. Grouping the integers n² by size first makes
	// the sum independent of the order of cells.
	purity := make([]uint64, r.MaxCluster+1)
	completeness := make([]uint64, r.MaxEntity+1)
	exact := 0
	for _, c := range t.cells {
		inCluster, inEntity := t.clusterSize[c.cluster], t.entitySize[c.entity]
		r.CorrectPairs += choose2(c.records)
		purity[inCluster] += uint64(c.records) * uint64(c.records)
		completeness[inEntity] += uint64(c.records) * uint64(c.records)
		if c.records == inCluster && c.records == inEntity {
			exact++
		}
	}
	r.Pairwise = rate(float64(r.CorrectPairs), float64(r.PredictedPairs), float64(r.TruePairs))
	r.BCubed = bcubed(purity, completeness, t.records)
	r.Cluster = rate(float64(exact), float64(r.Clusters), float64(r.Entities))
	r.ARI = adjustedRand(r)
	return r
}

func bcubed(purity, completeness []uint64, records int) Rate {
	if records == 0 {
		return Rate{1, 1, 1}
	}
	mean := func(squares []uint64) (sum float64) {
		for size, s := range squares {
			if s > 0 {
				sum += float64(s) / float64(size)
			}
		}
		return sum / float64(records)
	}
	return harmonic(mean(purity), mean(completeness))
}

func adjustedRand(r Result) float64 {
	all := float64(r.Records) * float64(r.Records-1) / 2
	if all == 0 {
		return 1
	}
	p, q := float64(r.PredictedPairs), float64(r.TruePairs)
	chance := p / all * q
	if most := (p + q) / 2; most != chance {
		return (float64(r.CorrectPairs) - chance) / (most - chance)
	}
	return 1 // both all in one, or both all alone: equal
}

// rate is the Rate of correct among said and among right.
func rate(correct, said, right float64) Rate {
	p, r := 1.0, 1.0
	if said > 0 {
		p = correct / said
	}
	if right > 0 {
		r = correct / right
	}
	return harmonic(p, r)
}

func harmonic(p, r float64) Rate {
	if p+r == 0 {
		return Rate{}
	}
	return Rate{Precision: p, Recall: r, F1: 2 * p * r / (p + r)}
}

// choose2 is the number of pairs of n records.
func choose2(n uint32) uint64 { return uint64(n) * (uint64(n) - 1) / 2 * min(uint64(n), 1) }

func pairsOf(sizes []uint32) (sum uint64) {
	for _, n := range sizes {
		sum += choose2(n)
	}
	return sum
}

func greatest(sizes []uint32) (most uint32) {
	for _, n := range sizes {
		most = max(most, n)
	}
	return most
}

// sameLength refuses columns of different tables.
func sameLength(cluster, entity int) error {
	if cluster != entity {
		return fmt.Errorf("evaluate: %d records are clustered and the truth has %d", cluster, entity)
	}
	return nil
}
