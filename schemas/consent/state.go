package consent

import "fmt"

// State is what an event says happened, after ISO/IEC TS 27560 and the DPV
// consent statuses.
type State uint8

// The states. Only Given and Renewed permit anything.
const (
	Unknown State = iota
	Requested
	Deferred
	Refused
	Given
	Renewed
	Withdrawn
	Objected
	Expired
	Terminated
	Invalidated
	numStates
)

var stateNames = [numStates]string{
	"unknown", "requested", "deferred", "refused", "given", "renewed",
	"withdrawn", "objected", "expired", "terminated", "invalidated",
}

// String is the state's name in feeds and tables.
func (s State) String() string { return name(stateNames[:], uint8(s)) }

// ParseState is the state of that name.
func ParseState(s string) (State, error) {
	i, ok := find(stateNames[:], s)
	if !ok {
		return 0, fmt.Errorf("state: want one of %s", listed(stateNames[:]))
	}
	return State(i), nil
}

// Permits tells whether the state can permit: a grant.
func (s State) Permits() bool { return s == Given || s == Renewed }

// Denies tells whether the state ends earlier grants on its own anchor.
func (s State) Denies() bool {
	switch s {
	case Refused, Withdrawn, Objected, Expired, Terminated, Invalidated:
		return true
	}
	return false
}

// Travels tells whether a denial of this state can reach other anchors of
// the same person. A mere expiry cannot: nobody said no, and it must not
// undo a consent that stands elsewhere.
func (s State) Travels() bool { return s.Denies() && s != Expired }

// Scope is how far a denial reaches.
type Scope uint8

// The scopes, narrowest first, so that the wider of two is their maximum.
const (
	AnchorScope     Scope = iota // this contact point
	PersonScope                  // every anchor of the person, the same brand
	ControllerScope              // every anchor of the person, every brand of the controller
	numScopes
)

var scopeNames = [numScopes]string{"anchor", "person", "controller"}

// String is the scope's name in feeds and tables.
func (s Scope) String() string { return name(scopeNames[:], uint8(s)) }

// ParseScope is the scope of that name.
func ParseScope(s string) (Scope, error) {
	i, ok := find(scopeNames[:], s)
	if !ok {
		return 0, fmt.Errorf("scope: want one of %s", listed(scopeNames[:]))
	}
	return Scope(i), nil
}

// Basis is a legal basis (GDPR Art. 6(1)).
type Basis uint8

// The bases.
const (
	BasisConsent Basis = iota
	BasisContract
	BasisLegalObligation
	BasisLegitimateInterests
	numBases
)

var basisNames = [numBases]string{"consent", "contract", "legal_obligation", "legitimate_interests"}

// String is the basis' name in feeds, job files and tables.
func (b Basis) String() string { return name(basisNames[:], uint8(b)) }

// ParseBasis is the basis of that name.
func ParseBasis(s string) (Basis, error) {
	i, ok := find(basisNames[:], s)
	if !ok {
		return 0, fmt.Errorf("legal basis: want one of %s", listed(basisNames[:]))
	}
	return Basis(i), nil
}

// Party is who expressed an event.
type Party uint8

// The parties.
const (
	Subject Party = iota
	Guardian
	Agent
	numParties
)

var partyNames = [numParties]string{"subject", "guardian", "agent"}

// String is the party's name in feeds and tables.
func (p Party) String() string { return name(partyNames[:], uint8(p)) }

// ParseParty is the party of that name.
func ParseParty(s string) (Party, error) {
	i, ok := find(partyNames[:], s)
	if !ok {
		return 0, fmt.Errorf("expressed by: want one of %s", listed(partyNames[:]))
	}
	return Party(i), nil
}
