package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"concord/jobs/store"
	"concord/schemas/table"
	"concord/transforms/snapshot"
)

// Tables that belong to the last run, and to a snapshot.
var (
	runTables      = []string{table.TableMemberships, table.TableLinks, table.TableDecisions, table.TableConsentEvents, table.TableConsentLimits, table.TableQuarantine}
	snapshotTables = []string{table.TableProfiles, table.TableContactPoints, table.TableProfileConsents, table.TablePermissionDelta, table.TableProvenance}
)

// Export prints a table of the last published run: one of the run's, or one
// of a snapshot's. snap may be "" when the job has one snapshot.
func Export(ctx context.Context, c *Config, name, snap, format string, to io.Writer) error {
	out, err := c.openOutputs()
	if err != nil {
		return classify(err)
	}
	prefix, err := c.tablePrefix(ctx, out, name, snap)
	if err != nil {
		return classify(err)
	}
	files, err := out.List(ctx, store.Scope{Prefix: prefix})
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return failedf(ErrNotFound, "table %s: the last run wrote no file of it", name)
	}
	printer, err := newPrinter(to, format)
	if err != nil {
		return failed(ErrConfig, err)
	}
	for _, f := range files {
		if err := printFile(ctx, out, f.Key, printer); err != nil {
			return err
		}
	}
	return printer.Flush()
}

// tablePrefix is where the files of a table are.
func (c *Config) tablePrefix(ctx context.Context, out store.Store, name, snap string) (string, error) {
	switch {
	case slices.Contains(runTables, name):
		p, err := current(ctx, out, "state")
		if err != nil {
			return "", err
		}
		switch name {
		case table.TableMemberships:
			return p.Folder + "/" + name + "/", nil
		case table.TableQuarantine:
			return "quarantine/" + p.Run + "/" + name + "/", nil
		}
		return "lineage/" + p.Run + "/" + name + "/", nil
	case name == table.TableJoinMap:
		if len(c.Job.Joins[snap]) == 0 {
			return "", failedf(ErrConfig, "say with --snapshot which join map: the job has %q", c.Job.JoinNames())
		}
		p, err := current(ctx, out, "state")
		if err != nil {
			return "", err
		}
		return joinFolder(snap, p.Run) + "/" + name + "/", nil
	case slices.Contains(snapshotTables, name):
		if snap == "" {
			if len(c.Job.Snapshots) > 1 {
				return "", failedf(ErrConfig, "the job has the snapshots %s: say which with --snapshot", strings.Join(c.Job.SnapshotNames(), ", "))
			}
			snap = c.Job.SnapshotNames()[0]
		}
		p, err := current(ctx, out, "snapshots/"+snap)
		if err != nil {
			return "", err
		}
		if name == table.TableProvenance {
			return "lineage/" + p.Run + "/snapshot=" + snap + "/" + name + "/", nil
		}
		return p.Folder + "/" + name + "/", nil
	}
	return "", failedf(ErrConfig, "there is no table %q; there are %s", name, strings.Join(slices.Concat(runTables, snapshotTables, []string{table.TableJoinMap}), ", "))
}

// printer writes the files of one table as one. Flush comes after the last.
type printer interface {
	Table(*snapshot.Reader) error
	Flush() error
}

func newPrinter(to io.Writer, format string) (printer, error) {
	if format == "parquet" {
		return &rewriter{to: to}, nil
	}
	e, err := snapshot.NewExporter(to, format)
	if err != nil {
		return nil, fmt.Errorf("--format is csv, jsonl or parquet, not %q", format)
	}
	return lines{e}, nil
}

// lines prints rows as text; each file is flushed as it ends.
type lines struct{ *snapshot.Exporter }

func (lines) Flush() error { return nil }

func printFile(ctx context.Context, out store.Store, key string, to printer) error {
	o, err := out.Open(ctx, key)
	if err != nil {
		return err
	}
	defer o.Close() // read only
	r, err := snapshot.Open(o, o.Size(), key, nil)
	if err != nil {
		return err
	}
	defer r.Close()
	return to.Table(r)
}

// rewriter joins the parts of a table into one Parquet file.
type rewriter struct {
	to io.Writer
	w  *snapshot.Writer
}

func (p *rewriter) Table(r *snapshot.Reader) (err error) {
	if p.w == nil {
		if p.w, err = snapshot.NewWriter(p.to, r.Schema(), snapshot.Options{}); err != nil {
			return err
		}
	}
	for {
		b, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := p.w.Write(b); err != nil {
			return err
		}
	}
}

func (p *rewriter) Flush() error {
	_, err := p.w.Close()
	return err
}
