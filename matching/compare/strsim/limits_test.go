package strsim

import (
	"math/bits"
	"testing"

	"pgregory.net/rapid"
)

// Strings that reach a threshold or lie within so many edits are within the
// limits, and the limits are worth having.
func TestLimits(t *testing.T) {
	const edits = 2
	text := rapid.StringMatching(`[a-d0é]{0,70}|[a-z]{1,9}`)
	thresholds := []float64{0.3, 0.8, 0.88, 0.92, 1}
	limits := make([]*Limits, len(thresholds))
	for i, threshold := range thresholds {
		need := NewNeed(threshold)
		limits[i] = NewLimits(func(la, lb int, alike bool) int {
			prefix := 0
			if alike {
				prefix = prefixLetters
			}
			return need.Bits(la, lb, prefix)
		})
	}
	near := NewLimits(func(la, lb int, _ bool) int { return EditBits(la, lb, edits) })
	var p Pattern
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		la, lb := len([]rune(a)), len([]rune(b))
		if la == 0 || lb == 0 {
			return
		}
		p.Set(a)
		at := min(lb, 255)
		if []rune(a)[0] != []rune(b)[0] {
			at |= 1 << 8
		}
		differing := bits.OnesCount64(uint64(Sign(a) ^ Sign(b)))
		for i, threshold := range thresholds {
			if p.JaroWinkler(b, 0) >= threshold && differing > int(limits[i].Of(la)[at]) {
				t.Fatalf("%q and %q reach %v, %d bits differ and %d may", a, b, threshold, differing, limits[i].Of(la)[at])
			}
		}
		if p.OSA(b, edits) <= edits && differing > int(near.Of(la)[at]) {
			t.Fatalf("%q and %q are within %d edits, %d bits differ and %d may", a, b, edits, differing, near.Of(la)[at])
		}
	})
	if got := limits[2].Of(6)[1<<8|6]; got != 2 {
		t.Errorf("names of six letters may differ by %d bits, want 2", got)
	}
	if near.Of(0)[3] >= 0 || near.Of(3)[0] >= 0 || near.Of(100)[200] < 64 {
		t.Error("empty strings are within no limit, long ones always")
	}
}
