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
func (c Address) Bind(t *column.Table) Kernel { return laid(c.bind(t)) }

func (Address) bind(t *column.Table) rowed {
	street, locality, city := t.Column(attribute.Street), t.Column(attribute.Locality), t.Column(attribute.City)
	postcode, region := t.Column(attribute.Postcode), t.Column(attribute.Region)
	if street == nil && locality == nil && city == nil && postcode == nil && region == nil {
		return nil
	}
	house, unit := t.Column(attribute.HouseNumber), t.Column(attribute.Unit)
	words := newWordTable(street, city, locality)
	d := &addressData{
		n: t.N, words: words,
		houseTexts: packAll(house), postcodeTexts: packAll(postcode),
		numbered: house != nil,
		premise:  premises(t), cityCount: sharedCounts(city, &words.codes[1], len(words.words)),
	}
	if postcode != nil {
		d.postcodeCount = postcode.Count
	}
	d.addresses = readAddresses(d, addressReaders{
		streets: slotReader(street), cities: slotReader(city), localities: slotReader(locality),
		houses: slotReader(house), units: slotReader(unit), regions: slotReader(region), postcodes: slotReader(postcode),
	})
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
	n                         int
	words                     *wordTable
	addresses                 rows[addressRow] // by record
	houseTexts, postcodeTexts []packed         // by value
	numbered                  bool             // house numbers are a column of their own
	premise                   *column.Column
	cityCount                 []uint32 // by word
	postcodeCount             []uint32
}

// addressRow is the codes of one address of one record: 32 bytes, two to a
// cache line.
type addressRow struct {
	street, city, locality        uint32 // of words
	house, unit, region, postcode uint32
	premise                       uint32
}

type address struct {
	*addressData
	street, city outerPattern
	records      []uint32      // loaded
	window       []addressView // of their addresses
	touched      uint32
}

func (k *address) movable() movable { return &k.addresses }

// Exact is the levels that codes alone decide.
func (k *address) Exact() uint32 { return 0 }

// of is the addresses of record r.
func (k *address) of(r uint32) []addressRow { return k.addresses.of(r, k.addresses.at(r).premise) }

// Clone shares the features.
func (k *address) Clone() Kernel { return &address{addressData: k.addressData} }

// addressReaders read the parts of a record's addresses.
type addressReaders struct {
	streets, cities, localities       reader
	houses, units, regions, postcodes reader
}

// width is how many addresses record r has.
func (p *addressReaders) width(r uint32) uint32 {
	return max(p.streets.width(r), p.cities.width(r), p.localities.width(r), p.regions.width(r), p.postcodes.width(r))
}

// readAddresses reads the addresses of all records, none where there is nothing
// to compare.
func readAddresses(d *addressData, p addressReaders) rows[addressRow] {
	codes := d.words.codes
	return newRows(d.n, source[addressRow]{width: p.width, at: func(r, s uint32) addressRow {
		row := addressRow{
			street: codes[0].Codes[p.streets.code(r, s)], city: codes[1].Codes[p.cities.code(r, s)],
			locality: codes[2].Codes[p.localities.code(r, s)],
			house:    p.houses.code(r, s), unit: p.units.code(r, s),
			region: p.regions.code(r, s), postcode: p.postcodes.code(r, s),
		}
		if row.street|row.city|row.locality|row.region|row.postcode == 0 {
			return addressRow{}
		}
		if d.premise != nil {
			lo, _ := d.premise.Slots(r)
			row.premise = d.premise.Codes[lo+s]
		}
		return row
	}, mark: func(code uint32) addressRow { return addressRow{premise: code} }, done: func() {
		if d.premise != nil {
			d.premise.Codes, d.premise.Starts = nil, nil // rows have them
		}
	}})
}

func (k *address) ceilingOfSeveral(a, b uint32) Level {
	return bestOf(k.of(a), k.of(b), k.ceiling)
}

// Grade is the best level of any two of the addresses.
func (k *address) Grade(a, b uint32) Level {
	return bestOf(k.of(a), k.of(b), k.grade)
}

// Frequency is the share of records with the agreed part of the address: the
// rarest when several agree at the level.
func (k *address) Frequency(a, b uint32, level Level) float64 {
	rarest := uint32(0)
	as, bs := k.of(a), k.of(b)
	for x := range as {
		for y := range bs {
			if len(as)*len(bs) == 1 || k.grade(&as[x], &bs[y]) == level {
				count := max(k.count(&as[x], level), k.count(&bs[y], level))
				if rarest == 0 || count < rarest {
					rarest = count
				}
			}
		}
	}
	return share(rarest, k.n)
}

// LeastFrequency is the share of the rarest of the record's addresses.
func (k *address) LeastFrequency(a uint32, level Level) float64 {
	return share(rarestOf(k.of(a), func(r *addressRow) uint32 { return k.count(r, level) }), k.n)
}

// count is how many records hold what r has of the level's agreed part, at
// least 1.
func (k *address) count(r *addressRow, level Level) uint32 {
	count := uint32(0)
	switch addressSources[level] {
	case citySource:
		if r.city != 0 {
			count = k.cityCount[r.city]
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
