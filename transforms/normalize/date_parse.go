package normalize

import (
	"slices"
	"strings"
)

// Order is the order of day, month and year in dates written with digits.
type Order uint8

// The orders. Unset leaves a date that two orders read unread.
const (
	Unset Order = iota
	YMD
	DMY
	MDY
)

// String is the order as a job file writes it.
func (o Order) String() string {
	switch o {
	case YMD:
		return "ymd"
	case DMY:
		return "dmy"
	case MDY:
		return "mdy"
	}
	return ""
}

// ParseOrder reads what [Order.String] writes.
func ParseOrder(s string) (Order, bool) {
	for _, o := range []Order{YMD, DMY, MDY} {
		if strings.EqualFold(s, o.String()) {
			return o, true
		}
	}
	return Unset, s == ""
}

// months maps a folded month name, or its first letters, to its number. The
// languages are English, German, French, Spanish, Italian, Dutch, Portuguese.
var months = monthTable()

func monthTable() map[string]int {
	m := map[string]int{}
	for i, words := range []string{
		"january jan januar jan janner januari janv janvier enero ene gennaio gen janeiro",
		"february feb februar februari fevr fev fevrier febrero febbraio fevereiro",
		"march mar marz mrz maerz maart mrt mars marzo marco",
		"april apr avr avril abril abr aprile",
		"may mai mei mayo maggio mag maio",
		"june jun juni juin junio giugno giu junho",
		"july jul juli juil juillet julio luglio lug julho",
		"august aug aout agosto ago augustus",
		"september sep sept septembre septiembre set settembre setembro",
		"october oct okt oktober octobre octubre ott ottobre out outubro",
		"november nov novembre noviembre novembro",
		"december dec dez dezember decembre diciembre dic dicembre dezembro",
	} {
		for _, w := range strings.Fields(words) {
			m[w] = i + 1
		}
	}
	return m
}

// A ymd is a date as digits say it, perhaps one that no calendar has. Month
// and day are 0 where the text gives none.
type ymd struct {
	year, month, day int
	shortYear        bool // the year has two digits
}

// A dateText is the outcome of reading the words of a date.
type dateText struct {
	ymd
	ok        bool
	ambiguous bool  // day and month can be exchanged, and no order decided
	proves    Order // the order that the text proves, Unset when it proves none
	guessed   bool  // the text contradicts the declared order, and only the other one reads it
}

// parseDate reads a date: ISO 8601, compact digits, three numbers with any
// separator, or a month's name with day and year around it. A time of day
// behind it is ignored. partial allows "1980" and "1980-02".
func parseDate(s string, order Order, partial bool) dateText {
	s = strings.ToLower(asciiDigits(s))
	s = cutTime(s)
	fields := dateFields(s)
	switch len(fields) {
	case 1:
		return compactDate(fields[0], order, partial)
	case 2:
		return partialDate(fields, partial)
	case 3:
		return threeFields(fields, order)
	}
	return dateText{}
}

// cutTime removes a time of day: what follows a "t" between digits or holds a
// colon.
func cutTime(s string) string {
	if i := strings.IndexByte(s, 't'); i >= 8 && i+1 < len(s) && isDigit(s[i-1]) && isDigit(s[i+1]) {
		s = s[:i]
	}
	if i := strings.IndexByte(s, ':'); i > 0 {
		if j := strings.LastIndexByte(s[:i], ' '); j > 0 && len(digitsOf(s[:j])) >= 4 {
			s = s[:j]
		}
	}
	return strings.TrimSpace(s)
}

// dateFields cuts a text into runs of digits and words, dropping weekdays and
// the words and endings around a day ("the", "of", "th").
func dateFields(s string) []string {
	var out []string
	for w := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune(" -/.,_年月日년월일", r) }) {
		for _, f := range splitLettersDigits(w) {
			if f = foldDateWord(f); f != "" {
				out = append(out, f)
			}
		}
	}
	return out
}

var dateNoise = wordSet("st nd rd th de of the den del di le der mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday tues thur thurs")

func foldDateWord(w string) string {
	if allDigits(w) {
		return w
	}
	f := Fold(w)
	if dateNoise[f] {
		return ""
	}
	return f
}

func splitLettersDigits(w string) []string {
	var out []string
	start := 0
	for i := 1; i < len(w); i++ {
		if isDigit(w[i]) != isDigit(w[i-1]) {
			out = append(out, w[start:i])
			start = i
		}
	}
	return append(out, w[start:])
}

