package ingest

import (
	"context"

	"concord/jobs/engine"
	"concord/transforms/normalize"
)

// chunk is how many distinct raw values one unit normalizes: enough to hide
// the engine's cost of a unit, few enough to keep the values in flight small:
// an address is eight values of 72 bytes.
const chunk = 512

// waves normalizes the raw codes of a column: chunks on all workers, what they
// gave being taken in code order by one of them, while the others work on the
// chunks of the next wave.
type waves struct {
	read func(code uint32, out []normalize.Value) []normalize.Value
	take func(r *chunkValues, first uint32) error
	room *[2][]chunkValues // of this wave and the one before, for one run after the other
}

// chunksPerWorker is how many chunks of a wave each worker has: enough that
// they end a wave at about the same time.
const chunksPerWorker = 8

// run goes through the codes from 1 to size-1.
func (w *waves) run(ctx context.Context, e engine.Engine, size int) error {
	count := e.Workers() * chunksPerWorker
	if w.room[0] == nil {
		w.room[0], w.room[1] = make([]chunkValues, count), make([]chunkValues, count)
	}
	now, before := w.room[0], w.room[1]
	full := 0 // chunks of the wave before
	for base := 1; base < size || full > 0; base += count * chunk {
		units := min(count, (size-base+chunk-1)/chunk)
		units = max(units, 0)
		var taking error
		err := e.Each(ctx, units+1, func(_, i int) error {
			if i == 0 { // the longest unit begins first
				taking = w.takeAll(before[:full], uint32(base-count*chunk))
				return nil
			}
			first := base + (i-1)*chunk
			now[i-1].fill(uint32(first), uint32(min(first+chunk, size)), w.read)
			return nil
		})
		if err != nil {
			return err
		}
		if taking != nil {
			return taking
		}
		now, before, full = before, now, units
	}
	return nil
}

func (w *waves) takeAll(chunks []chunkValues, first uint32) error {
	for i := range chunks {
		if err := w.take(&chunks[i], first+uint32(i)*chunk); err != nil {
			return err
		}
	}
	return nil
}

// fill reads the codes from first to end-1.
func (r *chunkValues) fill(first, end uint32, read func(uint32, []normalize.Value) []normalize.Value) {
	r.values, r.ends = r.values[:0], r.ends[:0]
	for code := first; code < end; code++ {
		r.values = read(code, r.values)
		r.ends = append(r.ends, int32(len(r.values)))
	}
}

// chunkValues are the values of consecutive raw codes.
type chunkValues struct {
	values []normalize.Value
	ends   []int32 // by raw code of the chunk
}
