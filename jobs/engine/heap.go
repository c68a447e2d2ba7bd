package engine

import (
	"os"
	"runtime/debug"
)

// HeapGrowth sets how far the heap may grow between two collections, in percent
// of what is alive, unless GOGC says so already.
func HeapGrowth(percent int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}
