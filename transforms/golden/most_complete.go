package golden

import "cmp"

// mostComplete trusts the record somebody took care over.
var mostComplete = Rule{
	Name:        "most_complete",
	Description: "the address with the most parts; for any other attribute, the value of the record that fills the most attributes",
	prefer: func(a, b *candidate) int {
		if c := cmp.Compare(a.partCount(), b.partCount()); c != 0 {
			return c
		}
		return cmp.Compare(a.filled, b.filled)
	},
	needs: needsRecord,
}
