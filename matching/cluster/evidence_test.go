package cluster

import (
	"testing"

	"pgregory.net/rapid"
)

// The links of a cluster are a spanning tree of it: one fewer than records,
// and enough to connect them; hence removing any one disconnects it. Each is
// a judgement or of positive weight. The tree is of greatest weight: no
// positive pair inside is stronger than the weakest link on its path.
func TestLinksSpanClusters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, 9)
		cluster, results, err := solve(w.input(), w.options)
		if err != nil {
			return // contradictory judgements: see TestRefineAgainstOptimum
		}
		sets, links := NewSets(w.n), 0
		for _, r := range results {
			for _, l := range r.Links {
				links++
				if l.Origin != Judged && l.Weight <= 0 {
					t.Fatalf("link %v of weight %d", l, l.Weight)
				}
				if l.Origin == Scored != (w.edge[l.A][l.B] && l.Origin != Judged) || w.weight[l.A][l.B] != l.Weight {
					t.Fatalf("link %v: edge %v, weight %d", l, w.edge[l.A][l.B], w.weight[l.A][l.B])
				}
				sets.Union(l.A, l.B)
			}
		}
		groups := 0
		for i := range uint32(w.n) {
			if sets.Find(i) != cluster[i] {
				t.Fatalf("links connect record %d to %d, its cluster is %d", i, sets.Find(i), cluster[i])
			}
			if cluster[i] == i {
				groups++
			}
		}
		if links != w.n-groups {
			t.Fatalf("%d links for %d records in %d clusters", links, w.n, groups)
		}
		checkHeaviest(t, w, cluster, results)
	})
}

func checkHeaviest(t *rapid.T, w *world, cluster []uint32, results []Result) {
	for i := range uint32(w.n) {
		for j := range i {
			if v := w.weight[i][j]; cluster[i] == cluster[j] && v > 0 {
				sets := NewSets(w.n)
				for _, r := range results {
					for _, l := range r.Links {
						if l.Origin == Judged || l.Weight >= v {
							sets.Union(l.A, l.B)
						}
					}
				}
				if sets.Find(i) != sets.Find(j) {
					t.Fatalf("pair (%d, %d) of weight %d is stronger than the links between", j, i, v)
				}
			}
		}
	}
}

// Every positive edge ends inside a cluster or between two that are reported
// as refused, with the true sum across and a reason that holds.
func TestRefusalsAreComplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, 9)
		cluster, results, err := solve(w.input(), w.options)
		if err != nil {
			return
		}
		refused := map[Pair]Refusal{}
		for _, r := range results {
			for _, f := range r.Refused {
				refused[Pair{f.A, f.B}] = f
			}
		}
		for _, e := range w.input().Edges {
			p := Pair{cluster[e.A], cluster[e.B]}.ordered()
			f, ok := refused[p]
			if e.Weight <= 0 || p.A == p.B {
				continue
			}
			if !ok || f.For.Weight < e.Weight {
				t.Fatalf("edge %v between clusters %v: refusal %v", e, p, f)
			}
			checkRefusal(t, w, cluster, f)
		}
	})
}

func checkRefusal(t *rapid.T, w *world, cluster []uint32, f Refusal) {
	merged := make([]uint32, w.n)
	for i, c := range cluster {
		if merged[i] = c; c == f.B {
			merged[i] = f.A
		}
	}
	if sum := w.objective(merged) - w.objective(cluster); sum != f.Weight {
		t.Fatalf("refusal %v: the sum across is %d", f, sum)
	}
	if w.allowed(merged) != (f.Constraint == "") {
		t.Fatalf("refusal %v: allowed %v", f, w.allowed(merged))
	}
	if f.Constraint == "" && f.Weight > 0 {
		t.Fatalf("refusal %v without a reason", f)
	}
}
