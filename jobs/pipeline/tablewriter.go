package pipeline

import (
	"context"

	"github.com/apache/arrow-go/v18/arrow"

	"concord/jobs/store"
	"concord/transforms/snapshot"
)

// written is a file of the run, with what it was meant to hold.
type written struct {
	snapshot string
	table    string
	key      string // in the output store
	schema   *arrow.Schema
	options  snapshot.Options
	summary  snapshot.Summary
}

// tableWriter writes one file of a table.
type tableWriter struct {
	rows *snapshot.Rows
	w    *snapshot.Writer
	out  store.Writer
	file written
}

func (r *run) newTable(ctx context.Context, key, name, snap string, s *arrow.Schema, meta []snapshot.Pair, scratch *snapshot.Scratch) (*tableWriter, error) {
	out, err := r.output.Create(ctx, key)
	if err != nil {
		return nil, err
	}
	options := snapshot.Options{Metadata: meta}
	w, err := snapshot.NewWriter(out, s, snapshot.Options{Metadata: meta, Scratch: scratch})
	if err != nil {
		_ = out.Abort() // the error that matters is the writer's
		return nil, err
	}
	return &tableWriter{rows: w.Rows(), w: w, out: out, file: written{snapshot: snap, table: name, key: key, schema: s, options: options}}, nil
}

// close ends the file. It is in the store after that, though nothing points
// to it yet.
func (t *tableWriter) close() (written, error) {
	summary, err := t.w.Close()
	if err != nil {
		return t.file, err
	}
	t.file.summary = summary
	return t.file, t.out.Commit()
}
