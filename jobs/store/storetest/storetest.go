// Package storetest checks the laws of package store on any implementation.
package storetest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"concord/jobs/store"
)

// Run checks every law. open makes an empty store for one test.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	for _, law := range laws {
		t.Run(law.name, func(t *testing.T) { law.check(t, open(t)) })
	}
	t.Run("behaves_like_a_map", func(t *testing.T) { behavesLikeMap(t, open) })
}

var laws = []struct {
	name  string
	check func(*testing.T, store.Store)
}{
	{"reads_what_was_written", readsWhatWasWritten},
	{"unseen_until_commit", unseenUntilCommit},
	{"abort_leaves_nothing", abortLeavesNothing},
	{"finished_writers_refuse", finishedWritersRefuse},
	{"open_object_does_not_change", openObjectDoesNotChange},
	{"absent_is_not_found", absentIsNotFound},
	{"bad_keys_are_refused", badKeysAreRefused},
	{"list_is_sorted_and_scoped", listIsSortedAndScoped},
	{"put_if", putIf},
	{"put_if_one_wins", putIfOneWins},
	{"pointers_are_bounded", pointersAreBounded},
	{"done_context_publishes_nothing", doneContextPublishesNothing},
	{"readers_see_whole_objects", readersSeeWholeObjects},
}

// put creates an object in two writes.
func put(t testing.TB, s store.Store, key, data string) {
	t.Helper()
	w, err := s.Create(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{data[:len(data)/2], data[len(data)/2:]} {
		if n, err := io.WriteString(w, part); err != nil || n != len(part) {
			t.Fatalf("write %q: %d of %d bytes, %v", key, n, len(part), err)
		}
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
}

// read is an object's content, checked to be the same by Read and ReadAt.
func read(t testing.TB, s store.Store, key string) string {
	t.Helper()
	o, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(o)
	if err != nil {
		t.Fatal(err)
	}
	if o.Size() != int64(len(data)) {
		t.Errorf("object %q: size %d, read %d bytes", key, o.Size(), len(data))
	}
	if err := o.Close(); err != nil {
		t.Error(err)
	}
	return string(data)
}

func keys(t testing.TB, s store.Store, scope store.Scope) []string {
	t.Helper()
	list, err := s.List(t.Context(), scope)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, i := range list {
		out = append(out, i.Key)
	}
	return out
}

func readsWhatWasWritten(t *testing.T, s store.Store) {
	for key, data := range map[string]string{"a": "", "b/c.csv": "x", "b/d/ü e": strings.Repeat("0123456789", 5_000)} {
		put(t, s, key, data)
		if got := read(t, s, key); got != data {
			t.Errorf("object %q: %d bytes read, %d written, or different ones", key, len(got), len(data))
		}
		o, err := s.Open(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if err := iotest.TestReader(o, []byte(data)); err != nil {
			t.Errorf("object %q: %v", key, err)
		}
		if err := o.Close(); err != nil {
			t.Error(err)
		}
		info, err := s.Stat(t.Context(), key)
		if err != nil || info.Key != key || info.Size != int64(len(data)) || info.ModTime.IsZero() {
			t.Errorf("stat %q: %+v, %v", key, info, err)
		}
	}
	put(t, s, "a", "replaced")
	if got := read(t, s, "a"); got != "replaced" {
		t.Errorf("object replaced: %q", got)
	}
}

func unseenUntilCommit(t *testing.T, s store.Store) {
	w, err := s.Create(t.Context(), "dir/new")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, "half"); err != nil {
		t.Fatal(err)
	}
	if got := keys(t, s, store.Scope{}); got != nil {
		t.Errorf("listed before commit: %q", got)
	}
	if _, err := s.Stat(t.Context(), "dir/new"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("stat before commit: %v", err)
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := w.Abort(); err != nil {
		t.Errorf("abort after commit: %v", err)
	}
	if got := read(t, s, "dir/new"); got != "half" {
		t.Errorf("after commit and abort: %q", got)
	}
}

func abortLeavesNothing(t *testing.T, s store.Store) {
	put(t, s, "kept", "before")
	for _, key := range []string{"kept", "new"} {
		w, err := s.Create(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, "discarded"); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.Abort(), w.Abort()); err != nil {
			t.Error(err)
		}
	}
	if got := keys(t, s, store.Scope{}); !slices.Equal(got, []string{"kept"}) || read(t, s, "kept") != "before" {
		t.Errorf("after abort: %q", got)
	}
}

func finishedWritersRefuse(t *testing.T, s store.Store) {
	for name, finish := range map[string]func(store.Writer) error{"commit": store.Writer.Commit, "abort": store.Writer.Abort} {
		w, err := s.Create(t.Context(), "k")
		if err != nil {
			t.Fatal(err)
		}
		if err := finish(w); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte("x")); err == nil {
			t.Errorf("write after %s: no error", name)
		}
		if err := w.Commit(); err == nil {
			t.Errorf("commit after %s: no error", name)
		}
	}
}

func openObjectDoesNotChange(t *testing.T, s store.Store) {
	put(t, s, "k", "first")
	o, err := s.Open(t.Context(), "k")
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, "k", "the second")
	if err := s.Remove(t.Context(), "k"); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(o); string(got) != "first" || err != nil || o.Size() != 5 {
		t.Errorf("open object after it was replaced and removed: %q of %d bytes, %v", got, o.Size(), err)
	}
	if err := o.Close(); err != nil {
		t.Error(err)
	}
}

