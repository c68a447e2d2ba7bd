package pipeline

import (
	"strconv"
	"strings"
	"sync"
	"time"

	"concord/schemas/attribute"
	schema "concord/schemas/consent"
	"concord/schemas/table"
)

// circumstances are what the law asks of a person besides their events:
// where they are, and whether they are a child. They are facts of a record;
// a cluster has the union of places and the youngest age.
type circumstances struct {
	records *table.Records
	policy  *schema.Policy
	asOf    int64 // µs since 1970 UTC

	country, region, birth *table.Column
	places                 map[[2]uint32]schema.JurisdictionSet // by country and region, all that occur
	codes                  sync.Map                             // jurisdiction set ─► its codes in one text
	births                 []birth                              // by canonical code of birth
}

// birth is a parsed date of birth. A year alone is read as its last day: the
// youngest the person can be.
type birth struct {
	year  int
	month time.Month
	day   int
}

func newCircumstances(r *table.Records, policy *schema.Policy, asOf time.Time) *circumstances {
	c := &circumstances{
		records: r, policy: policy, asOf: asOf.UnixMicro(),
		country: r.Column(attribute.Country), region: r.Column(attribute.Region), birth: r.Column(attribute.BirthDate),
		places: map[[2]uint32]schema.JurisdictionSet{},
	}
	c.findPlaces()
	if c.birth != nil {
		c.births = make([]birth, c.birth.Canonical.Len())
		for i := range c.births {
			c.births[i] = parseBirth(c.birth.Canonical.At(uint32(i)))
		}
	}
	return c
}

func parseBirth(s string) birth {
	parts := strings.Split(s, "-")
	year, err := strconv.Atoi(parts[0])
	if err != nil {
		return birth{}
	}
	b := birth{year, time.December, 31}
	if len(parts) > 1 {
		if m, err := strconv.Atoi(parts[1]); err == nil && m >= 1 && m <= 12 {
			b.month = time.Month(m)
		}
	}
	if len(parts) > 2 {
		if d, err := strconv.Atoi(parts[2]); err == nil && d >= 1 && d <= 31 {
			b.day = d
		}
	}
	return b
}

// jurisdictions are those of a record's addresses; a record without any gets
// what the policy assumes.
func (c *circumstances) jurisdictions(r uint32) schema.JurisdictionSet {
	if c.country == nil {
		return c.policy.Jurisdiction("")
	}
	var set schema.JurisdictionSet
	lo, hi := c.country.Slots(r)
	for s := lo; s < hi; s++ {
		if k := c.placeOf(s); k[0] != 0 {
			set |= c.places[k]
		}
	}
	if set == 0 {
		set = c.policy.Jurisdiction("")
	}
	return set
}

// placeOf is the country and region of a slot; country 0 is no place.
func (c *circumstances) placeOf(slot uint32) (place [2]uint32) {
	place[0] = c.country.Canon[c.country.Codes[slot]]
	if c.region != nil { // a group: the same slots
		place[1] = c.region.Canon[c.region.Codes[slot]]
	}
	return place
}

// findPlaces looks up the jurisdictions of every place that occurs, so that
// asking for them changes nothing.
func (c *circumstances) findPlaces() {
	if c.country == nil {
		return
	}
	var last [2]uint32
	for s := range c.country.Codes {
		k := c.placeOf(uint32(s))
		if k == last || k[0] == 0 {
			continue
		}
		last = k
		if _, ok := c.places[k]; ok {
			continue
		}
		code := strings.ToUpper(c.country.Canonical.At(k[0]))
		if k[1] != 0 {
			code += "-" + strings.ToUpper(c.region.Canonical.At(k[1]))
		}
		c.places[k] = c.policy.Jurisdiction(code)
	}
}

// minority is a record's, in the jurisdictions given; unknown when it has no
// date of birth.
func (c *circumstances) minority(r uint32, set schema.JurisdictionSet) (m schema.Minority, known bool) {
	if c.birth == nil {
		return schema.Adult, false
	}
	lo, hi := c.birth.Slots(r)
	for s := lo; s < hi; s++ {
		code := c.birth.Canon[c.birth.Codes[s]]
		if code == 0 || c.births[code].year == 0 {
			continue
		}
		b := c.births[code]
		m = max(m, c.policy.Minority(set, b.year, b.month, b.day, c.asOf))
		known = true
	}
	return m, known
}

// jurisdictions are those of all the members.
func (r *run) jurisdictions(members []uint32) (set schema.JurisdictionSet) {
	for _, rec := range members {
		set |= r.people.jurisdictions(rec)
	}
	return set
}

// placesOf are the codes of jurisdictions in one text, such as "DE+US-CA": the
// strictest of them decides.
func (r *run) placesOf(set schema.JurisdictionSet) string {
	text, ok := r.people.codes.Load(set)
	if !ok {
		text = strings.Join(r.policy.Codes(set), "+")
		r.people.codes.Store(set, text)
	}
	return text.(string)
}

// minority is the youngest of the members, and whether any has an age.
func (r *run) minority(members []uint32, set schema.JurisdictionSet) (m schema.Minority, known bool) {
	for _, rec := range members {
		of, has := r.people.minority(rec, set)
		m, known = max(m, of), known || has
	}
	return m, known
}

// minor says it as the profiles table does.
func (r *run) minor(members []uint32, set schema.JurisdictionSet) string {
	switch m, known := r.minority(members, set); {
	case !known:
		return "unknown"
	case m >= schema.Minor:
		return "yes"
	}
	return "no"
}
