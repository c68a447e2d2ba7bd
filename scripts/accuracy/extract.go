package main

import (
	"fmt"
	"path/filepath"
	"strings"
)

// system is one of the systems that hold the people of a town.
type system struct {
	name   string
	fields []string // the columns it has
	share  float64  // of people that it holds
	twice  float64  // share of those that it holds twice
}

// madeSet is a town, its extracts and the mapping a data engineer would
// write.
type madeSet struct {
	name    string
	people  int
	seed    uint64
	systems []system
	fields  string // as of a set
}

const personFields = `
first: given_name
middle: middle_name
last: family_name
suffix: name_suffix
full: full_name
dob: {as: birth_date, date_order: ymd}
sex: sex
street: street_address
city: city
state: region
zip: postcode
email: email
phone: phone
ssn: {as: identifier, kind: ssn}`

// made is a set written to a directory.
type made struct {
	set
	owner map[string]int // person by CHANNEL/KEY
	town  *town
}

// write draws the town and writes its extracts and truth below dir.
func (m *madeSet) write(dir string) (*made, error) {
	t := newTown(m.seed, m.people)
	out := &made{town: t, owner: map[string]int{}}
	out.set = set{name: m.name, truth: "truth.csv", key: "id", region: "US", fields: m.fields, channels: map[string]string{}}
	truth := [][]string{{"source", "record_id", "entity_id"}}
	for _, s := range m.systems {
		rows := [][]string{append([]string{"id"}, s.fields...)}
		for i := range t.people {
			if !t.is(s.share) {
				continue
			}
			for range 1 + map[bool]int{true: 1}[t.is(s.twice)] {
				key := fmt.Sprintf("%s%d", s.name[:1], len(rows))
				rows = append(rows, append([]string{key}, t.record(&t.people[i], s.fields)...))
				truth = append(truth, []string{s.name, key, fmt.Sprint(i)})
				out.owner[s.name+"/"+key] = i
			}
		}
		out.channels[s.name] = s.name + ".csv"
		if err := writeCSV(filepath.Join(dir, s.name+".csv"), rows); err != nil {
			return nil, err
		}
	}
	return out, writeCSV(filepath.Join(dir, "truth.csv"), truth)
}

// record is what a system noted of a person.
func (t *town) record(p *person, fields []string) []string {
	given, family, h := p.given, p.family, p.homes[t.rand.IntN(len(p.homes))]
	if t.is(pNickname) {
		given = t.nickname(given)
	}
	if p.maiden != "" && t.is(0.5) {
		family = p.maiden
	}
	out := make([]string, len(fields))
	for i, field := range fields {
		v := t.value(p, field, given, family, &h)
		if field != "full" && field != "last" && field != "first" && t.is(pMissing) {
			v = ""
		}
		if field != "dob" && field != "ssn" && field != "sex" && field != "state" && t.is(pTypo) {
			v = t.typo(v)
		}
		out[i] = v
	}
	return out
}

func (t *town) value(p *person, field, given, family string, h *home) string {
	switch field {
	case "first":
		return title(given)
	case "last":
		return title(family)
	case "full":
		if t.is(0.3) {
			return title(family) + ", " + title(given)
		}
		return title(given) + " " + title(family)
	case "middle":
		if t.is(0.5) {
			return title(p.middle[:1])
		}
		return title(p.middle)
	case "suffix":
		if t.is(0.3) {
			return ""
		}
		return p.suffix
	case "sex":
		return p.sex
	case "dob":
		return t.birth(p)
	case "street":
		return h.street
	case "city":
		return h.city
	case "state":
		return h.region
	case "zip":
		return h.postcode
	case "ssn":
		return t.ssn(p)
	}
	return t.contact(p, field, h)
}

func (t *town) birth(p *person) string {
	b := p.birth
	switch {
	case t.is(pFiller):
		return "1900-01-01"
	case t.is(pSlip) && b[2] <= 12:
		b[1], b[2] = b[2], b[1]
	case t.is(pSlip):
		b[2] = b[2]%28 + 1
	}
	return fmt.Sprintf("%d-%02d-%02d", b[0], b[1], b[2])
}

// ssn is the person's, mistyped or one of the household's at times.
func (t *town) ssn(p *person) string {
	digits := []byte(p.ssn)
	switch {
	case t.is(pSlip):
		return "000-00-0000"
	case t.is(pSlip):
		digits[len(digits)-1] = '0' + (digits[len(digits)-1]-'0'+1)%10
	}
	return string(digits)
}

// contact is an e-mail address or a telephone number: one's own, the
// household's, the office's, or a filler.
func (t *town) contact(p *person, field string, h *home) string {
	atWork := p.office >= 0 && t.is(0.5)
	if field == "phone" {
		switch {
		case t.is(pFiller):
			return "0000000000"
		case atWork:
			return t.offices[p.office].phone
		case t.is(pSharedPhone):
			return h.phone
		}
		return p.phone
	}
	switch {
	case t.is(pFiller):
		return "test@test.com"
	case atWork:
		return t.offices[p.office].mailbox
	case p.email2 != "" && t.is(0.5):
		return p.email2
	}
	return p.email
}

func title(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// typo drops, doubles, swaps or changes a character.
func (t *town) typo(s string) string {
	if len(s) < 4 {
		return s
	}
	i := 1 + t.rand.IntN(len(s)-2)
	switch t.rand.IntN(4) {
	case 0:
		return s[:i] + s[i+1:]
	case 1:
		return s[:i] + s[i:i+1] + s[i:]
	case 2:
		return s[:i-1] + s[i:i+1] + s[i-1:i] + s[i+1:]
	}
	return s[:i] + string(rune('a'+t.rand.IntN(26))) + s[i+1:]
}
