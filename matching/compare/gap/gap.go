// Package gap measures how far two quantities are apart: dates in days,
// numbers relative to their size, places in kilometres.
package gap

import "math"

// ParseDate reads a canonical date: "2006-01-02", or "2006-01" or "2006" of
// one known in part, where month and day are 0. The date need not exist, as 31
// February does not; ok tells whether the shape is right.
func ParseDate(s string) (year, month, day int, ok bool) {
	if len(s) != 4 && len(s) != 7 && len(s) != 10 {
		return 0, 0, 0, false
	}
	year, ok = number(s[:4])
	if ok && len(s) > 4 {
		month, ok = number(s[5:7])
		ok = ok && s[4] == '-' && month != 0
	}
	if ok && len(s) > 7 {
		day, ok = number(s[8:10])
		ok = ok && s[7] == '-' && day != 0
	}
	if !ok || year == 0 {
		return 0, 0, 0, false
	}
	return year, month, day, true
}

func number(s string) (n int, ok bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = 10*n + int(s[i]-'0')
	}
	return n, true
}

// DayNumber is the days from 1970-01-01 to a date of the proleptic Gregorian
// calendar. A day past the month's end runs into the next month, a month past
// December into the next year.
func DayNumber(year, month, day int) int {
	// Years begin in March, so that the leap day is the last; a year's months
	// then have 153 days in every five, and 400 years 146097.
	months := month - 3
	year += floorDiv(months, 12)
	months -= 12 * floorDiv(months, 12)
	days := 365*year + floorDiv(year, 4) - floorDiv(year, 100) + floorDiv(year, 400)
	const epoch = 719468 // of 1970-01-01, from 1 March of the year 0
	return days + (153*months+2)/5 + day - 1 - epoch
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// Days is how many days lie between two dates.
func Days(year, month, day, year2, month2, day2 int) int {
	d := DayNumber(year, month, day) - DayNumber(year2, month2, day2)
	return max(d, -d)
}

// Relative is how far two numbers are apart as a share of the larger
// magnitude: 0 of equal ones, 2 at most, NaN when either is NaN.
func Relative(a, b float64) float64 {
	if a == b {
		return 0
	}
	larger := max(math.Abs(a), math.Abs(b))
	if math.IsInf(larger, 1) {
		return 2
	}
	// Divided first: the difference of two large numbers may not be finite.
	return math.Abs(a/larger - b/larger)
}

// EarthRadius is the mean radius in kilometres (IUGG).
const EarthRadius = 6371.0088

// GreatCircle is the distance in kilometres between two places given in
// degrees, on a sphere of EarthRadius: the haversine formula, which keeps its
// precision at short distances. The error against the ellipsoid is below 0.6 %.
func GreatCircle(lat1, lon1, lat2, lon2 float64) float64 {
	const radians = math.Pi / 180
	sinLat := math.Sin((lat2 - lat1) * radians / 2)
	sinLon := math.Sin((lon2 - lon1) * radians / 2)
	h := sinLat*sinLat + math.Cos(lat1*radians)*math.Cos(lat2*radians)*sinLon*sinLon
	return 2 * EarthRadius * math.Asin(math.Sqrt(min(h, 1)))
}
