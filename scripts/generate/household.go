package main

// Entities are born in blocks of consecutive indexes; a block falls into
// households. Everything about a block follows from the seed and its number,
// so a generator keeps one block in memory, whatever the population.
const blockSize = 8

// household is people at one address.
type household struct {
	country  *country
	name     surname
	homes    [3]stay
	stays    int
	landline phone
	mail     email  // a family's address
	tablet   uint64 // a device that all use, 0 for none
}

// block is a block's households and people, in index order.
type block struct {
	people     [blockSize]person
	households [blockSize]household
}

// world is what all entities share.
type world struct {
	seed      uint64
	countries []*country
	weights   []int // of countries
}

func newWorld(seed uint64) (*world, error) {
	countries, err := loadCountries()
	if err != nil {
		return nil, err
	}
	w := &world{seed: seed, countries: countries}
	for _, c := range countries {
		w.weights = append(w.weights, c.weight)
	}
	return w, nil
}

// fill makes the number-th block.
func (w *world) fill(b *block, number uint64) {
	s := newStream(w.seed, tagBlock, number)
	for i, h := 0, 0; i < blockSize; h++ {
		size := 1 + s.weighted([]int{38, 30, 13, 12, 5, 2})
		size = min(size, blockSize-i)
		first := number*blockSize + uint64(i)
		w.settle(&b.households[h], b.people[i:i+size], first)
		i += size
	}
}

// settle makes a household of people with consecutive indexes.
func (w *world) settle(h *household, members []person, first uint64) {
	s := newStream(w.seed, tagHousehold, first)
	c := w.countries[s.weighted(w.weights)]
	*h = household{country: c, name: drawSurname(c, &s)}
	h.homes[0] = stay{always, drawAddress(c, &s)}
	h.stays = 1
	for h.stays < len(h.homes) && s.chance(3000) {
		from := max(h.homes[h.stays-1].from, today-9*year)
		h.homes[h.stays] = stay{from + day(s.between(year, 4*year)), drawAddress(c, &s)}
		h.stays++
	}
	if s.chance(4500) {
		h.landline = drawLandline(c, h.homes[0].at.city, &s)
	}
	if s.chance(2500) {
		h.tablet = s.next()
	}
	for i := range members {
		members[i].born(w.seed, first+uint64(i), h)
	}
	relate(h, members, &s)
	if len(members) > 1 && s.chance(3000) {
		h.mail = email{given: members[0].given, last: &h.name, style: familyStyle, number: scatter(10 + first*4 + 3), domain: domains[s.n(6)]}
	}
	for i := range members {
		members[i].contacts()
	}
}

// relate makes members somebody alone, a couple and their children, brothers
// and sisters, or people who share a flat.
func relate(h *household, members []person, s *stream) {
	if len(members) == 1 {
		members[0].family = h.name
		return
	}
	switch s.weighted([]int{80, 10, 10}) {
	case 0:
		couple(h, members, s)
	case 1:
		siblings(h, members, s)
	default:
		flatmates(h, members, s)
	}
}

// couple makes the first two a couple and the others their children.
func couple(h *household, members []person, s *stream) {
	c, a, b := h.country, &members[0], &members[1]
	if s.chance(9500) {
		a.be(false)
		b.be(true)
	}
	a.family = h.name
	b.family = drawSurname(c, s)
	if len(members) > 2 { // old enough for the children
		a.birth = min(a.birth, today-36*year)
	}
	b.birth = min(a.birth+day(s.between(-8*year, 8*year)), today-19*year)
	wedding := max(a.birth, b.birth) + day(s.between(20*year, 34*year))
	if wedding < today-30 && s.chance(c.naming.marriage) {
		b.marriedOn, b.married = wedding, h.name
		if s.chance(1000) {
			b.married = surname{first: b.family.first, second: h.name.first, hyphen: true}
		}
	}
	oldest := max(a.birth, b.birth) + 20*year
	for i := 2; i < len(members); i++ {
		child := &members[i]
		child.family = childSurname(c, &h.name, &b.family)
		span := max(int(today-7*year-oldest), 1)
		child.birth = oldest + day(s.n(min(span, 25*year)))
		if i > 2 && s.chance(800) {
			child.birth = members[i-1].birth // twins
		}
		if c.naming.patronym {
			child.fatherName = a.given
		}
		child.leaveHome(s)
		named(a, child, s)
	}
}

// named gives a son his father's name now and then: as Jr and Sr where that is
// the custom, and without a mark elsewhere.
func named(father, child *person, s *stream) {
	if father.female || child.female || father.suffix != "" || !s.chance(700) {
		return
	}
	child.given = father.given
	if father.home.country.naming.juniors {
		father.suffix, child.suffix = "Sr", "Jr"
		child.middle = father.middle
	}
}

func siblings(h *household, members []person, s *stream) {
	for i := range members {
		p := &members[i]
		p.family = h.name
		p.fatherName = members[0].fatherName
		if i > 0 {
			p.birth = min(members[0].birth+day(s.between(-9*year, 9*year)), today-16*year)
			if s.chance(1500) {
				p.birth = members[0].birth
			}
		}
	}
}

func flatmates(h *household, members []person, s *stream) {
	for i := range members {
		p := &members[i]
		p.family = h.name
		if i > 0 {
			p.family = drawSurname(h.country, s)
		}
	}
}
