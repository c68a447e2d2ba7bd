// Package cli is the command line: one command per file, each a thin layer
// over jobs/pipeline. Results go to standard output, everything else
// (progress, logs, errors) to standard error.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"syscall"

	"github.com/spf13/cobra"

	"concord/jobs/engine"
	"concord/jobs/pipeline"
)

// Exit codes. Schedulers may rely on them.
const (
	ExitOK       = 0
	ExitInternal = 1 // a bug of ours, or a disk or memory that failed
	ExitUsage    = 2 // the command line or the job file is wrong
	ExitInput    = 3 // an extract could not be read, or its rows cannot be used
	ExitRefused  = 4 // a budget or a gate refused; nothing was published
	ExitNotFound = 5 // the profile, record or table asked for is not there
	ExitStopped  = 130
)

const exitCodes = `Exit codes:
  0  done
  1  internal error
  2  the command line or the job file is wrong
  3  an extract could not be read; nothing was published
  4  refused by a budget or a gate; nothing was published
  5  what was asked for is not there
  130  stopped by a signal; nothing was published`

// environment is what commands share.
type environment struct {
	out, err io.Writer
	workers  int
	logs     string
	debug    bool
	profile  string
}

// heapGrowth lets the heap grow by a tenth between collections rather than
// double: columns hold no pointers to follow, so a collection costs little.
// Measured on a million generated records: at 10 the peak is 964 MiB, at 25
// 1,161, with the same processor time up to the snapshots, which have a growth
// of their own.
const heapGrowth = 10

// Main runs the program and returns its exit code.
func Main(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	engine.HeapGrowth(heapGrowth)
	env := &environment{out: stdout, err: stderr}
	root := newRoot(env)
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := env.profiled(func() error { return root.ExecuteContext(ctx) })
	if err == nil {
		return ExitOK
	}
	fmt.Fprintln(stderr, "concord:", err)
	env.printTrace(err)
	return exitCode(ctx, err)
}

// profiled runs a command, under the profiler when --cpu-profile names a file.
func (env *environment) profiled(run func() error) error {
	defer pprof.StopCPUProfile() // does nothing when none was started
	return run()
}

// startProfile begins the profile once flags are parsed.
func (env *environment) startProfile() error {
	if env.profile == "" {
		return nil
	}
	f, err := os.Create(env.profile)
	if err != nil {
		return usageError{fmt.Errorf("--cpu-profile: %w", err)}
	}
	return pprof.StartCPUProfile(f)
}

func newRoot(env *environment) *cobra.Command {
	root := &cobra.Command{
		Use:           "concord",
		Short:         "Customer records in, consented golden records out",
		Long:          "Concord reads customer extracts, finds which records are the same person,\nand publishes golden records that each person's consent permits.\n\n" + exitCodes,
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       Version(),
		PersistentPreRunE: func(*cobra.Command, []string) error {
			if env.logs != "auto" && env.logs != "json" && env.logs != "text" {
				return usageError{fmt.Errorf("--log is auto, text or json, not %q", env.logs)}
			}
			return env.startProfile()
		},
	}
	flags := root.PersistentFlags()
	flags.IntVar(&env.workers, "workers", runtime.GOMAXPROCS(0), "units of work that run at once; results do not depend on it")
	flags.StringVar(&env.logs, "log", "auto", "auto (progress on a terminal, json otherwise), text or json")
	flags.BoolVar(&env.debug, "debug", false, "print the trace of an internal error")
	flags.StringVar(&env.profile, "cpu-profile", "", "write a profile of the program's own work to this file, for go tool pprof")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(commands(env)...)
	return root
}

// usageError is a mistake on the command line.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// inputError is extracts that nothing can be made of.
type inputError struct{ error }

func (e inputError) Unwrap() error { return e.error }

// exactly is cobra.ExactArgs with our exit code.
func exactly(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := cobra.ExactArgs(n)(cmd, args); err != nil {
			return usageError{fmt.Errorf("%w; usage: %s", err, cmd.UseLine())}
		}
		return nil
	}
}

func exitCode(ctx context.Context, err error) int {
	var usage usageError
	var input inputError
	switch {
	case ctx.Err() != nil:
		return ExitStopped
	case errors.As(err, &usage), errors.Is(err, pipeline.ErrConfig):
		return ExitUsage
	case errors.Is(err, pipeline.ErrRefused):
		return ExitRefused
	case errors.As(err, &input), errors.Is(err, pipeline.ErrInput):
		return ExitInput
	case errors.Is(err, pipeline.ErrNotFound):
		return ExitNotFound
	}
	return ExitInternal
}

func (env *environment) printTrace(err error) {
	var p *engine.PanicError
	if env.debug && errors.As(err, &p) {
		fmt.Fprintf(env.err, "%s", p.Stack)
	}
}

// logger is the structured log of runs that nobody watches.
func (env *environment) logger() *slog.Logger {
	if env.logs == "text" {
		return slog.New(slog.NewTextHandler(env.err, nil))
	}
	return slog.New(slog.NewJSONHandler(env.err, nil))
}

// Version is the module's version, or the commit it was built from.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return "devel"
}
