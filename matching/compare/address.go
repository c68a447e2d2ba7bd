package compare

import (
	"concord/matching/column"
	"concord/schemas/attribute"
)

// Address compares postal addresses, any of which may agree: house number,
// street, unit, locality, city, region and postal code as one.
type Address struct{}

// Name is "address".
func (Address) Name() string { return "address" }

// Description is one sentence.
func (Address) Description() string {
	return "postal addresses, their parts compared as one: house number, street, unit, place, region"
}

// Attributes are the parts of an address.
func (Address) Attributes() []attribute.Name {
	return []attribute.Name{
		attribute.HouseNumber, attribute.Street, attribute.Unit, attribute.Locality,
		attribute.City, attribute.Region, attribute.Postcode,
	}
}

// Levels lists the levels, worst first.
func (Address) Levels() []LevelSpec { return addressLevels }

// Bind needs a street, a place or a region.
func (Address) Bind(t *column.Table) Kernel {
	street, locality, city := t.Column(attribute.Street), t.Column(attribute.Locality), t.Column(attribute.City)
	postcode, region := t.Column(attribute.Postcode), t.Column(attribute.Region)
	if street == nil && locality == nil && city == nil && postcode == nil && region == nil {
		return nil
	}
	house, unit := t.Column(attribute.HouseNumber), t.Column(attribute.Unit)
	words := newWordTable(street, city, locality)
	d := &addressData{
		n: t.N, words: words,
		streets: slotReader(street), cities: slotReader(city), localities: slotReader(locality),
		houses: slotReader(house), units: slotReader(unit), regions: slotReader(region), postcodes: slotReader(postcode),
		houseTexts: packAll(house), postcodeTexts: packAll(postcode),
		numbered: house != nil,
		premise:  premises(t), cityCount: sharedCounts(city, &words.codes[1], len(words.words)),
	}
	if postcode != nil {
		d.postcodeCount = postcode.Count
	}
	return &address{addressData: d}
}

// premises are the combinations of house number and street; streets alone
// where the data number no houses apart.
func premises(t *column.Table) *column.Column {
	parts := []column.Part{{Name: attribute.Street}}
	if t.Column(attribute.HouseNumber) != nil {
		parts = append(parts, column.Part{Name: attribute.HouseNumber})
	}
	return t.Combined(false, parts...)
}

func packAll(c *column.Column) []packed {
	if c == nil {
		return []packed{0}
	}
	out := make([]packed, max(c.Values.Len(), 1))
	for v := 1; v < len(out); v++ {
		out[v] = pack(c.Values.At(uint32(v)))
	}
	return out
}

// addressData is what all clones share, read-only.
type addressData struct {
	n                           int
	words                       *wordTable
	streets, cities, localities reader
	houses, units, regions      reader
	postcodes                   reader
	houseTexts, postcodeTexts   []packed // by value
	numbered                    bool     // house numbers are a column of their own
	premise                     *column.Column
	cityCount                   []uint32 // by word
	postcodeCount               []uint32
}

// addressRow is one address of one record.
type addressRow struct {
	street, city                  word
	locality                      uint32 // word code
	house, unit, region, postcode uint32
	premise                       uint32
	houseText, postcodeText       packed
}

type address struct {
	*addressData
	slots
	rows         []addressRow
	street, city outerPattern
}

// Clone shares the features.
func (k *address) Clone() Kernel { return &address{addressData: k.addressData} }

// Load gathers the addresses of rows.
func (k *address) Load(rows []uint32) {
	k.begin()
	k.rows = k.rows[:0]
	for _, r := range rows {
		for s := range k.width(r) {
			if row, ok := k.row(r, s); ok {
				k.rows = append(k.rows, row)
			}
		}
		k.end(len(k.rows))
	}
}

// width is how many addresses record r has.
func (d *addressData) width(r uint32) uint32 {
	return max(d.streets.width(r), d.cities.width(r), d.localities.width(r), d.regions.width(r), d.postcodes.width(r))
}

