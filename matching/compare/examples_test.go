package compare_test

import (
	"math"
	"strings"
	"testing"

	"concord/matching/column/columntest"
	"concord/matching/compare"
	"concord/schemas/attribute"
)

// example is two records' cells, in the order of the test's attributes and
// joined by " / ", and the label of the level they agree at.
type example struct{ a, b, want string }

func checkExamples(t *testing.T, c compare.Comparator, names []attribute.Name, examples []example) {
	t.Helper()
	seen := map[string]bool{}
	for _, e := range examples {
		table := columntest.Table(names, [][]string{strings.Split(e.a, "/"), strings.Split(e.b, "/")})
		k := c.Bind(table)
		got := c.Levels()[k.Grade(0, 1)].Label
		if got != e.want {
			t.Errorf("%s of %q and %q is %q, want %q", c.Name(), e.a, e.b, got, e.want)
		}
		seen[got] = true
	}
	for _, l := range c.Levels() {
		if !seen[l.Label] {
			t.Errorf("%s: no example reaches the level %q", c.Name(), l.Label)
		}
	}
}

func TestMiddleNameExamples(t *testing.T) {
	names := []attribute.Name{attribute.GivenName, attribute.MiddleName}
	checkExamples(t, compare.MiddleName{}, names, []example{
		{"john/allan", "john/allan", "exact"},
		{"john/a", "john/a", "exact"},
		{"john/a", "john/allan", "initial"},
		{"john/allan", "jon/alan", "near"},
		{"john/robert", "john/bob", "near"},
		{"john/marion", "john/martina", "similar"},
		{"john/allan", "john/bernard", "else"},
		{"john/ben ali", "john/ben ahmed", "else"},
		{"john/a", "john/b", "else"},
		{"/allan", "john/bernard", "else"},
		{"j/allan", "john/allan", "exact"},
		{"john/allan", "john/", "null"},
		{"john/allan", "mary/allan", "null"},
		{"ann/lee", "lee/carol", "null"},
	})
}

