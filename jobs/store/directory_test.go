//go:build unix

package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"concord/jobs/store"
	"concord/jobs/store/storetest"
)

func openDirectory(t *testing.T) (*store.Directory, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store")
	d, err := store.MakeDirectory(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d, path
}

func TestDirectoryLaws(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store {
		d, _ := openDirectory(t)
		return d
	})
}

func TestOpenDirectoryThatIsAbsent(t *testing.T) {
	_, err := store.OpenDirectory(filepath.Join(t.TempDir(), "none"))
	if err == nil || !strings.Contains(err.Error(), "create it, or correct the path") {
		t.Errorf("error %v", err)
	}
}

func write(t *testing.T, path, data string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(data), 0o666)); err != nil {
		t.Fatal(err)
	}
}

// Links: to a file of the store is an object; anything else is an error that
// names the link, in the scope that has it and in no other.
func TestDirectoryLinks(t *testing.T) {
	d, path := openDirectory(t)
	secret := filepath.Join(filepath.Dir(path), "secret")
	write(t, secret, "outside")
	write(t, filepath.Join(path, "in", "file"), "inside")
	write(t, filepath.Join(path, "ok", "file"), "inside")
	for link, target := range map[string]string{
		"ok/link": "file", "out/relative": "../../secret", "abs/absolute": secret, "none/dangling": "nothing", "dir/folder": "../in",
	} {
		link = filepath.Join(path, link)
		if err := errors.Join(os.MkdirAll(filepath.Dir(link), 0o777), os.Symlink(target, link)); err != nil {
			t.Fatal(err)
		}
	}
	list, err := d.List(t.Context(), store.Scope{Prefix: "ok/"})
	if err != nil || len(list) != 2 || list[1].Key != "ok/link" || list[1].Size != 6 {
		t.Errorf("a link within the store: %v, %v", list, err)
	}
	for _, key := range []string{"out/relative", "abs/absolute"} {
		if _, err := d.Open(t.Context(), key); !errors.Is(err, store.ErrKey) {
			t.Errorf("open %s, which leads out: %v", key, err)
		}
		if err := d.Remove(t.Context(), key); err != nil {
			t.Errorf("remove %s: %v", key, err)
		}
		if _, err := os.Stat(secret); err != nil {
			t.Fatalf("removing a link removed what it names: %v", err)
		}
		if err := os.Symlink(secret, filepath.Join(path, key)); err != nil {
			t.Fatal(err)
		}
	}
	for prefix, key := range map[string]string{"out/": "out/relative", "abs/": "abs/absolute", "none/": "none/dangling", "dir/": "dir/folder"} {
		if _, err := d.List(t.Context(), store.Scope{Prefix: prefix}); err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("list %s: %v, want an error that names %s", prefix, err, key)
		}
	}
	if _, err := d.List(t.Context(), store.Scope{Prefix: "dir/", Segments: 2}); err != nil {
		t.Errorf("a link to a folder below the scope: %v", err)
	}
}

func TestDirectoryOddFiles(t *testing.T) {
	d, path := openDirectory(t)
	write(t, filepath.Join(path, "c", "line\nbreak"), "x")
	if _, err := d.List(t.Context(), store.Scope{}); !errors.Is(err, store.ErrKey) {
		t.Errorf("a file whose name is no key: %v", err)
	}
	if err := os.RemoveAll(filepath.Join(path, "c")); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(path, "pipe"), 0o666); err != nil {
		t.Skip("no named pipes here:", err)
	}
	if _, err := d.Open(t.Context(), "pipe"); !errors.Is(err, store.ErrNotFound) { // and does not hang
		t.Errorf("open a named pipe: %v", err)
	}
	if _, err := d.List(t.Context(), store.Scope{}); err == nil {
		t.Error("list with a named pipe: no error")
	}
}

func TestDirectoryKeyBelowObject(t *testing.T) {
	d, path := openDirectory(t)
	write(t, filepath.Join(path, "a"), "x")
	write(t, filepath.Join(path, "f", "g"), "x")
	for _, key := range []string{"a/b", "a/b/c", "f"} {
		if _, err := d.Create(t.Context(), key); !errors.Is(err, store.ErrKey) {
			t.Errorf("create %s: %v", key, err)
		}
	}
}

func TestDirectoryPermission(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("permissions do not bind the superuser")
	}
	d, path := openDirectory(t)
	write(t, filepath.Join(path, "a"), "x")
	if err := os.Chmod(filepath.Join(path, "a"), 0); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Open(t.Context(), "a"); !errors.Is(err, store.ErrPermission) {
		t.Errorf("open: %v", err)
	}
	if err := os.Chmod(path, 0o500); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Create(t.Context(), "b"); !errors.Is(err, store.ErrPermission) {
		t.Errorf("create: %v", err)
	}
	if err := os.Chmod(path, 0o700); err != nil { // for the cleanup
		t.Fatal(err)
	}
}

func TestRemovePartials(t *testing.T) {
	d, path := openDirectory(t)
	for _, key := range []string{"s/one", "s/two", "other"} { // three writers die
		if _, err := d.Create(t.Context(), key); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(path, "s", "kept"), "x")
	past, future := time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	if n, err := d.RemovePartials(t.Context(), "s/", past); n != 0 || err != nil {
		t.Errorf("removed %d that may be at work, %v", n, err)
	}
	if n, err := d.RemovePartials(t.Context(), "s/", future); n != 2 || err != nil {
		t.Errorf("removed %d, %v, want 2", n, err)
	}
	names, err := filepath.Glob(filepath.Join(path, "s", "*"))
	hidden, err2 := filepath.Glob(filepath.Join(path, ".*.partial"))
	if err := errors.Join(err, err2); err != nil || len(names) != 1 || len(hidden) != 1 {
		t.Errorf("left: %q and %q, %v", names, hidden, err)
	}
	if got, err := d.List(t.Context(), store.Scope{}); err != nil || len(got) != 1 || !slices.ContainsFunc(got, func(i store.Info) bool { return i.Key == "s/kept" }) {
		t.Errorf("listed %v, %v", got, err)
	}
}
