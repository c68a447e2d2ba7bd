package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"concord/jobs/pipeline"
)

func newEvaluate(env *environment) *cobra.Command {
	flags := &jobFlags{}
	var truth string
	cmd := &cobra.Command{
		Use:   "evaluate JOB --truth FILE",
		Short: "Measure the job's clusters against a truth",
		Long:  "Evaluate resolves the job, publishes nothing, and compares its clusters with\nFILE: csv, jsonl or parquet with the columns channel, key, entity; or key,\nentity; or the pairs a, b. Pairs that blocking missed count as missed.",
		Args:  exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if truth == "" {
				return usageError{fmt.Errorf("--truth is missing: name the file that says who is who")}
			}
			c, err := env.config(args[0], flags)
			if err != nil {
				return err
			}
			e, err := pipeline.Evaluate(cmd.Context(), c, truth)
			if err != nil {
				return err
			}
			printEvaluation(env, e)
			return nil
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&truth, "truth", "", "the truth")
	return cmd
}

func printEvaluation(env *environment, e *pipeline.Evaluation) {
	w := env.out
	if e.Absent > 0 {
		fmt.Fprintf(w, "%s names of the truth are no record of the job\n", count(int64(e.Absent)))
	}
	fmt.Fprint(w, e.Clusters.Text(&e.Intervals))
	fmt.Fprintf(w, "\nlinks before clustering: precision %.4f, recall %.4f, F1 %.4f\n", e.Links.Rate.Precision, e.Links.Rate.Recall, e.Links.Rate.F1)
	fmt.Fprintf(w, "blocking covers %.4f of the true pairs: the ceiling of recall before clustering\n", e.Blocking.Share())
}
