package engine

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// HeapRoom sees to it that about so many bytes at least are allocated between two
// collections, until release is called: a stage of which little is alive and much
// is soon garbage would otherwise collect every few megabytes. Where [HeapGrowth]
// gives more room, that holds.
func HeapRoom(least uint64) (release func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	percent := int(heapFact("/gc/gogc:percent"))
	r := &heapRoom{percent: percent, now: percent, least: least}
	r.adjust()
	return r.release
}

// heapRoom follows the heap from collection to collection.
type heapRoom struct {
	mu           sync.Mutex
	percent, now int // growth that was set before, and now
	least        uint64
	over         bool
}

// mostGrowth bounds the growth of a heap in which next to nothing is alive.
const mostGrowth = 1000

// adjust sets the growth that gives the room, and again after the next collection.
func (r *heapRoom) adjust() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.over {
		return
	}
	growth := mostGrowth
	if live := heapFact("/gc/heap/live:bytes"); live > 0 {
		growth = int(min(mostGrowth, r.least*100/live))
	}
	r.set(max(r.percent, growth))
	// What nobody holds is finalized after the next collection.
	runtime.SetFinalizer(&struct{ of *heapRoom }{r}, func(s *struct{ of *heapRoom }) { s.of.adjust() })
}

func (r *heapRoom) set(percent int) {
	if percent != r.now {
		debug.SetGCPercent(percent)
		r.now = percent
	}
}

func (r *heapRoom) release() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.over = true
	r.set(r.percent)
}

// heapFact is a number that the runtime tells of its heap, 0 if it does not.
func heapFact(name string) uint64 {
	s := []metrics.Sample{{Name: name}}
	metrics.Read(s)
	if s[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return s[0].Value.Uint64()
}
