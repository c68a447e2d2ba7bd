package snapshot

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"math"
)

// digest is a running SHA-256 over the values of one column. The writer feeds
// it what was meant, [Verify] what another reader finds.
//
// The encoding of a value is 0 for null, else 1 and the value: its length (8
// bytes) and bytes, or 8 bytes of an integer or float, or 1 byte of a boolean.
// A list is 2, its elements, 3; a null list is 0. All integers little-endian.
type digest struct {
	hash  hash.Hash
	buf   []byte
	nulls int64
}

const (
	tagNull      = 0
	tagValue     = 1
	tagListStart = 2
	tagListEnd   = 3
)

// digestBuffer keeps the calls of the hash function long.
const digestBuffer = 8 << 10

func newDigest() *digest {
	return &digest{hash: sha256.New(), buf: make([]byte, 0, digestBuffer+64)}
}

func (d *digest) null() {
	d.nulls++
	d.buf = append(d.buf, tagNull)
	d.flush(digestBuffer)
}

func (d *digest) bytes(v []byte) {
	d.buf = append(d.buf, tagValue)
	d.buf = binary.LittleEndian.AppendUint64(d.buf, uint64(len(v)))
	d.buf = append(d.buf, v...)
	d.flush(digestBuffer)
}

func (d *digest) text(v string) {
	d.buf = append(d.buf, tagValue)
	d.buf = binary.LittleEndian.AppendUint64(d.buf, uint64(len(v)))
	d.buf = append(d.buf, v...)
	d.flush(digestBuffer)
}

func (d *digest) integer(v int64) {
	d.buf = append(d.buf, tagValue)
	d.buf = binary.LittleEndian.AppendUint64(d.buf, uint64(v))
	d.flush(digestBuffer)
}

func (d *digest) float(v float64) { d.integer(int64(math.Float64bits(v))) }

func (d *digest) boolean(v bool) {
	b := byte(0)
	if v {
		b = 1
	}
	d.buf = append(d.buf, tagValue, b)
	d.flush(digestBuffer)
}

func (d *digest) listStart() { d.buf = append(d.buf, tagListStart) }
func (d *digest) listEnd()   { d.buf = append(d.buf, tagListEnd); d.flush(digestBuffer) }

func (d *digest) flush(limit int) {
	if len(d.buf) >= limit {
		d.hash.Write(d.buf)
		d.buf = d.buf[:0]
	}
}

// sum ends the digest.
func (d *digest) sum() string {
	d.flush(0)
	return hex.EncodeToString(d.hash.Sum(nil))
}
