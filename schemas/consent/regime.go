package consent

import "fmt"

// Regime is what the law of a place asks before a purpose may be served.
type Regime uint8

// The regimes, laxest first, so that the strictest of several is their
// maximum. What a stricter regime permits every laxer one permits too: that
// is why adding a jurisdiction never permits anything.
const (
	// OptOut permits unless somebody denied.
	OptOut Regime = iota
	// SoftOptIn asks for a grant, or for the customer relationship that
	// replaces it: a grant whose basis is not consent.
	SoftOptIn
	// OptIn asks for consent.
	OptIn
	// DoubleOptIn asks for consent that was confirmed.
	DoubleOptIn
	// Forbidden permits nothing.
	Forbidden
	numRegimes
)

var regimeNames = [numRegimes]string{"opt_out", "soft_opt_in", "opt_in", "double_opt_in", "forbidden"}

// String is the regime's name in the policy table and in snapshots.
func (r Regime) String() string { return name(regimeNames[:], uint8(r)) }

// ParseRegime is the regime of that name.
func ParseRegime(s string) (Regime, error) {
	i, ok := find(regimeNames[:], s)
	if !ok {
		return 0, fmt.Errorf("regime: want one of %s", listed(regimeNames[:]))
	}
	return Regime(i), nil
}

// Minority is whether law treats somebody as a child. The order is from the
// laxest, so that the strictest of several is their maximum.
type Minority uint8

// The minorities.
const (
	// Adult, or of unknown age.
	Adult Minority = iota
	// Minor forces opt-in.
	Minor
	// Child forces opt-in, expressed by a guardian.
	Child
)

// Rule is what the policy asks for one purpose and channel.
type Rule struct {
	Regime Regime
	// Refresh and SoftRefresh are how long a grant holds, in microseconds
	// from the event's lower bound: consent, and what stands in for it.
	// Forever where the policy sets no limit.
	Refresh, SoftRefresh int64
	// Revocation widens the scope of every denial of the purpose.
	Revocation Scope
	// Bases is a bit set of the bases other than consent that the policy
	// accepts.
	Bases uint8
}

// Allows tells whether the rule accepts basis b without a grant.
func (r *Rule) Allows(b Basis) bool { return r.Bases>>b&1 == 1 }

// Stricter is the rule that asks for all that r and s ask for.
func (r Rule) Stricter(s Rule) Rule {
	return Rule{
		Regime:      max(r.Regime, s.Regime),
		Refresh:     min(r.Refresh, s.Refresh),
		SoftRefresh: min(r.SoftRefresh, s.SoftRefresh),
		Revocation:  max(r.Revocation, s.Revocation),
		Bases:       r.Bases & s.Bases,
	}
}
