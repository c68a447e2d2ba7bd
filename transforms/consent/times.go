package consent

import (
	"strings"
	"time"

	schema "concord/schemas/consent"
)

// layouts are the forms of time that are read, and the span that each leaves
// open when it carries no fraction of a second. Forms that could mean two
// days (02/03/2026) are not among them.
var layouts = []struct {
	layout string
	zoned  bool
	span   time.Duration // 0 for a calendar day
}{
	{"2006-01-02", false, 0},
	{"20060102", false, 0},
	{"2006-01-02T15:04:05Z07:00", true, time.Second},
	{"2006-01-02T15:04:05Z0700", true, time.Second},
	{"2006-01-02T15:04:05", false, time.Second},
	{"2006-01-02T15:04Z07:00", true, time.Minute},
	{"2006-01-02T15:04", false, time.Minute},
}

// ParseTime reads a time as the interval it leaves open: a day is the whole
// day in zone (nil for UTC), a minute the minute, "10:00:00" the second,
// "10:00:00.25" the hundredth. Microseconds since 1970 UTC.
func ParseTime(text string, zone *time.Location) (schema.Interval, bool) {
	if zone == nil {
		zone = time.UTC
	}
	text = strings.TrimSpace(text)
	if len(text) > 10 && text[10] == ' ' {
		text = text[:10] + "T" + strings.TrimLeft(text[11:], " ")
	}
	for _, l := range layouts {
		t, err := time.ParseInLocation(l.layout, text, zone)
		if err != nil {
			continue
		}
		end := t.AddDate(0, 0, 1)
		if l.span != 0 {
			end = t.Add(fraction(text, l.span))
		}
		lo := t.UnixMicro()
		return schema.Interval{Lo: lo, Hi: max(lo, end.UnixMicro()-1)}, true
	}
	return schema.Interval{}, false
}

// fraction is the span that a time's last digit leaves open: span itself, or
// a power of ten of a second when there is a fraction.
func fraction(text string, span time.Duration) time.Duration {
	_, after, found := strings.Cut(text, ".")
	if !found {
		_, after, found = strings.Cut(text, ",")
	}
	if !found {
		return span
	}
	for i := 0; i < len(after) && '0' <= after[i] && after[i] <= '9'; i++ {
		span /= 10
	}
	return span
}
