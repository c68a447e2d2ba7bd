package compare_test

import (
	"compress/gzip"
	"encoding/csv"
	"hash/fnv"
	"os"
	"slices"
	"strings"
	"testing"

	"concord/matching/column"
	"concord/matching/column/columntest"
	"concord/matching/compare"
	"concord/matching/compare/comparetest"
	"concord/schemas/attribute"
)

// mapped is which column of a public set holds which attribute.
var mapped = map[string]attribute.Name{
	"given_name": attribute.GivenName, "first_name": attribute.GivenName, "firstname": attribute.GivenName, "fname_c1": attribute.GivenName,
	"surname": attribute.FamilyName, "lastname": attribute.FamilyName, "lname_c1": attribute.FamilyName,
	"street_number": attribute.HouseNumber, "address_1": attribute.Street, "address_2": attribute.Locality,
	"suburb": attribute.City, "city": attribute.City, "postcode": attribute.Postcode, "state": attribute.Region,
	"date_of_birth": attribute.BirthDate, "dob": attribute.BirthDate, "email": attribute.Email, "phone_number": attribute.Phone,
	"soc_sec_id": attribute.Identifier("soc_sec"), "sex": attribute.Sex,
}

// publicSet reads a set as a table, with the entity of each record.
func publicSet(t testing.TB, name string) (table *column.Table, entity []string) {
	t.Helper()
	records := readGzip(t, sharedData(t, "truth", name+".records.csv.gz"))
	truth := map[string]string{}
	for _, r := range readGzip(t, sharedData(t, "truth", name+".truth.csv.gz"))[1:] {
		truth[r[0]] = r[1]
	}
	var names []attribute.Name
	var from []int
	for i, h := range records[0] {
		if n, ok := mapped[h]; ok {
			names, from = append(names, n), append(from, i)
		}
	}
	rows := make([][]string, 0, len(records)-1)
	for _, r := range records[1:] {
		row := make([]string, len(names))
		for i, f := range from {
			row[i] = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(r[f])), "|", " ")
			if v := row[i]; names[i] == attribute.BirthDate && len(v) == 8 {
				row[i] = v[:4] + "-" + v[4:6] + "-" + v[6:]
			}
		}
		rows = append(rows, row)
		entity = append(entity, truth[r[0]])
	}
	return columntest.Table(names, rows), entity
}

func readGzip(t testing.TB, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// truePairs lists the pairs of records of one entity.
func truePairs(entity []string) [][2]int {
	first := map[string][]int{}
	var out [][2]int
	for i, e := range entity {
		for _, j := range first[e] {
			out = append(out, [2]int{j, i})
		}
		first[e] = append(first[e], i)
	}
	return out
}

// randomPairs draws pairs by a fixed hash; a few may be true, which does not
// matter.
func randomPairs(n, count int) [][2]int {
	out := make([][2]int, count)
	for i := range out {
		h := fnv.New64a()
		h.Write([]byte{byte(i), byte(i >> 8), byte(i >> 16)})
		s := h.Sum64()
		a, b := int(s%uint64(n)), int((s>>32)%uint64(n))
		if a == b {
			b = (b + 1) % n
		}
		out[i] = [2]int{a, b}
	}
	return out
}

// Better levels are worth more on real data: the ratio of how often they occur
// among true pairs and random ones is reported, and its least demand is
// tested, that the top level beats else by far.
func TestLevelsOnPublicSets(t *testing.T) {
	for _, name := range []string{"febrl3", "splink_fake_1000", "rldata500", "febrl_dsgen_A10000"} {
		t.Run(name, func(t *testing.T) {
			table, entity := publicSet(t, name)
			matches, others := truePairs(entity), randomPairs(table.N, 100_000)
			for _, c := range compare.Default(table) {
				k := c.Bind(table)
				m, u := histogram(k, matches), histogram(k, others)
				for l, spec := range c.Levels() {
					if m[l]+u[l] > 0 {
						t.Logf("%-18s %-28s m %.4f u %.5f (%d, %d)", c.Name(), spec.Label, m[l]/float64(len(matches)), u[l]/float64(len(others)), int(m[l]), int(u[l]))
					}
				}
				top := len(c.Levels()) - 1
				if c.Name() == "address" && table.Column(attribute.Street) == nil {
					continue // a place alone never reaches the top
				}
				if m[top]*u[compare.Else] <= u[top]*m[compare.Else] {
					t.Errorf("%s: the top level is no better evidence than else", c.Name())
				}
			}
		})
	}
}

func histogram(k compare.Kernel, pairs [][2]int) (count [compare.MaxLevels]float64) {
	for _, p := range pairs {
		count[k.Grade(uint32(p[0]), uint32(p[1]))]++
	}
	return count
}

func TestLawsOnPublicSets(t *testing.T) {
	for _, name := range []string{"febrl3", "splink_fake_1000"} {
		t.Run(name, func(t *testing.T) {
			table, entity := publicSet(t, name)
			// Entities together, so that their records meet.
			order := make([]int, table.N)
			for i := range order {
				order[i] = i
			}
			slices.SortStableFunc(order, func(a, b int) int { return strings.Compare(entity[a], entity[b]) })
			sample := subset(table, order[:200])
			for _, c := range compare.Default(sample) {
				comparetest.Laws(t, c, sample)
			}
		})
	}
}

// subset is the table of some records, counts and all.
func subset(table *column.Table, records []int) *column.Table {
	var names []attribute.Name
	rows := make([][]string, len(records))
	for i := range table.Columns {
		c := &table.Columns[i]
		names = append(names, c.Name)
		for r, old := range records {
			rows[r] = append(rows[r], c.Values.At(c.Single(uint32(old))))
		}
	}
	return columntest.Table(names, rows)
}
