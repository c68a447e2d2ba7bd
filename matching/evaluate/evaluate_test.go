package evaluate

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-12 }

func nearRate(a, b Rate) bool {
	return near(a.Precision, b.Precision) && near(a.Recall, b.Recall) && near(a.F1, b.F1)
}

// Worked by hand. Truth {0,1,2} {3,4} {5}, clusters {0,1} {2,3,4} {5}; record
// 6 is unknown.
func TestClustersWorkedExample(t *testing.T) {
	entity := []uint32{7, 7, 7, 3, 3, 900000, Unknown}
	cluster := []uint32{0, 0, 2, 2, 2, 5, 2}
	got, err := Clusters(cluster, entity)
	if err != nil {
		t.Fatal(err)
	}
	// Pairs: true 3+1, predicted 1+3, correct 01 and 34.
	// B³ precision: (1+1 + 1/3+2/3+2/3 + 1)/6 = 14/18, recall
	// (2/3+2/3+1/3 + 1+1+1)/6 = 14/18.
	// Exact: {5} of 3 clusters and 3 entities.
	// ARI: chance 4·4/15; (2 - 16/15)/(4 - 16/15) = 14/44.
	third, half, sevenNinths := 1.0/3, 0.5, 14.0/18
	want := Result{
		Records: 6, Unknown: 1, Entities: 3, Clusters: 3, TruePairs: 4, PredictedPairs: 4, CorrectPairs: 2,
		Pairwise: Rate{half, half, half}, BCubed: Rate{sevenNinths, sevenNinths, sevenNinths},
		Cluster: Rate{third, third, third}, ARI: 14.0 / 44, MaxCluster: 3, MaxEntity: 3,
	}
	if !near(got.ARI, want.ARI) || !nearRate(got.BCubed, want.BCubed) {
		t.Errorf("ARI %v and B³ %v, want %v and %v", got.ARI, got.BCubed, want.ARI, want.BCubed)
	}
	got.ARI, got.BCubed = want.ARI, want.BCubed
	if got != want {
		t.Errorf("result %+v,\nwant %+v", got, want)
	}
	text := got.Text(nil)
	for _, s := range []string{"pairwise     0.5000", "0.7778", "0.3182", "1 records that the truth does not name"} {
		if !strings.Contains(text, s) {
			t.Errorf("text lacks %q:\n%s", s, text)
		}
	}
}

