package golden

import "cmp"

// mostTrusted goes by the job's ranking of its channels. Channels that the
// ranking leaves out share the last place.
var mostTrusted = Rule{
	Name:        "most_trusted",
	Description: "the value of the channel that the job trusts most",
	prefer:      func(a, b *candidate) int { return cmp.Compare(b.trust, a.trust) },
}