// compactDate reads digits without separators: yyyymmdd, yymmdd when years
// come first, ddmmyyyy or mmddyyyy when the first four digits are no year.
func compactDate(f string, order Order, partial bool) dateText {
	if !allDigits(f) {
		return dateText{}
	}
	switch {
	case len(f) == 4 && partial:
		return dateText{ymd: ymd{year: atoi(f)}, ok: plausibleYear(atoi(f))}
	case len(f) == 6 && partial && order != YMD && plausibleYear(atoi(f[:4])) && atoi(f[4:]) >= 1 && atoi(f[4:]) <= 12:
		return dateText{ymd: ymd{year: atoi(f[:4]), month: atoi(f[4:])}, ok: true}
	case len(f) == 6 && order == YMD:
		return dateText{ymd: ymd{atoi(f[:2]), atoi(f[2:4]), atoi(f[4:]), true}, ok: true}
	case len(f) != 8:
		return dateText{}
	}
	first, last := atoi(f[:4]), atoi(f[4:])
	if !plausibleYear(first) && plausibleYear(last) && (order == DMY || order == MDY) {
		return threeFields([]string{f[:2], f[2:4], f[4:]}, order)
	}
	return dateText{ymd: ymd{year: first, month: atoi(f[4:6]), day: atoi(f[6:])}, ok: true, proves: YMD}
}

// partialDate reads a year and a month.
func partialDate(f []string, partial bool) dateText {
	if !partial {
		return dateText{}
	}
	for _, p := range [][2]string{{f[0], f[1]}, {f[1], f[0]}} {
		if len(p[0]) != 4 || !allDigits(p[0]) {
			continue
		}
		m := months[p[1]]
		if allDigits(p[1]) && len(p[1]) <= 2 {
			m = atoi(p[1])
		}
		if m >= 1 && m <= 12 {
			return dateText{ymd: ymd{year: atoi(p[0]), month: m}, ok: plausibleYear(atoi(p[0]))}
		}
	}
	return dateText{}
}

func threeFields(f []string, order Order) dateText {
	for i, w := range f {
		if m := months[w]; m > 0 {
			return namedMonth(f, i, m)
		}
	}
	for _, w := range f {
		if !allDigits(w) || len(w) > 4 || len(w) == 3 {
			return dateText{}
		}
	}
	a, b, c := atoi(f[0]), atoi(f[1]), atoi(f[2])
	switch {
	case len(f[0]) == 4:
		return dateText{ymd: ymd{year: a, month: b, day: c}, ok: len(f[1]) <= 2 && len(f[2]) <= 2, proves: YMD}
	case len(f[1]) > 2:
		return dateText{}
	case len(f[2]) != 4 && (a > 31 || order == YMD && (ymd{a, b, c, true}).within()):
		return dateText{ymd: ymd{a, b, c, true}, ok: len(f[2]) <= 2, proves: proof(a > 31, YMD)}
	}
	return dayMonth(a, b, ymd{year: c, shortYear: len(f[2]) <= 2}, order)
}

// namedMonth reads a date whose month is a word: the others are day and year.
// It proves nothing about dates in digits: "Mar 1 1970" and 1/3/1970 can be
// the same person's way of writing.
func namedMonth(f []string, at, month int) dateText {
	rest := slices.Concat(f[:at], f[at+1:])
	if !allDigits(rest[0]) || !allDigits(rest[1]) {
		return dateText{}
	}
	day, year := rest[0], rest[1]
	if len(day) == 4 || len(day) == 2 && atoi(day) > 31 {
		day, year = year, day
	}
	if len(day) > 2 || len(year) != 4 && len(year) != 2 {
		return dateText{}
	}
	return dateText{ymd: ymd{atoi(year), month, atoi(day), len(year) == 2}, ok: true}
}

// dayMonth decides which of the first two numbers is the day.
func dayMonth(a, b int, d ymd, order Order) dateText {
	dmy, mdy := b <= 12 && a <= 31, a <= 12 && b <= 31
	t := dateText{ok: true}
	switch {
	case dmy && !mdy:
		t.proves, t.guessed = DMY, order == MDY || order == YMD
	case mdy && !dmy:
		t.proves, t.guessed = MDY, order == DMY || order == YMD
	case a == b:
	default: // both read it, or neither does
		t.ambiguous = order != DMY && order != MDY
	}
	d.day, d.month = a, b
	if t.proves == MDY || t.proves == Unset && order == MDY {
		d.day, d.month = b, a
	}
	t.ymd = d
	return t
}

func proof(proved bool, o Order) Order {
	if proved {
		return o
	}
	return Unset
}

// plausibleYear bounds the years of people and of their business.
func plausibleYear(y int) bool { return y >= 1850 && y <= 2150 }

// atoi reads at most nine digits; longer ones are no part of a date.
func atoi(s string) int {
	n := 0
	for i := 0; i < len(s) && i < 9; i++ {
		n = 10*n + int(s[i]-'0')
	}
	return n
}

// within tells whether month and day are numbers of some month and some day:
// 07-16-95 is no date whose year comes first, whatever the column's order.
func (d ymd) within() bool { return d.month <= 12 && d.day <= 31 }

// onCalendar tells whether a full date exists.
func (d ymd) onCalendar() bool {
	return d.month >= 1 && d.month <= 12 && d.day >= 1 && d.day <= daysIn(d.year, d.month)
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}
