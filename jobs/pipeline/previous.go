package pipeline

import (
	"context"
	"errors"
	"fmt"

	"concord/jobs/store"
	"concord/transforms/report"
)

// previous is what a pointer named when the run began: what the run is
// compared with, and what it replaces.
type previous struct {
	tag      string // of the pointer
	pointer  Pointer
	manifest *report.Manifest
}

// readPrevious reads what is published, for all that the run will publish. A
// pointer that another run moves meanwhile then stops this one.
func (r *run) readPrevious(ctx context.Context) error {
	under := []string{"state"}
	for _, name := range r.Job.SnapshotNames() {
		under = append(under, "snapshots/"+name)
	}
	r.previous = map[string]*previous{}
	for _, u := range under {
		p, err := readPublished(ctx, r.output, u)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return failedf(ErrRefused, "what is published cannot be read, so nothing can be compared with it: %w; restore it from a backup, or remove %s/%s to start anew", err, u, currentName)
		}
		r.previous[u] = p
	}
	return nil
}

// readPublished reads a pointer and the manifest that it names.
func readPublished(ctx context.Context, s store.Store, under string) (*previous, error) {
	_, tag, err := s.Get(ctx, under+"/"+currentName)
	if errors.Is(err, store.ErrNotFound) {
		return nil, failedf(ErrNotFound, "%s: nothing is published there", under)
	}
	if err != nil {
		return nil, err
	}
	pointer, err := current(ctx, s, under)
	if err != nil {
		return nil, err
	}
	key := pointer.Folder + "/" + manifestName
	text, err := read(ctx, s, key)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	if digestOf(text) != pointer.Manifest {
		return nil, fmt.Errorf("%s is not the manifest that %s/%s names: its SHA-256 differs", key, under, currentName)
	}
	m, err := report.ParseManifest(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	return &previous{tag, *pointer, m}, nil
}

// facts are those of the published run, nil when there is none.
func (p *previous) facts() *report.Manifest {
	if p == nil {
		return nil
	}
	return p.manifest
}

// run is the published run, "" when there is none.
func (p *previous) run() string {
	if p == nil {
		return ""
	}
	return p.pointer.Run
}

// digest is that of the published manifest, "" when there is none.
func (p *previous) digest() string {
	if p == nil {
		return ""
	}
	return p.pointer.Manifest
}

// objectsOf are the files of a table that a run wrote, in their order.
func objectsOf(m *report.Manifest, snapshot, name string) []string {
	var out []string
	for i := range m.Outputs {
		if o := &m.Outputs[i]; o.Snapshot == snapshot && o.Table == name {
			out = append(out, o.Object)
		}
	}
	return out
}
