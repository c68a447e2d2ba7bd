package compare_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"concord/matching/column"
	"concord/matching/column/columntest"
	"concord/matching/column/phonetic"
	"concord/matching/compare"
	"concord/schemas/attribute"
)

// random is a splitmix64 generator: the same records on every machine.
type random uint64

func (r *random) next() uint64 {
	*r += 0x9E3779B97F4A7C15
	x := uint64(*r)
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

func (r *random) below(n int) int { return int(r.next() % uint64(n)) }

// skewed prefers small numbers, as name frequencies do.
func (r *random) skewed(n int) int {
	x := float64(r.next()>>11) / (1 << 53)
	return int(x * x * x * float64(n))
}

var syllables = strings.Fields("an ber car dan el fer gar han is jo ka lin mar nel or pat ri son ton wil")

func syllabic(n int) string {
	s := syllables[n%20] + syllables[n/20%20]
	if n%3 > 0 {
		s += syllables[n/7%20]
	}
	return s
}

// typo damages one letter.
func typo(r *random, s string) string {
	if len(s) < 2 {
		return s
	}
	i := 1 + r.below(len(s)-1)
	return s[:i] + string(rune('a'+r.below(26))) + s[i+r.below(2):]
}

var benchmarkAttributes = []attribute.Name{
	attribute.GivenName, attribute.FamilyName, attribute.BirthDate, attribute.Email, attribute.Phone,
	attribute.HouseNumber, attribute.Street, attribute.City, attribute.Region, attribute.Postcode, attribute.Sex,
}

// people makes n records of which a quarter repeat an earlier one with errors.
func people(n int) *column.Table {
	r := random(1)
	rows := make([][]string, 0, n)
	for len(rows) < n {
		if len(rows) > 10 && r.below(4) == 0 {
			row := slices.Clone(rows[r.below(len(rows))])
			for _, f := range []int{0, 1, 3, 6} {
				switch r.below(6) {
				case 0:
					row[f] = typo(&r, row[f])
				case 1:
					row[f] = ""
				}
			}
			rows = append(rows, row)
			continue
		}
		given, family := syllabic(r.skewed(2000)), syllabic(r.skewed(8000))
		city := r.skewed(500)
		rows = append(rows, []string{
			given, family,
			fmt.Sprintf("%04d-%02d-%02d", 1930+r.below(75), 1+r.below(12), 1+r.below(28)),
			fmt.Sprintf("%s.%s%d@%s.org", given, family, r.below(90), syllabic(r.skewed(300))),
			fmt.Sprintf("+4420%08d", r.below(100_000_000)),
			fmt.Sprint(1 + r.below(200)), syllabic(r.skewed(5000)) + " street", syllabic(city) + "ville",
			[]string{"nsw", "vic", "qld", "wa"}[r.below(4)], fmt.Sprint(10000 + 37*city + r.below(20)), []string{"f", "m"}[r.below(2)],
		})
	}
	return columntest.Table(benchmarkAttributes, rows)
}

// block is the largest group of records whose family names sound alike, up to
// size: what an engine's tile holds.
func block(table *column.Table, size int) []uint32 {
	family := table.Column(attribute.FamilyName)
	groups := map[string][]uint32{}
	for r := range uint32(table.N) {
		if code := phonetic.Soundex(family.Values.At(family.Single(r))); code != "" {
			groups[code] = append(groups[code], r)
		}
	}
	var largest []uint32
	for _, g := range groups {
		if len(g) > len(largest) || len(g) == len(largest) && g[0] < largest[0] {
			largest = g
		}
	}
	return largest[:min(size, len(largest))]
}

// batches are the pairs of n places, as a walker hands them out.
func batches(n uint32) [][]column.Pair {
	const size = 1024
	var out [][]column.Pair
	for a := range n {
		for b := a + 1; b < n; b++ {
			if len(out) == 0 || len(out[len(out)-1]) == size {
				out = append(out, make([]column.Pair, 0, size))
			}
			last := len(out) - 1
			out[last] = append(out[last], column.Pair{A: a, B: b})
		}
	}
	return out
}

// benchmarkPairs times one method over batches of pairs, in ns a pair.
func benchmarkPairs(b *testing.B, kernels []compare.Kernel, rows []uint32, batches [][]column.Pair, each func(k compare.Kernel, pairs []column.Pair, out []compare.Level)) {
	b.ReportAllocs()
	pairs, out := 0, make([]compare.Level, len(batches[0]))
	for _, k := range kernels {
		k.Load(rows)
	}
	for b.Loop() {
		for _, batch := range batches {
			for _, k := range kernels {
				each(k, batch, out[:len(batch)])
			}
			pairs += len(batch)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(pairs), "ns/pair")
}

func ceilings(k compare.Kernel, pairs []column.Pair, out []compare.Level) { k.Ceilings(pairs, out) }

func BenchmarkComparators(b *testing.B) {
	table := people(20_000)
	rows := block(table, 400)
	pairs := batches(uint32(len(rows)))
	var kernels []compare.Kernel
	comparators := compare.Default(table)
	for _, c := range comparators {
		kernels = append(kernels, c.Bind(table))
	}
	b.Logf("block of %d records", len(rows))
	b.Run("all/ceilings", func(b *testing.B) { benchmarkPairs(b, kernels, rows, pairs, ceilings) })
	grades := func(k compare.Kernel, pairs []column.Pair, out []compare.Level) {
		for i, p := range pairs {
			out[i] = k.Grade(rows[p.A], rows[p.B])
		}
	}
	b.Run("all/grade", func(b *testing.B) { benchmarkPairs(b, kernels, rows, pairs, grades) })
	for i, c := range comparators {
		b.Run(c.Name()+"/ceilings", func(b *testing.B) { benchmarkPairs(b, kernels[i:i+1], rows, pairs, ceilings) })
		b.Run(c.Name()+"/grade", func(b *testing.B) { benchmarkPairs(b, kernels[i:i+1], rows, pairs, grades) })
	}
}

func BenchmarkBind(b *testing.B) {
	table := people(20_000)
	for _, c := range compare.Default(table) {
		b.Run(c.Name(), func(b *testing.B) {
			for b.Loop() {
				c.Bind(table)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*table.N), "ns/record")
		})
	}
}
