package snapshot

import "concord/schemas/table"

// ValidUntil is the earliest moment (µs) at which any permission of a row that
// is TRUE may turn FALSE, [table.NoTime] where none does by itself. until[i]
// is the end of permission i, NoTime for one without an end.
func ValidUntil(allowed []bool, until []int64) int64 {
	earliest := table.NoTime
	for i, ok := range allowed {
		if !ok || until[i] == table.NoTime {
			continue
		}
		if earliest == table.NoTime || until[i] < earliest {
			earliest = until[i]
		}
	}
	return earliest
}
