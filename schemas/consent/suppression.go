package consent

import (
	"crypto/sha256"
	"fmt"
)

// SuppressionKind says why an anchor is barred.
type SuppressionKind uint8

// The kinds of suppression.
const (
	// Suppressed is an entry of a do-not-contact list.
	Suppressed SuppressionKind = iota
	// Restricted is restriction of processing (GDPR Art. 18).
	Restricted
	// Erased is an erasure (GDPR Art. 17) that has been accepted.
	Erased
	// Held marks an anchor of which a consent row could not be read: until
	// the row is repaired nobody can tell that it was not a denial.
	Held
	numSuppressions
)

var suppressionNames = [numSuppressions]string{"suppressed", "restricted", "erased", "held"}

// String is the kind's name in feeds and tables.
func (k SuppressionKind) String() string { return name(suppressionNames[:], uint8(k)) }

// ParseSuppression is the kind of that name.
func ParseSuppression(s string) (SuppressionKind, error) {
	i, ok := find(suppressionNames[:], s)
	if !ok {
		return 0, fmt.Errorf("suppression: want one of %s", listed(suppressionNames[:]))
	}
	return SuppressionKind(i), nil
}

// Suppression bars an anchor from every purpose, brand and channel. No event
// lifts it; only its removal from the list does.
type Suppression struct {
	Anchor     Anchor
	Controller string // "" for all
	Kind       SuppressionKind
	Scope      Scope
	From       int64 // microseconds since 1970 UTC, or NoTime
	Source     Source
}

// ID identifies a suppression by what it says; entries of several rows that say
// the same have one.
func (s *Suppression) ID() EventID {
	dst := appendText(nil, "concord suppression 1")
	dst = append(dst, byte(s.Anchor.Kind))
	dst = append(dst, s.Anchor.Hash[:]...)
	dst = appendText(dst, s.Controller)
	dst = append(dst, byte(s.Kind), byte(s.Reach()))
	return sha256.Sum256(appendNumber(dst, s.From))
}

// Reach is how far the suppression goes: restriction and erasure concern the
// person, whatever the list says.
func (s *Suppression) Reach() Scope {
	if s.Kind == Restricted || s.Kind == Erased {
		return max(s.Scope, PersonScope)
	}
	return s.Scope
}
