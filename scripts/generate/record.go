package main

import "bytes"

// firstKey is where keys start: they have six digits or more from the start.
const firstKey = 100_000

// record is one row of a channel before it is formatted.
type record struct {
	entity uint64
	key    uint64 // unique in its channel
	at     moment
	brand  string
	where  *country
	title  string
	suffix string
	sex    string

	given, middle, family      []byte
	email, email2              []byte
	phones                     [2][]byte
	street, unit, city, region []byte
	postcode, country          []byte
	birth                      day // noBirth when it is missing
	devices                    [2]uint64
	mails                      [3]bool // which of the person's addresses it shows
	usesMobile, usesSecond     bool
}

const noBirth = always

// recorder makes records.
type recorder struct {
	noise noise
	s     stream // the present record's
	bad   int    // its severity, in tenths
	style *style
	pick  uint64 // of spellings
	rec   record
}

// make draws the n-th record of a person. The result is valid until the next
// call.
func (m *recorder) make(seed uint64, p *person, channel, n int) *record {
	number := p.index*maxRecords + uint64(n)
	m.s, m.style = newStream(seed, tagRecord, number), &styles[channel]
	s, r := &m.s, &m.rec
	m.bad, m.pick = drawSeverity(s), s.next()
	r.entity, r.key, r.where = p.index, scatter(number+firstKey), p.home.country
	r.at, r.brand = m.moment(p), m.brand(channel)
	native := s.chance(m.style.native)
	if r.where.naming.latin {
		native = s.chance(m.style.marks)
	}
	m.name(p, native)
	m.contacts(p, channel == callcentre)
	m.address(p, native)
	m.facts(p)
	return r
}

// moment is when the record was last touched: recently rather than long ago,
// and not before its person was six.
func (m *recorder) moment(p *person) moment {
	const span = 10 * year * 86400
	back := m.s.n(m.s.n(span) + 1)
	at := moment(asOf.Unix() - 1 - int64(back))
	if earliest := moment(p.birth+6*year) * 86400; at < earliest {
		at = earliest + moment(m.s.n(int(moment(asOf.Unix())-earliest)))
	}
	return at
}

func (m *recorder) brand(channel int) string {
	switch {
	case channel == webshop, channel == callcentre && m.s.chance(4000):
		return south
	}
	return north
}

// has draws whether a field is filled; bad records have more gaps.
func (m *recorder) has(f field) bool {
	p := m.style.missing[f]
	if m.bad > 15 {
		p += p / 2
	}
	return !m.s.chance(p)
}

// damage gives a value its errors: none in most records, several in bad ones.
func (m *recorder) damage(value []byte) []byte {
	for p := m.style.errors * m.bad / 10; len(value) > 0 && m.s.chance(p); p /= 3 {
		value = m.noise.apply(value, noiseKind(m.s.weighted(m.style.kinds[:])), &m.s)
	}
	return value
}

// name fills the parts of the name as the channel knows them.
func (m *recorder) name(p *person, native bool) {
	s, r, c := &m.s, &m.rec, p.home.country
	r.given, r.middle, r.family = r.given[:0], r.middle[:0], r.family[:0]
	r.title, r.suffix = p.title, p.suffix
	if m.has(fGiven) {
		r.given = m.givenName(r.given, p, native)
	}
	if p.middle != nil && m.has(fMiddle) {
		r.middle = append(r.middle, p.middle.in(native, m.pick)...)
	}
	if m.has(fFamily) {
		name := *p.surname(m.believed(1500, year))
		if name.second != nil && s.chance(m.style.oneSurname) {
			name.second = nil
		}
		if p.fatherName != nil && !s.chance(m.style.oneSurname) {
			r.family = append(append(r.family, p.fatherName.in(native, m.pick>>3)...), ' ')
		}
		r.family = name.append(r.family, c, p.female, native, m.pick)
	}
	if s.chance(m.style.junk) {
		r.given = append(r.given[:0], oneOf(s, junkNames)...)
	}
	r.given, r.family = m.cased(m.damage(r.given)), m.cased(m.damage(r.family))
	if s.chance(m.style.exchanged) {
		r.given, r.family = r.family, r.given
	}
}

