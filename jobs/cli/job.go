package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"concord/jobs/engine"
	"concord/jobs/pipeline"
)

// commands lists the commands in the order that help shows.
func commands(env *environment) []*cobra.Command {
	return []*cobra.Command{newInit(env), newPlan(env), newRun(env), newApprove(env), newExplain(env), newConsent(env), newEvaluate(env), newTrain(env), newModel(env), newExport(env)}
}

// jobFlags are those of every command that reads a job.
type jobFlags struct {
	asOf string
}

func (f *jobFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.asOf, "as-of", "", "the moment that consent, ages and expiry are decided at, as 2026-05-01T00:00:00Z (default: now)")
}

// config loads a job file into what pipeline runs.
func (env *environment) config(path string, f *jobFlags) (*pipeline.Config, error) {
	j, err := pipeline.Load(path)
	if err != nil {
		return nil, err
	}
	asOf := time.Now().UTC().Truncate(time.Second)
	if f.asOf != "" {
		if asOf, err = parseAsOf(f.asOf); err != nil {
			return nil, usageError{err}
		}
	}
	if env.workers < 1 {
		return nil, usageError{fmt.Errorf("--workers is at least 1")}
	}
	return &pipeline.Config{
		Job: j, Path: path, AsOf: asOf, Engine: engine.Local{Count: env.workers},
		Version: Version(), Observe: env.observer(),
	}, nil
}

func parseAsOf(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC().Truncate(time.Second), nil
		}
	}
	return time.Time{}, fmt.Errorf("--as-of is a date such as 2026-05-01 or a moment such as 2026-05-01T00:00:00Z")
}
