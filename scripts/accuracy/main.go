// Command accuracy measures matching on public data sets with a known truth
// and prints the tables of matching/docs/accuracy.md.
//
//	go run ./scripts/accuracy [-data DIR] [-sets NAMES] [-mappings ids,masked] [-mistakes N]
//	go run ./scripts/accuracy -job FILE -truth FILE [-model] [-mistakes N]
//
// For every set it writes the job file that a data engineer would write,
// resolves it with Concord's defaults, the same for all sets, and measures the
// clusters. The data are not part of the repository.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"concord/jobs/engine"
	"concord/jobs/pipeline"
	"concord/schemas/job"
)

func main() {
	var o options
	flag.StringVar(&o.data, "data", "../shared/data", "directory of the public sets")
	flag.StringVar(&o.names, "sets", "", "comma-separated names of sets; empty: all that are not held out; all: all; judged: the pairs that people judged instead; made: made-up towns instead")
	flag.StringVar(&o.mappings, "mappings", "masked,ids", "comma-separated: ids, masked, inferred")
	flag.IntVar(&o.mistakes, "mistakes", 0, "print up to so many mistakes of each kind, with their evidence")
	flag.BoolVar(&o.model, "model", false, "print the model's parameters beside the truth's")
	flag.BoolVar(&o.ablate, "ablate", false, "measure each set without one technique at a time")
	flag.IntVar(&o.workers, "workers", runtime.NumCPU(), "goroutines")
	flag.StringVar(&o.job, "job", "", "measure this job file instead, as it is")
	flag.StringVar(&o.truth, "truth", "", "the truth of -job, as of concord evaluate")
	flag.Parse()
	if err := o.run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "accuracy:", err)
		os.Exit(1)
	}
}

type options struct {
	data, names, mappings string
	job, truth            string
	mistakes, workers     int
	model, ablate         bool
}

func (o *options) run(ctx context.Context) error {
	if o.job != "" {
		return o.measureJob(ctx)
	}
	switch o.names {
	case "judged":
		return o.judgeAll(ctx)
	case "made":
		return o.measureMade(ctx, newTable(os.Stdout), os.Stdout)
	}
	if o.ablate {
		return o.ablation(ctx)
	}
	table := newTable(os.Stdout)
	for _, s := range o.chosen() {
		for m := range strings.SplitSeq(o.mappings, ",") {
			if mapping(m) == masked && !strings.Contains(s.fields, "identifier") {
				continue
			}
			if err := o.measure(ctx, &s, mapping(m), table); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
		}
	}
	return nil
}

// judgeAll prints the tables of the pairs that people judged.
func (o *options) judgeAll(ctx context.Context) error {
	for _, j := range judgedSets() {
		for _, m := range []mapping{masked, written} {
			if err := o.judge(ctx, &j, m); err != nil {
				return fmt.Errorf("%s: %w", j.name, err)
			}
		}
	}
	return nil
}

func (o *options) chosen() []set {
	names := strings.Split(o.names, ",")
	return slices.DeleteFunc(sets(), func(s set) bool {
		switch o.names {
		case "":
			return s.held
		case "all":
			return false
		}
		return !slices.Contains(names, s.name)
	})
}

// measure resolves a set under a mapping and prints its row.
func (o *options) measure(ctx context.Context, s *set, m mapping, t *table) error {
	x, took, err := o.resolve(ctx, s, m)
	if err != nil {
		return err
	}
	return o.report(s.name, m, x, took, filepath.Join(o.data, s.truth), t)
}

// measureJob measures a job file as somebody wrote it.
func (o *options) measureJob(ctx context.Context) error {
	j, err := pipeline.Load(o.job)
	if err != nil {
		return err
	}
	x, took, err := o.resolveJob(ctx, j, o.job)
	if err != nil {
		return err
	}
	return o.report(j.Name, written, x, took, o.truth, newTable(os.Stdout))
}

// report prints the row of a resolution, and what else was asked for.
func (o *options) report(name string, m mapping, x *pipeline.Resolution, took time.Duration, truth string, t *table) error {
	e, err := x.Evaluate(truth)
	if err != nil {
		return err
	}
	t.row(name, m, x, e, took)
	if o.model {
		if err := printRecovery(os.Stdout, x, truth); err != nil {
			return err
		}
	}
	if o.mistakes == 0 {
		return nil
	}
	mistakes, counts, err := x.Mistakes(truth, o.mistakes)
	if err != nil {
		return err
	}
	printMistakes(os.Stdout, mistakes, counts)
	return nil
}

// resolve runs the set's job in a directory of its own.
func (o *options) resolve(ctx context.Context, s *set, m mapping, changes ...change) (*pipeline.Resolution, time.Duration, error) {
	text, err := s.job(o.data, m)
	if err != nil {
		return nil, 0, err
	}
	dir, err := os.MkdirTemp("", "accuracy")
	if err != nil {
		return nil, 0, err
	}
	defer os.RemoveAll(dir) // nothing to do about a leftover
	path := filepath.Join(dir, "job.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return nil, 0, err
	}
	j, err := pipeline.Load(path)
	if err != nil {
		return nil, 0, err
	}
	for _, c := range changes {
		if err := c(j, dir); err != nil {
			return nil, 0, err
		}
	}
	return o.resolveJob(ctx, j, path)
}

func (o *options) resolveJob(ctx context.Context, j *job.Job, path string) (*pipeline.Resolution, time.Duration, error) {
	began := time.Now()
	x, err := pipeline.Resolve(ctx, &pipeline.Config{
		Job: j, Path: path, AsOf: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		Engine: engine.Local{Count: o.workers}, Observe: pipeline.Silent{},
	})
	return x, time.Since(began), err
}
