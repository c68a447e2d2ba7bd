package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"concord/jobs/store"
	"concord/transforms/report"
)

// Pointer is the content of a CURRENT object: what a snapshot's readers read.
type Pointer struct {
	Folder string    `json:"folder"` // within the output store
	Run    string    `json:"run"`
	AsOf   time.Time `json:"as_of"`
	// Manifest is the digest of the folder's manifest.json.
	Manifest string `json:"manifest_sha256"`
}

// Names of the objects that readers find everything by.
const (
	currentName  = "CURRENT"
	manifestName = "manifest.json"
	reportName   = "report.html"
	eventsName   = "openlineage.ndjson"
	modelName    = "model.json"
)

// publish writes the evidence, checks that the books balance and moves the
// pointers. Everything before the first pointer can be thrown away; a pointer
// moves only to what was verified.
func (r *run) publish(ctx context.Context) error {
	if err := r.writeLineage(ctx); err != nil {
		return fmt.Errorf("lineage: %w", err)
	}
	r.manifest = r.facts(report.Complete)
	r.manifest.Checks = append(r.manifest.Checks, r.checks()...)
	if err := r.manifest.Validate(); err != nil {
		return err
	}
	if r.matcher.model != nil {
		text, err := r.matcher.model.JSON()
		if err != nil {
			return err
		}
		if err := r.put(ctx, r.lineageFolder()+"/"+modelName, text); err != nil {
			return err
		}
	}
	text, err := r.publicManifest()
	if err != nil {
		return err
	}
	state := "state/run=" + r.attempt
	if err := r.put(ctx, state+"/"+manifestName, text); err != nil {
		return err
	}
	for _, p := range r.snapshots {
		if err := r.put(ctx, p.folder+"/"+manifestName, text); err != nil {
			return err
		}
	}
	for _, p := range r.snapshots {
		if err := r.point(ctx, "snapshots/"+p.audience.name, p.folder, digestOf(text)); err != nil {
			return err
		}
		p.live = true
	}
	return r.point(ctx, "state", state, digestOf(text))
}

// checks are the verifications that the run passed: had one failed, the run
// would not have come here.
func (r *run) checks() []report.Check {
	var out []report.Check
	for _, p := range r.snapshots {
		out = append(out,
			report.Check{Snapshot: p.audience.name, Name: "read_back", Passed: true,
				Description: "Every file was read back by a second Parquet reader and holds what was meant.",
				Detail:      fmt.Sprintf("%d files", len(p.files))},
			report.Check{Snapshot: p.audience.name, Name: "decided_again", Passed: true,
				Description: "Every row of profiles and contact_points was decided again from the written file.",
				Detail:      fmt.Sprintf("%d profile rows", p.counts.rows)},
			r.replayCheck(p))
	}
	return append(out, report.Check{Name: "rows_balance", Passed: true,
		Description: "Every row that was read is accepted, quarantined or a duplicate; accepted rows are the records in clusters; golden records are published or withheld for a reason."})
}

// publicManifest is the facts of the run as they stand beside each snapshot.
// What differs between two runs of the same inputs is left out, so that they
// give the same bytes.
func (r *run) publicManifest() ([]byte, error) {
	facts := *r.manifest
	facts.Timing = report.Timing{}
	facts.Run.ID = r.RunID()
	return facts.Marshal()
}

// put writes a whole object.
func (r *run) put(ctx context.Context, key string, data []byte) error {
	w, err := r.output.Create(ctx, key)
	if err != nil {
		return err
	}
	defer w.Abort() // after Commit it does nothing
	if _, err := w.Write(data); err != nil {
		return fmt.Errorf("write %s: %w", key, err)
	}
	return w.Commit()
}

// point moves a CURRENT object, unless another run moved it meanwhile.
func (r *run) point(ctx context.Context, under, folder, manifest string) error {
	key := under + "/" + currentName
	tag := store.Absent
	if p := r.previous[under]; p != nil {
		tag = p.tag
	}
	text, err := json.MarshalIndent(Pointer{Folder: folder, Run: r.attempt, AsOf: r.AsOf, Manifest: manifest}, "", "  ")
	if err != nil {
		return err
	}
	_, err = r.output.PutIf(ctx, key, append(text, '\n'), tag)
	if errors.Is(err, store.ErrConflict) {
		return failedf(ErrRefused, "publish %s: another run published since this one began: run it again, to be compared with what is there now: %w", key, err)
	}
	if err != nil {
		return fmt.Errorf("publish %s: %w", key, err)
	}
	return nil
}

// current reads a CURRENT object.
func current(ctx context.Context, s store.Store, under string) (*Pointer, error) {
	text, _, err := s.Get(ctx, under+"/"+currentName)
	if errors.Is(err, store.ErrNotFound) {
		return nil, failedf(ErrNotFound, "%s: nothing is published there", under)
	}
	if err != nil {
		return nil, err
	}
	var p Pointer
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, fmt.Errorf("%s/%s: not a pointer of this program", under, currentName)
	}
	return &p, nil
}
