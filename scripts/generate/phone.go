package main

// phone is a telephone number.
type phone struct {
	plan   *plan
	digits [12]byte // national number
	n      int
}

func (p *phone) none() bool { return p.n == 0 }

func (p *phone) push(digits string) {
	p.n += copy(p.digits[p.n:], digits)
}

// fill draws the rest of the number.
func (p *phone) fill(length int, s *stream) {
	for first := true; p.n < length; first = false {
		d := byte('0' + s.n(10))
		if first {
			d = byte('2' + s.n(7)) // a subscriber's number starts with 2 to 8 nearly everywhere
		}
		p.digits[p.n] = d
		p.n++
	}
}

func drawMobile(c *country, home *city, s *stream) phone {
	p := phone{plan: &c.phones}
	if len(c.phones.mobile) == 0 { // mobiles share the area codes
		p.push(home.areas[s.n(len(home.areas))])
	} else {
		p.push(c.phones.mobile[s.n(len(c.phones.mobile))])
	}
	p.fill(c.phones.mobileLen, s)
	return p
}

func drawLandline(c *country, home *city, s *stream) phone {
	p := phone{plan: &c.phones}
	p.push(home.areas[s.n(len(home.areas))])
	p.fill(c.phones.fixedLen, s)
	return p
}

// e164 appends +, country code and national number.
func (p *phone) e164(dst []byte) []byte {
	dst = append(append(dst, '+'), p.plan.code...)
	return append(dst, p.digits[:p.n]...)
}

// written appends the number as somebody writes it. Where a number is always
// from abroad for the reader, as in a call centre abroad, it carries its
// country code.
func (p *phone) written(dst []byte, s *stream, international bool) []byte {
	american := p.plan.code == "1"
	switch {
	case international && s.chance(5000):
		dst = append(append(append(dst, "00"...), p.plan.code...), ' ')
		return p.grouped(dst, s.n(2)*3, ' ')
	case international || s.chance(4000):
		dst = append(append(append(dst, '+'), p.plan.code...), ' ')
		if !american {
			return p.grouped(dst, s.n(2)*3, ' ')
		}
	}
	if american {
		return p.american(dst, s.n(4))
	}
	dst = append(dst, p.plan.trunk...)
	return p.grouped(dst, s.n(3)*2, " -/"[s.n(3)])
}

// grouped appends the national number, after its first digits in groups of
// size, or unbroken when size is 0.
func (p *phone) grouped(dst []byte, size int, gap byte) []byte {
	const head = 2
	for i, d := range p.digits[:p.n] {
		if size > 0 && i >= head && (i-head)%size == 0 && p.n-i >= 2 {
			dst = append(dst, gap)
		}
		dst = append(dst, d)
	}
	return dst
}

func (p *phone) american(dst []byte, style int) []byte {
	area, exchange, line := p.digits[0:3], p.digits[3:6], p.digits[6:10]
	switch style {
	case 0:
		dst = append(append(append(dst, '('), area...), ") "...)
		return append(append(append(dst, exchange...), '-'), line...)
	case 1:
		dst = append(append(append(dst, area...), '-'), exchange...)
		return append(append(dst, '-'), line...)
	case 2:
		dst = append(append(append(dst, area...), '.'), exchange...)
		return append(append(dst, '.'), line...)
	}
	return append(dst, p.digits[:p.n]...)
}
