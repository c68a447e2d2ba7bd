package compare

import (
	"testing"

	"concord/matching/compare/strsim"

	"pgregory.net/rapid"
)

// A slip is one edit of the alignment distance, without an insertion or
// deletion before the end.
func TestSlipIsOneEdit(t *testing.T) {
	text := rapid.StringMatching(`[0-3a]{0,9}`)
	var p strsim.Pattern
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		if rapid.Bool().Draw(t, "near") && len(a) > 1 {
			i := rapid.IntRange(1, len(a)-1).Draw(t, "at")
			b = a[:i-1] + a[i:i+1] + a[i-1:i] + a[i+1:]
		}
		got := slip(pack(a), pack(b))
		if got != slip(pack(b), pack(a)) {
			t.Fatalf("slip(%q, %q) is not symmetric", a, b)
		}
		p.Set(a)
		d := p.OSA(b, 3)
		if got && d != 1 {
			t.Fatalf("slip(%q, %q), but they are %d edits apart", a, b, d)
		}
		if a != "" && b != "" && len(a) == len(b) && len(a) <= 8 && got != (d == 1) {
			t.Fatalf("slip(%q, %q) = %v at equal length, but they are %d edits apart", a, b, got, d)
		}
	})
}

func TestSlipDigitsIsSlip(t *testing.T) {
	date := rapid.StringMatching(`[12][09][0-9]{2}[01][0-9][0-3][0-9]`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := date.Draw(t, "a"), date.Draw(t, "b")
		if rapid.Bool().Draw(t, "near") {
			i := rapid.IntRange(1, len(a)-1).Draw(t, "at")
			b = a[:i-1] + a[i:i+1] + a[i-1:i] + a[i+1:]
			if rapid.Bool().Draw(t, "replaced") {
				b = a[:i] + "7" + a[i+1:]
			}
		}
		if got, want := slipDigits(packDigits(a), packDigits(b)), slip(pack(a), pack(b)); got != want {
			t.Fatalf("slipDigits(%s, %s) is %v", a, b, got)
		}
	})
}

func TestSameCode(t *testing.T) {
	code := rapid.OneOf(rapid.SampledFrom([]uint32{0, 1, 2, 1 << 31, 1<<32 - 1}), rapid.Uint32())
	rapid.Check(t, func(t *rapid.T) {
		x, y := code.Draw(t, "x"), code.Draw(t, "y")
		if rapid.Bool().Draw(t, "equal") {
			y = x
		}
		if got, want := sameCode(x, y), x == y && x != 0; got != want {
			t.Fatalf("sameCode(%d, %d) = %v", x, y, got)
		}
		if got, want := bothCodes(x, y), x != 0 && y != 0; got != want {
			t.Fatalf("bothCodes(%d, %d) = %v", x, y, got)
		}
	})
}
