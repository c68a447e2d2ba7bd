// Package enginetest checks that an engine keeps the contract of
// [engine.Engine].
package enginetest

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"concord/jobs/engine"
)

// Laws runs every check against e.
func Laws(t *testing.T, e engine.Engine) {
	t.Run("every unit runs exactly once", func(t *testing.T) { exactlyOnce(t, e) })
	t.Run("a worker runs one unit at a time", func(t *testing.T) { oneAtATime(t, e) })
	t.Run("an error is returned and stops the rest", func(t *testing.T) { firstError(t, e) })
	t.Run("a panic becomes an error without its value", func(t *testing.T) { panics(t, e) })
	t.Run("a cancelled context stops the run", func(t *testing.T) { cancelled(t, e) })
}

func exactlyOnce(t *testing.T, e engine.Engine) {
	for _, n := range []int{0, 1, 2, 1000} {
		counts := make([]atomic.Int32, n)
		err := e.Each(context.Background(), n, func(_, i int) error { counts[i].Add(1); return nil })
		if err != nil {
			t.Fatal(err)
		}
		for i := range counts {
			if got := counts[i].Load(); got != 1 {
				t.Fatalf("unit %d of %d ran %d times", i, n, got)
			}
		}
	}
}

func oneAtATime(t *testing.T, e engine.Engine) {
	busy := make([]atomic.Bool, e.Workers())
	err := e.Each(context.Background(), 1000, func(w, _ int) error {
		if !busy[w].CompareAndSwap(false, true) {
			return errors.New("the worker was busy")
		}
		busy[w].Store(false)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func firstError(t *testing.T, e engine.Engine) {
	want := errors.New("unit failed")
	var ran atomic.Int64
	err := e.Each(context.Background(), 100_000, func(_, i int) error {
		ran.Add(1)
		if i == 3 {
			return want
		}
		return nil
	})
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want %v", err, want)
	}
	if ran.Load() == 100_000 {
		t.Error("all units ran although one failed at once")
	}
}

func panics(t *testing.T, e engine.Engine) {
	err := e.Each(context.Background(), 2, func(_, i int) error {
		if i == 1 {
			panic("ana@example.org")
		}
		return nil
	})
	var p *engine.PanicError
	if !errors.As(err, &p) {
		t.Fatalf("got %v, want a PanicError", err)
	}
	if p.Value != "string" || len(p.Stack) == 0 {
		t.Errorf("the error holds %q and a trace of %d bytes", p.Value, len(p.Stack))
	}
}

func cancelled(t *testing.T, e engine.Engine) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := e.Each(ctx, 10, func(_, _ int) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want context.Canceled", err)
	}
}
