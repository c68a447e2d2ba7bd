package compare_test

import (
	"strings"
	"testing"

	"concord/matching/column"
	"concord/matching/column/columntest"
	"concord/matching/compare"
	"concord/matching/compare/comparetest"
	"concord/schemas/attribute"

	"pgregory.net/rapid"
)

// cells are values of each attribute that meet at every level of its
// comparison.
var cells = map[attribute.Name][]string{
	attribute.GivenName: {"", "john", "jon", "jonathan", "j", "juan", "bob", "robert", "mary ann", "ann", "maryann", "smith",
		"alex", "alexander", "alexandra", "josé", "李", "jo"},
	attribute.MiddleName: {"", "", "a", "allan", "alan", "b", "bernard", "robert", "ann"},
	attribute.FamilyName: {"", "smith", "smyth", "schmidt", "smithe", "smith jones", "jones", "john", "johnson", "jonson",
		"de la cruz", "cruz", "al", "al masri", "robert"},
	attribute.NameSuffix:  {"", "", "jr", "sr", "ii", "md"},
	attribute.BirthDate:   {"", "1980-05-31", "1980-05-13", "1980-06-05", "1980-05-06", "1981-05-31", "1980-05", "1980", "1973-02-31", "1980-06-01", "1989-01-01", "1950-12-12", "circa"},
	attribute.Email:       {"", "ana@x.org", "ana@y.org", "anna@x.org", "ana.cruz@x.org", "ana.crux@x.org", "anacruz@z.net", "info", "bob@b.com"},
	attribute.Phone:       {"", "+442079460018", "+12079460018", "+442079460081", "+442079460019", "n:9460018", "123"},
	attribute.HouseNumber: {"", "1", "12", "12a", "21", "3"},
	attribute.Street:      {"", "high street", "high st", "hihg street", "station road", "high street north", "main street"},
	attribute.Unit:        {"", "", "1", "2"},
	attribute.Locality:    {"", "", "leeds", "oakdale"},
	attribute.City:        {"", "leeds", "leads", "london", "oakdale"},
	attribute.Region:      {"", "nsw", "vic"},
	attribute.Postcode:    {"", "ls14ap", "ls14pa", "ls14aq", "2480", "2481", "very long code"},
	attribute.NamePrefix:  {"", "dr", "mrs", "mr dr", "mr mrs", "mr"},
	attribute.BirthPlace:  {"", "kensington", "kensinton", "leeds", "leads", "saint ives"},
	attribute.Sex:         {"", "f", "m"},
	attribute.Organisation: {"", "siemens ag", "siemens aktiengesellschaft", "deutsche bank", "bank deutsche", "deutschebank gmbh",
		"siemens", "simens ag", "red cross society", "red cross"},
	attribute.Device:            {"", "d1", "d2"},
	attribute.Identifier("ssn"): {"", "123456789", "123456798", "123456780", "987654321", "12"},
}

func all(t *column.Table) []compare.Comparator { return compare.Default(t) }

func everyAttribute() []attribute.Name {
	var names []attribute.Name
	for _, s := range attribute.All() {
		if len(cells[s.Name]) > 0 {
			names = append(names, s.Name)
		}
	}
	return append(names, attribute.Identifier("ssn"))
}

// drawTable draws records of which some have several values.
func drawTable(t *rapid.T, names []attribute.Name) *column.Table {
	rows := make([][]string, rapid.IntRange(1, 10).Draw(t, "records"))
	for r := range rows {
		rows[r] = make([]string, len(names))
		for i, n := range names {
			cell := rapid.SampledFrom(cells[n])
			if rapid.IntRange(0, 3).Draw(t, "several") == 0 {
				rows[r][i] = strings.Join(rapid.SliceOfN(cell, 2, 3).Draw(t, string(n)), "|")
			} else {
				rows[r][i] = cell.Draw(t, string(n))
			}
		}
	}
	return columntest.Table(names, rows)
}

func TestLaws(t *testing.T) {
	names := everyAttribute()
	for _, c := range all(columntest.Table(names, nil)) {
		t.Run(c.Name(), func(t *testing.T) {
			comparetest.Describes(t, c)
			rapid.Check(t, func(t *rapid.T) {
				comparetest.Laws(t, c, drawTable(t, presentOf(t, c)))
			})
		})
	}
}

