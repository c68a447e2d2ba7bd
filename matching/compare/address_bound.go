package compare

import (
	"sync"

	"concord/matching/column"
	"concord/matching/compare/strsim"
)

// addressView is what of a record's address its level is bounded by, streets and
// cities being taken to differ unless their words may be alike.
type addressView struct {
	streetSign, citySign         strsim.Signature
	postcodeText                 packed
	street, city, locality       uint32 // of words; street is marked for one of several
	region, postcode, house      uint32
	streetSpelling, citySpelling uint32
	streetTokens, cityTokens     uint32
	streetFirst, cityFirst       uint8 // bytes
	streetLength, cityLength     uint8
}

// Load looks up the words of the records' addresses.
func (k *address) Load(records []uint32) {
	k.records, k.window = records, resize(k.window, len(records))
	words, sum := k.words.words, uint32(0)
	for _, r := range records { // as for names
		sum += k.addresses.at(r).street
	}
	for _, r := range records {
		row := k.addresses.at(r)
		sum += words[row.street].code + words[row.city].code
	}
	k.touched = sum
	for i, r := range records {
		row, v := k.addresses.at(r), &k.window[i]
		street, city := &words[row.street], &words[row.city]
		*v = addressView{
			streetSign: street.sign, citySign: city.sign, postcodeText: k.postcodeTexts[row.postcode],
			street: row.street | row.premise&marked, city: row.city, locality: row.locality,
			region: row.region, postcode: row.postcode, house: row.house,
			streetSpelling: street.spelling, citySpelling: city.spelling,
			streetTokens: street.tokens, cityTokens: city.tokens,
			streetFirst: uint8(street.head), cityFirst: uint8(city.head),
			streetLength: street.length, cityLength: city.length,
		}
		if !k.numbered { // the number is part of the street
			v.house = uint32(some(row.street))
		}
	}
}

// streetLimits leave open what mayBeNearStreet does by letters, placeLimits what
// mayBeNearPlace does.
var (
	streetLimits = sync.OnceValue(func() *strsim.Limits {
		return strsim.NewLimits(func(la, lb int, alike bool) int {
			most := nearBits(la, lb, alike)
			if min(la, lb) >= longStreet {
				most = max(most, strsim.EditBits(la, lb, streetEdits))
			}
			return most
		})
	})
	placeLimits = sync.OnceValue(func() *strsim.Limits { return strsim.NewLimits(nearBits) })
)

// nearBits is how many bits of signatures may differ for words to be near.
func nearBits(la, lb int, alike bool) int {
	if alike {
		return needNear.Bits(la, lb, maxLetters)
	}
	return needNear.Bits(la, lb, 0)
}

// outerAddress is an address that others are compared with.
type outerAddress struct {
	*addressView
	streetLimits, cityLimits *strsim.Row
}

func (a *outerAddress) set(v *addressView) {
	*a = outerAddress{
		addressView: v, streetLimits: streetLimits().Of(int(v.streetLength)), cityLimits: placeLimits().Of(int(v.cityLength)),
	}
}

// towns is 1 where a locality of the one is a town of the other, else 0.
func (a *outerAddress) towns(b *addressView) int {
	return agree(a.locality, b.locality) | agree(a.city, b.locality) | agree(a.locality, b.city)
}

// streetMayBeNear tells whether the streets may be equal or nearly so.
func (a *outerAddress) streetMayBeNear(b *addressView) bool {
	return mayBeLike(a.streetSign, b.streetSign, a.streetFirst, b.streetFirst, b.streetLength, a.streetLimits) ||
		a.streetSpelling == b.streetSpelling || oneWithin(a.streetTokens, b.streetTokens)
}

// cityMayBeNear tells whether the cities may be nearly equal.
func (a *outerAddress) cityMayBeNear(b *addressView) bool {
	return mayBeLike(a.citySign, b.citySign, a.cityFirst, b.cityFirst, b.cityLength, a.cityLimits) ||
		a.citySpelling == b.citySpelling || oneWithin(a.cityTokens, b.cityTokens)
}

// oneWithin tells whether all bits of one set, which is not empty, stand in the
// other.
func oneWithin(a, b uint32) bool { return (a&^b == 0 || b&^a == 0) && a&b != 0 }

// Ceilings are the best levels that any two of the addresses may reach. Of most,
// the streets differ, and codes tell the rest.
func (k *address) Ceilings(pairs []column.Pair, out []Level) {
	window := k.window
	var a outerAddress
	outer := ^uint32(0)
	for i, p := range pairs {
		if p.A != outer || a.addressView == nil {
			outer = p.A
			a.set(&window[p.A])
		}
		b := &window[p.B]
		place, bothPlaces := agree(a.postcode, b.postcode)|agree(a.city, b.city)<<1, both(a.postcode, b.postcode)|both(a.city, b.city)
		if a.locality|b.locality != 0 {
			place |= a.towns(b) << 1
			bothPlaces |= both(a.city|a.locality, b.city|b.locality)
		}
		if (a.street|b.street)&marked != 0 || both(a.street, b.street) != 0 && a.streetMayBeNear(b) ||
			place == 0 && both(a.city, b.city) != 0 && a.cityMayBeNear(b) {
			out[i] = k.ceilingOf(k.records[p.A], k.records[p.B])
			continue
		}
		if place == 0 && slip(a.postcodeText, b.postcodeText) {
			place = nearPlace
		}
		out[i] = differentStreets[place|agree(a.region, b.region)<<3|both(a.region, b.region)<<4|
			bothPlaces<<5|agree(a.house, b.house)<<6|both(a.street, b.street)<<7]
	}
}

// both is 1 where neither code is null, else 0.
func both(x, y uint32) int { return some(x) & some(y) }

// agree is 1 where two codes are equal and not null, else 0.
func agree(x, y uint32) int { return some(x) &^ some(x^y) }

// nearPlace is the bit of an index of differentStreets that says that the postal
// codes are nearly equal.
const nearPlace = 1 << 2

// differentStreets is the level of two addresses without localities whose
// streets differ or are missing, by what codes tell.
var differentStreets = func() (levels [1 << 8]Level) {
	for i := range levels {
		bit := func(k int) bool { return i>>k&1 != 0 }
		p := addressParts{
			samePostcode: bit(0), sameCity: bit(1), sameRegion: bit(3), regionsKnown: bit(4), noPlace: !bit(5),
			noHouse: !bit(6), house: equal, noStreet: !bit(7),
		}
		switch {
		case p.samePostcode || p.sameCity:
			p.place = equal
		case bit(2):
			p.place = close
		}
		levels[i] = p.level()
	}
	return levels
}()

// ceilingOf is the best that any two of the records' addresses may reach.
func (k *address) ceilingOf(a, b uint32) Level {
	x, y := k.addresses.at(a), k.addresses.at(b)
	if (x.premise|y.premise)&marked != 0 {
		return k.ceilingOfSeveral(a, b)
	}
	return k.ceiling(x, y)
}