func TestNameExamples(t *testing.T) {
	names := []attribute.Name{attribute.GivenName, attribute.MiddleName, attribute.FamilyName, attribute.NameSuffix}
	checkExamples(t, compare.Name{}, names, []example{
		{"john//smith/", "john//smith/", "exact"},
		{"john/a/smith/", "john/allan/smith/", "exact"},
		{"john/allan/smith/", "john/alan/smith/", "exact"},
		{"john//smith/jr", "john//smith/ii", "exact"},
		{"john//smith/jr", "john//smith/md", "exact"},
		{"john//smith/jr", "john//smith/sr", "else"},
		{"smith//john/", "john//smith/", "swapped"},
		{"bob//smith/", "robert//smith/", "nickname"},
		{"juan//smith/", "john//smith/", "nickname"},
		{"mohammed//khan/", "muhammad//khan/", "nickname"},
		{"hans peter//smith/", "hans//smith/", "nickname"},
		{"hilda/margaret/thatcher/", "margaret//thatcher/", "nickname"},
		{"mary ann//smith/", "mary jane//smith/", "given_similar"},
		{"alexander//smith/", "alexandra//smith/", "given_typo"},
		{"john//smith/", "john//smyth/", "family_variant"},
		{"john//smith/", "john//smith-jones/", "family_variant"},
		{"john//al/", "john//al masri/", "rearranged"},
		{"john//johansson/", "john//johnston/", "family_similar"},
		{"john//anderson/", "john//andersom/", "family_typo"},
		{"patrick//smith/", "patrcik//smith/", "given_typo"},
		{"smith//jonathan/", "jonathon//smith/", "rearranged"},
		{"maria//garcia lopez/", "garcia/lopez/maria/", "rearranged"},
		{"patrick//smith/", "patrcik//smyth/", "both_near"},
		{"j//smith/", "john//smith/", "initial_family"},
		{"k//smith/", "john//smith/", "family_only"},
		{"mark//smith/", "peter//smith/", "family_only"},
		{"darla//smith/", "darlq//smith/", "given_typo"},
		{"darla//smith/", "darlene//smith/", "given_faint"}, // two names
		{"carla//smith/", "darla//smith/", "given_faint"},
		{"sara//smith/", "sarah//smith/", "nickname"},
		{"huhahhad//smith/", "muhammad//smith/", "given_faint"},
		{"s///", "samantha//brooks/", "null"},
		{"hia//smith/", "mia//smith/", "given_faint"},
		{"finley//aiohaads/", "finley//richards/", "family_faint"},
		{"j//smith/", "john//smyth/", "initial_family_near"},
		{"martina//smith/", "marion//smith/", "given_similar"},
		{"marta//johnson/", "martina//jonsen/", "both_similar"},
		{"//smith/", "john//smith/", "family_given_missing"},
		{"//smith/", "john//smyth/", "family_near_given_missing"},
		{"john///", "john//smith/", "given_family_missing"},
		{"jon///", "john//smith/", "given_near_family_missing"},
		{"//smith/", "john//brown/", "else"},
		{"mary//smith/", "john//smith/", "family_only"},
		{"mary//smith/", "john//smyth/", "family_near"},
		{"mary/ann/smith/", "john/paul/smith/", "family_conflict"},
		{"mary/a/smith/", "john/p/smyth/", "family_conflict"},
		{"mary/a/smith/", "john/ann/smith/", "family_only"},
		{"hia/ann/smith/", "mia/paul/smith/", "family_conflict"},
		{"mary/ann/smith/", "mary/paul/brown/", "given_only"},
		{"burke/ann/smith/", "brock/paul/brown/", "part_similar"},
		{"mary/ann/kepler/", "john/paul/keppinger/", "else"},
		{"lee//smith/", "ann/lee/smith/", "nickname"},
		{"lee/ann/smith/", "ann/lee/smith/", "nickname"},
		{"lee/a/smith/", "ann/lee/smith/", "nickname"},
		{"lee/carol/smith/", "ann/lee/smith/", "family_conflict"},
		{"jon//smith/", "john//brown/", "part_similar"},
		{"mary//kepler/", "john//keppinger/", "part_similar"},
		{"john//smith/", "john//brown/", "given_only"},
		{"john//smith/", "mary//brown/", "else"},
		{"john///", "//smith/", "null"},
		{"john///", "//john/", "misplaced"},
		{"dixon//amber/", "amber///", "misplaced"},
		{"violet//smith/", "clark//violet/", "misplaced"},
		{"ferguson//logan/", "logann//feguson/", "rearranged"},
		{"///", "john//smith/", "null"},
		{"maria|ana//cruz|diaz/", "ana//diaz/", "exact"},
		{"maria|ana//cruz|diaz/", "ana//cruz/", "family_only"},
	})
}

func TestBirthDateExamples(t *testing.T) {
	checkExamples(t, compare.BirthDate{}, []attribute.Name{attribute.BirthDate}, []example{
		{"1980-05-31", "1980-05-31", "exact"},
		{"1980-05-06", "1980-06-05", "day_month_swapped"},
		{"1980-05-31", "1980-05-13", "one_edit"},
		{"1980-05-31", "1990-05-31", "one_edit"},
		{"1980-05-31", "1980-05-22", "two_parts"},
		{"1980-05-31", "1980-11-31", "two_parts"},
		{"1980-05-31", "1975-05-31", "month_day"},
		{"1980-05", "1980-05-31", "partial_month"},
		{"1980", "1980", "partial"},
		{"1980", "1980-05", "partial"},
		{"1980-06", "1980-05-31", "within_year"},
		{"1980-05-31", "1980-11-12", "within_year"},
		{"1980-11-05", "1981-04-12", "within_year"},
		{"1980-12-25", "1981-01-06", "within_month"},
		{"1980-05-31", "1980-06-02", "within_month"},
		{"1980-05-31", "1981-06-02", "near_in_other_year"},
		{"1980-12-31", "1990-01-12", "near_in_other_year"},
		{"1980-05-31", "1972-11-12", "within_decade"},
		{"1980", "1970", "within_decade"},
		{"1980-05-31", "1952-11-12", "else"},
		{"1973-02-31", "1973-02-31", "exact"},
		{"circa", "circa", "exact"},
		{"circa", "1980", "else"},
		{"", "1980", "null"},
		{"1952-11-12|1980-05-31", "1980-05-31", "exact"},
	})
}

