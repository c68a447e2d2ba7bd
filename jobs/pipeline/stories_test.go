package pipeline

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"concord/jobs/engine"
	"concord/schemas/table"
)

var update = flag.Bool("update", false, "write the tables of the stories as they come out")

// storyKey is the secret of the stories' pseudonyms. It protects nobody.
const storyKey = "1:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"

// storyTime is when the stories' consent, ages and expiry are decided.
var storyTime = time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)

// Every folder of jobs/testdata is a story: a job with its extracts, and under
// want the tables that must come out, as text. The name says what it shows.
// Most are too small to train on and are scored by the untrained defaults; some
// bring a town of invented people to train on, a channel of that name whose
// memberships are not compared.
func TestStories(t *testing.T) {
	stories, err := filepath.Glob("../testdata/*/job.yaml")
	if err != nil || len(stories) < 10 {
		t.Fatalf("found %d stories, %v", len(stories), err)
	}
	for _, path := range stories {
		dir := filepath.Dir(path)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			got := tell(t, dir)
			want := filepath.Join(dir, "want")
			if *update {
				rewrite(t, want, got)
				return
			}
			compareFiles(t, want, got)
		})
	}
}

// tell runs a story on a copy of its folder and gives its tables by name.
func tell(t *testing.T, dir string) map[string]string {
	t.Helper()
	home := filepath.Join(t.TempDir(), filepath.Base(dir))
	if err := os.CopyFS(home, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	c := configOf(t, filepath.Join(home, "job.yaml"), 2)
	key := filepath.Join(home, "out", filepath.FromSlash(keyFile))
	if err := os.MkdirAll(filepath.Dir(key), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(key, []byte(storyKey), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := Run(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	memberships := exported(t, c, table.TableMemberships, "")
	got := map[string]string{table.TableMemberships: without(memberships, ",town,")}
	if len(out.Manifest.Quarantine) > 0 {
		got[table.TableQuarantine] = exported(t, c, table.TableQuarantine, "")
	}
	for _, s := range c.Job.SnapshotNames() {
		for _, name := range []string{table.TableProfiles, table.TableContactPoints} {
			got[s+"."+name] = exported(t, c, name, s)
		}
	}
	return got
}

// configOf is a job at the time of the stories.
func configOf(t testing.TB, path string, workers int) *Config {
	t.Helper()
	j, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return &Config{Job: j, Path: path, AsOf: storyTime, Engine: engine.Local{Count: workers}, Version: "test", Observe: Silent{}}
}

// exported is a table as csv, its rows sorted.
func exported(t testing.TB, c *Config, name, snap string) string {
	t.Helper()
	var b bytes.Buffer
	if err := Export(context.Background(), c, name, snap, "csv", &b); err != nil {
		t.Fatalf("export %s: %v", name, err)
	}
	lines := strings.SplitAfter(b.String(), "\n")
	slices.Sort(lines[1 : len(lines)-1])
	return strings.Join(lines, "")
}

// without drops the lines that hold a text.
func without(text, drop string) string {
	var kept strings.Builder
	for line := range strings.Lines(text) {
		if !strings.Contains(line, drop) {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

func rewrite(t *testing.T, want string, got map[string]string) {
	if err := os.RemoveAll(want); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(want, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range got {
		if err := os.WriteFile(filepath.Join(want, name+".csv"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// compareFiles compares the tables with the files of a folder, both ways.
func compareFiles(t *testing.T, want string, got map[string]string) {
	files, err := os.ReadDir(want)
	if err != nil {
		t.Fatalf("%v: tell the story first, with -update, and read what it says", err)
	}
	for _, f := range files {
		name := strings.TrimSuffix(f.Name(), ".csv")
		if _, ok := got[name]; !ok {
			t.Errorf("%s did not come out", name)
		}
	}
	for name, text := range got {
		file, err := os.ReadFile(filepath.Join(want, name+".csv"))
		if err != nil {
			t.Errorf("%s is not expected: %v", name, err)
			continue
		}
		if text != string(file) {
			t.Errorf("%s differs; got\n%s\nwant\n%s", name, text, file)
		}
	}
}
