package main

// missing is how many records in a hundred lack each field.
var missing = [fieldCount]int{given: 1, family: 1, birth: 18, email: 25, phone: 28, street: 15, city: 8}

// misspelt is how many values in a hundred carry a slip.
var misspelt = [fieldCount]int{given: 5, family: 5, birth: 3, email: 2, phone: 3, street: 6, city: 3}

// record is what one system holds of a person: one in twelve has moved, one in
// a hundred changed the name, one in six has another e-mail address.
func (p *population) record(who person) person {
	if p.chance(12) {
		p.settle(&who)
	}
	if p.chance(100) {
		who[family] = p.familyName()
	}
	if p.chance(6) {
		who[email] = p.address(who, 1950+p.rnd.IntN(60))
	}
	for f := range who {
		switch {
		case p.rnd.IntN(100) < missing[f]:
			who[f] = ""
		case p.rnd.IntN(100) < misspelt[f]:
			who[f] = p.misspell(f, who[f])
		}
	}
	return who
}

// misspell replaces, drops, doubles or swaps one character. Dates stay dates:
// the day changes or, where it can, trades places with the month.
func (p *population) misspell(f int, v string) string {
	if f == birth {
		return p.misdate(v)
	}
	from := 0
	if f == phone {
		from = 2 // the country code stays
	}
	if len(v) < from+3 {
		return v
	}
	b := []byte(v)
	at := from + p.rnd.IntN(len(b)-from-1)
	kind := p.rnd.IntN(4)
	if f == phone && kind > 1 {
		kind -= 2 // its length stays
	}
	switch kind {
	case 0:
		b[at] = p.like(b[at])
	case 1:
		b[at], b[at+1] = b[at+1], b[at]
	case 2:
		b = append(b[:at], b[at+1:]...)
	default:
		b = append(b[:at+1], b[at:]...)
	}
	return string(b)
}

// like is another character of the same class.
func (p *population) like(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return '0' + byte(p.rnd.IntN(10))
	case c >= 'a' && c <= 'z':
		return 'a' + byte(p.rnd.IntN(26))
	}
	return c
}

func (p *population) misdate(v string) string {
	if day := v[8:]; p.chance(3) && day <= "12" {
		return v[:5] + day + "-" + v[5:7]
	}
	return v[:8] + string([]byte{'0' + byte(p.rnd.IntN(3)), '1' + byte(p.rnd.IntN(8))})
}