// presentOf is the comparator's attributes, of which a composed one may lack
// some columns.
func presentOf(t *rapid.T, c compare.Comparator) []attribute.Name {
	var names []attribute.Name
	for _, n := range c.Attributes() {
		if rapid.IntRange(0, 4).Draw(t, "has") > 0 {
			names = append(names, n)
		}
	}
	if c.Bind(columntest.Table(names, nil)) == nil {
		return c.Attributes()
	}
	return names
}

// A record with all its parts agrees with itself at the top.
func TestIdentityIsTheTopLevel(t *testing.T) {
	names := everyAttribute()
	full := make([]string, len(names))
	for i, n := range names {
		full[i] = cells[n][len(cells[n])-1]
		if n == attribute.BirthDate {
			full[i] = "1980-05-31"
		}
	}
	table := columntest.Table(names, [][]string{full})
	comparators := all(table)
	if len(comparators) != 11 {
		t.Fatalf("%d comparators bind to a table with every attribute", len(comparators))
	}
	for _, c := range comparators {
		k := c.Bind(table)
		if got, top := k.Grade(0, 0), len(c.Levels())-1; int(got) != top {
			t.Errorf("comparator %q grades a record with itself %d, not %d", c.Name(), got, top)
		}
	}
}

func TestNoAllocations(t *testing.T) {
	names := everyAttribute()
	var rows [][]string
	for r := range 20 {
		row := make([]string, len(names))
		for i, n := range names {
			row[i] = cells[n][(r*(i+1)+r/3)%len(cells[n])]
		}
		rows = append(rows, row)
	}
	table := columntest.Table(names, rows)
	for _, c := range all(table) {
		comparetest.NoAllocations(t, c, table)
	}
}

func TestDefaultTakesWhatTheTableHas(t *testing.T) {
	table := columntest.Table([]attribute.Name{
		attribute.FamilyName, attribute.Region, attribute.Language, attribute.HouseNumber, attribute.Identifier("z"), attribute.Identifier("a"),
	}, nil)
	var got []string
	for _, c := range compare.Default(table) {
		if c.Bind(table) == nil {
			t.Errorf("comparator %q is a default but does not bind", c.Name())
		}
		if found, ok := compare.Lookup(c.Name()); !ok || found.Name() != c.Name() {
			t.Errorf("Lookup(%q) = %v, %v", c.Name(), found, ok)
		}
		got = append(got, c.Name())
	}
	if want := "name address identifier_a identifier_z"; strings.Join(got, " ") != want {
		t.Errorf("Default = %q, want %q", got, want)
	}
	if _, ok := compare.Lookup("no_such"); ok {
		t.Error("Lookup knows a comparator that does not exist")
	}
}

func TestDefaultAgreesWithBind(t *testing.T) {
	names := everyAttribute()
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfDistinct(rapid.SampledFrom(names), func(n attribute.Name) attribute.Name { return n }).Draw(t, "attributes")
		table := columntest.Table(some, nil)
		chosen := map[string]bool{}
		for _, c := range compare.Default(table) {
			chosen[c.Name()] = true
		}
		for _, c := range all(columntest.Table(names, nil)) {
			if (c.Bind(table) != nil) != chosen[c.Name()] {
				t.Fatalf("with %v, comparator %q binds: %v, is a default: %v", some, c.Name(), !chosen[c.Name()], chosen[c.Name()])
			}
		}
	})
}

// drawAnything draws a table of arbitrary text: long, of any script, not even
// UTF-8.
func drawAnything(t *rapid.T, names []attribute.Name) *column.Table {
	text := rapid.OneOf(
		rapid.String(), rapid.StringMatching(`[ab]{60,70}`), rapid.StringMatching(`[a-c ]{0,300}`),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 12), func(b []byte) string { return string(b) }),
	)
	rows := make([][]string, rapid.IntRange(1, 6).Draw(t, "records"))
	for r := range rows {
		for _, n := range names {
			rows[r] = append(rows[r], text.Draw(t, string(n)))
		}
	}
	return columntest.Table(names, rows)
}

// FuzzLaws states that the laws hold for any text whatever, although
// normalizing would never let most of it through.
func FuzzLaws(f *testing.F) {
	names := everyAttribute()
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		table := drawAnything(t, names)
		for _, c := range all(table) {
			comparetest.Laws(t, c, table)
		}
	}))
}

func TestLawsOnArbitraryText(t *testing.T) {
	names := everyAttribute()
	rapid.Check(t, func(t *rapid.T) {
		table := drawAnything(t, names)
		for _, c := range all(table) {
			comparetest.Laws(t, c, table)
		}
	})
}
