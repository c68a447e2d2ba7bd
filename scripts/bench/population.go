package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"time"
)

// fields are the columns of a generated record, in Parquet order. Values are
// as Concord's normalizers would leave them: lower case, ISO dates, E.164
// numbers. "" is null.
var fields = []string{"given_name", "family_name", "birth_date", "email", "phone", "street", "city"}

const (
	given = iota
	family
	birth
	email
	phone
	street
	city
	fieldCount
)

// person is the values of one record, by field.
type person [fieldCount]string

// population draws people and the records that systems hold of them: names by
// their frequency with a tail of rare ones, households, several records of a
// person with misspelt, missing and changed values.
type population struct {
	rnd            *rand.Rand
	given, family  *frequencies
	cities, places []string
	last           person // of the entity before, for households
}

func newPopulation(root string, seed uint64) (*population, error) {
	tables := filepath.Join(root, "schemas", "names")
	g, err := readFrequencies(filepath.Join(tables, "given.txt"))
	if err != nil {
		return nil, err
	}
	f, err := readFrequencies(filepath.Join(tables, "family.txt"))
	if err != nil {
		return nil, err
	}
	p := &population{rnd: rand.New(rand.NewPCG(seed, 0)), given: g, family: f}
	for range 2000 {
		p.cities = append(p.cities, f.any(p.rnd)+pick(p.rnd, "ton", "ville", "field", "burg", " springs", "ford", " city"))
	}
	for range 6000 {
		p.places = append(p.places, f.any(p.rnd)+pick(p.rnd, " st", " st", " ave", " rd", " dr", " ln", " ct", " blvd"))
	}
	return p, nil
}

func pick(rnd *rand.Rand, of ...string) string { return of[rnd.IntN(len(of))] }

// chance is true once in n draws, on average.
func (p *population) chance(oneIn int) bool { return p.rnd.IntN(oneIn) == 0 }

// records draws n records in random order.
func (p *population) records(n int) []person {
	out := make([]person, 0, n)
	for len(out) < n {
		who := p.entity()
		for range min(p.copies(), n-len(out)) {
			out = append(out, p.record(who))
		}
	}
	p.rnd.Shuffle(n, func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// copies is how many records a person has: most one or two, a few ten.
func (p *population) copies() int {
	n := 1
	for n < 10 && p.rnd.IntN(100) < 40 {
		n++
	}
	return n
}

// entity draws a person. One in four lives with the one before.
func (p *population) entity() person {
	var who person
	who[given], who[family] = p.given.draw(p.rnd), p.familyName()
	born := time.Date(1936, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, p.rnd.IntN(73*365))
	who[birth] = born.Format(time.DateOnly)
	p.settle(&who)
	if p.last[family] != "" && p.chance(4) {
		who[family], who[street], who[city] = p.last[family], p.last[street], p.last[city]
		if p.chance(2) {
			who[phone] = p.last[phone]
		}
	}
	who[email] = p.address(who, born.Year())
	p.last = who
	return who
}

// familyName is a common one, or once in five a rare one made of two: the
// table ends where one American in five is yet to come.
func (p *population) familyName() string {
	name := p.family.draw(p.rnd)
	if !p.chance(5) {
		return name
	}
	end := p.family.any(p.rnd)
	return name[:min(len(name), 3+p.rnd.IntN(3))] + end[max(0, len(end)-3-p.rnd.IntN(2)):]
}

// settle gives a person a city, a street and a telephone number there. The
// k-th city is as large as 1/(k+10).
func (p *population) settle(who *person) {
	n := float64(len(p.cities))
	// The inverse of the integral of 1/(x+10) from 0 to k.
	k := min(int(10*math.Pow((n+10)/10, p.rnd.Float64())-10), len(p.cities)-1)
	who[city] = p.cities[k]
	who[street] = fmt.Sprintf("%d %s", 1+p.rnd.IntN(1+p.rnd.IntN(4000)), p.places[p.rnd.IntN(len(p.places))])
	who[phone] = fmt.Sprintf("+1%03d%07d", 201+k%780, p.rnd.IntN(10_000_000))
}

func (p *population) address(who person, year int) string {
	name := ""
	switch p.rnd.IntN(5) {
	case 0:
		name = who[given] + "." + who[family]
	case 1:
		name = fmt.Sprintf("%s%s%d", who[given], who[family], p.rnd.IntN(100))
	case 2:
		name = fmt.Sprintf("%c%s%d", who[given][0], who[family], year)
	case 3:
		name = fmt.Sprintf("%s.%s%02d", who[family], who[given], year%100)
	default:
		name = fmt.Sprintf("%s_%d", who[given], p.rnd.IntN(100_000))
	}
	return name + "@" + pick(p.rnd, "gmail.com", "gmail.com", "gmail.com", "gmail.com", "yahoo.com", "yahoo.com",
		"hotmail.com", "outlook.com", "aol.com", "icloud.com", "comcast.net")
}
