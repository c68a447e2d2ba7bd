package pipeline

import (
	"context"
	"fmt"
	"os"

	"concord/schemas/model"
	"concord/transforms/report"
)

// Train estimates the job's match model anew, whatever model it names, and
// writes it as JSON with an HTML report.
func Train(ctx context.Context, c *Config, output, page string) (*model.Model, error) {
	fresh := *c
	job := *c.Job
	job.Match.Model = "auto"
	fresh.Job = &job
	r, err := fresh.resolveOnly(ctx, "train")
	if err != nil {
		return nil, err
	}
	m := r.matcher.model
	text, err := m.JSON()
	if err != nil {
		return nil, err
	}
	html, err := report.ModelHTML(m)
	if err != nil {
		return nil, err
	}
	for path, data := range map[string][]byte{output: text, page: html} {
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return nil, fmt.Errorf("write the model: %w", err)
		}
	}
	return m, nil
}
