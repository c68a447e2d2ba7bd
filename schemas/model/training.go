package model

// Method tells where the parameters come from.
type Method string

// The methods.
const (
	// Estimated parameters were fitted to the data.
	Estimated Method = "estimated"
	// Untrained parameters are the documented defaults: the data held too
	// little to fit them.
	Untrained Method = "untrained defaults"
	// Imported parameters were read from another tool's file.
	Imported Method = "imported"
)

// Training is how the parameters came about: what a reader needs to trust
// them, or not to.
type Training struct {
	Method  Method `json:"method"`
	Records int64  `json:"records"`
	// Pairs are all pairs the model is about: those λ is a share of.
	Pairs int64 `json:"pairs"`
	// RandomPairs were graded to estimate u, BlockedPairs to estimate m.
	RandomPairs   int64 `json:"random_pairs"`
	BlockedPairs  int64 `json:"blocked_pairs"`
	LabelledPairs int64 `json:"labelled_pairs"`
	// Matches is the number of matching pairs the blocked pairs are estimated
	// to hold.
	Matches float64 `json:"matches"`
	Prior   Prior   `json:"prior_estimate"`
	// Rounds counts the alternations between m and u; Iterations the EM steps
	// of all passes.
	Rounds     int  `json:"rounds"`
	Iterations int  `json:"iterations"`
	Converged  bool `json:"converged"`
	// Passes are the EM passes, in blocking order.
	Passes []Pass `json:"passes"`
	// Dependence lists the pairs of comparisons that agree together more often
	// among matches than independence allows, worst first.
	Dependence []Dependence `json:"dependence"`
	// Patterns are the agreement patterns that decide: most expected matches
	// and most doubt.
	Patterns []Pattern `json:"patterns"`
	// Warnings are sentences for the reader, in the order they arose.
	Warnings []string `json:"warnings"`
}

// Prior is how λ was estimated, with a 95 % interval where one is known.
type Prior struct {
	// Method is "capture-recapture", "expected matches" or "default".
	Method string  `json:"method"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
}

// Pass is one run of the EM algorithm over the pairs of one blocking rule.
type Pass struct {
	Rule string `json:"rule"`
	// Estimated are the comparisons the rule leaves free.
	Estimated  []string `json:"estimated"`
	Pairs      int64    `json:"pairs"`
	Matches    float64  `json:"matches"`
	Iterations int      `json:"iterations"`
	Converged  bool     `json:"converged"`
	// LastChange is the largest change of a parameter in the last iteration.
	LastChange float64 `json:"last_change"`
	// LogLikelihood is by iteration, in nats per pair. Each round begins anew
	// where the one before ended, with another u.
	LogLikelihood []float64 `json:"log_likelihood"`
}

// Dependence is what two comparisons tell about each other among matches.
type Dependence struct {
	A string `json:"a"`
	B string `json:"b"`
	// Bits is their mutual information among matching pairs, less what chance
	// gives: by so much a pair's weight is overstated on average.
	Bits float64 `json:"bits"`
}

// Pattern is one combination of agreement levels and how many pairs show it.
type Pattern struct {
	// Levels are by comparison.
	Levels []int   `json:"levels"`
	Pairs  int64   `json:"pairs"`
	Weight float64 `json:"weight"` // bits, prior included, without term frequencies
}
