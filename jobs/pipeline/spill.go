package pipeline

import (
	"runtime/debug"

	"concord/jobs/ingest"
	"concord/jobs/spill"
)

// arrays is what holds large arrays: it shows move a pointer to each, and move
// may replace them.
type arrays interface{ Arrays(move func(array any)) }

// single is a large array by itself.
type single[T any] struct{ of *[]T }

// Arrays shows move the array; see [arrays].
func (a single[T]) Arrays(move func(any)) { move(a.of) }

// bound sees to it, once records are there, that the run keeps to its memory:
// one that would exceed it keeps its arrays on disk from then on.
func (r *run) bound(in *ingest.Result) error {
	need, budget := estimateMemory(in), r.Job.Match.Budget.Memory
	if need <= budget || r.space != nil {
		return nil
	}
	var err error
	if r.space, err = spill.Open("", int64(budget)); err != nil {
		return failedf(ErrRefused, "the run would need about %d MiB of memory, match.budget.memory is %d MiB, and it cannot keep its records on disk: %w", need>>20, budget>>20, err)
	}
	r.Observe.Note("memory does not suffice: records are kept on disk", "MiB", int64(need>>20), "budget MiB", int64(budget>>20))
	return r.stow(in.Records, single[uint64]{&in.Hash})
}

// stow puts the arrays of what a stage has made where they stay until the
// end of the run, and lets go of the memory behind.
func (r *run) stow(owners ...arrays) error {
	if r.space == nil {
		return nil
	}
	var err error
	for _, o := range owners {
		o.Arrays(func(array any) {
			if err == nil {
				err = r.space.Move(array)
			}
		})
	}
	r.space.Rest()
	debug.FreeOSMemory()
	return err
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
