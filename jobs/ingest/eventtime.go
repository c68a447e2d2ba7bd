package ingest

import (
	"strings"
	"time"
)

// EventTimes reads the event-time texts of one column. Dates written day or
// month first are read only in an order that the job declares or that the
// first rows prove; see [EventTimes.Learn]. Zone must be set.
type EventTimes struct {
	Order string         // ymd, dmy, mdy, or "" while unknown
	Zone  *time.Location // of times without an offset
}

// Learn infers the order of day and month from texts: a number above 12 in
// first or second place proves it. It reports false when dates with slashes or
// dots occur and nothing, or both orders, are proved.
func (e *EventTimes) Learn(texts func(yield func(string) bool)) bool {
	if e.Order != "" {
		return true
	}
	dayFirst, monthFirst, open := false, false, false
	for s := range texts {
		a, b, _, _, ok := numericDate(s)
		if !ok {
			continue
		}
		switch {
		case a > 12:
			dayFirst = true
		case b > 12:
			monthFirst = true
		default:
			open = true
		}
	}
	switch {
	case dayFirst && !monthFirst:
		e.Order = "dmy"
	case monthFirst && !dayFirst:
		e.Order = "mdy"
	case dayFirst && monthFirst || open:
		return false
	}
	return true
}

// Read gives the time in µs since 1970 UTC.
func (e *EventTimes) Read(s string) (int64, bool) {
	if t, ok := isoTime(s, e.Zone); ok {
		return t, true
	}
	if a, b, year, rest, ok := numericDate(s); ok {
		day, month := a, b
		switch e.Order {
		case "mdy":
			day, month = b, a
		case "dmy":
		default:
			return 0, false
		}
		return clock(year, month, day, rest, e.Zone)
	}
	return slowTime(s, e.Zone)
}

// isoTime reads "2006-01-02", then optionally "T" or a space and a clock.
func isoTime(s string, zone *time.Location) (int64, bool) {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return 0, false
	}
	y, ok1 := digits(s[:4])
	m, ok2 := digits(s[5:7])
	d, ok3 := digits(s[8:10])
	if !ok1 || !ok2 || !ok3 {
		return 0, false
	}
	return clock(y, m, d, s[10:], zone)
}

// numericDate splits "02.01.2006 15:04" into its three numbers and the rest.
func numericDate(s string) (a, b, year int, rest string, ok bool) {
	i := strings.IndexAny(s, "./-")
	if i < 1 || i > 2 {
		return
	}
	sep := s[i]
	j := strings.IndexByte(s[i+1:], sep)
	if j < 1 || j > 2 || len(s) < i+1+j+1+4 {
		return
	}
	j += i + 1
	a, ok1 := digits(s[:i])
	b, ok2 := digits(s[i+1 : j])
	year, ok3 := digits(s[j+1 : j+5])
	return a, b, year, s[j+5:], ok1 && ok2 && ok3
}

// clock adds the time of day, if any, to a date.
func clock(year, month, day int, rest string, zone *time.Location) (int64, bool) {
	if month < 1 || month > 12 || day < 1 || day > 31 {
		return 0, false
	}
	rest = strings.TrimLeft(rest, " T")
	var hour, minute, second, nano int
	if rest != "" {
		var ok bool
		hour, minute, second, nano, zone, ok = timeOfDay(rest, zone)
		if !ok {
			return 0, false
		}
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, nano, zone)
	if t.Day() != day && hour < 24 { // 31 April
		return 0, false
	}
	return t.UnixMicro(), true
}

// timeOfDay reads "15:04", "15:04:05", "15:04:05.123456789", each with an
// optional offset.
func timeOfDay(s string, zone *time.Location) (hour, minute, second, nano int, loc *time.Location, ok bool) {
	if len(s) < 5 || s[2] != ':' {
		return
	}
	hour, ok1 := digits(s[:2])
	minute, ok2 := digits(s[3:5])
	if !ok1 || !ok2 || hour > 23 || minute > 59 {
		return
	}
	s = s[5:]
	if len(s) >= 3 && s[0] == ':' {
		if second, ok = digits(s[1:3]); !ok || second > 60 {
			return hour, minute, second, nano, zone, false
		}
		s = s[3:]
		if len(s) > 1 && (s[0] == '.' || s[0] == ',') {
			end, scale := 1, 100_000_000
			for end < len(s) && s[end] >= '0' && s[end] <= '9' {
				nano += int(s[end]-'0') * scale
				scale /= 10
				end++
			}
			s = s[end:]
		}
	}
	loc, ok = offset(strings.TrimSpace(s), zone)
	return hour, minute, second, nano, loc, ok
}

// offset reads "", "Z", "UTC", "+02", "+0200" or "+02:00".
func offset(s string, zone *time.Location) (*time.Location, bool) {
	switch {
	case s == "":
		return zone, true
	case s == "Z" || s == "z" || s == "UTC":
		return time.UTC, true
	case len(s) < 3 || s[0] != '+' && s[0] != '-':
		return nil, false
	}
	text := strings.ReplaceAll(s[1:], ":", "") + "00"
	if len(text) < 4 || len(text) > 6 {
		return nil, false
	}
	h, ok1 := digits(text[:2])
	m, ok2 := digits(text[2:4])
	if !ok1 || !ok2 || h > 14 || m > 59 {
		return nil, false
	}
	seconds := h*3600 + m*60
	if s[0] == '-' {
		seconds = -seconds
	}
	if seconds == 0 {
		return time.UTC, true
	}
	return time.FixedZone("", seconds), true
}

// slowTime reads the rest: Unix seconds, milliseconds or microseconds, and
// dates with English month names.
func slowTime(s string, zone *time.Location) (int64, bool) {
	if n, ok := digits(s); ok {
		switch len(s) {
		case 10:
			return int64(n) * 1e6, true
		case 13:
			return int64(n) * 1e3, true
		case 16:
			return int64(n), true
		case 8:
			return clock(n/10000, n/100%100, n%100, "", zone)
		}
		return 0, false
	}
	for _, layout := range []string{"2 Jan 2006", "2-Jan-2006", "Jan 2, 2006", "2 January 2006", "January 2, 2006", time.RFC1123, time.RFC1123Z, time.ANSIC, "2006/01/02", "2006/01/02 15:04:05"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t.UnixMicro(), true
		}
	}
	return 0, false
}

func digits(s string) (int, bool) {
	if s == "" || len(s) > 18 {
		return 0, false
	}
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}
