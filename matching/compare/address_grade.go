package compare

// Streets and cities are longer than names and end in the same few words
// ("street", "road"): near is Jaro-Winkler .92 or, in long ones, two edits.
const (
	longStreet  = 8
	streetEdits = 2
)

func (k *address) ceiling(a, b *addressRow) Level {
	p := k.known(a, b)
	if p.null() {
		return Null
	}
	if !p.noPlace && p.place < close && k.mayBeNearPlace(a, b) {
		p.place = close
	}
	if !p.noStreet {
		p.street = differs
		if a.street == b.street {
			p.street = equal
		} else if p.nearStreetMatters() && k.mayBeNearStreet(k.word(a.street), k.word(b.street)) {
			p.street = near
		}
	}
	return p.level()
}

func (k *address) grade(a, b *addressRow) Level {
	p := k.known(a, b)
	if p.null() {
		return Null
	}
	if !p.noPlace && p.place < close && k.nearPlace(a, b) {
		p.place = close
	}
	if !p.noStreet {
		p.street = differs
		if a.street == b.street {
			p.street = equal
		} else if p.nearStreetMatters() && k.nearStreet(k.word(a.street), k.word(b.street)) {
			p.street = near
		}
	}
	return p.level()
}

// known is what codes alone tell of two addresses.
func (k *address) known(a, b *addressRow) addressParts {
	p := addressParts{
		noStreet:     !bothCodes(a.street, b.street),
		samePostcode: sameCode(a.postcode, b.postcode),
		sameRegion:   sameCode(a.region, b.region),
		regionsKnown: bothCodes(a.region, b.region),
		otherUnit:    bothCodes(a.unit, b.unit) && a.unit != b.unit,
		sameCity:     sameCity(a, b),
	}
	k.knownHouse(a, b, &p)
	p.noPlace = !bothCodes(a.postcode, b.postcode) && !bothCodes(a.city|a.locality, b.city|b.locality)
	switch {
	case p.samePostcode || p.sameCity:
		p.place = equal
	case slip(k.postcodeTexts[a.postcode], k.postcodeTexts[b.postcode]):
		p.place = close
	}
	return p
}

// bothCodes tells whether neither code is null.
func bothCodes(x, y uint32) bool { return uint64(x)*uint64(y) != 0 }

// sameCode tells whether two codes are equal and not null, without a branch:
// whether an attribute agrees is a coin toss to the processor.
func sameCode(x, y uint32) bool {
	return (uint64(x^y)<<32|uint64(x))-1 < 1<<32-1
}

// knownHouse compares house numbers. Where the data do not number houses apart,
// the number is part of the street.
func (k *address) knownHouse(a, b *addressRow, p *addressParts) {
	if !k.numbered {
		p.noHouse, p.house = p.noStreet, equal
		return
	}
	p.noHouse = a.house == 0 || b.house == 0
	switch {
	case p.noHouse:
	case a.house == b.house:
		p.house = equal
	case slippedHouse(k.houseTexts[a.house], k.houseTexts[b.house]):
		p.house = near
	}
}

// slippedHouse asks for two characters at least: 3 is no misspelt 5.
func slippedHouse(a, b packed) bool { return slip(a, b) && a > 0xff && b > 0xff }

// sameCity tells whether a town of one address is a town of the other: what
// one record calls the city is another's locality.
func sameCity(a, b *addressRow) bool {
	if a.locality|b.locality == 0 {
		return sameCode(a.city, b.city)
	}
	return sameCode(a.city, b.city) || sameCode(a.locality, b.locality) ||
		sameCode(a.city, b.locality) || sameCode(a.locality, b.city)
}

// mayBeNearStreet bounds nearStreet from above.
func (k *address) mayBeNearStreet(a, b *word) bool {
	return sameSpelling(a, b) || k.words.tokensWithin(a, b) || a.mayReach(b, needNear) || mayBeLongEdit(a, b)
}

// nearStreet tells whether two streets are spellings, parts or misspellings of
// one.
func (k *address) nearStreet(a, b *word) bool {
	switch {
	case sameSpelling(a, b) || k.words.tokensWithin(a, b):
		return true
	case a.mayReach(b, needNear) && k.jaroWinkler(a, b, &k.street) >= nearSimilarity:
		return true
	}
	return mayBeLongEdit(a, b) &&
		k.street.of(&k.words.values, a.code).OSA(k.words.values.At(b.code), streetEdits) <= streetEdits
}

func (k *address) jaroWinkler(a, b *word, outer *outerPattern) float64 {
	return outer.of(&k.words.values, a.code).JaroWinkler(k.words.values.At(b.code), nearSimilarity)
}

func mayBeLongEdit(a, b *word) bool {
	return min(a.length, b.length) >= longStreet && a.mayBeWithin(b, streetEdits)
}

func (k *address) mayBeNearPlace(a, b *addressRow) bool {
	if !bothCodes(a.city, b.city) {
		return false
	}
	x, y := k.word(a.city), k.word(b.city)
	return sameSpelling(x, y) || k.words.tokensWithin(x, y) || x.mayReach(y, needNear)
}

// nearPlace tells whether the cities are spellings or misspellings of one.
func (k *address) nearPlace(a, b *addressRow) bool {
	if !bothCodes(a.city, b.city) {
		return false
	}
	x, y := k.word(a.city), k.word(b.city)
	if sameSpelling(x, y) || k.words.tokensWithin(x, y) {
		return true
	}
	return x.mayReach(y, needNear) && k.jaroWinkler(x, y, &k.city) >= nearSimilarity
}

func (k *address) word(code uint32) *word { return &k.words.words[code] }