// naive computes everything by its definition, over pairs of records.
func naive(cluster, entity []uint32) Result {
	var r Result
	clusters, entities := map[uint32]uint32{}, map[uint32]uint32{}
	var known []int
	for i, e := range entity {
		if e == Unknown {
			r.Unknown++
			continue
		}
		known = append(known, i)
		clusters[cluster[i]]++
		entities[e]++
		r.MaxCluster, r.MaxEntity = max(r.MaxCluster, clusters[cluster[i]]), max(r.MaxEntity, entities[e])
	}
	r.Records, r.Clusters, r.Entities = len(known), len(clusters), len(entities)
	var purity, completeness float64
	exact, both, neither := map[uint32]bool{}, 0.0, 0.0
	for _, i := range known {
		in, of, shared := 0, 0, 0
		for _, j := range known {
			sameCluster, sameEntity := cluster[i] == cluster[j], entity[i] == entity[j]
			in, of = in+count(sameCluster), of+count(sameEntity)
			shared += count(sameCluster && sameEntity)
			if i < j {
				r.PredictedPairs += uint64(count(sameCluster))
				r.TruePairs += uint64(count(sameEntity))
				r.CorrectPairs += uint64(count(sameCluster && sameEntity))
				both += float64(count(sameCluster && sameEntity))
				neither += float64(count(!sameCluster && !sameEntity))
			}
		}
		purity += float64(shared) / float64(in)
		completeness += float64(shared) / float64(of)
		if shared == in && shared == of {
			exact[cluster[i]] = true
		}
	}
	r.Pairwise = rate(float64(r.CorrectPairs), float64(r.PredictedPairs), float64(r.TruePairs))
	r.BCubed = Rate{1, 1, 1}
	if n := float64(len(known)); n > 0 {
		r.BCubed = harmonic(purity/n, completeness/n)
	}
	r.Cluster = rate(float64(len(exact)), float64(r.Clusters), float64(r.Entities))
	// Hubert and Arabie by the four kinds of pairs.
	onlyCluster, onlyEntity := float64(r.PredictedPairs)-both, float64(r.TruePairs)-both
	top := 2 * (both*neither - onlyCluster*onlyEntity)
	if bottom := (both+onlyCluster)*(onlyCluster+neither) + (both+onlyEntity)*(onlyEntity+neither); bottom > 0 {
		r.ARI = top / bottom
	} else {
		r.ARI = 1
	}
	return r
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

func drawNumbers(t *rapid.T, label string, n int) []uint32 {
	far := rapid.Bool().Draw(t, label+" far apart")
	out := rapid.SliceOfN(rapid.Uint32Range(0, 6), n, n).Draw(t, label)
	for i := range out {
		if far {
			out[i] *= 600_000_001
		}
	}
	return out
}

func drawTruth(t *rapid.T) (cluster, entity []uint32) {
	n := rapid.IntRange(0, 24).Draw(t, "n")
	cluster, entity = drawNumbers(t, "cluster", n), drawNumbers(t, "entity", n)
	for i := range entity {
		if rapid.IntRange(0, 9).Draw(t, "unknown") == 0 {
			entity[i] = Unknown
		}
	}
	return cluster, entity
}

func TestClustersAgainstNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cluster, entity := drawTruth(t)
		got, err := Clusters(cluster, entity)
		if err != nil {
			t.Fatal(err)
		}
		want := naive(cluster, entity)
		if !near(got.ARI, want.ARI) || !nearRate(got.BCubed, want.BCubed) {
			t.Fatalf("ARI %v and B³ %v, by definition %v and %v", got.ARI, got.BCubed, want.ARI, want.BCubed)
		}
		got.ARI, got.BCubed = want.ARI, want.BCubed
		if got != want {
			t.Fatalf("result %+v,\nby definition %+v", got, want)
		}
	})
}

// The order of records and the numbers of clusters do not matter, to the bit.
func TestClustersIgnoresOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cluster, entity := drawTruth(t)
		want, err := Clusters(cluster, entity)
		if err != nil {
			t.Fatal(err)
		}
		order := make([]int, len(cluster))
		for i := range order {
			order[i] = i
		}
		var c, e []uint32
		for _, r := range rapid.Permutation(order).Draw(t, "order") {
			c = append(c, 4_000_000_000-cluster[r])
			e = append(e, entity[r])
		}
		if got, err := Clusters(c, e); err != nil || got != want {
			t.Fatalf("result %+v, in another order %+v, %v", want, got, err)
		}
	})
}

func TestClustersExtremes(t *testing.T) {
	perfect := []uint32{0, 0, 1, 2, 2}
	got, err := Clusters(perfect, perfect)
	one := Rate{1, 1, 1}
	if err != nil || got.Pairwise != one || got.BCubed != one || got.Cluster != one || got.ARI != 1 {
		t.Errorf("the truth itself: %+v, %v", got, err)
	}
	if got, _ := Clusters([]uint32{0, 1, 2, 3, 4}, perfect); got.Pairwise != (Rate{1, 0, 0}) || got.ARI != 0 {
		t.Errorf("nothing linked: pairwise %v, ARI %v", got.Pairwise, got.ARI)
	}
	if _, err := Clusters(perfect, perfect[1:]); err == nil {
		t.Error("different lengths: no error")
	}
}

func BenchmarkClusters(b *testing.B) {
	const n = 1 << 20
	cluster, entity := make([]uint32, n), make([]uint32, n)
	for i := range cluster {
		cluster[i], entity[i] = uint32(i/3), uint32(i/2)
	}
	for b.Loop() {
		if _, err := Clusters(cluster, entity); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/record")
}
