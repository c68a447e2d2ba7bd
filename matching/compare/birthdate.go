package compare

import (
	"concord/matching/column"
	"concord/matching/compare/gap"
	"concord/schemas/attribute"
)

// BirthDate compares dates of birth, any of which may agree.
type BirthDate struct{}

// The levels of the birth date comparison.
const (
	birthDecade Level = Else + 1 + iota
	birthYear
	birthMonthDay
	birthNearOtherYear
	birthPartial
	birthMonth
	birthTwoParts
	birthOneEdit
	birthPartialMonth
	birthSwapped
	birthExact
)

var birthLevels = []LevelSpec{
	Null:               {"null", "a record has no date of birth", false},
	Else:               {"else", "the dates of birth differ", false},
	birthDecade:        {"within_decade", "the years of birth are at most ten years apart", false},
	birthYear:          {"within_year", "the years of birth are equal or the dates at most a year apart", false},
	birthMonthDay:      {"month_day", "month and day of birth are equal, the years differ", false},
	birthNearOtherYear: {"near_in_other_year", "month and day of birth are at most a month apart, the years one or ten", false},
	birthPartial:       {"partial", "a date of birth is known by its year alone, and the years are equal", false},
	birthMonth:         {"within_month", "the dates of birth are at most a month apart", false},
	birthTwoParts:      {"two_parts", "the year of birth and one of month and day are equal", false},
	birthOneEdit:       {"one_edit", "the dates of birth differ by one digit or two swapped ones", false},
	birthPartialMonth:  {"partial_month", "the day of a date of birth is missing; year and month are equal", false},
	birthSwapped:       {"day_month_swapped", "the dates of birth are equal when day and month are swapped", false},
	birthExact:         {"exact", "the dates of birth are equal", true},
}

// Name is "birth_date".
func (BirthDate) Name() string { return "birth_date" }

// Description is one sentence.
func (BirthDate) Description() string {
	return "dates of birth: equal, mistyped, day and month swapped, near, in part equal"
}

// Attributes is the date of birth.
func (BirthDate) Attributes() []attribute.Name { return []attribute.Name{attribute.BirthDate} }

// Levels lists the levels, worst first.
func (BirthDate) Levels() []LevelSpec { return birthLevels }

// Bind needs dates of birth.
func (c BirthDate) Bind(t *column.Table) Kernel { return laid(c.bind(t)) }

func (BirthDate) bind(t *column.Table) rowed {
	c := t.Column(attribute.BirthDate)
	if c == nil {
		return nil
	}
	features := make([]dateRow, max(c.Values.Len(), 1))
	for v := 1; v < len(features); v++ {
		features[v] = readDate(c.Values.At(uint32(v)))
		features[v].code = uint32(v)
	}
	slots := slotReader(c)
	codes := newRows(t.N, source[uint32]{width: slots.width, at: slots.code, mark: itself})
	return &birthDate{dateData: &dateData{n: t.N, count: c.Count, features: features, codes: codes}}
}

// dateRow is one date: canonical "2006-01-02", or "2006-01" or "2006" of one
// known in part. Impossible dates (31 February) keep their digits.
type dateRow struct {
	digits     uint32 // yyyymmdd of a whole date, four bits each, the first lowest
	code       uint32
	days       int32 // since 1970-01-01, of a whole date
	year       uint16
	month, day uint8 // 0: not known
}

// readDate reads a canonical date; of other values only equality counts.
func readDate(s string) dateRow {
	y, m, d, ok := gap.ParseDate(s)
	if !ok {
		return dateRow{}
	}
	row := dateRow{year: uint16(y), month: uint8(m), day: uint8(d)}
	if d != 0 {
		row.digits = packDigits(s[0:4] + s[5:7] + s[8:10])
		row.days = int32(gap.DayNumber(y, m, d))
	}
	return row
}

type dateData struct {
	n        int
	count    []uint32     // by code: records
	features []dateRow    // by code: there are few dates
	codes    rows[uint32] // by record
}

type birthDate struct {
	*dateData
	records []uint32  // loaded
	window  []dateRow // their rows
}

func (k *birthDate) movable() movable { return &k.codes }

// of is the codes of record r's dates.
func (k *birthDate) of(r uint32) []uint32 { return k.codes.of(r, *k.codes.at(r)) }

// Exact is all levels: ceilings are grades.
func (k *birthDate) Exact() uint32 { return ^uint32(0) }

// Clone shares the features.
func (k *birthDate) Clone() Kernel { return &birthDate{dateData: k.dateData} }

