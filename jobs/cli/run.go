package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"concord/jobs/pipeline"
	"concord/transforms/report"
)

func newRun(env *environment) *cobra.Command {
	flags := &jobFlags{}
	cmd := &cobra.Command{
		Use:   "run JOB",
		Short: "Run the job: extracts to published snapshots",
		Long:  "Run reads the extracts that JOB names, resolves who is who, and publishes one\nsnapshot for each declared purpose. Nothing is published unless everything was\nwritten and verified.",
		Args:  exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := env.config(args[0], flags)
			if err != nil {
				return err
			}
			out, err := pipeline.Run(cmd.Context(), c)
			if err != nil {
				return err
			}
			printOutcome(env.out, out)
			return nil
		},
	}
	flags.add(cmd)
	return cmd
}

// printOutcome says where everything is, what became of every row, and what
// was merged.
func printOutcome(w io.Writer, o *pipeline.Outcome) {
	m := o.Manifest
	fmt.Fprintf(w, "run %s of job %s, as of %s\n\n", m.Run.ID, m.Run.Job, m.Run.AsOf.Format("2006-01-02T15:04:05Z"))
	fmt.Fprintf(w, "%-16s %10s %10s %12s %10s\n", "channel", "read", "accepted", "quarantined", "duplicate")
	for _, c := range m.Channels {
		fmt.Fprintf(w, "%-16s %10s %10s %12s %10s\n", c.Name, count(c.Rows.Read), count(c.Rows.Accepted), count(c.Rows.Quarantined), count(c.Rows.Duplicate))
	}
	printPhases(w, m)
	records, golden, largest := merged(m)
	fmt.Fprintf(w, "\n%s records are %s golden records; the largest joins %d records\n", count(records), count(golden), largest)
	if n := m.Matching.Denied; n > 0 {
		fmt.Fprintf(w, "%s records stay single because linking them was denied\n", count(n))
	}
	fmt.Fprintln(w)
	fmt.Fprintf(w, "%-20s %-32s %10s %10s\n", "snapshot", "purpose", "profiles", "withheld")
	for _, s := range m.Snapshots {
		fmt.Fprintf(w, "%-20s %-32s %10s %10s\n", s.Name, s.Purpose, count(s.Published), count(s.Golden-s.Published))
	}
	fmt.Fprintln(w)
	for _, f := range o.Folders {
		fmt.Fprintf(w, "%s\n", f.Path)
	}
	fmt.Fprintf(w, "%s\n", o.Report)
	if len(o.Folders) > 0 {
		fmt.Fprintf(w, "\nIn DuckDB:\n  SELECT * FROM read_parquet('%s/profiles/*.parquet') LIMIT 10;\n", strings.ReplaceAll(o.Folders[0].Path, "'", "''"))
	}
}

// printPhases says what each phase of the run took.
func printPhases(w io.Writer, m *report.Manifest) {
	fmt.Fprintf(w, "\n%-16s %10s %12s %12s  %s\n", "phase", "seconds", "cpu seconds", "peak MiB", "work")
	for _, p := range m.Timing.Phases {
		fmt.Fprintf(w, "%-16s %10.2f %12.2f %12s  %s %s\n", p.Name, p.Seconds, p.CPU, count(p.Peak>>20), count(p.Items), p.Unit)
	}
}

// merged is how many records became how many golden records, and the size of
// the largest.
func merged(m *report.Manifest) (records, golden, largest int64) {
	for _, s := range m.Clusters.Sizes {
		records += s.Records * s.Clusters
		golden += s.Clusters
		largest = max(largest, s.Records)
	}
	return records, golden, largest
}
