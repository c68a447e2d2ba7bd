package consent

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	schema "concord/schemas/consent"
)

// The short cut for usual times reads what package time reads, and nothing
// else.
func TestUsualTimesAreReadAsTheLibraryDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := func(name string, hi int) int { return rapid.IntRange(0, hi).Draw(t, name) }
		text := fmt.Sprintf("%04d-%02d-%02d", n("year", 9999), n("month", 14), n("day", 33))
		layout, span := time.DateOnly, 24*time.Hour
		if rapid.Bool().Draw(t, "clock") {
			text += fmt.Sprintf("T%02d:%02d:%02dZ", n("hour", 25), n("minute", 61), n("second", 61))
			layout, span = time.RFC3339, time.Second
		}
		got, ok := parseUsual(text, time.UTC)
		want, err := time.Parse(layout, text)
		if ok != (err == nil) {
			t.Fatalf("parseUsual(%q) read it: %v, package time: %v", text, ok, err)
		}
		if i := (schema.Interval{Lo: want.UnixMicro(), Hi: want.Add(span).UnixMicro() - 1}); ok && got != i {
			t.Fatalf("parseUsual(%q) = %v, want %v", text, got, i)
		}
	})
	for _, text := range []string{"2026-05-01T10:00:00+", "2026-05-01 10:00:00Z", "20260501  ", "2026-05-0a", "2026/05/01", "2026-05-01T10:00:0:Z"} {
		if _, ok := parseUsual(text, time.UTC); ok {
			t.Errorf("%q is not usual", text)
		}
	}
	if _, ok := parseUsual("2026-05-01", time.FixedZone("", 3600)); ok {
		t.Error("a day elsewhere is not a day in UTC")
	}
}

func BenchmarkParseTime(b *testing.B) {
	for b.Loop() {
		ParseTime("2026-03-16T12:41:35Z", time.UTC)
	}
}
