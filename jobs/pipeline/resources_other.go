//go:build !unix

package pipeline

import "time"

// processorTime is not known here: the phase table shows 0.
func processorTime() time.Duration { return 0 }
