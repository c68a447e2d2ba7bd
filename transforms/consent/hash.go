package consent

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"hash"

	schema "concord/schemas/consent"
)

// minKeyBytes is the least key length that keeps guessing the key harder than
// guessing the values (RFC 2104 advises the hash's own length).
const minKeyBytes = 32

// Hasher turns canonical values into anchors by HMAC-SHA-256, so that consent
// data holds no address and nobody without the key can test a guess against
// it. It is for one goroutine.
type Hasher struct {
	mac hash.Hash
	buf []byte // the message
	sum []byte
}

// NewHasher makes a hasher of a secret key of at least 32 bytes.
func NewHasher(key []byte) (*Hasher, error) {
	if len(key) < minKeyBytes {
		return nil, errors.New("consent anchor key: want at least 32 bytes")
	}
	return &Hasher{mac: hmac.New(sha256.New, key)}, nil
}

// Anchor is the anchor of a canonical value: the form in which normalize
// leaves it, so that two spellings of one address are one anchor.
func (h *Hasher) Anchor(kind schema.Kind, canonical string) schema.Anchor {
	h.mac.Reset()
	h.buf = append(append(h.buf[:0], byte(kind)), canonical...)
	h.mac.Write(h.buf)
	h.sum = h.mac.Sum(h.sum[:0])
	return schema.Anchor{Kind: kind, Hash: [sha256.Size]byte(h.sum)}
}
