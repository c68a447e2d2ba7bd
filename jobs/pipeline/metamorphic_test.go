package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"concord/schemas/table"
)

// townSize is enough people for the model to train on.
const townSize = 260

// ran runs a job and gives its configuration back.
func ran(t testing.TB, c *Config) *Config {
	t.Helper()
	if _, err := Run(context.Background(), c); err != nil {
		t.Fatal(err)
	}
	return c
}

// digests is the SHA-256 of every file of snapshots and state, by its path.
func digests(t testing.TB, c *Config, under ...string) map[string]string {
	t.Helper()
	found := map[string]string{}
	out := c.directory(c.Job.Output)
	for _, u := range under {
		err := filepath.WalkDir(filepath.Join(out, u), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			sum := sha256.Sum256(text)
			rel, _ := filepath.Rel(out, path) // path is below out
			found[rel] = hex.EncodeToString(sum[:])
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// The bytes that readers see do not depend on how many workers made them.
func TestSameBytesAtAnyWorkers(t *testing.T) {
	t.Parallel()
	files := newTown(townSize).files()
	under := []string{"snapshots", "state", "quarantine"}
	want := digests(t, ran(t, settle(t, townJob, files, 1)), under...)
	if len(want) < 8 {
		t.Fatalf("a run published %d files", len(want))
	}
	for _, workers := range []int{2, 4} {
		got := digests(t, ran(t, settle(t, townJob, files, workers)), under...)
		if !maps.Equal(got, want) {
			t.Errorf("%d workers publish other bytes than one: %v", workers, differing(got, want))
		}
	}
}

func differing(a, b map[string]string) []string {
	var names []string
	for name := range a {
		if a[name] != b[name] {
			names = append(names, name)
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// told is what a run says of people, without where their rows lay: golden ids
// with their records, and the tables of both snapshots.
func told(t testing.TB, c *Config) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, s := range c.Job.SnapshotNames() {
		for _, name := range []string{table.TableProfiles, table.TableContactPoints, table.TableProfileConsents} {
			out[s+"."+name] = exported(t, c, name, s)
		}
	}
	var members []string
	for line := range strings.Lines(exported(t, c, table.TableMemberships, "")) {
		cells := strings.Split(line, ",")
		members = append(members, cells[0]+" "+cells[2]+"/"+cells[3]) // golden id, source, key
	}
	slices.Sort(members)
	if strings.Count(out["marketing.profiles"], "\n") < 5 || 2*strings.Count(out["marketing.profiles"], "\n") > len(members) {
		t.Fatalf("the town's consents permit too few or too many for a test: %d lines", strings.Count(out["marketing.profiles"], "\n"))
	}
	out["members"] = strings.Join(members, "\n")
	return out
}

// Neither the order of rows nor how they lie in files and channels of one
// source matters.
func TestLayoutOfExtractsDoesNotMatter(t *testing.T) {
	t.Parallel()
	files := newTown(townSize).files()
	plain := ran(t, settle(t, townJob, files, 2))
	want, bytes := told(t, plain), digests(t, plain, "snapshots/essential", "snapshots/marketing")
	crm := files["crm.csv"]
	half := len(crm) / 2

	permuted := map[string][]string{}
	for name, rows := range files {
		permuted[name] = shuffled(rows, 7)
	}
	split := maps.Clone(files)
	delete(split, "crm.csv")
	split["crm-a.csv"], split["crm-b.csv"] = crm[:half], append([]string{crmHeader}, crm[half:]...)
	channels := townHead +
		"  crm_a:\n    read: crm-a.csv\n    source: crm\n    " + townCRM +
		"  crm_b:\n    read: crm-b.csv\n    source: crm\n    " + townCRM + townWeb + townTail

	for name, c := range map[string]*Config{
		"rows permuted":                          settle(t, townJob, permuted, 2),
		"a file split in two":                    settle(t, townJob, split, 2),
		"a channel split in two of one source":   settle(t, channels, split, 2),
		"files in the opposite order":            settle(t, townJob, swapped(split), 2),
		"the same bytes again, from the start":   settle(t, townJob, files, 2),
		"every row of a channel delivered twice": settle(t, townJob, twice(files), 2),
	} {
		t.Run(name, func(t *testing.T) {
			ran(t, c)
			got := told(t, c)
			for table := range want {
				if got[table] != want[table] {
					t.Errorf("%s changed: %s", table, firstDifference(got[table], want[table]))
				}
			}
			if strings.HasPrefix(name, "the same bytes") {
				if d := differing(digests(t, c, "snapshots/essential", "snapshots/marketing"), bytes); len(d) > 0 {
					t.Errorf("other bytes in %v", d)
				}
			}
		})
	}
}

// swapped exchanges the contents of the two halves of the crm.
func swapped(files map[string][]string) map[string][]string {
	out := maps.Clone(files)
	out["crm-a.csv"], out["crm-b.csv"] = files["crm-b.csv"], files["crm-a.csv"]
	return out
}

func twice(files map[string][]string) map[string][]string {
	out := maps.Clone(files)
	out["crm-again.csv"] = files["crm.csv"]
	return out
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return "line\n" + x[i] + "\nwas\n" + y[i]
		}
	}
	return "the number of lines"
}
