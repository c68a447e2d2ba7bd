package snapshot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
)

// MinKey is the fewest bytes of a pseudonym key: half of what HMAC-SHA-256
// can use, and more than anybody guesses (NIST SP 800-107r1, 5.3.4).
const MinKey = 16

// Pseudonym makes the ids that stand for people and contact points in the
// snapshots of one purpose domain: HMAC-SHA-256 (RFC 2104) under the domain's
// key. Without the key an id says nothing about a person, and ids of two
// domains cannot be joined, not even when the domains share a key, for the
// domain's name goes into the hash. Not for concurrent use.
type Pseudonym struct {
	mac    hash.Hash
	prefix string
	buf    []byte // the domain, then what is hashed
	out    []byte
}

// idBytes is how much of the MAC an id keeps: with 128 bits, a billion
// profiles collide with probability 2⁻⁶⁹.
const idBytes = 16

// idEncoding keeps the order of the bytes, so that ids sort as their bytes do.
var idEncoding = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

// NewPseudonym prepares a domain: a key, the key's version, which every id
// shows so that a rotation is visible, and the name of the domain, usually
// the snapshot's.
func NewPseudonym(key []byte, version int, domain string) (*Pseudonym, error) {
	if len(key) < MinKey {
		return nil, fmt.Errorf("pseudonym key of domain %q: %d bytes, want at least %d", domain, len(key), MinKey)
	}
	if version < 1 {
		return nil, fmt.Errorf("pseudonym key of domain %q: version %d, want 1 or more", domain, version)
	}
	if domain == "" {
		return nil, errors.New("pseudonym key: no domain")
	}
	return &Pseudonym{mac: hmac.New(sha256.New, key), prefix: fmt.Sprintf("p%d_", version),
		buf: appendPart(nil, domain)}, nil
}

// ProfileKey is the id of a golden record as a number: keys sort as ids do.
type ProfileKey struct{ Hi, Lo uint64 }

// ProfileKey is the key of a golden record in the domain's snapshots.
func (p *Pseudonym) ProfileKey(goldenID string) ProfileKey {
	domain := len(p.buf)
	p.buf = appendPart(appendPart(p.buf, "profile"), goldenID)
	mac := p.mac16(domain)
	return ProfileKey{binary.BigEndian.Uint64(mac), binary.BigEndian.Uint64(mac[8:])}
}

// AppendProfileID appends the id that a key is of.
func (p *Pseudonym) AppendProfileID(to []byte, k ProfileKey) []byte {
	var mac [idBytes]byte
	binary.BigEndian.PutUint64(mac[:], k.Hi)
	binary.BigEndian.PutUint64(mac[8:], k.Lo)
	return idEncoding.AppendEncode(append(to, p.prefix...), mac[:])
}

// ProfileID is the id of a golden record in the domain's snapshots.
func (p *Pseudonym) ProfileID(goldenID string) string { return p.prefix + p.sum("profile", goldenID) }

// Token stands for a contact point: its kind ("email") and canonical value.
func (p *Pseudonym) Token(kind, canonical string) string {
	return "t" + p.prefix[1:] + p.sum("contact", kind, canonical)
}

// AppendToken appends Token of a canonical value given as bytes.
func (p *Pseudonym) AppendToken(to []byte, kind string, canonical []byte) []byte {
	domain := len(p.buf)
	p.buf = appendPart(appendPart(p.buf, "contact"), kind)
	p.buf = binary.LittleEndian.AppendUint32(p.buf, uint32(len(canonical)))
	p.buf = append(p.buf, canonical...)
	to = append(append(to, 't'), p.prefix[1:]...)
	return idEncoding.AppendEncode(to, p.mac16(domain))
}

// AppendValueDigest appends ValueDigest.
func (p *Pseudonym) AppendValueDigest(to []byte, attribute, value string) []byte {
	domain := len(p.buf)
	p.buf = appendPart(appendPart(appendPart(p.buf, "value"), attribute), value)
	to = append(append(to, 'v'), p.prefix[1:]...)
	return idEncoding.AppendEncode(to, p.mac16(domain))
}

// ValueDigest stands for a value of an attribute in provenance, where the
// value itself must not be.
func (p *Pseudonym) ValueDigest(attribute, value string) string {
	return "v" + p.prefix[1:] + p.sum("value", attribute, value)
}

// sum is the MAC over the domain and the parts, each with its length, so that
// no two lists of parts run together.
func (p *Pseudonym) sum(parts ...string) string {
	domain := len(p.buf)
	for _, s := range parts {
		p.buf = appendPart(p.buf, s)
	}
	return idEncoding.EncodeToString(p.mac16(domain))
}

// mac16 is the MAC of what is in the buffer, cut to the length of an id; then
// the buffer holds the domain alone, whose length is given.
func (p *Pseudonym) mac16(domain int) []byte {
	p.mac.Reset()
	p.mac.Write(p.buf)
	p.buf = p.buf[:domain]
	p.out = p.mac.Sum(p.out[:0])
	return p.out[:idBytes]
}

func appendPart(b []byte, s string) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(len(s)))
	return append(b, s...)
}
