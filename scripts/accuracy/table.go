package main

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"time"

	"concord/jobs/pipeline"
	"concord/schemas/model"
)

// table prints one markdown row per measured set.
type table struct{ to io.Writer }

func newTable(to io.Writer) *table {
	fmt.Fprintln(to, "| set | mapping | records | people | truth | P | R | **F1** | B³ | cluster F1 | ARI | ceiling | links F1 | components F1 | pairs | s |")
	fmt.Fprintln(to, "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
	return &table{to}
}

func (t *table) row(name string, m mapping, x *pipeline.Resolution, e *pipeline.Evaluation, took time.Duration) {
	c := &e.Clusters
	fmt.Fprintf(t.to, "| %s | %s | %d | %d | %d | %.4f | %.4f | **%.4f** | %.4f | %.4f | %.4f | %.4f | %.4f | %.4f | %d | %.1f |\n",
		name, m, c.Records, c.Clusters, c.Entities, c.Pairwise.Precision, c.Pairwise.Recall, c.Pairwise.F1,
		c.BCubed.F1, c.Cluster.F1, c.ARI, e.Blocking.Share(), e.Links.Rate.F1, e.Components.Pairwise.F1,
		x.Pairs(), took.Seconds())
}

// printMistakes prints pairs that went wrong with their evidence, for whoever
// looks for the reason.
func printMistakes(to io.Writer, mistakes []pipeline.Mistake, counts map[string]int) {
	for _, kind := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(to, "\n%s: %d\n", kind, counts[kind])
	}
	for _, m := range mistakes {
		kind := "false"
		if m.Match {
			kind = "missed"
		}
		fmt.Fprintf(to, "\n%s by %s, weight %.1f (prior %.1f)\n  %s\n  %s\n ", kind, m.Stage, m.Evidence.Weight, m.Evidence.Prior, m.Values[0], m.Values[1])
		for _, term := range m.Evidence.Terms {
			if term.Level != 0 {
				fmt.Fprintf(to, " %s:%s %+.1f%+.1f", term.Comparison, term.Label, term.Weight, term.Adjustment)
			}
		}
		fmt.Fprintf(to, " relatives %+.1f\n", m.Evidence.Relatives)
	}
}

// printRecovery prints the parameters estimated without labels beside those
// of the truth.
func printRecovery(to io.Writer, x *pipeline.Resolution, truth string) error {
	levels, matches, trueMatches, err := x.Recovery(truth)
	if err != nil {
		return err
	}
	fmt.Fprintf(to, "\nmatches: %.0f estimated, %.0f true\n\n", matches, trueMatches)
	for _, l := range levels {
		fmt.Fprintf(to, "%-12s %-26s m %.5f true %.5f (%d)  u %.2e  weight %+.1f true %+.1f\n", l.Comparison, l.Label,
			l.M, l.TrueM, l.TruePairs, l.U, math.Log2(l.M/l.U), math.Log2(l.TrueM/l.U))
	}
	return nil
}

// printModel prints the parameters where there is no truth to put beside them.
func printModel(to io.Writer, m *model.Model) {
	fmt.Fprintf(to, "\nλ %.3e, relatives %.3f and twins %.4f to a match\n\n", m.Prior, m.Relatives/m.Prior, m.Twins/m.Prior)
	for i := range m.Comparisons {
		for _, l := range m.Comparisons[i].Levels[1:] {
			fmt.Fprintf(to, "%-12s %-26s m %.5f u %.2e r %.2e  weight %+.1f\n", m.Comparisons[i].Name, l.Label, l.M, l.U, l.R, math.Log2(l.M/l.U))
		}
	}
}
