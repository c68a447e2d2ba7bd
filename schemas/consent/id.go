package consent

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
)

// EventID is the SHA-256 of an event's canonical form.
type EventID [32]byte

// String is the id in hexadecimal.
func (id EventID) String() string { return hex.EncodeToString(id[:]) }

// canonicalTag begins every canonical form; a change of the form changes it.
const canonicalTag = "concord consent event 1"

// ID identifies an event by what it says.
func (e *Event) ID() EventID {
	var room [usualCanonical]byte
	return sha256.Sum256(e.AppendCanonical(room[:0]))
}

// usualCanonical is more bytes than canonical forms usually have, so that they
// are hashed on the stack.
const usualCanonical = 512

// AppendCanonical appends the event's canonical form to dst: every field that
// says something, in one fixed order, numbers as 8 big-endian bytes, texts
// and lists with their length in front, lists sorted and without repeats.
// Left out are Received and Source: how an event arrived is not what it says.
func (e *Event) AppendCanonical(dst []byte) []byte {
	dst = appendText(dst, canonicalTag)
	dst = appendText(dst, e.Ref)
	dst = append(dst, byte(e.Anchor.Kind))
	dst = append(dst, e.Anchor.Hash[:]...)
	dst = appendText(dst, e.Controller)
	dst = appendText(dst, e.Brand)
	dst = appendText(dst, e.Purpose)
	dst = append(dst, byte(e.Channel))
	dst = appendList(dst, e.Categories)
	dst = append(dst, byte(e.Basis), byte(e.State), byte(e.Scope))
	dst = appendNumber(dst, e.Time.Lo)
	dst = appendNumber(dst, e.Time.Hi)
	dst = appendNumber(dst, e.ValidUntil)
	dst = appendNumber(dst, e.ConfirmedAt)
	dst = appendText(dst, e.Jurisdiction)
	dst = appendText(dst, e.Notice.ID)
	dst = appendText(dst, e.Notice.Version)
	dst = appendText(dst, e.Notice.Language)
	dst = appendText(dst, e.Notice.Digest)
	dst = appendList(dst, e.Notice.Covers)
	dst = appendText(dst, e.Method)
	dst = append(dst, byte(e.ExpressedBy))
	dst = appendText(dst, e.Evidence)
	return appendList(dst, e.Supersedes)
}

func appendNumber(dst []byte, n int64) []byte {
	return binary.BigEndian.AppendUint64(dst, uint64(n))
}

func appendText(dst []byte, s string) []byte {
	dst = binary.BigEndian.AppendUint64(dst, uint64(len(s)))
	return append(dst, s...)
}

// appendList leaves the caller's list as it is.
func appendList(dst []byte, list []string) []byte {
	if len(list) > 1 {
		list = slices.Clone(list)
		slices.Sort(list)
		list = slices.Compact(list)
	}
	dst = binary.BigEndian.AppendUint64(dst, uint64(len(list)))
	for _, s := range list {
		dst = appendText(dst, s)
	}
	return dst
}
