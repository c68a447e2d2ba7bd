package main

import (
	"fmt"
	"strings"
)

// country is what names, addresses and telephone numbers look like somewhere.
type country struct {
	code   string // ISO 3166-1 alpha-2
	weight int    // share of the population, percent
	naming naming
	layout layout
	phones plan

	female, male, family, streets, types *table
	cities                               []city
}

// naming is how family names are formed and passed on.
type naming struct {
	latin    bool // written in Latin letters
	two      bool // father's and mother's family names
	patronym bool // a father's name stands between given and family name
	gendered string
	marriage int // chance that a wife takes her husband's name, of 10,000
	middle   int // chance of a middle name, of 10,000
	juniors  bool
	titles   bool // a Dr now and then
}

// layout is the order of a street line.
type layout struct {
	numberFirst bool
	typeFirst   bool
	glued       bool // "Gartenstraße"
	comma       bool // "Calle Mayor, 5"
}

// plan is a numbering plan. Lengths count the digits of the national number
// without trunk prefix.
type plan struct {
	code, trunk string
	mobile      []string // prefixes
	mobileLen   int
	fixedLen    int
}

// city is a city, its region, the shape of its postcodes ('#' a digit, '@' a
// letter) and its telephone area codes.
type city struct {
	name, region term
	postcode     string
	areas        []string
	jurisdiction string // ISO 3166-1, of the United States 3166-2
}

var plans = []country{
	{code: "US", weight: 30, naming: naming{latin: true, marriage: 7000, middle: 7000, juniors: true, titles: true},
		layout: layout{numberFirst: true}, phones: plan{"1", "", nil, 10, 10}},
	{code: "GB", weight: 16, naming: naming{latin: true, marriage: 6500, middle: 6500, titles: true},
		layout: layout{numberFirst: true}, phones: plan{"44", "0", []string{"74", "75", "77", "78", "79"}, 10, 10}},
	{code: "DE", weight: 14, naming: naming{latin: true, marriage: 6500, middle: 800, titles: true},
		layout: layout{glued: true}, phones: plan{"49", "0", []string{"151", "152", "157", "160", "170", "171", "172", "175", "176", "179"}, 11, 10}},
	{code: "FR", weight: 9, naming: naming{latin: true, marriage: 6000, middle: 1500},
		layout: layout{numberFirst: true, typeFirst: true}, phones: plan{"33", "0", []string{"6"}, 9, 9}},
	{code: "ES", weight: 6, naming: naming{latin: true, two: true},
		layout: layout{typeFirst: true, comma: true}, phones: plan{"34", "", []string{"60", "61", "62", "63", "64", "65", "66", "67"}, 9, 9}},
	{code: "MX", weight: 6, naming: naming{latin: true, two: true},
		layout: layout{typeFirst: true}, phones: plan{"52", "", nil, 10, 10}},
	{code: "BG", weight: 5, naming: naming{gendered: "bg", marriage: 6000},
		layout: layout{typeFirst: true}, phones: plan{"359", "0", []string{"87", "88", "89"}, 9, 8}},
	{code: "UA", weight: 4, naming: naming{gendered: "ua", marriage: 6000},
		layout: layout{typeFirst: true, comma: true}, phones: plan{"380", "0", []string{"50", "63", "66", "67", "68", "93", "95", "96", "97", "98"}, 9, 9}},
	{code: "GR", weight: 5, naming: naming{gendered: "gr"},
		layout: layout{typeFirst: true}, phones: plan{"30", "", []string{"693", "694", "697", "698"}, 10, 10}},
	{code: "EG", weight: 3, naming: naming{patronym: true},
		layout: layout{numberFirst: true, typeFirst: true}, phones: plan{"20", "0", []string{"10", "11", "12"}, 10, 9}},
	{code: "AE", weight: 2, naming: naming{patronym: true},
		layout: layout{typeFirst: true}, phones: plan{"971", "0", []string{"50", "52", "54", "55", "56"}, 9, 8}},
}

// loadCountries reads the data of every country.
func loadCountries() ([]*country, error) {
	var all []*country
	for i := range plans {
		c := plans[i]
		if err := c.load(); err != nil {
			return nil, fmt.Errorf("data of country %s: %w", c.code, err)
		}
		all = append(all, &c)
	}
	return all, nil
}

func (c *country) load() error {
	parts, err := sections(strings.ToLower(c.code) + ".txt")
	if err != nil {
		return err
	}
	for _, t := range []struct {
		name string
		to   **table
	}{{"female", &c.female}, {"male", &c.male}, {"family", &c.family}, {"street", &c.streets}, {"type", &c.types}} {
		if *t.to, err = parts[t.name].table(); err != nil {
			return fmt.Errorf("section %s: %w", t.name, err)
		}
	}
	c.family.compose(parts["head"], parts["tail"])
	for _, line := range parts["city"] {
		f := strings.Split(line, "|")
		if len(f) != 4 {
			return fmt.Errorf("section city: %d fields in a line, want 4", len(f))
		}
		place := city{
			name: parseTerm(f[0]), region: parseTerm(f[1]),
			postcode: strings.TrimSpace(f[2]), areas: strings.Fields(f[3]), jurisdiction: c.code,
		}
		if c.code == "US" {
			place.jurisdiction += "-" + place.region.native
		}
		c.cities = append(c.cities, place)
	}
	return nil
}

func (c *country) given(female bool) *table {
	if female {
		return c.female
	}
	return c.male
}
