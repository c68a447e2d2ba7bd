package evaluate

import (
	"fmt"
	"strings"
)

// Text is the result as a table, with 95 % intervals of F1 when iv is not nil.
func (r Result) Text(iv *Intervals) string {
	var b strings.Builder
	fmt.Fprintf(&b, "records %d in %d clusters, truth %d entities", r.Records, r.Clusters, r.Entities)
	if r.Unknown > 0 {
		fmt.Fprintf(&b, "; %d records that the truth does not name are left out", r.Unknown)
	}
	fmt.Fprintf(&b, "\npairs: %d true, %d predicted, %d correct\n", r.TruePairs, r.PredictedPairs, r.CorrectPairs)
	fmt.Fprintf(&b, "largest cluster %d records, largest entity %d\n\n", r.MaxCluster, r.MaxEntity)
	fmt.Fprintf(&b, "%-9s %9s %9s %9s", "measure", "precision", "recall", "F1")
	if iv != nil {
		b.WriteString("  95 % of F1, over entities")
	}
	b.WriteByte('\n')
	line := func(name string, rate Rate, of func(*Intervals) RateInterval) {
		fmt.Fprintf(&b, "%-9s %9.4f %9.4f %9.4f", name, rate.Precision, rate.Recall, rate.F1)
		if iv != nil {
			f := of(iv).F1
			fmt.Fprintf(&b, "  %.4f – %.4f", f.Low, f.High)
		}
		b.WriteByte('\n')
	}
	line("pairwise", r.Pairwise, func(i *Intervals) RateInterval { return i.Pairwise })
	line("B³", r.BCubed, func(i *Intervals) RateInterval { return i.BCubed })
	line("cluster", r.Cluster, func(i *Intervals) RateInterval { return i.Cluster })
	fmt.Fprintf(&b, "ARI       %29.4f\n", r.ARI)
	return b.String()
}
