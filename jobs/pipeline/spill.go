package pipeline

import (
	"runtime/debug"

	"concord/jobs/spill"
)

// arrays is what holds large arrays: it shows move a pointer to each, and move
// may replace them.
type arrays interface{ Arrays(move func(array any)) }

// single is a large array by itself.
type single[T any] struct{ of *[]T }

// Arrays shows move the array; see [arrays].
func (a single[T]) Arrays(move func(any)) { move(a.of) }

// outgrown sees to it, while extracts are read, that the run keeps to its
// memory: one that would exceed it keeps its arrays on disk from then on.
func (r *run) outgrown(rows int, size int64) (*spill.Space, error) {
	need, budget := memoryOf(rows, size), r.Job.Match.Budget.Memory
	if need <= budget {
		return nil, nil
	}
	var err error
	if r.space, err = spill.Open("", int64(budget)); err != nil {
		return nil, failedf(ErrRefused, "the run would need about %d MiB of memory, match.budget.memory is %d MiB, and it cannot keep its records on disk: %w", need>>20, budget>>20, err)
	}
	r.Observe.Note("memory does not suffice: records are kept on disk", "budget MiB", int64(budget>>20))
	return r.space, nil
}

// stow puts the arrays of what a stage has made where they stay until the
// end of the run, and lets go of the memory behind.
func (r *run) stow(owners ...arrays) error {
	if r.space == nil {
		return nil
	}
	for _, o := range owners {
		if err := r.move(o); err != nil {
			return err
		}
	}
	r.space.Rest()
	debug.FreeOSMemory()
	return nil
}

// move puts arrays where they stay until the end of the run.
func (r *run) move(o arrays) error {
	if r.space == nil {
		return nil
	}
	return r.space.MoveAll(o.Arrays)
}

// Arrays shows move what grows with the anchors; see [arrays].
func (a *anchors) Arrays(move func(array any)) {
	move(&a.account)
	move(&a.position)
	move(&a.addresses)
	for i := range a.columns {
		move(&a.columns[i].byCode)
		move(&a.columns[i].bySlot)
	}
}

// Arrays shows move what grows with the records; see [arrays].
func (c *clusters) Arrays(move func(array any)) {
	move(&c.of)
	move(&c.starts)
	move(&c.members)
}
