package pipeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"concord/jobs/ingest"
	"concord/jobs/store"
	schema "concord/schemas/consent"
)

// files is the store of extracts as ingest sees it.
type files struct{ store.Store }

// Match lists the keys that a glob matches.
func (f files) Match(ctx context.Context, glob string) ([]string, error) {
	infos, err := store.Match(ctx, f.Store, glob)
	if err != nil {
		return nil, err
	}
	keys := make([]string, len(infos))
	for i, info := range infos {
		keys[i] = info.Key
	}
	return keys, nil
}

// Open opens an extract.
func (f files) Open(ctx context.Context, key string) (ingest.File, error) {
	return f.Store.Open(ctx, key)
}

// openInputs prepares a run that reads and writes nothing.
func (c *Config) openInputs() (*run, error) {
	if err := c.checkDeclarations(); err != nil {
		return nil, err
	}
	in, err := store.OpenDirectory(c.directory(c.Job.Store))
	if err != nil {
		return nil, failedf(ErrConfig, "store: %w", err)
	}
	policy, err := schema.DefaultPolicy().Assume(c.Job.Consent.Policy)
	if err != nil {
		return nil, failedf(ErrConfig, "consent.policy: %w", err)
	}
	return &run{Config: c, store: files{in}, policy: policy, started: time.Now(), attempt: c.RunID()}, nil
}

// open prepares a run that publishes.
func (c *Config) open(ctx context.Context) (*run, error) {
	r, err := c.openInputs()
	if err != nil {
		return nil, err
	}
	output, err := store.MakeDirectory(c.directory(c.Job.Output))
	if err != nil {
		return nil, fmt.Errorf("output: %w", err)
	}
	r.output = output
	if _, err := output.RemovePartials(ctx, "", r.started.Add(-partialAge)); err != nil {
		return nil, fmt.Errorf("clear away what a killed run left: %w", err)
	}
	if r.keys, err = c.keyProvider(ctx, r.output); err != nil {
		return nil, err
	}
	// What an earlier attempt left is evidence of it: it is not overwritten.
	folder, err := r.freshFolder(ctx, "lineage/"+r.attempt)
	if err != nil {
		return nil, err
	}
	r.attempt = strings.TrimPrefix(folder, "lineage/")
	return r, r.readPrevious(ctx)
}

// partialAge is how long an unfinished object may lie before it counts as a
// killed run's: no run that is still at work leaves one untouched for a day.
const partialAge = 24 * time.Hour

// openOutputs opens what earlier runs wrote, for reading.
func (c *Config) openOutputs() (store.Store, error) {
	path := c.directory(c.Job.Output)
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil, failedf(ErrNotFound, "the job has not run yet: nothing is published")
	}
	out, err := store.OpenDirectory(path)
	return out, err
}

// freshFolder is the folder of this attempt: name, or name.2, name.3 … when
// earlier attempts of the same slot left objects there.
func (r *run) freshFolder(ctx context.Context, name string) (string, error) {
	folder := name
	for attempt := 2; ; attempt++ {
		there, err := r.output.List(ctx, store.Scope{Prefix: folder + "/"})
		if err != nil {
			return "", fmt.Errorf("look for earlier attempts of %s: %w", name, err)
		}
		if len(there) == 0 {
			return folder, nil
		}
		folder = fmt.Sprintf("%s.%d", name, attempt)
	}
}
