package score

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"concord/matching/block"
	"concord/matching/column"
	"concord/matching/compare"
	"concord/schemas/attribute"
)

// person is one synthetic record.
type person struct{ given, family, birth, email, phone, house, street, city, postcode string }

// population draws n records, three in ten of them copies of an earlier one
// with errors. Names follow Zipf's law, as names do.
func population(n int) []person {
	rnd := rand.New(rand.NewPCG(1, 2))
	given, family := names(rnd, 3000), names(rnd, 30000)
	givens, families := rand.NewZipf(rnd, 1.2, 8, 2999), rand.NewZipf(rnd, 1.1, 12, 29999)
	people := make([]person, 0, n)
	for len(people) < n {
		if len(people) > 0 && rnd.IntN(10) < 3 {
			people = append(people, people[rnd.IntN(len(people))].copied(rnd))
			continue
		}
		area := rnd.IntN(800)
		p := person{
			given: given[givens.Uint64()], family: family[families.Uint64()],
			birth: fmt.Sprintf("%04d-%02d-%02d", 1935+rnd.IntN(70), 1+rnd.IntN(12), 1+rnd.IntN(28)),
			phone: fmt.Sprintf("+1%010d", 2000000000+rnd.Int64N(8000000000)),
			house: fmt.Sprint(1 + rnd.IntN(200)), street: family[rnd.IntN(4000)] + " street",
			city: family[area/4], postcode: fmt.Sprintf("%05d", 10000+area*7),
		}
		p.email = fmt.Sprintf("%s.%s%d@mail%d.example", p.given, p.family, rnd.IntN(100), rnd.IntN(20))
		people = append(people, p)
	}
	return people
}

func names(rnd *rand.Rand, n int) []string {
	syllables := []string{"an", "ber", "cor", "da", "el", "fi", "gar", "hen", "is", "jo", "ka", "lu", "ma", "nor", "os", "pe", "ri", "sa", "to", "ul", "vi", "wen"}
	out := make([]string, n)
	for i := range out {
		for range 2 + rnd.IntN(3) {
			out[i] += syllables[rnd.IntN(len(syllables))]
		}
	}
	return out
}

// copied is p with some fields misspelt, missing or changed.
func (p person) copied(rnd *rand.Rand) person {
	for _, field := range []*string{&p.given, &p.family, &p.email, &p.street, &p.city} {
		switch v := *field; {
		case v == "":
		case rnd.IntN(5) == 0:
			at := rnd.IntN(len(v))
			*field = v[:at] + "e" + v[at+1:]
		case rnd.IntN(8) == 0:
			*field = ""
		}
	}
	if rnd.IntN(3) == 0 {
		p.phone = ""
	}
	return p
}

// benchmarkData is the default comparisons, with plausible parameters, over
// n synthetic records and their proposed plan.
func benchmarkData(t testing.TB, n int) (*Scorer, *block.Plan) {
	table := &column.Table{N: n, Source: make([]uint16, n), Hash: make([]uint64, n)}
	people := population(n)
	add := func(name attribute.Name, get func(p *person) string) {
		c := column.Column{Name: name, Codes: make([]uint32, n), Count: []uint32{0}}
		c.Values.Append("")
		codes := map[string]uint32{"": 0}
		for r := range people {
			v := get(&people[r])
			if _, ok := codes[v]; !ok {
				codes[v] = c.Values.Append(v)
				c.Count = append(c.Count, 0)
			}
			c.Codes[r] = codes[v]
			c.Count[codes[v]]++
		}
		table.Columns = append(table.Columns, c)
	}
	add(attribute.GivenName, func(p *person) string { return p.given })
	add(attribute.FamilyName, func(p *person) string { return p.family })
	add(attribute.Email, func(p *person) string { return p.email })
	add(attribute.Phone, func(p *person) string { return p.phone })
	add(attribute.HouseNumber, func(p *person) string { return p.house })
	add(attribute.Street, func(p *person) string { return p.street })
	add(attribute.City, func(p *person) string { return p.city })
	add(attribute.Postcode, func(p *person) string { return p.postcode })
	add(attribute.BirthDate, func(p *person) string { return p.birth })
	for r := range n {
		table.Hash[r] = uint64(r+1) * 0x9e3779b97f4a7c15
	}
	plan, _, err := block.Propose(table, 0, block.Options{})
	if err != nil {
		t.Fatal(err)
	}
	params := Params{Prior: -20}
	comparators := compare.Default(table)
	kernels, _, err := compare.Bind(table, comparators, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, comparator := range comparators {
		params.Comparisons = append(params.Comparisons, plausible(comparator))
	}
	s, err := New(kernels, params, n, 0)
	if err != nil {
		t.Fatal(err)
	}
	return s, plan
}

// plausible gives each level weights that rise evenly from -5 to +12 bits.
func plausible(comparator compare.Comparator) Comparison {
	specs := comparator.Levels()
	c := Comparison{Name: comparator.Name(), Levels: make([]Level, len(specs))}
	for l := 1; l < len(specs); l++ {
		weight := -5 + 17*float64(l-1)/float64(max(1, len(specs)-2))
		c.Levels[l] = Level{Label: specs[l].Label, Description: specs[l].Description, M: .5, U: .5}
		if weight > 0 {
			c.Levels[l].U = .5 / math.Exp2(weight)
		} else {
			c.Levels[l].M = .5 * math.Exp2(weight)
		}
		if specs[l].TermFrequency {
			c.Levels[l].TFStrength = 1
		}
	}
	return c
}

const benchmarkRecords = 50_000

// BenchmarkUnit scores the pairs of the proposed plan with early exit.
func BenchmarkUnit(b *testing.B) {
	s, plan := benchmarkData(b, benchmarkRecords)
	var edges []Edge
	pairs := int64(0)
	b.ReportAllocs()
	for b.Loop() {
		s.Stats = Stats{}
		edges = edges[:0]
		walk(plan, func(w *block.Walker) { edges = s.Unit(w, edges) })
		pairs += s.Stats.Pairs
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(pairs), "ns/pair")
	b.ReportMetric(float64(s.Stats.Graded)/float64(s.Stats.Pairs), "graded/pair")
	b.ReportMetric(float64(s.Stats.Pairs), "pairs")
}

// BenchmarkCount evaluates every comparison of the same pairs.
func BenchmarkCount(b *testing.B) {
	s, plan := benchmarkData(b, benchmarkRecords)
	b.ReportAllocs()
	for b.Loop() {
		var patterns Patterns
		s.Stats = Stats{}
		walk(plan, func(w *block.Walker) { s.Count(w, &patterns) })
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(s.Stats.Pairs), "ns/pair")
}

// BenchmarkWalk enumerates the pairs and does nothing with them.
func BenchmarkWalk(b *testing.B) {
	_, plan := benchmarkData(b, benchmarkRecords)
	pairs := 0
	b.ReportAllocs()
	for b.Loop() {
		pairs = 0
		walk(plan, func(w *block.Walker) {
			for w.Next() {
				pairs += len(w.Pairs())
			}
		})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(pairs), "ns/pair")
}

// BenchmarkPair evaluates pairs one at a time.
func BenchmarkPair(b *testing.B) {
	s, _ := benchmarkData(b, benchmarkRecords)
	b.ReportAllocs()
	i := uint32(0)
	for b.Loop() {
		s.Pair(i%benchmarkRecords, (i*7919+1)%benchmarkRecords)
		i++
	}
}
