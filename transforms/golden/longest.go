package golden

import "cmp"

// longest suits values that sources abbreviate: "Maria Luisa" before "M. L.".
var longest = Rule{
	Name:        "longest",
	Description: "the value with the most characters as shown; for an address, over all its parts",
	prefer:      func(a, b *candidate) int { return cmp.Compare(a.length, b.length) },
	needs:       needsLength,
}
