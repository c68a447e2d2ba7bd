package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"concord/jobs/store"
)

var errDisk = errors.New("the disk is full")

// failing is a store whose writes fail from the n-th on.
type failing struct {
	store.Store
	left *atomic.Int64
}

func (f failing) spend() error {
	if f.left.Add(-1) < 0 {
		return errDisk
	}
	return nil
}

func (f failing) Create(ctx context.Context, key string) (store.Writer, error) {
	w, err := f.Store.Create(ctx, key)
	if err != nil {
		return nil, err
	}
	return failingWriter{w, f}, nil
}

func (f failing) PutIf(ctx context.Context, key string, data []byte, tag string) (string, error) {
	if err := f.spend(); err != nil {
		return "", err
	}
	return f.Store.PutIf(ctx, key, data, tag)
}

type failingWriter struct {
	store.Writer
	of failing
}

func (w failingWriter) Commit() error {
	if err := w.of.spend(); err != nil {
		_ = w.Abort() // the error that matters is the disk's
		return err
	}
	return w.Writer.Commit()
}

// runWithWrites runs a job on a store that takes n writes, and tells how many
// were left.
func runWithWrites(t *testing.T, c *Config, n int64) (left int64, err error) {
	t.Helper()
	r, err := c.open(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	f := failing{r.output, &atomic.Int64{}}
	f.left.Store(n)
	r.output = f
	_, err = r.execute(context.Background())
	return f.left.Load(), err
}

// Whichever write fails, no snapshot is seen in part, and the next run
// publishes what an undisturbed one does.
func TestFailingWritesPublishNothingInPart(t *testing.T) {
	t.Parallel()
	files := newTown(30).files()
	const plenty = 1 << 40
	clean := settle(t, townJob, files, 2)
	left, err := runWithWrites(t, clean, plenty)
	if err != nil {
		t.Fatal(err)
	}
	writes := int64(plenty) - left
	want := told(t, clean)
	step := max(1, writes/4)
	for n := int64(0); n < writes; n++ {
		if n%step != 0 && n < writes-4 {
			continue // every write of the last, where pointers move, and some of the others
		}
		c := settle(t, townJob, files, 2)
		_, err := runWithWrites(t, c, n)
		if !errors.Is(err, errDisk) {
			t.Fatalf("write %d of %d failed, and the run says %v", n, writes, err)
		}
		intact(t, c)
		if n < writes/2 && len(pointers(t, c)) > 0 {
			t.Errorf("write %d of %d failed, and something is published", n, writes)
		}
		ran(t, c)
		if got := told(t, c); !maps.Equal(got, want) {
			t.Errorf("after write %d failed, the next run tells otherwise", n)
		}
	}
}

// A run that is stopped in any phase publishes nothing, says so in its
// lineage, and the next one publishes what an undisturbed one does.
func TestStoppedRunsPublishNothing(t *testing.T) {
	t.Parallel()
	files := newTown(30).files()
	phases := &recorder{}
	clean := settle(t, townJob, files, 2)
	clean.Observe = phases
	want := told(t, ran(t, clean))
	if len(phases.begun) < 8 {
		t.Fatalf("the run has the phases %v", phases.begun)
	}
	for _, phase := range phases.begun {
		ctx, cancel := context.WithCancel(context.Background())
		c := settle(t, townJob, files, 2)
		c.Observe = &recorder{stop: phase, cancel: cancel}
		_, err := Run(ctx, c)
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("stopped in %s, the run says %v", phase, err)
		}
		if p := pointers(t, c); len(p) > 0 {
			t.Errorf("stopped in %s, and %v is published", phase, p)
		}
		events, err := filepath.Glob(filepath.Join(c.directory(c.Job.Output), "lineage", "*", eventsName))
		if err != nil || len(events) != 1 {
			t.Fatalf("lineage of the stopped run: %v, %v", events, err)
		}
		text, err := os.ReadFile(events[0])
		if err != nil || !strings.Contains(string(text), `"ABORT"`) {
			t.Errorf("stopped in %s, the lineage does not say so", phase)
		}
		c.Observe = Silent{}
		if got := told(t, ran(t, c)); !maps.Equal(got, want) {
			t.Errorf("stopped in %s, the next run tells otherwise", phase)
		}
	}
}

// recorder notes the phases, and stops the run as one begins.
type recorder struct {
	Silent
	begun  []string
	stop   string
	cancel func()
}

func (r *recorder) Begin(phase string) {
	r.begun = append(r.begun, phase)
	if phase == r.stop {
		r.cancel()
	}
}

// pointers finds the CURRENT objects.
func pointers(t *testing.T, c *Config) []string {
	t.Helper()
	out := c.directory(c.Job.Output)
	found, err := filepath.Glob(filepath.Join(out, "snapshots", "*", currentName))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(out, "state", currentName)); err == nil {
		found = append(found, filepath.Join(out, "state", currentName))
	}
	return found
}

// intact checks that what a pointer names is all there: the manifest it gives
// the digest of, and every file that the manifest lists for the snapshot.
func intact(t *testing.T, c *Config) {
	t.Helper()
	out := c.directory(c.Job.Output)
	for _, path := range pointers(t, c) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var p Pointer
		if err := json.Unmarshal(text, &p); err != nil {
			t.Fatal(err)
		}
		manifest, err := os.ReadFile(filepath.Join(out, filepath.FromSlash(p.Folder), manifestName))
		if err != nil || digestOf(manifest) != p.Manifest {
			t.Errorf("%s names a folder whose manifest is not the one meant: %v", path, err)
			continue
		}
		var m struct {
			Outputs []struct{ Object, SHA256 string }
		}
		if err := json.Unmarshal(manifest, &m); err != nil {
			t.Fatal(err)
		}
		if len(m.Outputs) == 0 {
			t.Errorf("the manifest of %s lists no file", p.Folder)
		}
		for _, o := range m.Outputs {
			file, err := os.ReadFile(filepath.Join(out, filepath.FromSlash(o.Object)))
			if err != nil || digestOf(file) != o.SHA256 {
				t.Errorf("%s: %s is not as the manifest says: %v", p.Folder, o.Object, err)
			}
		}
	}
}