func TestEmailExamples(t *testing.T) {
	checkExamples(t, compare.Email{}, []attribute.Name{attribute.Email, attribute.GivenName, attribute.FamilyName}, []example{
		{"ana@x.org//", "ana@x.org//", "exact"},
		{"ana@x.org//", "ana@x.orh//", "one_edit"},
		{"anna@x.org//", "ana@x.org//", "one_edit"},
		{"ana12@example.org//", "ana13@example.org//", "other_number"},
		{"jsmith43@example.org//", "jsmith61@example.org//", "other_number"},
		{"ana@example.org//", "ana1@example.org//", "other_number"},
		{"lolat86@bishop-giles.om//", "lolat86@wood.net//", "same_local"},
		{"jonathan.smith@x.org//", "jonathan.smyhte@x.org//", "else"},
		{"jonathan.smith@example.org//", "jonathan.smyhte@example.org//", "few_edits"},
		{"tyler.harris@amber.com/tyler/harris", "tyler.harris@harbor.io//", "same_name"},
		{"tharris12@amber.com/tyler/harris", "tharris7@amber.com//", "same_name"},
		{"12.3@amber.com/tyler/harris", "12.4@amber.com//", "other_number"},
		{"tharris@amber.com/tyler/harris", "tharris@harbor.io//", "same_name"},
		{"mary.ruiz@quantum.co/mary/ruiz", "gary.ruiz@quantum.co/gary/ruiz", "else"},
		{"mary.ruiz@quantum.co/mary/ruiz", "mray.ruiz@quantum.co/mary/ruiz", "one_edit"},
		{"mary.ruiz@quantum.co/mary/ruiz", "mary.ruiz@quantum.com/mary/ruiz", "one_edit"},
		{"katherine.lewis@northstar.io//", "katherine.hughes@ironclad.com//", "else"},
		{"anthony.torres@cobalt.co//", "anthony.peterson@cobalt.co//", "else"},
		{"ana@x.org//", "bob@y.net//", "else"},
		{"//", "bob@y.net//", "null"},
		{"bob@y.net|ana@x.org//", "ana@x.org//", "exact"},
	})
}

func TestPhoneExamples(t *testing.T) {
	checkExamples(t, compare.Phone{}, []attribute.Name{attribute.Phone}, []example{
		{"+442079460018", "+442079460018", "exact"},
		{"+442079460018", "n:7946 0018", "last7"},
		{"+442079460018", "+442079460081", "one_edit"},
		{"+442079460018", "+442079460099", "else"},
		{"1234", "1235", "else"},
		{"", "1235", "null"},
	})
}

func TestAddressExamples(t *testing.T) {
	names := []attribute.Name{
		attribute.HouseNumber, attribute.Street, attribute.Unit, attribute.Locality, attribute.City, attribute.Region, attribute.Postcode,
	}
	checkExamples(t, compare.Address{}, names, []example{
		{"12/high street///leeds//ls14ap", "12/high street///leeds//ls14ap", "exact"},
		{"12/high street///leeds//ls14ap", "12/high street/////ls14ap", "exact"},
		{"12/high street////nsw/", "12/high street////vic/", "exact"},
		{"12/high street/1//leeds//", "12/high street/2//leeds//", "other_unit"},
		{"12/high street///leeds//", "12/high street///york//", "house_and_street"},
		{"12/high street///leeds//", "12/hihg street///leeds//", "near"},
		{"12/high street///leeds//", "12a/high street///leeds//", "near"},
		{"12/high street///leeds//", "12/high street north///leads//", "near"},
		{"/high street///leeds//", "12/high street///leeds//", "street_house_missing"},
		{"12/high street///leeds//", "47/high street///leeds//", "street_and_place"},
		{"3/high street///leeds//", "5/high street///leeds//", "street_and_place"},
		{"12/high street///leeds//", "12/station road///leeds//", "house_and_place"},
		{"12/high street///leeds//ls14ap", "13/station road///leeds//ls14ap", "postcode"},
		{"///oakdale/leeds//", "////oakdale//", "city"},
		{"////manchester//", "////manchesrter//", "place_near"},
		{"/////nsw/2480", "/////nsw/2481", "place_near"},
		{"////leeds/nsw/", "////york/nsw/", "region"},
		{"12/high street///leeds//", "40/station road///york//", "else"},
		{"12/////nsw/", "12/high street/////", "null"},
		{"//////", "////leeds//", "null"},
	})
}

