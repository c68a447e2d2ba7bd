package snapshot

import (
	"encoding/binary"
	"encoding/hex"
	"math/bits"

	"github.com/zeebo/xxh3"
)

// digest is a running digest over the values of one column. The writer feeds
// it what was meant, [Verify] what another reader finds. It is there to find
// mistakes of a writer, not of a forger: against those stands the SHA-256 of
// the file.
//
// It is XXH3-128 over the column as runs of equal values, as long as they can
// be: of each its hash (64 bits) and its length (32 bits), little-endian. The
// hash of null is nullHash; of a text or bytes XXH3-64; of a whole number,
// float (its bits) or flag (0 or 1) that of its 8 bytes, by mix; of a list
// what [listHash] makes of its elements'.
type digest struct {
	hash  *xxh3.Hasher
	buf   []byte
	last  uint64 // hash of the run at hand
	n     uint32 // its length, 0 before the first
	nulls int64
}

const nullHash = 0x9e3779b97f4a7c15

// digestBuffer keeps the calls of the hash function long.
const digestBuffer = 12 << 10

func newDigest() *digest { return &digest{hash: xxh3.New()} }

// add takes n values with one hash.
func (d *digest) add(h uint64, n int) {
	if h == d.last && d.n > 0 && uint64(d.n)+uint64(n) < 1<<32 {
		d.n += uint32(n)
		return
	}
	d.flush()
	d.last, d.n = h, uint32(n)
}

func (d *digest) addNulls(n int) {
	d.nulls += int64(n)
	d.add(nullHash, n)
}

func (d *digest) flush() {
	if d.n == 0 {
		return
	}
	d.buf = binary.LittleEndian.AppendUint64(d.buf, d.last)
	d.buf = binary.LittleEndian.AppendUint32(d.buf, d.n)
	if len(d.buf) >= digestBuffer {
		_, _ = d.hash.Write(d.buf) // never fails
		d.buf = d.buf[:0]
	}
}

// sum ends the digest.
func (d *digest) sum() string {
	d.flush()
	d.n = 0
	_, _ = d.hash.Write(d.buf) // never fails
	d.buf = nil
	sum := d.hash.Sum128().Bytes()
	return hex.EncodeToString(sum[:])
}

// numberHash is the hash of a number's 64 bits.
func numberHash(v uint64) uint64 { return mix(v, 0x2545f4914f6cdd1d) }

// listHash is the hash of a list: fold the elements' hashes in turn.
const listHash = 0xd6e8feb86659fd93

func listAdd(h, element uint64) uint64 { return mix(h, element) }

// mix folds two numbers into one by a wide multiplication.
func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^0xa0761d6478bd642f, b^0xe7037ed1a0b428db)
	return hi ^ lo ^ bits.RotateLeft64(a, 23)
}
