package cluster

import (
	"math/rand/v2"
	"testing"
)

func randomEdges(n, m int) []Edge {
	rnd := rand.New(rand.NewPCG(5, 6))
	out := make([]Edge, m)
	for i := range out {
		a, b := rnd.Uint32N(uint32(n)), rnd.Uint32N(uint32(n)-1)
		if b >= a {
			b++
		}
		out[i] = Edge{min(a, b), max(a, b), rnd.Int32N(20*Bit) - 6*Bit}
	}
	return distinct(out)
}

func BenchmarkUnion(b *testing.B) {
	const n = 1 << 20
	edges := randomEdges(n, n)
	s := NewSets(n)
	for b.Loop() {
		s.Reset(n)
		for _, e := range edges {
			s.Union(e.A, e.B)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(edges)), "ns/edge")
}

// A million records, most of them in components of two to
// four, as customer files are.
func BenchmarkPartition(b *testing.B) {
	in := Input{N: 1 << 20}
	for r := uint32(0); r+4 < uint32(in.N); r += 4 {
		in.Edges = append(in.Edges, Edge{r, r + 1, 9 * Bit}, Edge{r, r + 2, 3 * Bit}, Edge{r + 1, r + 2, -2 * Bit})
	}
	for b.Loop() {
		if _, err := Partition(in); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(in.Edges)), "ns/edge")
}

func benchmarkRefine(b *testing.B, c Component, opts Options) {
	r := NewRefiner(opts)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Refine(c); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(c.Edges)), "ns/edge")
}

func against(a, b uint32) int32 { return -2 * Bit }

func BenchmarkRefinePair(b *testing.B) {
	benchmarkRefine(b, Component{Records: []uint32{3, 8}, Edges: []Edge{{3, 8, 5 * Bit}}}, Options{Rescore: against})
}

func BenchmarkRefineFour(b *testing.B) {
	c := Component{Records: upTo(4), Edges: []Edge{{0, 1, 9 * Bit}, {1, 2, 3 * Bit}, {2, 3, 8 * Bit}}}
	benchmarkRefine(b, c, Options{Rescore: against})
}

func BenchmarkRefineFifty(b *testing.B) {
	w := peopleWorld(rand.New(rand.NewPCG(1, 1)), 50, 5)
	benchmarkRefine(b, wholeWorld(w), w.options)
}

// A component of 100k edges, of the greatest size that is not cut.
func BenchmarkRefineHuge(b *testing.B) {
	edges := randomEdges(MaxSize, 100_000)
	c := Component{Records: upTo(MaxSize), Edges: edges}
	b.Run("without_rescoring", func(b *testing.B) { benchmarkRefine(b, c, Options{}) })
	b.Run("with_rescoring", func(b *testing.B) { benchmarkRefine(b, c, Options{Rescore: against}) })
}
