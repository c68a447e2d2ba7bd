package main

import "time"

// asOf is the end of the generated world: nothing in it is dated later. A
// constant, because files must not depend on the day they were made.
var asOf = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// day is a date as the number of days since 1 January 1970.
type day int

const year = 365 // days, for spans where leap days do not matter

var today = day(asOf.Unix() / 86400)

func date(y, m, d int) day {
	return day(time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

func (d day) civil() (y, m, dd int) {
	t := time.Unix(int64(d)*86400, 0).UTC()
	yy, mm, d2 := t.Date()
	return yy, int(mm), d2
}

// swapped is the day with day and month exchanged, as happens between
// conventions, where that is a date.
func (d day) swapped() day {
	y, m, dd := d.civil()
	if dd > 12 {
		return d
	}
	return date(y, dd, m)
}

// moment is a time as seconds since 1970 UTC.
type moment int64

func (m moment) day() day { return day(m / 86400) }

// iso appends YYYY-MM-DD.
func (d day) iso(dst []byte) []byte {
	y, m, dd := d.civil()
	dst = padded(dst, y, 4)
	dst = padded(append(dst, '-'), m, 2)
	return padded(append(dst, '-'), dd, 2)
}

// dotted appends DD.MM.YYYY.
func (d day) dotted(dst []byte) []byte {
	y, m, dd := d.civil()
	dst = padded(dst, dd, 2)
	dst = padded(append(dst, '.'), m, 2)
	return padded(append(dst, '.'), y, 4)
}

// clock appends HH:MM or HH:MM:SS.
func (m moment) clock(dst []byte, seconds bool) []byte {
	s := int(m % 86400)
	dst = padded(dst, s/3600, 2)
	dst = padded(append(dst, ':'), s/60%60, 2)
	if seconds {
		dst = padded(append(dst, ':'), s%60, 2)
	}
	return dst
}

// rfc3339 appends YYYY-MM-DDTHH:MM:SSZ.
func (m moment) rfc3339(dst []byte) []byte {
	dst = append(m.day().iso(dst), 'T')
	return append(m.clock(dst, true), 'Z')
}

// padded appends n in decimal with at least width digits.
func padded(dst []byte, n, width int) []byte {
	if width == 2 && n < 100 {
		return append(dst, byte('0'+n/10), byte('0'+n%10))
	}
	var buf [20]byte
	i := len(buf)
	for ; n > 0 || width > 0; width-- {
		i--
		buf[i] = byte('0' + n%10)
		n /= 10
	}
	return append(dst, buf[i:]...)
}