func absentIsNotFound(t *testing.T, s store.Store) {
	put(t, s, "folder/object", "x")
	for _, key := range []string{"nothing", "folder", "folder/other", "folder/object/below"} {
		for op, err := range operations(t.Context(), s, key) {
			if reads := op == "stat" || op == "open" || op == "get"; reads && !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s %q: %v, want not found", op, key, err)
			} else if op == "remove" && err != nil {
				t.Errorf("remove %q: %v", key, err)
			}
		}
	}
	if got := read(t, s, "folder/object"); got != "x" {
		t.Errorf("removing its folder touched an object: %q", got)
	}
}

// operations is the error of each operation that does not write.
func operations(ctx context.Context, s store.Store, key string) map[string]error {
	_, statErr := s.Stat(ctx, key)
	o, openErr := s.Open(ctx, key)
	if openErr == nil {
		openErr = o.Close()
	}
	_, _, getErr := s.Get(ctx, key)
	return map[string]error{"stat": statErr, "open": openErr, "get": getErr, "remove": s.Remove(ctx, key)}
}

func badKeysAreRefused(t *testing.T, s store.Store) {
	for _, key := range []string{
		"", "/", "/etc/passwd", "a/", "a//b", ".", "..", "../x", "a/../b", "a/./b", "a/..", "nul\x00", "line\nbreak", "\xff",
		strings.Repeat("x", 256), strings.Repeat("x/", 600) + "x", ".0.partial", "a/.concord.lock",
	} {
		errs := operations(t.Context(), s, key)
		w, err := s.Create(t.Context(), key)
		if errs["create"] = err; err == nil {
			errs["abort"] = w.Abort()
		}
		_, errs["put"] = s.PutIf(t.Context(), key, nil, store.Absent)
		for op, err := range errs {
			if !errors.Is(err, store.ErrKey) {
				t.Errorf("%s %q: %v, want a key error", op, key, err)
			}
		}
	}
	if _, err := s.List(t.Context(), store.Scope{Prefix: "../"}); !errors.Is(err, store.ErrKey) {
		t.Errorf("list above the root: %v", err)
	}
}

func listIsSortedAndScoped(t *testing.T, s store.Store) {
	all := []string{"a!", "a.csv", "a/b", "a/b.csv", "a/c/d/e", "a0", "ab/c", "ä"}
	for _, key := range slices.Backward(all) {
		put(t, s, key, key)
	}
	for _, tt := range []struct {
		scope store.Scope
		want  []string
	}{
		{store.Scope{}, []string{"a!", "a.csv", "a/b.csv", "a/c/d/e", "a0", "ab/c", "ä"}},
		{store.Scope{Prefix: "a/"}, []string{"a/b.csv", "a/c/d/e"}},
		{store.Scope{Prefix: "a"}, []string{"a!", "a.csv", "a/b.csv", "a/c/d/e", "a0", "ab/c"}},
		{store.Scope{Prefix: "a/c/d"}, []string{"a/c/d/e"}},
		{store.Scope{Prefix: "a/", Segments: 2}, []string{"a/b.csv"}},
		{store.Scope{Segments: 1}, []string{"a!", "a.csv", "a0", "ä"}},
		{store.Scope{Prefix: "none/such"}, nil},
		{store.Scope{Prefix: "a.csv/below"}, nil},
		{store.Scope{Prefix: "a.csv/further/below"}, nil},
	} {
		if err := s.Remove(t.Context(), "a/b"); err != nil {
			t.Fatal(err)
		}
		if got := keys(t, s, tt.scope); !slices.Equal(got, tt.want) {
			t.Errorf("list %+v: %q, want %q", tt.scope, got, tt.want)
		}
	}
}

func doneContextPublishesNothing(t *testing.T, s store.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	w, err := s.Create(ctx, "late")
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, "kept", "x")
	cancel()
	errs := operations(ctx, s, "kept")
	errs["commit"] = w.Commit()
	_, errs["create"] = s.Create(ctx, "more")
	_, errs["put"] = s.PutIf(ctx, "more", nil, store.Absent)
	_, errs["list"] = s.List(ctx, store.Scope{})
	for op, err := range errs {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s with a cancelled context: %v", op, err)
		}
	}
	if got := keys(t, s, store.Scope{}); !slices.Equal(got, []string{"kept"}) {
		t.Errorf("after cancellation: %q", got)
	}
}

// readersSeeWholeObjects replaces one object over and over, each content one
// byte repeated a length that the byte gives, while others read it.
func readersSeeWholeObjects(t *testing.T, s store.Store) {
	content := func(i int) []byte { return bytes.Repeat([]byte{byte(i)}, 1+i*1000) }
	put(t, s, "k", string(content(0)))
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				o, err := s.Open(t.Context(), "k")
				if err != nil {
					t.Error(err)
					return
				}
				data, err := io.ReadAll(o)
				if err := errors.Join(err, o.Close()); err != nil {
					t.Error(err)
					return
				}
				if len(data) == 0 || !bytes.Equal(data, content(int(data[0]))) {
					t.Errorf("a reader saw %d bytes that nobody committed", len(data))
					return
				}
			}
		})
	}
	for i := range 30 {
		put(t, s, "k", string(content(i)))
	}
	close(stop)
	wg.Wait()
}
