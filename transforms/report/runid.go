package report

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// RunID is a UUID that follows from what identifies a run: the job, its as-of
// and the attempt, say. It is of version 8 (RFC 9562, 5.8): the first bits of
// a SHA-256 over the parts, each after its length. The same parts give the
// same id on any machine, so an attempt that died can be closed by another
// process.
func RunID(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		var n [8]byte
		binary.LittleEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write([]byte(p))
	}
	b := h.Sum(nil)[:16]
	b[6] = b[6]&0x0f | 0x80 // version 8
	b[8] = b[8]&0x3f | 0x80 // variant of RFC 9562
	s := hex.EncodeToString(b)
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}