func (m *recorder) givenName(dst []byte, p *person, native bool) []byte {
	t := p.given
	if len(t.nicks) > 0 && m.s.chance(m.style.nickname) {
		t = &t.nicks[m.s.n(len(t.nicks))]
	}
	text := t.in(native, m.pick)
	if m.s.chance(m.style.initial) {
		for _, first := range text {
			return append(append(dst, string(first)...), '.')
		}
	}
	return append(dst, text...)
}

// cased writes a value in the case that the channel or its user prefers. The
// draw goes by the record, so that both names agree.
func (m *recorder) cased(value []byte) []byte {
	switch x := int(m.pick>>20) % certain; {
	case x < m.style.capitals:
		return m.noise.upper(value)
	case x < m.style.capitals+m.style.small:
		for i, b := range value {
			if 'A' <= b && b <= 'Z' {
				value[i] = b | 0x20
			}
		}
	}
	return value
}

// believed is the day whose facts the record shows: its own, or with chance p
// an earlier one, because nobody told the channel.
func (m *recorder) believed(p, lag int) day {
	d := m.rec.at.day()
	if m.s.chance(p) {
		d -= day(m.s.n(lag))
	}
	return d
}

// contacts fills e-mail addresses, telephone numbers and devices.
func (m *recorder) contacts(p *person, dialled bool) {
	s, r := &m.s, &m.rec
	r.email, r.email2, r.mails = r.email[:0], r.email2[:0], [3]bool{}
	if m.has(fEmail) {
		r.email = m.mail(r.email, p)
		if m.style == &styles[webshop] && s.chance(700) {
			if r.email2 = m.mail(r.email2, p); bytes.Equal(r.email, r.email2) {
				r.email2 = r.email2[:0]
			}
		}
	}
	r.phones[0], r.phones[1] = r.phones[0][:0], r.phones[1][:0]
	r.usesMobile, r.usesSecond = false, false
	if m.has(fPhone) {
		r.phones[0] = m.phone(r.phones[0], p, dialled)
		if s.chance(2000) && !p.home.landline.none() {
			r.phones[1] = p.home.landline.written(r.phones[1], s, false)
		}
	}
	r.devices = [2]uint64{}
	if m.has(fDevice) {
		for i := range r.devices {
			if i == 0 || s.chance(2000) {
				r.devices[i] = m.device(p)
			}
		}
		if r.devices[0] == r.devices[1] {
			r.devices[1] = 0
		}
	}
}

// mail writes one of the person's addresses: usually the first.
func (m *recorder) mail(dst []byte, p *person) []byte {
	s, tag := &m.s, ""
	if s.chance(m.style.junk) {
		return append(dst, oneOf(s, junkEmails)...)
	}
	k := s.weighted([]int{70, 20, 10})
	for i := 0; p.emails[k].given == nil; i++ {
		if k = i; k == len(p.emails) {
			return dst
		}
	}
	e := &p.emails[k]
	if s.chance(250) {
		tag = m.rec.brand
	}
	m.rec.mails[k] = true
	dst = e.append(dst, p.home.country, p.female, tag)
	if s.chance(m.style.errors * m.bad / 30) { // people take more care here
		dst = m.noise.apply(dst, noiseKind(s.weighted(m.style.kinds[:])), s)
		m.rec.mails[k] = false
	}
	return dst
}