// row is address s of record r, false when there is nothing to compare in it.
func (d *addressData) row(r, s uint32) (addressRow, bool) {
	codes := d.words.codes
	row := addressRow{
		street:   d.words.words[codes[0].Codes[d.streets.code(r, s)]],
		city:     d.words.words[codes[1].Codes[d.cities.code(r, s)]],
		locality: codes[2].Codes[d.localities.code(r, s)],
		house:    d.houses.code(r, s), unit: d.units.code(r, s),
		region: d.regions.code(r, s), postcode: d.postcodes.code(r, s),
	}
	if row.street.code|row.city.code|row.locality|row.region|row.postcode == 0 {
		return addressRow{}, false
	}
	row.houseText, row.postcodeText = d.houseTexts[row.house], d.postcodeTexts[row.postcode]
	if d.premise != nil {
		lo, _ := d.premise.Slots(r)
		row.premise = d.premise.Codes[lo+s]
	}
	return row, true
}

// Outer makes position i the left side.
func (k *address) Outer(i int) { k.outer(i) }

// Ceiling is the best level that any two of the addresses may reach.
func (k *address) Ceiling(j int) Level {
	best := Null
	lo, hi := k.of(j)
	for o := k.outerLo; o < k.outerHi; o++ {
		for s := lo; s < hi; s++ {
			best = max(best, k.ceiling(&k.rows[o], &k.rows[s]))
		}
	}
	return best
}

// Grade is the best level of any two of the addresses.
func (k *address) Grade(j int) Level {
	best := Null
	lo, hi := k.of(j)
	for o := k.outerLo; o < k.outerHi; o++ {
		for s := lo; s < hi; s++ {
			best = max(best, k.grade(&k.rows[o], &k.rows[s]))
		}
	}
	return best
}

// Frequency is the share of records with the agreed part of the address: the
// rarest when several agree at the level.
func (k *address) Frequency(j int, level Level) float64 {
	rarest := uint32(0)
	lo, hi := k.of(j)
	single := k.outerHi-k.outerLo == 1 && hi-lo == 1
	for o := k.outerLo; o < k.outerHi; o++ {
		for s := lo; s < hi; s++ {
			if single || k.grade(&k.rows[o], &k.rows[s]) == level {
				count := max(k.count(&k.rows[o], level), k.count(&k.rows[s], level))
				if rarest == 0 || count < rarest {
					rarest = count
				}
			}
		}
	}
	return share(rarest, k.n)
}

// OuterFrequency is the share of the rarest of the outer record's addresses.
func (k *address) OuterFrequency(level Level) float64 {
	rarest := uint32(0)
	for o := k.outerLo; o < k.outerHi; o++ {
		if count := k.count(&k.rows[o], level); rarest == 0 || count < rarest {
			rarest = count
		}
	}
	return share(rarest, k.n)
}

// count is how many records hold what r has of the level's agreed part, at
// least 1.
func (k *address) count(r *addressRow, level Level) uint32 {
	count := uint32(0)
	switch addressSources[level] {
	case citySource:
		if r.city.code != 0 {
			count = k.cityCount[r.city.code]
		}
	case postcodeSource:
		if r.postcode != 0 {
			count = k.postcodeCount[r.postcode]
		}
	case premiseSource:
		if r.premise != 0 {
			count = k.premise.Count[r.premise]
		}
	}
	return max(count, 1)
}

// Coincidence implements [Coincident].
func (k *address) Coincidence(level Level) float64 {
	switch addressSources[level] {
	case citySource:
		return coincidence(k.cityCount, k.n)
	case postcodeSource:
		return coincidence(k.postcodeCount, k.n)
	case premiseSource:
		if k.premise != nil {
			return coincidence(k.premise.Count, k.n)
		}
	}
	return 0
}