func TestAddressWithoutHouseNumbersOfItsOwn(t *testing.T) {
	names := []attribute.Name{attribute.Street, attribute.City}
	table := columntest.Table(names, [][]string{{"142 w 44th st", "new york"}, {"142 w 44th st", "new york"}})
	c := compare.Address{}
	k := c.Bind(table)
	if got := c.Levels()[k.Grade(0, 1)].Label; got != "exact" {
		t.Errorf("the street with its number agrees at %q", got)
	}
}

func TestOrganisationExamples(t *testing.T) {
	checkExamples(t, compare.Organisation{}, []attribute.Name{attribute.Organisation}, []example{
		{"siemens ag", "siemens ag", "exact"},
		{"siemens ag", "siemens aktiengesellschaft", "same_core"},
		{"bank deutsche", "deutsche bank gmbh", "same_core"},
		{"good will company", "goodwill company", "same_core"},
		{"cardinal wealth inc", "cardinal health inc", "edits"},
		{"banco santander", "banco santander chile sa", "token_overlap"},
		{"china petrochemical corporation", "china petromechanical corporation", "else"},
		{"the the", "the and", "token_overlap"},
		{"", "siemens", "null"},
	})
}

func TestIdentifierExamples(t *testing.T) {
	checkExamples(t, compare.Identifier{Kind: "ssn"}, []attribute.Name{attribute.Identifier("ssn")}, []example{
		{"123456789", "123456789", "exact"},
		{"123456789", "123456798", "one_edit"},
		{"123456789", "123456781", "one_edit"},
		{"123456789", "123456771", "else"},
		{"", "123456771", "null"},
	})
}

func TestDeviceExamples(t *testing.T) {
	checkExamples(t, compare.Device{}, []attribute.Name{attribute.Device}, []example{
		{"a|b", "b|c", "exact"}, {"a", "b", "else"}, {"", "b", "null"},
	})
}

func TestSexExamples(t *testing.T) {
	checkExamples(t, compare.Sex{}, []attribute.Name{attribute.Sex}, []example{
		{"f", "f", "exact"}, {"f", "m", "else"}, {"", "m", "null"},
	})
}

// Frequencies are those of what agrees: one name, or at the levels of the full
// name both as if they were independent.
func TestNameFrequencies(t *testing.T) {
	names := []attribute.Name{attribute.GivenName, attribute.FamilyName}
	table := columntest.Table(names, [][]string{
		{"john", "smith"}, {"john", "smith"}, {"bob", "smith"}, {"john", "brown"}, {"robert", "smith"}, {"", "smith"}, {"ana", "cruz"}, {"cruz", "ana"},
	})
	k := compare.Name{}.Bind(table)
	levels := compare.Name{}.Levels()
	for _, c := range []struct {
		a, b  uint32
		level string
		want  float64
	}{
		{0, 1, "exact", 3.0 / 8 * 5 / 8}, {2, 4, "nickname", 5.0 / 8}, {0, 3, "given_only", 3.0 / 8},
		{0, 5, "family_given_missing", 5.0 / 8}, {6, 7, "swapped", 1.0 / 8 * 1 / 8},
	} {
		level := k.Grade(c.a, c.b)
		if levels[level].Label != c.level {
			t.Fatalf("records %d and %d agree at %q, want %q", c.a, c.b, levels[level].Label, c.level)
		}
		if got := k.Frequency(c.a, c.b, level); got != c.want {
			t.Errorf("records %d and %d at %q: frequency %v, want %v", c.a, c.b, c.level, got, c.want)
		}
	}
	// Seven records hold both names: 21 pairs.
	parts, all, pairs := k.(compare.Composed).Agreeing()
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"pairs", pairs, 21}, {"pairs that share the given name", parts[0], 21 * 3.0 / 21},
		{"pairs that share the family name", parts[1], 21 * 10.0 / 28}, {"pairs that share both", all, 1},
	} {
		if math.Abs(c.got-c.want) > 1e-9 {
			t.Errorf("%s: %v, want %v", c.what, c.got, c.want)
		}
	}
	// Of 56 ordered pairs of records, 2 share both names.
	top := compare.Level(len(levels) - 1)
	if got, want := k.(compare.Coincident).Coincidence(top), 2.0/56; got != want {
		t.Errorf("coincidence of full names is %v, want %v", got, want)
	}
}
