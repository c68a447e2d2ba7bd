package golden

import "cmp"

// mostFrequent counts records, not slots, and takes values with one canonical
// form ("José", "JOSE") for one value. Which spelling is shown is then up to
// the tie-breaks.
var mostFrequent = Rule{
	Name:        "most_frequent",
	Description: "the value that the most records hold, spellings of one canonical form counted together",
	prefer:      func(a, b *candidate) int { return cmp.Compare(a.held, b.held) },
}
