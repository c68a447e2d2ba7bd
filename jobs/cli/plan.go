package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"concord/jobs/pipeline"
)

func newPlan(env *environment) *cobra.Command {
	flags := &jobFlags{}
	cmd := &cobra.Command{
		Use:   "plan JOB",
		Short: "Read everything, write nothing, and say what a run would do",
		Args:  exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := env.config(args[0], flags)
			if err != nil {
				return err
			}
			f, err := pipeline.Plan(cmd.Context(), c)
			if err != nil {
				return err
			}
			printForecast(env.out, f)
			return f.Refused
		},
	}
	flags.add(cmd)
	return cmd
}

func printForecast(w io.Writer, f *pipeline.Forecast) {
	fmt.Fprintf(w, "%-14s %-44s %10s %10s %12s %10s\n", "channel", "object", "rows", "accepted", "quarantined", "duplicate")
	for _, o := range f.Objects {
		fmt.Fprintf(w, "%-14s %-44s %10s %10s %12s %10s\n", o.Channel, o.Key, count(o.Read), count(o.Accepted), count(o.Quarantined), count(o.Duplicate))
	}
	fmt.Fprintf(w, "\n%-14s %-28s %-18s %10s %10s %8s %8s\n", "channel", "column", "attribute", "filled", "distinct", "junk", "invalid")
	for _, c := range f.Fields {
		fmt.Fprintf(w, "%-14s %-28s %-18s %10s %10s %8s %8s\n", c.Channel, c.Column, c.Attribute, count(c.Filled), count(c.Distinct), count(c.Junk), count(c.Invalid))
	}
	printProblems(w, f)
	if len(f.Gates) > 0 {
		fmt.Fprint(w, "\ngates that would refuse to publish\n")
	}
	for _, g := range f.Gates {
		fmt.Fprintf(w, "  %s\n", g)
	}
	fmt.Fprintf(w, "\ncompared by: %s\n\nblocking rules\n", strings.Join(f.Comparisons, ", "))
	fmt.Fprintf(w, "  %14s %14s %9s  %s\n", "pairs", "new", "largest", "rule")
	for _, c := range f.Choices {
		if c.Chosen {
			fmt.Fprintf(w, "  %14s %14s %9s  %s\n", count(c.Pairs), count(c.New), count(int64(c.Largest)), c.Rule)
		}
	}
	for _, c := range f.Choices {
		if !c.Chosen {
			fmt.Fprintf(w, "  %14s %14s %9s  %s: left out, %s\n", count(c.Pairs), "-", count(int64(c.Largest)), c.Rule, c.Reason)
		}
	}
	fmt.Fprintf(w, "\n%s records, %s pairs to score under a budget of %s\n", count(int64(f.Records)), count(f.Pairs), count(f.Budget))
	where := ""
	if f.OnDisk {
		where = ", more than match.budget.memory: the run would keep its records on disk"
	}
	fmt.Fprintf(w, "about %s MiB of memory%s, and at most %.1f s of scoring\n", count(int64(f.Memory>>20)), where, f.Seconds)
	fmt.Fprint(w, "\nwould publish\n")
	for _, s := range f.Snapshots {
		fmt.Fprintf(w, "  %s: %s\n", s.Snapshot, strings.Join(s.Columns, ", "))
		printBarred(w, &s)
	}
}

// printBarred lists the columns that a snapshot leaves out, by the reason.
func printBarred(w io.Writer, s *pipeline.SnapshotColumns) {
	by := map[string][]string{}
	var reasons []string // as they come
	for _, b := range s.Barred {
		if by[b.Reason] == nil {
			reasons = append(reasons, b.Reason)
		}
		by[b.Reason] = append(by[b.Reason], b.Name.Column())
	}
	for _, reason := range reasons {
		fmt.Fprintf(w, "    not %s: %s\n", strings.Join(by[reason], ", "), reason)
	}
}

func printProblems(w io.Writer, f *pipeline.Forecast) {
	if len(f.Problems) > 0 {
		fmt.Fprintf(w, "\nvalues that will be left out\n")
		for _, p := range f.Problems {
			fmt.Fprintf(w, "  %-14s %-28s %-18s %10s rows, the first in %s row %d\n", p.Channel, p.Column, p.Code, count(p.Rows), p.Object, p.Row)
		}
	}
	if len(f.Quarantined) > 0 {
		fmt.Fprintf(w, "\nrows that will be quarantined\n")
		var codes []string
		for code := range f.Quarantined {
			codes = append(codes, code)
		}
		slices.Sort(codes)
		for _, code := range codes {
			fmt.Fprintf(w, "  %-28s %10s\n", code, count(f.Quarantined[code]))
		}
	}
}
