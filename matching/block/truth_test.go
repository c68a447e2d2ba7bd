package block

import (
	"compress/gzip"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"concord/matching/column"
	"concord/schemas/attribute"
)

// truthColumns maps the columns of the public truth sets to attributes.
var truthColumns = map[string]attribute.Name{
	"given_name": attribute.GivenName, "first_name": attribute.GivenName, "firstname": attribute.GivenName, "fname_c1": attribute.GivenName,
	"surname": attribute.FamilyName, "lastname": attribute.FamilyName, "lname_c1": attribute.FamilyName,
	"street_number": attribute.HouseNumber, "address_1": attribute.Street, "suburb": attribute.City, "city": attribute.City,
	"postcode": attribute.Postcode, "state": attribute.Region, "phone_number": attribute.Phone, "email": attribute.Email,
	"sex": attribute.Sex, "soc_sec_id": attribute.Identifier("ssn"),
}

// dataDir is the shared data beside the repository; the test is skipped where
// it is absent.
func dataDir(t testing.TB) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if parent := filepath.Dir(dir); parent != dir {
			dir = parent
			continue
		}
		t.Fatal("no go.mod above the test")
	}
	data := filepath.Join(dir, "..", "shared", "data", "truth")
	if _, err := os.Stat(data); err != nil {
		t.Skip("the shared truth sets are absent")
	}
	return data
}

func readCSV(t testing.TB, path string) [][]string {
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

// readTruth makes a table of a truth set, values lower-cased, dates as
// YYYY-MM-DD, and the entity of each record. masked leaves identifiers out.
func readTruth(t testing.TB, set string, masked bool) (*column.Table, []uint32) {
	dir := dataDir(t)
	rows := readCSV(t, filepath.Join(dir, set+".records.csv.gz"))
	head, rows := rows[0], rows[1:]
	at := map[string]uint32{}
	values := map[attribute.Name][][]string{}
	add := func(name attribute.Name, v string) {
		values[name] = append(values[name], []string{strings.ToLower(strings.TrimSpace(v))})
	}
	sources := map[string]uint16{}
	var source []uint16
	for r, row := range rows {
		at[row[0]] = uint32(r)
		if _, ok := sources[row[1]]; !ok {
			sources[row[1]] = uint16(len(sources))
		}
		source = append(source, sources[row[1]])
		parts := map[string]string{}
		for i, name := range head {
			parts[name] = row[i]
			if a, ok := truthColumns[name]; ok && !(masked && a.Kind() != "") {
				add(a, row[i])
			}
		}
		add(attribute.BirthDate, birthDate(parts))
	}
	table := tableOf(len(rows), values)
	table.Source = source
	entity := make([]uint32, len(rows))
	ids := map[string]uint32{}
	for _, row := range readCSV(t, filepath.Join(dir, set+".truth.csv.gz"))[1:] {
		if ids[row[1]] == 0 {
			ids[row[1]] = uint32(len(ids) + 1)
		}
		entity[at[row[0]]] = ids[row[1]]
	}
	return table, entity
}

func birthDate(parts map[string]string) string {
	pad := func(s string) string {
		if len(s) == 1 {
			return "0" + s
		}
		return s
	}
	switch {
	case parts["dob"] != "":
		return parts["dob"]
	case len(parts["date_of_birth"]) == 8:
		d := parts["date_of_birth"]
		return d[:4] + "-" + d[4:6] + "-" + d[6:]
	case parts["by"] != "":
		return parts["by"] + "-" + pad(parts["bm"]) + "-" + pad(parts["bd"])
	case parts["dobyear"] != "":
		return parts["dobyear"] + "-" + pad(parts["dobmon"]) + "-" + pad(parts["dobday"])
	}
	return ""
}

// TestProposedRulesCoverTheTruth holds the proposed rules to what they
// measured on public truth sets, identifiers masked, less a margin.
func TestProposedRulesCoverTheTruth(t *testing.T) {
	for _, c := range []struct {
		set   string
		least float64
	}{
		{"febrl1", 1}, {"febrl2", 1}, {"febrl3", .997}, {"rldata500", 1}, {"reclin_example", .999},
		{"splink_fake_1000", .935}, {"splink_fake_20000", .93}, {"febrl_dsgen_A10000", .999}, {"febrl_gen_100k", .995},
	} {
		t.Run(c.set, func(t *testing.T) {
			table, entity := readTruth(t, c.set, true)
			p, _, err := Propose(table, 0, Options{})
			if err != nil {
				t.Fatal(err)
			}
			got := p.Completeness(entity)
			t.Logf("%s: %d records, %d rules, %d pairs, %.4f of %d true pairs", c.set, table.N, p.Len(), p.Pairs(), got.Share(), got.True)
			if got.Share() < c.least {
				t.Errorf("%.4f of the true pairs are covered, want %.4f", got.Share(), c.least)
			}
		})
	}
}
