package consent

import (
	"math/bits"
	"slices"
)

// Reason is one ground of a verdict.
type Reason uint8

// The reasons. Their names are what tables and reports show; the table in
// all.go says each in a sentence.
const (
	Granted Reason = iota
	SoftGranted
	DefaultOptOut
	LegalBasis

	NoGrant
	NoConsentFeed
	GrantExpired
	GrantRefreshDue
	GrantNotConfirmed
	GrantNotConsent
	GrantNotByGuardian
	NoticeDoesNotCover
	DataNotCovered
	MinorNeedsGrant

	DeniedRefused
	DeniedWithdrawn
	DeniedObjected
	DeniedExpired
	DeniedTerminated
	DeniedInvalidated
	TimesOverlap

	DeniedForPerson
	DeniedForController
	DeniedAboutPerson
	SharedContactPoint

	SuppressedAnchor
	RestrictedProcessing
	ErasureAccepted
	HeldForRepair

	TopicNotWanted
	WantsNothing

	ForbiddenByPolicy
	BasisNotAccepted
	ChannelCannotReach
	numReasons
)

// String is the reason's code.
func (r Reason) String() string {
	if r >= numReasons {
		return "invalid"
	}
	return reasons[r].Code
}

// Explanation is what a reason means and what would change it.
type Explanation struct {
	Reason  Reason
	Code    string
	Allows  bool   // it speaks for the use rather than against it
	Meaning string // one sentence
	Change  string // what would change the verdict, one sentence
}

// Explain is the reason's explanation.
func (r Reason) Explain() Explanation { return reasons[r] }

// Reasons lists every reason in the order of their constants. The slice is
// shared: do not change it.
func Reasons() []Explanation { return reasons[:] }

// ReasonSet is a set of reasons.
type ReasonSet uint64

// Add puts r into the set.
func (s *ReasonSet) Add(r Reason) { *s |= 1 << r }

// Has tells whether r is in the set.
func (s ReasonSet) Has(r Reason) bool { return s>>r&1 == 1 }

// List is the set's reasons, sorted by code.
func (s ReasonSet) List() []Reason {
	list := make([]Reason, 0, bits.OnesCount64(uint64(s)))
	for b := uint64(s); b != 0; b &= b - 1 {
		list = append(list, Reason(bits.TrailingZeros64(b)))
	}
	slices.SortFunc(list, func(a, b Reason) int {
		if a.String() < b.String() {
			return -1
		}
		return 1
	})
	return list
}
