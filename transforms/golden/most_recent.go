package golden

import "cmp"

// mostRecent goes by event time, never by the time of ingestion: a file that
// arrives late gives the same result.
var mostRecent = Rule{
	Name:        "most_recent",
	Description: "the value of the record with the latest event time",
	prefer:      func(a, b *candidate) int { return cmp.Compare(a.event, b.event) },
}
