package cli

import (
	"fmt"
	"os/user"
	"time"

	"github.com/spf13/cobra"

	"concord/jobs/pipeline"
)

func newApprove(env *environment) *cobra.Command {
	var gate, run, reason, by string
	cmd := &cobra.Command{
		Use:   "approve JOB --gate NAME --reason TEXT",
		Short: "Let a run publish what a gate refused",
		Long:  "Approve records, beside the outputs and for good, that what a gate refused is as\nit should be. The next run of the same job file and as-of passes that gate if its\nfigures are no worse than those refused. It approves of nothing else.",
		Args:  exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if gate == "" || reason == "" {
				return usageError{fmt.Errorf("--gate and --reason are needed: which gate, and why it may be passed")}
			}
			if by == "" {
				u, err := user.Current()
				if err != nil || u.Username == "" {
					return usageError{fmt.Errorf("--by is missing, and the system does not say who you are")}
				}
				by = u.Username
			}
			c, err := env.config(args[0], &jobFlags{})
			if err != nil {
				return err
			}
			a, err := pipeline.Approve(cmd.Context(), c, gate, run, reason, by)
			if err != nil {
				return err
			}
			fmt.Fprintf(env.out, "approved for run %s, gate %s:\n", a.Run, a.Gate)
			for _, s := range a.Subjects() {
				fmt.Fprintf(env.out, "  %s\n", s)
			}
			fmt.Fprintf(env.out, "now run it again:\n  concord run %s --as-of %s\n", args[0], a.AsOf.Format(time.RFC3339))
			return nil
		},
	}
	cmd.Flags().StringVar(&gate, "gate", "", "the gate, as the refusal names it")
	cmd.Flags().StringVar(&reason, "reason", "", "why what it refused is as it should be")
	cmd.Flags().StringVar(&run, "run", "", "the refused run (default: the last one of this job file)")
	cmd.Flags().StringVar(&by, "by", "", "who approves (default: the user of the system)")
	return cmd
}
