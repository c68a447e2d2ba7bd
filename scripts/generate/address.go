package main

// address is a place where somebody lives.
type address struct {
	country      *country
	city         *city
	street, kind *term
	number       int
	suffix       byte // a house number's letter, 0 for none
	unit         int  // flat, 0 for none
	unitLetter   byte
	postcode     [12]byte
	postcodeLen  int
}

// stay is an address and the first day it is somebody's.
type stay struct {
	from day
	at   address
}

// always is a day before everybody's birth.
const always = day(-1 << 30)

func drawAddress(c *country, s *stream) address {
	a := address{country: c, street: c.streets.draw(s), kind: c.types.draw(s)}
	// The square of a uniform draw favours the cities at the head of the
	// list, which goes by size.
	n := len(c.cities)
	a.city = &c.cities[s.n(n)*s.n(n)/n]
	switch {
	case c.code == "US":
		a.number = s.between(1, 99) * s.between(1, 99)
	case s.chance(7000):
		a.number = s.between(1, 60)
	default:
		a.number = s.between(1, 240)
	}
	if s.chance(600) {
		a.suffix = byte('a' + s.n(4))
	}
	if s.chance(2800) {
		a.unit = s.between(1, 40)
		if c.code == "US" && s.chance(5000) {
			a.unitLetter = byte('A' + s.n(6))
		}
	}
	for i := range len(a.city.postcode) {
		b := a.city.postcode[i]
		switch b {
		case '#':
			b = byte('0' + s.n(10))
		case '@':
			b = "ABDEFGHJLNPQRSTUWXYZ"[s.n(20)]
		}
		a.postcode[i] = b
		a.postcodeLen++
	}
	return a
}

// appendStreet writes the street line: house number and street in the
// country's order. pick chooses spellings and abbreviations.
func (a *address) appendStreet(dst []byte, native bool, pick uint64) []byte {
	l := a.country.layout
	if l.numberFirst {
		dst = append(a.appendNumber(dst), ' ')
	}
	street := a.street.in(native, pick)
	if a.country.naming.latin && pick&2 == 0 {
		native = false // abbreviated
	}
	kind := a.kind.in(native, pick>>4)
	switch {
	case l.glued:
		dst = append(append(dst, street...), kind...)
	case l.typeFirst:
		dst = append(append(append(dst, kind...), ' '), street...)
	default:
		dst = append(append(append(dst, street...), ' '), kind...)
	}
	if !l.numberFirst {
		if l.comma {
			dst = append(dst, ',')
		}
		dst = a.appendNumber(append(dst, ' '))
	}
	return dst
}

func (a *address) appendNumber(dst []byte) []byte {
	dst = padded(dst, a.number, 1)
	if a.suffix != 0 {
		dst = append(dst, a.suffix)
	}
	return dst
}

// unitWords are what stands before a flat's number, by country.
var unitWords = map[string][]string{
	"US": {"Apt ", "Apt. ", "#", "Unit "}, "GB": {"Flat ", "Flat ", "Apartment ", "Apt "}, "DE": {"Whg. ", "Wohnung ", "Whg. ", "App. "},
	"FR": {"Apt ", "Appt ", "Apt. ", "Appartement "}, "ES": {"Piso ", "Puerta ", "Piso ", "Pta. "}, "MX": {"Int. ", "Interior ", "Depto. ", "Int. "},
}

// appendUnit writes ", Apt 4B"; nothing where there is no flat or the country
// writes none.
func (a *address) appendUnit(dst []byte, pick uint64) []byte {
	words := unitWords[a.country.code]
	if a.unit == 0 || words == nil {
		return dst
	}
	dst = append(append(dst, ", "...), words[pick&3]...)
	dst = padded(dst, a.unit, 1)
	if a.unitLetter != 0 {
		dst = append(dst, a.unitLetter)
	}
	return dst
}

func (a *address) appendPostcode(dst []byte) []byte {
	return append(dst, a.postcode[:a.postcodeLen]...)
}

// at is the address of a list of stays, ordered by day, on a day.
func at(stays []stay, d day) *address {
	i := len(stays) - 1
	for i > 0 && stays[i].from > d {
		i--
	}
	return &stays[i].at
}
