package pipeline

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
)

// The sample that training counts is as large as was asked for: records are
// numbered by hash, and a pair is in it when its lower record is.
func TestSampledPairsAreSoMany(t *testing.T) {
	x, err := Resolve(context.Background(), settle(t, townJob, newTown(100).files(), 2))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSorted(x.run.in.Hash) {
		t.Error("records are not numbered by hash")
	}
	const n = 4000
	hashes := make([]uint64, n)
	r := rand.New(rand.NewPCG(7, 1))
	for i := range hashes {
		hashes[i] = r.Uint64()
	}
	slices.Sort(hashes)
	const pairs = n * (n - 1) / 2
	for _, most := range []int64{pairs / 100, pairs / 10, pairs / 2, pairs - 1} {
		var c patternCount
		c.sample(pairs, most)
		sampled := int64(0)
		for i, h := range hashes {
			if h <= c.threshold {
				sampled += int64(n - 1 - i)
			}
		}
		if off := float64(sampled)/float64(most) - 1; off < -0.25 || off > 0.25 {
			t.Errorf("%d pairs in the sample, want about %d", sampled, most)
		}
	}
	var c patternCount
	if c.sample(pairs, pairs); c.threshold != ^uint64(0) {
		t.Error("not all pairs are in a sample of all")
	}
}
