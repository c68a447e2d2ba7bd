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

// OneEdit is the two distances with a limit of one, wherever it knows.
func TestOneEdit(t *testing.T) {
	text := rapid.OneOf(rapid.StringMatching(`[ab]{0,12}`), rapid.StringMatching(`[abéß]{0,5}`), rapid.StringMatching(`[a\x{e9}\x{1F600}]{0,4}`))
	var p Pattern
	known := 0
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		if at := rapid.IntRange(-1, 11).Draw(t, "near"); at >= 0 {
			b = a[:min(at, len(a))] + rapid.SampledFrom([]string{"", "a", "b", "ba", "\xc3"}).Draw(t, "put") + a[min(at+rapid.IntRange(0, 2).Draw(t, "cut"), len(a)):]
		}
		p.Set(a)
		for _, swaps := range []bool{false, true} {
			within, ok := OneEdit(a, b, swaps)
			if !ok {
				continue
			}
			known++
			if want := p.edits(b, 1, swaps) <= 1; within != want {
				t.Fatalf("OneEdit(%q, %q, %v) is %v", a, b, swaps, within)
			}
		}
	})
	if known == 0 {
		t.Error("nothing is known of any pair")
	}
}
