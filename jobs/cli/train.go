package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"concord/jobs/pipeline"
)

func newTrain(env *environment) *cobra.Command {
	flags := &jobFlags{}
	var output, page string
	cmd := &cobra.Command{
		Use:   "train JOB",
		Short: "Estimate the match model and write it down",
		Long:  "Train estimates the match model from the job's records, without labels, and\nwrites it as JSON that `match: {model: FILE}` uses, with an HTML report.",
		Args:  exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := env.config(args[0], flags)
			if err != nil {
				return err
			}
			m, err := pipeline.Train(cmd.Context(), c, output, page)
			if err != nil {
				return err
			}
			fmt.Fprintf(env.out, "%s\n%s\n", output, page)
			t := m.Training
			fmt.Fprintf(env.out, "λ %.3g (%s), %s pairs in blocks, %.0f matches expected, converged: %v\n", m.Prior, t.Prior.Method, count(t.BlockedPairs), t.Matches, t.Converged)
			for _, w := range t.Warnings {
				fmt.Fprintf(env.out, "warning: %s\n", w)
			}
			return nil
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&output, "output", "model.json", "where the model goes")
	cmd.Flags().StringVar(&page, "report", "model.html", "where its report goes")
	return cmd
}
