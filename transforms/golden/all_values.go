package golden

// allValues keeps a list. Its order is the tie-breaks' order, so the first
// element is what a rule without an opinion would have chosen.
var allValues = Rule{
	Name:        "all_values",
	Description: "every distinct value, as a list: most trusted channel first, then latest event time, then most frequent",
	List:        true,
	prefer:      func(a, b *candidate) int { return 0 },
}
