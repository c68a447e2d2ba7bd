package pipeline

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"concord/matching/evaluate"
	"concord/matching/score"
)

// Mistake is a pair of records that clustering and the truth see differently,
// with what explains it. It holds personal values: it is for whoever may see
// the records, never for a log.
type Mistake struct {
	Match bool // the truth says that they are one person
	// Stage tells where a match was lost: "blocking" proposed no such pair,
	// "weight" was against it, or "clustering" kept it apart; or where a false
	// match was made: "weight" when the pair's own evidence is for it, else
	// "clustering", by way of others.
	Stage    string
	Values   [2]string // "given_name=ana family_name=cruz …", canonical
	Evidence score.Explanation
	order    uint64
}

// Mistakes lists the pairs that are wrong: at most so many of each kind and
// stage, chosen by the records' hashes; and counts all by kind and stage, as
// "missed: blocking".
func (x *Resolution) Mistakes(truth string, most int) ([]Mistake, map[string]int, error) {
	r := x.run
	entity, err := r.readTruth(truth, &Evaluation{})
	if err != nil {
		return nil, nil, failedf(ErrConfig, "truth %s: %w", truth, err)
	}
	by, counts := map[string][]Mistake{}, map[string]int{}
	of := r.resolved.clusters.of
	collect := func(groups, other []uint32, match bool) {
		for _, members := range groupBy(groups) {
			for i, a := range members {
				for _, b := range members[i+1:] {
					if entity[a] == evaluate.Unknown || entity[b] == evaluate.Unknown || other[a] == other[b] {
						continue
					}
					stage := x.stage(a, b, match)
					kind := map[bool]string{true: "missed: ", false: "false: "}[match] + stage
					counts[kind]++
					by[kind] = keepFew(by[kind], Mistake{
						Match: match, Stage: stage, Evidence: score.Explanation{A: a, B: b},
						order: (r.in.Hash[a] ^ r.in.Hash[b]) * 0x9e3779b97f4a7c15,
					}, most)
				}
			}
		}
	}
	collect(entity, of, true)
	collect(of, entity, false)
	var out []Mistake
	for _, list := range by {
		for _, m := range list {
			m.Values = [2]string{r.valuesOf(m.Evidence.A), r.valuesOf(m.Evidence.B)}
			m.Evidence = r.matcher.scorer.Explain(m.Evidence.A, m.Evidence.B)
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(p, q Mistake) int {
		return cmp.Or(strings.Compare(fmt.Sprint(p.Match, p.Stage), fmt.Sprint(q.Match, q.Stage)), cmp.Compare(p.order, q.order))
	})
	return out, counts, nil
}

// stage tells where the pair went wrong.
func (x *Resolution) stage(a, b uint32, match bool) string {
	if weight, _ := x.run.matcher.scorer.Pair(a, b); weight > 0 != match {
		return "weight"
	}
	if match {
		if _, covered := x.run.matcher.plan.First(a, b); !covered {
			return "blocking"
		}
	}
	return "clustering"
}

// keepFew adds m to the few of the lowest order.
func keepFew(list []Mistake, m Mistake, most int) []Mistake {
	at, _ := slices.BinarySearchFunc(list, m, func(p, q Mistake) int { return cmp.Compare(p.order, q.order) })
	if at >= most {
		return list
	}
	list = slices.Insert(list, at, m)
	return list[:min(len(list), most)]
}

// groupBy lists the records by number, in order of their first.
func groupBy(number []uint32) [][]uint32 {
	at := map[uint32]int{}
	var out [][]uint32
	for r, n := range number {
		k, seen := at[n]
		if !seen {
			k = len(out)
			at[n], out = k, append(out, nil)
		}
		out[k] = append(out[k], uint32(r))
	}
	return out
}

// valuesOf is a record as matching sees it.
func (r *run) valuesOf(record uint32) string {
	var b strings.Builder
	for i := range r.matcher.table.Columns {
		c := &r.matcher.table.Columns[i]
		lo, hi := c.Slots(record)
		for _, code := range c.Codes[lo:hi] {
			if code != 0 {
				fmt.Fprintf(&b, "%s=%s ", c.Name, c.Values.At(code))
			}
		}
	}
	return strings.TrimSpace(b.String())
}

// Compare is the evidence about two records, named as by [Resolution.Clusters];
// ok is false when one of them is unknown. Match tells whether clustering put
// them together.
func (x *Resolution) Compare(a, b string) (m Mistake, ok bool) {
	if x.index == nil {
		x.index = x.run.recordIndex()
	}
	i, okA := x.index[a]
	j, okB := x.index[b]
	if !okA || !okB {
		return Mistake{}, false
	}
	m.Match = x.run.resolved.clusters.of[i] == x.run.resolved.clusters.of[j]
	m.Stage = x.stage(i, j, !m.Match)
	m.Values = [2]string{x.run.valuesOf(i), x.run.valuesOf(j)}
	m.Evidence = x.run.matcher.scorer.Explain(i, j)
	return m, true
}
