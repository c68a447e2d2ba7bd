package evaluate

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// The shares of entities add up to the whole.
func TestSharesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cluster, entity := drawTruth(t)
		table, err := newContingency(cluster, entity)
		if err != nil {
			t.Fatal(err)
		}
		want := table.result()
		if want.Records == 0 {
			return
		}
		var sum share
		for _, s := range table.shares() {
			sum.add(&s)
		}
		p, b, c := sum.rates()
		if !nearRate(p, want.Pairwise) || !nearRate(b, want.BCubed) || !nearRate(c, want.Cluster) {
			t.Fatalf("shares give %v %v %v, the whole %v %v %v", p, b, c, want.Pairwise, want.BCubed, want.Cluster)
		}
	})
}

// people draws n entities of two records, each split with probability miss.
func people(rnd *rand.Rand, n int, miss float64) (cluster, entity []uint32) {
	for e := range uint32(n) {
		entity = append(entity, e, e)
		cluster = append(cluster, 2*e, 2*e)
		if rnd.Float64() < miss {
			cluster[len(cluster)-1]++
		}
	}
	return cluster, entity
}

// The interval does what 95 % promises: it holds the recall that the data was
// drawn with in about 95 of 100 samples. The sample is fixed, so the count is
// too; a binomial of 100 at .95 is below 88 once in 500 samples.
func TestIntervalsCover(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 2))
	held := 0
	for range 100 {
		cluster, entity := people(rnd, 150, 0.3)
		iv, err := ClusterIntervals(cluster, entity)
		if err != nil {
			t.Fatal(err)
		}
		if r := iv.Pairwise.Recall; r.Low <= 0.7 && 0.7 <= r.High {
			held++
		}
		if p := iv.Pairwise.Precision; p != (Interval{1, 1}) {
			t.Fatalf("precision interval %v where nothing is wrong", p)
		}
	}
	if held < 88 {
		t.Errorf("%d of 100 intervals hold the true recall", held)
	}
}

// With more entities than buckets the units are groups, and the width stays
// what theory says: 2·1.96·√(p(1-p)/n) for recall.
func TestIntervalsOfManyEntities(t *testing.T) {
	const n = 4 * buckets
	cluster, entity := people(rand.New(rand.NewPCG(6, 6)), n, 0.3)
	iv, err := ClusterIntervals(cluster, entity)
	if err != nil {
		t.Fatal(err)
	}
	const theory = 0.01403 // 2 · 1.96 · √(0.21/16384)
	if w := iv.Pairwise.Recall.High - iv.Pairwise.Recall.Low; w < 0.85*theory || w > 1.15*theory {
		t.Errorf("width %.5f, in theory %.5f", w, theory)
	}
	again, err := ClusterIntervals(cluster, entity)
	if err != nil || again != iv {
		t.Errorf("a second time: %v, %v", again, err)
	}
	if _, err := ClusterIntervals([]uint32{0}, []uint32{Unknown}); err == nil {
		t.Error("no known record: no error")
	}
}
