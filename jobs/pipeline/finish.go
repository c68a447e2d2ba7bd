package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"concord/jobs/store"
	"concord/schemas/table"
	"concord/transforms/report"
)

// Outcome is what a run says when it is over.
type Outcome struct {
	Manifest *report.Manifest
	Folders  []Folder // of the snapshots, by name
	Report   string   // path of the HTML report
	Lineage  string   // path of the run's evidence
}

// Folder is where a snapshot was published.
type Folder struct{ Name, Path string }

// begin tells lineage consumers that the run has started.
func (r *run) begin(ctx context.Context) error {
	return r.emit(ctx, report.EventStart, r.facts(""))
}

// finish closes the run's lineage whatever became of it, and writes the
// manifest with its timing and the report.
func (r *run) finish(ctx context.Context, failure error) (*Outcome, error) {
	// What closes a run must be written even when the run was stopped.
	ctx = context.WithoutCancel(ctx)
	kind := report.EventComplete
	if failure != nil {
		kind = report.EventFail
		status := report.Failed
		if errors.Is(failure, context.Canceled) {
			kind, status = report.EventAbort, report.Aborted
		}
		if err := r.keepQuarantine(ctx); err != nil {
			return nil, errors.Join(failure, fmt.Errorf("quarantine of the run: %w", err))
		}
		if err := r.discard(ctx); err != nil {
			return nil, errors.Join(failure, err)
		}
		r.manifest = r.facts(status)
		r.manifest.Run.Error = failure.Error()
	}
	r.manifest.Timing = r.timing()
	if err := r.evidence(ctx, kind); err != nil {
		return nil, errors.Join(failure, fmt.Errorf("lineage of the run: %w", err))
	}
	if failure != nil {
		return nil, failure
	}
	out := &Outcome{Manifest: r.manifest, Report: r.path(r.lineageFolder() + "/" + reportName), Lineage: r.path(r.lineageFolder())}
	for _, p := range r.snapshots {
		out.Folders = append(out.Folders, Folder{p.audience.name, r.path(p.folder)})
	}
	return out, nil
}

// keepQuarantine writes the quarantine of a run that failed after its extracts
// were read: the rows in it may be why.
func (r *run) keepQuarantine(ctx context.Context) error {
	if r.in == nil || len(r.in.Quarantine) == 0 || slices.ContainsFunc(r.files, func(f written) bool { return f.table == table.TableQuarantine }) {
		return nil
	}
	return r.writeRunTables(ctx, []runTable{r.quarantineTable()})
}

// path is where an object of the output is on disk.
func (r *run) path(key string) string { return r.directory(r.Job.Output) + "/" + key }

// evidence writes manifest, report and the closing lineage event.
func (r *run) evidence(ctx context.Context, kind report.EventType) error {
	text, err := r.manifest.Marshal()
	if err != nil {
		return err
	}
	if err := r.put(ctx, r.lineageFolder()+"/"+manifestName, text); err != nil {
		return err
	}
	page, err := report.RunHTML(r.manifest)
	if err != nil {
		return err
	}
	if err := r.put(ctx, r.lineageFolder()+"/"+reportName, page); err != nil {
		return err
	}
	return r.emit(ctx, kind, r.manifest)
}

// emit appends an OpenLineage event to the run's file.
func (r *run) emit(ctx context.Context, kind report.EventType, m *report.Manifest) error {
	line, err := report.LineageEvent(m, report.LineageOptions{
		Producer: "urn:concord:" + strings.ReplaceAll(r.Version, " ", ""), JobNamespace: "concord",
		DatasetNamespace: "file", Documentation: "Customer extracts into consented golden records",
	}, kind, time.Now().UTC())
	if err != nil {
		return err
	}
	key := r.lineageFolder() + "/" + eventsName
	before, err := read(ctx, r.output, key)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return r.put(ctx, key, append(append(before, line...), '\n'))
}

// read reads a whole object.
func read(ctx context.Context, s store.Store, key string) ([]byte, error) {
	o, err := s.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	defer o.Close() // read only
	return io.ReadAll(o)
}
