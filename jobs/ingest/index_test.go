package ingest

import (
	"testing"

	"pgregory.net/rapid"
)

// Every code is found behind its own hash, however hashes collide.
func TestIndexFindsEveryCode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Few upper halves, some at the very end, where probes wrap around.
		hash := rapid.Custom(func(t *rapid.T) uint64 {
			return rapid.SampledFrom([]uint64{0, 1 << 33, 0xffffffff << 32, 0xfffffffe << 32, rapid.Uint64().Draw(t, "hash")}).Draw(t, "half") | 7
		})
		hashes := rapid.SliceOfN(hash, 0, 400).Draw(t, "hashes")
		x := newIndex(&room{})
		for i, h := range hashes {
			x.put(h, uint32(i+1))
		}
		for i, h := range hashes {
			found := false
			for at := x.home(h); x.slots[at] != 0; at = x.next(at) {
				code, ok := x.match(at, h)
				found = found || ok && code == uint32(i+1)
			}
			if !found {
				t.Fatalf("code %d of %d is not found behind its hash %#x", i+1, len(hashes), h)
			}
		}
	})
}
