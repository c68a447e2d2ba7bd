package cli

import (
	"bufio"

	"github.com/spf13/cobra"

	"concord/jobs/pipeline"
)

func newExport(env *environment) *cobra.Command {
	flags := &jobFlags{}
	var format, snapshot string
	cmd := &cobra.Command{
		Use:   "export JOB TABLE",
		Short: "Print a table of the last published run",
		Long:  "Export prints a table: memberships, links, decisions or quarantine of the last\nrun; profiles, contact_points, profile_consents or provenance of a snapshot.",
		Args:  exactly(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := env.config(args[0], flags)
			if err != nil {
				return err
			}
			w := bufio.NewWriter(env.out)
			if err := pipeline.Export(cmd.Context(), c, args[1], snapshot, format, w); err != nil {
				return err
			}
			return w.Flush()
		},
	}
	cmd.Flags().StringVar(&format, "format", "csv", "csv, jsonl or parquet")
	cmd.Flags().StringVar(&snapshot, "snapshot", "", "the snapshot, where the job has several")
	return cmd
}
