package pipeline

import (
	"context"
	"errors"

	"concord/jobs/store"
	"concord/transforms/golden"
)

// resolveOnly runs the job up to its clusters and publishes nothing: what
// evaluate, explain and train look at. until names the last stage to run.
func (c *Config) resolveOnly(ctx context.Context, until string) (*run, error) {
	r, err := c.openInputs()
	if err != nil {
		return nil, classify(err)
	}
	if r.keys, err = c.readingKeys(ctx); err != nil {
		return nil, classify(err)
	}
	all := []stage{
		{"extract", r.extract}, {"consent", r.consents}, {"block", r.blocks},
		{"train", r.learn}, {"score", r.scores}, {"cluster", r.resolve},
	}
	for i, s := range all {
		if s.name == until {
			all = all[:i+1]
			break
		}
	}
	return r, classify(r.stages(ctx, all))
}

// readingKeys are the job's keys for a command that writes nothing: those of
// the last run, or, before there was one, a key that is used here only.
func (c *Config) readingKeys(ctx context.Context) (KeyProvider, error) {
	var out store.Store = &store.Memory{}
	if there, err := c.openOutputs(); err == nil {
		out = there
		if _, _, err := there.Get(ctx, keyFile); errors.Is(err, store.ErrNotFound) {
			out = &store.Memory{}
		}
	}
	quiet := *c
	quiet.Observe = Silent{}
	return quiet.keyProvider(ctx, out)
}

// compileGolden prepares survivorship without writing anything.
func (r *run) compileGolden() error {
	plan, err := golden.Compile(r.in.Records, r.survivorship())
	r.golden = plan
	return failed(ErrConfig, err)
}
