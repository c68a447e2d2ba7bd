package golden

import (
	"cmp"

	"concord/schemas/table"
)

// earliest suits what is true from the first time it was said, such as the
// channel somebody was won by.
var earliest = Rule{
	Name:        "earliest",
	Description: "the value of the record with the earliest event time; a record without one comes last",
	prefer: func(a, b *candidate) int {
		if (a.event == table.NoTime) != (b.event == table.NoTime) {
			return cmp.Compare(a.event, b.event)
		}
		return cmp.Compare(b.event, a.event)
	},
}
