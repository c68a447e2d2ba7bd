package consent

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"

	schema "concord/schemas/consent"
)

// Reading ahead decides nothing: verdicts are the same whatever was read
// before them.
func TestWarmChangesNothing(t *testing.T) {
	for n := range uint64(500) {
		d := seed(n)
		s := randomScenario(d)
		s.split(coarser(d, s.finest()))
		f := s.engine(caseT{t, int(n)}, s.requests)
		want, got := map[[3]any]string{}, map[[3]any]string{}
		s.each(func(p int, a schema.Anchor, r int) { want[[3]any{p, a, r}] = show(f.decide(p, a, r)) })
		s.each(func(p int, a schema.Anchor, r int) {
			var ahead []ClusterID
			for range d.roll(5) {
				ahead = append(ahead, ClusterID(d.roll(f.e.clusters.Len())))
			}
			f.d.Warm(ahead)
			got[[3]any{p, a, r}] = show(f.decide(p, a, r))
		})
		if !maps.Equal(got, want) {
			t.Fatalf("case %d: %v, want %v", n, got, want)
		}
	}
}

// BenchmarkWarm measures one profile's cells where profiles come in no order,
// with and without reading ahead.
func BenchmarkWarm(b *testing.B) {
	const n, batch = 400_000, 32
	e := benchEngine(b, n)
	order := make([]ClusterID, n)
	for i, k := range rand.New(rand.NewPCG(1, 2)).Perm(n) {
		order[i] = ClusterID(k)
	}
	for _, warm := range []bool{false, true} {
		b.Run(fmt.Sprintf("warm=%v", warm), func(b *testing.B) {
			d := e.Decider()
			var r Result
			for i := range b.N {
				at := i % n
				if warm && at%batch == 0 {
					d.Warm(order[at:min(at+batch, n)])
				}
				for _, a := range e.clusters.Anchors(order[at]) {
					d.Decide(order[at], a, 0, &r)
				}
			}
		})
	}
}