// Load looks the records' dates up.
func (k *birthDate) Load(records []uint32) {
	k.records, k.window = records, resize(k.window, len(records))
	for i, r := range records {
		if code := *k.codes.at(r); code < marked {
			k.window[i] = k.features[code]
		} else {
			k.window[i] = dateRow{code: code}
		}
	}
}

// Ceilings are grades: arithmetic on two rows is as cheap as any bound.
func (k *birthDate) Ceilings(pairs []column.Pair, out []Level) {
	window := k.window
	for i, p := range pairs {
		a, b := &window[p.A], &window[p.B]
		if (a.code|b.code)&marked != 0 {
			out[i] = k.Grade(k.records[p.A], k.records[p.B])
			continue
		}
		out[i] = presentDates(a, b)
	}
}

// Grade is the best level of any two of the dates.
func (k *birthDate) Grade(a, b uint32) Level {
	best := Null
	as, bs := k.of(a), k.of(b)
	for _, x := range as {
		for _, y := range bs {
			best = max(best, presentDates(&k.features[x], &k.features[y]))
		}
	}
	return best
}

// presentDates is the level of two dates, either of which may be missing.
func presentDates(a, b *dateRow) Level {
	if !bothCodes(a.code, b.code) {
		return Null
	}
	return gradeDates(a, b)
}

func gradeDates(a, b *dateRow) Level {
	switch {
	case a.code == b.code && a.partial():
		return gradeOddDates(a, b)
	case a.code == b.code:
		return birthExact
	case a.day == 0 || b.day == 0:
		return gradeOddDates(a, b)
	}
	year, month, day := a.year == b.year, a.month == b.month, a.day == b.day
	switch {
	case !year && !day: // one slip of the hand leaves one of them
		return gradeGap(a, b)
	case year && a.month == b.day && a.day == b.month:
		return birthSwapped
	case slipDigits(a.digits, b.digits):
		return birthOneEdit
	case year && (month || day):
		return birthTwoParts
	case month && day:
		return birthMonthDay
	}
	return gradeGap(a, b)
}

// gradeGap grades whole dates that share no two parts, by how far they are
// apart.
func gradeGap(a, b *dateRow) Level {
	days, years := apart(int(a.days), int(b.days)), apart(int(a.year), int(b.year))
	switch {
	case days <= daysOfMonth:
		return birthMonth
	case (years == 1 || years == 10) && nearInYear(a, b):
		return birthNearOtherYear
	case years == 0 || days <= daysOfYear:
		return birthYear
	case years <= 10:
		return birthDecade
	}
	return Else
}

// The longest month and year.
const (
	daysOfMonth = 31
	daysOfYear  = 366
)

// nearInYear tells whether month and day are at most a month apart, December
// and January being neighbours; months are taken to have 31 days.
func nearInYear(a, b *dateRow) bool {
	gap := apart(daysOfMonth*int(a.month)+int(a.day), daysOfMonth*int(b.month)+int(b.day))
	return min(gap, 12*daysOfMonth-gap) <= daysOfMonth
}

// partial tells that the day is not known: of a date, not of some other value.
func (d *dateRow) partial() bool { return d.year != 0 && d.day == 0 }

// gradeOddDates grades dates of which one is partial or none at all; of the
// latter only equality counts.
func gradeOddDates(a, b *dateRow) Level {
	switch {
	case a.year == 0 || b.year == 0:
		return Else
	case a.year == b.year && (a.month == 0 || b.month == 0):
		return birthPartial
	case a.year == b.year && a.month == b.month:
		return birthPartialMonth
	case a.year == b.year:
		return birthYear
	case apart(int(a.year), int(b.year)) <= 10:
		return birthDecade
	}
	return Else
}

func apart(a, b int) int { return max(a-b, b-a) }

// Frequency is the share of records with the date: the rarest of several.
func (k *birthDate) Frequency(a, b uint32, level Level) float64 {
	rarest := uint32(0)
	as, bs := k.of(a), k.of(b)
	for _, x := range as {
		for _, y := range bs {
			if presentDates(&k.features[x], &k.features[y]) != level {
				continue
			}
			count := max(k.count[x], k.count[y], 1)
			if rarest == 0 || count < rarest {
				rarest = count
			}
		}
	}
	return share(rarest, k.n)
}

// LeastFrequency is the share of the rarest of the record's dates.
func (k *birthDate) LeastFrequency(a uint32, _ Level) float64 {
	return share(rarestOf(k.of(a), func(code *uint32) uint32 { return max(k.count[*code], 1) }), k.n)
}

// Coincidence implements [Coincident].
func (k *birthDate) Coincidence(level Level) float64 {
	if level != birthExact {
		return 0
	}
	return coincidence(k.count, k.n)
}
