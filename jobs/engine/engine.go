// Package engine is where the stages of a run execute.
//
// A stage's kernel is a pure, sequential function over one unit of work: a
// column, a tile of a block, a component, a cluster. The engine runs the
// units of a stage and knows nothing of what they do; the kernels know
// nothing of goroutines. [Local] runs them on this machine's cores. Another
// engine may ship them elsewhere: the contract is [Engine], and enginetest
// checks it.
package engine

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Engine runs units of work.
//
// Each calls unit(worker, i) exactly once for every i in [0, n), in any order
// and on any worker, at most one call at a time per worker number; worker is
// in [0, Workers()), so that a unit may use scratch memory kept per worker.
// It returns after all calls have returned. The first error, or ctx's, stops
// units that have not begun and is returned; a panic of a unit becomes an
// error. A unit must therefore not let its result depend on order or worker:
// results are written to slots of their own or merged by commutative sums.
type Engine interface {
	Workers() int
	Each(ctx context.Context, n int, unit func(worker, i int) error) error
}

// Local is the engine of one machine: Count goroutines take the next unit as
// they become free.
type Local struct{ Count int }

// Workers is how many units run at once.
func (l Local) Workers() int { return max(l.Count, 1) }

// Each runs the units; see [Engine].
func (l Local) Each(ctx context.Context, n int, unit func(worker, i int) error) error {
	var next atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for worker := range min(l.Workers(), n) {
		group.Go(func() (err error) {
			defer func() {
				if r := recover(); r != nil {
					err = &PanicError{Value: fmt.Sprintf("%T", r), Stack: debug.Stack()}
				}
			}()
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return nil
				}
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := unit(worker, i); err != nil {
					return err
				}
			}
		})
	}
	return group.Wait()
}

// PanicError is a unit's panic: a bug of ours. Its text holds the type of the
// panic's value only, since the value may quote a customer's data.
type PanicError struct {
	Value string
	Stack []byte
}

func (e *PanicError) Error() string {
	return "internal error (" + e.Value + "): please report it with the trace that --debug prints"
}
