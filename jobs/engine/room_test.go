package engine_test

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"concord/jobs/engine"
)

var garbage []byte

// Between two collections lies the room asked for, though next to nothing is
// alive, and afterwards the growth is what it was.
func TestHeapRoomSpacesCollections(t *testing.T) {
	t.Setenv("GOGC", "")
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	allocate := func() uint32 {
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range 256 {
			garbage = make([]byte, 1<<20)
		}
		runtime.ReadMemStats(&after)
		return after.NumGC - before.NumGC
	}
	without := allocate()
	release := engine.HeapRoom(64 << 20)
	runtime.GC()
	time.Sleep(10 * time.Millisecond) // for the finalizer
	with := allocate()
	release()
	if with > 24 || without < 2*with {
		t.Errorf("%d collections with room for 64 MiB, %d without, in 256 MiB", with, without)
	}
	if got := debug.SetGCPercent(10); got != 10 {
		t.Errorf("the heap grows by %d %% afterwards, 10 before", got)
	}
}