// phone writes the number of that time, or the household's.
func (m *recorder) phone(dst []byte, p *person, dialled bool) []byte {
	s, number := &m.s, &p.mobile
	if s.chance(m.style.junk) {
		return append(dst, oneOf(s, junkPhones)...)
	}
	if !p.second.none() && m.rec.at.day() >= p.secondFrom {
		number = &p.second
	}
	if number.none() || s.chance(1500) && !p.home.landline.none() {
		number = &p.home.landline
	}
	if number.none() {
		return dst
	}
	m.rec.usesMobile, m.rec.usesSecond = number == &p.mobile, number == &p.second
	if !dialled && s.chance(3000) {
		return number.e164(dst)
	}
	dst = number.written(dst, s, dialled && p.home.country.code != "US")
	if s.chance(m.style.errors * m.bad / 40) {
		dst = m.noise.slip(dst, noiseKind(s.n(4)), s)
		m.rec.usesMobile, m.rec.usesSecond = false, false
	}
	return dst
}

// kiosks are devices that stand in shops: many people's, and no evidence.
const kiosks = 50

func (m *recorder) device(p *person) uint64 {
	if m.s.chance(40) {
		return mix(uint64(m.s.n(kiosks)) + 1)
	}
	return p.devices[m.s.weighted([]int{60, 25, 15})]
}

// address fills the parts of the address.
func (m *recorder) address(p *person, native bool) {
	s, r := &m.s, &m.rec
	r.street, r.unit, r.city, r.region = r.street[:0], r.unit[:0], r.city[:0], r.region[:0]
	r.postcode, r.country = r.postcode[:0], r.country[:0]
	if !m.has(fAddress) {
		return
	}
	a := p.address(m.believed(800, 2*year))
	r.street = m.cased(m.damage(a.appendStreet(r.street, native, m.pick>>5)))
	if !s.chance(1500) {
		r.unit = a.appendUnit(r.unit, m.pick>>9)
	}
	r.city = m.cased(m.damage(append(r.city, a.city.name.in(native, m.pick>>11)...)))
	if m.has(fRegion) {
		r.region = append(r.region, a.city.region.in(native, m.pick>>13)...)
	}
	r.postcode = a.appendPostcode(r.postcode)
	if s.chance(m.style.errors * m.bad / 20) {
		r.postcode = m.noise.slip(r.postcode, keySlip, s)
	}
	if s.chance(m.style.junk) {
		r.street = append(r.street[:0], oneOf(s, junkStreets)...)
		r.postcode = append(r.postcode[:0], oneOf(s, junkPostcodes)...)
	}
	r.country = append(r.country, m.countryName(p.home.country)...)
}

// countryNames are how a country is written beside its code.
var countryNames = map[string][]string{
	"US": {"USA", "United States"}, "GB": {"UK", "United Kingdom"}, "DE": {"Germany", "Deutschland"}, "FR": {"France", "FRANCE"},
	"ES": {"Spain", "España"}, "MX": {"Mexico", "México"}, "BG": {"Bulgaria", "BGR"}, "UA": {"Ukraine", "UKR"},
	"GR": {"Greece", "GRC"}, "EG": {"Egypt", "EGY"}, "AE": {"UAE", "United Arab Emirates"},
}

func (m *recorder) countryName(c *country) string {
	if m.s.chance(7500) {
		return c.code
	}
	return oneOf(&m.s, countryNames[c.code])
}

// facts fills birth date and sex.
func (m *recorder) facts(p *person) {
	s, r := &m.s, &m.rec
	r.birth, r.sex = noBirth, ""
	if m.has(fBirth) {
		r.birth = p.birth
		switch {
		case s.chance(m.style.junk):
			r.birth = oneOf(s, junkBirths)
		case s.chance(m.style.errors * m.bad / 40):
			r.birth = p.birth.swapped()
		case s.chance(m.style.errors * m.bad / 40):
			r.birth = p.birth + oneOf(s, []day{-1, 1, -10, 10, year, -10 * year})
		}
		r.birth = min(r.birth, r.at.day())
	}
	if m.has(fSex) {
		r.sex = []string{"M", "F"}[b2i(p.female != s.chance(50))]
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
