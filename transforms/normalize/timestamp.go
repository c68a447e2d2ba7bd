package normalize

import (
	"fmt"
	"regexp"
	"strings"
)

// A clockTime is a time of day and what its text says of the zone.
type clockTime struct {
	hour, minute, second, micro int
	zoned                       bool
	offset                      int // minutes east of UTC
}

var clockPattern = regexp.MustCompile(`(?i)[ T]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)? ?(am|pm)? ?(z|utc|gmt|[+-][0-9]{2}:?(?:[0-9]{2})?)?$`)

// parseClock reads the time of day at the end of a timestamp.
func parseClock(s string) (clockTime, bool) {
	m := clockPattern.FindStringSubmatch(s)
	if m == nil {
		return clockTime{}, false
	}
	c := clockTime{hour: atoi(m[1]), minute: atoi(m[2]), second: atoi(m[3])}
	c.micro = atoi((m[4] + "000000")[:6])
	switch strings.ToLower(m[5]) {
	case "pm":
		c.hour = c.hour%12 + 12
	case "am":
		c.hour %= 12
	}
	if z := m[6]; z != "" {
		c.zoned = true
		if z[0] == '+' || z[0] == '-' {
			d := digitsOf(z)
			c.offset = 60*atoi(d[:2]) + atoi(d[2:])
			if z[0] == '-' {
				c.offset = -c.offset
			}
		}
	}
	return c, c.hour < 24 && c.minute < 60 && c.second <= 60 && c.offset > -24*60 && c.offset < 24*60
}

// String is the time as ISO 8601 writes it, with its zone if it has one.
func (c clockTime) String() string {
	s := fmt.Sprintf("%02d:%02d:%02d", c.hour, c.minute, c.second)
	if c.micro > 0 {
		s += strings.TrimRight(fmt.Sprintf(".%06d", c.micro), "0")
	}
	switch {
	case !c.zoned:
		return s
	case c.offset == 0:
		return s + "Z"
	}
	sign, o := '+', c.offset
	if o < 0 {
		sign, o = '-', -o
	}
	return s + fmt.Sprintf("%c%02d:%02d", sign, o/60, o%60)
}

// LooksLikeTimestamp tells whether a text is a date with a time of day, or a
// count of seconds or milliseconds since 1970 that falls after the year 2000.
func LooksLikeTimestamp(s string) bool {
	s = clean(s)
	if allDigits(s) {
		return len(s) == 10 && s >= "0946684800" || len(s) == 13 && s >= "0946684800000"
	}
	if _, ok := parseClock(s); !ok {
		return false
	}
	t := parseDate(s, YMD, false)
	return t.ok && plausibleYear(t.year)
}

// ParseTime reads an event time as microseconds since 1970 in UTC. A text
// without a zone is read as UTC, one without a time of day as midnight. It
// reports false for what it cannot read, ambiguous dates included.
func ParseTime(s string, order Order) (micros int64, ok bool) {
	s = clean(s)
	if allDigits(s) && LooksLikeTimestamp(s) {
		if len(s) == 10 {
			return atoi64(s) * 1_000_000, true
		}
		return atoi64(s) * 1_000, true
	}
	t := parseDate(s, order, false)
	d := t.ymd
	if d.shortYear {
		d.year = fullYear(d.year, 0)
	}
	if !t.ok || t.ambiguous || !d.onCalendar() || !plausibleYear(d.year) {
		return 0, false
	}
	sec := daysSince1970(d) * 86_400
	c, has := parseClock(s)
	if !has {
		if strings.Contains(s, ":") {
			return 0, false
		}
		return sec * 1_000_000, true
	}
	sec += int64(c.hour*3600 + c.minute*60 + c.second - c.offset*60)
	return sec*1_000_000 + int64(c.micro), true
}

func atoi64(s string) int64 {
	var n int64
	for i := range len(s) {
		n = 10*n + int64(s[i]-'0')
	}
	return n
}

// daysSince1970 counts the days from 1970-01-01 in the proleptic Gregorian
// calendar, by shifting the year to begin in March so that the leap day ends
// it.
func daysSince1970(d ymd) int64 {
	y, m := d.year, d.month
	if m <= 2 {
		y--
		m += 12
	}
	days := 365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + d.day - 1
	return int64(days - 719_468)
}
