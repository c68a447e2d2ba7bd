package compare

// The levels of the address comparison, worst first. People move, and the
// people of one household share an address: disagreement says little, and
// agreement less than its rarity suggests, which training finds out.
const (
	addressRegion Level = Else + 1 + iota
	addressNearby
	addressCity
	addressPostcode
	addressHousePlace
	addressStreet
	addressElsewhere
	addressNoHouse
	addressNear
	addressOtherUnit
	addressExact
	addressLevelCount
)

var addressLevels = []LevelSpec{
	Null:              {"null", "no part of the addresses can be compared", false},
	Else:              {"else", "the addresses differ", false},
	addressRegion:     {"region", "the region is equal", false},
	addressNearby:     {"place_near", "city or postal code are nearly equal", false},
	addressCity:       {"city", "city or locality are equal", true},
	addressPostcode:   {"postcode", "the postal codes are equal", true},
	addressHousePlace: {"house_and_place", "house number and place are equal, the streets differ", false},
	addressStreet:     {"street_and_place", "street and place are equal or nearly so, the house numbers differ", false},
	addressElsewhere:  {"house_and_street", "house number and street are equal, the places differ", true},
	addressNoHouse:    {"street_house_missing", "street and place are equal or nearly so, a house number is missing", false},
	addressNear:       {"near", "house number and street are equal or nearly so, in one place", false},
	addressOtherUnit:  {"other_unit", "house number, street and place are equal, the units differ", true},
	addressExact:      {"exact", "house number and street are equal and the places do not differ", true},
}

// addressParts is how well the parts of two addresses agree.
type addressParts struct {
	street                   part
	house                    part
	place                    part
	noStreet, noHouse        bool // missing on a side
	noPlace                  bool // no part of the place can be compared
	otherUnit                bool
	sameCity, samePostcode   bool
	sameRegion, regionsKnown bool
}

// null tells whether nothing can be compared. House numbers alone are nothing.
func (p *addressParts) null() bool { return p.noStreet && p.noPlace && !p.regionsKnown }

// level grows with street, house and place, so that a ceiling of each gives a
// ceiling of the level.
func (p *addressParts) level() Level {
	if p.null() {
		return Null
	}
	return max(p.streetLevel(), p.placeLevel())
}

// streetLevel is the best level that the street has a part in.
func (p *addressParts) streetLevel() Level {
	placeAgrees := !p.noPlace && p.place >= close
	placeOpen := p.noPlace || placeAgrees
	street := !p.noStreet && p.street >= near
	house := !p.noHouse && p.house >= near
	exact := street && house && p.street == equal && p.house == equal
	switch {
	case exact && placeOpen && !p.otherUnit:
		return addressExact
	case exact && placeOpen:
		return addressOtherUnit
	case exact:
		return addressElsewhere
	case street && house && placeOpen:
		return addressNear
	case street && p.noHouse && (placeAgrees || placeOpen && p.street == equal):
		return addressNoHouse
	case street && placeAgrees:
		return addressStreet
	case !p.noHouse && p.house == equal && !p.noPlace && p.place == equal:
		return addressHousePlace
	}
	return Else
}

// nearStreetMatters tells whether a street that is nearly equal could be worth
// more than one that differs: in another place only an equal one is.
func (p *addressParts) nearStreetMatters() bool { return p.noPlace || p.place >= close }

// placeLevel is the best level of the place alone.
func (p *addressParts) placeLevel() Level {
	switch {
	case p.samePostcode:
		return addressPostcode
	case p.sameCity:
		return addressCity
	case !p.noPlace && p.place >= close:
		return addressNearby
	case p.sameRegion:
		return addressRegion
	}
	return Else
}

// addressSource tells whose frequency measures agreement at a level.
type addressSource uint8

const (
	noAddressSource addressSource = iota
	citySource
	postcodeSource
	premiseSource // house number and street
)

var addressSources = [addressLevelCount]addressSource{
	addressCity: citySource, addressPostcode: postcodeSource,
	addressElsewhere: premiseSource, addressOtherUnit: premiseSource, addressExact: premiseSource,
}
