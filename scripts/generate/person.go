package main

// person is one entity: what is true of somebody. Records show it with gaps
// and errors.
type person struct {
	index      uint64
	home       *household
	s          stream // draws in a fixed order: birth, then contacts, then records
	female     bool
	given      *term
	middle     *term // nil for none
	fatherName *term // between given and family name, where that is the custom
	family     surname
	married    surname // after marriedOn; empty when the name never changed
	marriedOn  day
	title      string // "Dr", or none
	suffix     string // "Jr", "Sr"
	birth      day
	own        [2]stay // addresses after leaving home
	left       int

	mobile, second phone
	secondFrom     day
	emails         [3]email
	devices        [3]uint64
}

// born draws what does not depend on the rest of the household.
func (p *person) born(seed, index uint64, h *household) {
	*p = person{index: index, home: h, s: newStream(seed, tagPerson, index)}
	s, c := &p.s, h.country
	p.be(s.chance(5000))
	p.birth = today - day(s.between(18, 88)*year+s.n(year))
	if c.naming.patronym {
		p.fatherName = c.male.draw(s)
	}
	if s.chance(c.naming.middle) {
		p.middle = c.given(p.female).draw(s)
	}
	if c.naming.titles && s.chance(200) {
		p.title = "Dr"
	}
}

// be sets the sex and a given name that goes with it.
func (p *person) be(female bool) {
	p.female = female
	p.given = p.home.country.given(female).draw(&p.s)
	if p.middle != nil {
		p.middle = p.home.country.given(female).draw(&p.s)
	}
}

// leaveHome moves a grown child out, once or twice.
func (p *person) leaveHome(s *stream) {
	from := p.birth + day(s.between(18*year, 27*year))
	for p.left < len(p.own) && from < today && s.chance(6000-4000*p.left) {
		p.own[p.left] = stay{from, drawAddress(p.home.country, s)}
		p.left++
		from += day(s.between(year, 6*year))
	}
}

// contacts draws telephone numbers, e-mail addresses and devices.
func (p *person) contacts() {
	s, c := &p.s, p.home.country
	here := p.home.homes[0].at.city
	if s.chance(9300) {
		p.mobile = drawMobile(c, here, s)
	}
	if s.chance(1800) { // a new number at some time
		p.second, p.secondFrom = drawMobile(c, here, s), today-day(s.n(8*year))
	}
	for i := range p.emails {
		if s.chance([]int{9200, 3500, 1000}[i]) {
			name := &p.family
			if i > 0 && !p.married.empty() {
				name = &p.married
			}
			p.emails[i] = drawEmail(p.given, name, 10+p.index*4+uint64(i), s)
		}
	}
	if p.home.mail.given != nil && (p.emails[0].given == nil || s.chance(2500)) {
		p.emails[2] = p.home.mail
	}
	for i := range p.devices {
		if s.chance([]int{8500, 4000, 1500}[i]) {
			p.devices[i] = s.next()
		}
	}
	if p.home.tablet != 0 && s.chance(5000) {
		p.devices[2] = p.home.tablet
	}
}

// address is where the person lives on a day.
func (p *person) address(d day) *address {
	if p.left > 0 && p.own[0].from <= d {
		return at(p.own[:p.left], d)
	}
	return at(p.home.homes[:p.home.stays], d)
}

// surname is the person's family name on a day.
func (p *person) surname(d day) *surname {
	if !p.married.empty() && p.marriedOn <= d {
		return &p.married
	}
	return &p.family
}

// age is in whole years.
func (p *person) age(d day) int { return int(d-p.birth) / year }
