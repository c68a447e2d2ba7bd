package consent

// Verdict is the answer for one cell at one instant. It is derived, never
// stored as a fact: the next run derives it again from the events.
type Verdict struct {
	Allowed  bool
	Reasons  []Reason  // sorted by code
	Deciding []EventID // the events that made it so, sorted
	Basis    Basis     // the declared legal basis
	State    State     // of the latest deciding event, Unknown when none decided
	Regime   Regime    // the strictest of the profile's jurisdictions
	// Categories are the kinds of data that an ALLOW is for, each with all below
	// it; nil for every kind.
	Categories []string
	// ValidFrom and ValidUntil bound, in microseconds since 1970 UTC,
	// half-open, the time around as-of in which the same events permit the
	// same: NoTime and Forever where there is no bound, and where Allowed is
	// false. ValidUntil is the earliest moment an ALLOW may turn into a DENY
	// with no event that is not in the log already.
	ValidFrom, ValidUntil int64
}
