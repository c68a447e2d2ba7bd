package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"concord/jobs/store"
	"concord/jobs/survey"
	"concord/schemas/job"
)

func newInit(env *environment) *cobra.Command {
	var output string
	var force bool
	cmd := &cobra.Command{
		Use:   "init DIR",
		Short: "Draft a job file from a folder of extracts",
		Long:  "Init looks at the files in DIR and below, whatever they are called: format,\ndialect, keys, times, and what each column holds. It writes a commented job file\nthat runs as it is, and says how sure it is of each guess. Values are never\nquoted.",
		Args:  exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := os.Lstat(output); !force && !errors.Is(err, fs.ErrNotExist) {
				return usageError{fmt.Errorf("%s is there already: name another file with --output, or replace it with --force", output)}
			}
			if at, err := os.Stat(filepath.Dir(output)); err != nil || !at.IsDir() {
				return usageError{fmt.Errorf("%s: its folder is not there: make it first", output)}
			}
			return env.draft(cmd, args[0], output)
		},
	}
	cmd.Flags().StringVar(&output, "output", "job.yaml", "the job file to write")
	cmd.Flags().BoolVar(&force, "force", false, "replace the job file if it is there")
	return cmd
}

// draft surveys the folder and writes the job file.
func (env *environment) draft(cmd *cobra.Command, dir, output string) error {
	from, err := store.OpenDirectory(dir)
	if err != nil {
		return usageError{fmt.Errorf("folder of extracts: %w", err)}
	}
	d, ignore, err := paths(dir, output)
	if err != nil {
		return err
	}
	found, err := survey.Look(cmd.Context(), from, survey.Options{Ignore: ignore})
	var none *survey.NoPeopleError
	if errors.As(err, &none) || errors.Is(err, survey.ErrNoObjects) {
		return inputError{fmt.Errorf("%s: %w", dir, err)}
	}
	if err != nil {
		return err
	}
	text := found.Job(d)
	if _, err := job.Parse(filepath.Base(output), text); err != nil {
		return fmt.Errorf("the draft is no valid job file, which is a bug: %w", err)
	}
	if err := os.WriteFile(output, text, 0o666); err != nil {
		return fmt.Errorf("job file: %w", err)
	}
	printSurvey(env, found, output)
	return nil
}

// paths makes the folder relative to the job file, and finds what of the
// folder the runs of the job would write.
func paths(dir, output string) (d survey.Draft, ignore []string, err error) {
	folder, err := filepath.Abs(dir)
	if err != nil {
		return d, nil, err
	}
	file, err := filepath.Abs(output)
	if err != nil {
		return d, nil, err
	}
	home := filepath.Dir(file)
	d = survey.Draft{Name: filepath.Base(folder), Store: folder, Output: "./out"}
	if rel, err := filepath.Rel(home, folder); err == nil {
		d.Store = filepath.ToSlash(rel)
		if !strings.HasPrefix(d.Store, ".") {
			d.Store = "./" + d.Store
		}
	}
	if rel, err := filepath.Rel(folder, filepath.Join(home, d.Output)); err == nil && filepath.IsLocal(rel) {
		ignore = append(ignore, filepath.ToSlash(rel)+"/")
	}
	return d, ignore, nil
}

// printSurvey says what was found and what to do next.
func printSurvey(env *environment, s *survey.Survey, output string) {
	w := env.out
	for _, c := range s.Channels {
		mapped, unsure := 0, 0
		for i := range c.Fields {
			switch {
			case c.Fields[i].Mapped:
				mapped++
			case c.Fields[i].Type != "":
				unsure++
			}
		}
		if c.Consent {
			fmt.Fprintf(w, "%-24s consent events in %s\n", c.Name, c.Glob)
			continue
		}
		fmt.Fprintf(w, "%-24s %s: %s rows, key %s, %d columns mapped, %d proposed in comments\n", c.Name, c.Glob, count(c.Rows), c.Key.Value, mapped, unsure)
	}
	for _, l := range s.Left {
		fmt.Fprintf(w, "left out: %s: %s\n", l.Key, l.Why)
	}
	fmt.Fprintf(w, "\nwrote %s; next: concord plan %s, then concord run %s\n", output, output, output)
}
