package golden

import (
	"slices"
	"strings"
	"testing"

	"concord/schemas/attribute"
	"concord/schemas/table"
)

func TestEveryRuleIsDescribed(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range All() {
		if r.Name == "" || r.Description == "" || r.prefer == nil {
			t.Errorf("rule %q lacks a name, a description or a preference", r.Name)
		}
		if seen[r.Name] {
			t.Errorf("rule %q is listed twice", r.Name)
		}
		seen[r.Name] = true
	}
}

func TestDefaultsOfTheAttributesAreRules(t *testing.T) {
	for _, spec := range attribute.All() {
		if _, ok := Lookup(spec.Survivorship); !ok {
			t.Errorf("attribute %q: default survivorship %q is no rule", spec.Name, spec.Survivorship)
		}
	}
}

// one row of values of a single e-mail attribute.
func emails(channel, key string, time int64, values ...string) row {
	return row{channel, key, time, map[attribute.Name][]string{attribute.Email: values}}
}

func TestRules(t *testing.T) {
	// What each rule makes of the same three records: b is the latest, crm
	// says "a@x" twice (in two spellings), shop is trusted most.
	rows := []row{
		emails("crm", "1", 10, "a@x"),
		emails("crm", "2", 20, "A@x"),
		emails("loyalty", "3", 30, "b@longer"),
		emails("shop", "4", 5, "c@x"),
		emails("loyalty", "5", 40, junk),
	}
	rows[0].fields[attribute.Language] = []string{"en"}
	rows[0].fields[attribute.Sex] = []string{"f"}
	for rule, want := range map[string][]string{
		"most_recent":   {"b@longer"},
		"most_trusted":  {"c@x"},
		"most_frequent": {"A@x"}, // two of the canonical form; the later spelling shows
		"longest":       {"b@longer"},
		"most_complete": {"a@x"},
		"earliest":      {"c@x"},
		"all_values":    {"c@x", "b@longer", "A@x"},
	} {
		t.Run(rule, func(t *testing.T) {
			got := golden(t, rows, Options{Rules: map[attribute.Name]string{attribute.Email: rule}, Trust: []string{"shop"}})
			if !slices.Equal(got[attribute.Email], want) {
				t.Errorf("%s: got %q, want %q", rule, got[attribute.Email], want)
			}
		})
	}
}

func TestEarliestPutsUnknownTimesLast(t *testing.T) {
	got := golden(t, []row{emails("crm", "1", table.NoTime, "a@x"), emails("crm", "2", 9, "b@x")},
		Options{Rules: map[attribute.Name]string{attribute.Email: "earliest"}})
	if got[attribute.Email][0] != "b@x" {
		t.Errorf("got %q, want the value whose time is known", got[attribute.Email])
	}
}

func TestTieBreaksInOrder(t *testing.T) {
	language := func(channel, key string, time int64, values ...string) row {
		return row{channel, key, time, map[attribute.Name][]string{attribute.Language: values}}
	}
	for name, c := range map[string]struct {
		rows []row
		want string
	}{
		"trust before event time":     {[]row{language("shop", "1", 1, "de"), language("crm", "2", 2, "en")}, "de"},
		"event time before frequency": {[]row{language("crm", "1", 1, "de"), language("crm", "2", 1, "de"), language("crm", "3", 2, "en")}, "en"},
		"frequency before position":   {[]row{language("crm", "1", 1, "fr", "de"), language("crm", "2", 1, "es", "de")}, "de"},
		"position before bytes":       {[]row{language("crm", "1", 1, "fr", "de")}, "fr"},
		"bytes before keys":           {[]row{language("crm", "1", 1, "fr"), language("crm", "2", 1, "de")}, "de"},
	} {
		t.Run(name, func(t *testing.T) {
			// all_values has no opinion: what comes first is up to the ties.
			got := golden(t, c.rows, Options{Rules: map[attribute.Name]string{attribute.Language: "all_values"}, Trust: []string{"shop"}[:trustKnown(c.rows)]})
			if got[attribute.Language][0] != c.want {
				t.Errorf("got %q first, want %q", got[attribute.Language], c.want)
			}
		})
	}
}

func trustKnown(rows []row) int {
	for _, r := range rows {
		if r.channel == "shop" {
			return 1
		}
	}
	return 0
}

func TestAddressSurvivesAsOne(t *testing.T) {
	address := func(key string, time int64, street, city string) row {
		return row{"crm", key, time, map[attribute.Name][]string{attribute.Street: {street}, attribute.City: {city}, attribute.Postcode: {""}}}
	}
	got := golden(t, []row{address("1", 1, "High St", "York"), address("2", 2, "", "Leeds")}, Options{})
	if len(got[attribute.Street]) != 0 || got[attribute.City][0] != "Leeds" {
		t.Errorf("got street %q of one record with city %q of another", got[attribute.Street], got[attribute.City])
	}
	got = golden(t, []row{address("1", 1, "High St", "York"), address("2", 2, "", "Leeds")},
		Options{Rules: map[attribute.Name]string{attribute.City: "most_complete"}})
	if got[attribute.Street][0] != "High St" || got[attribute.City][0] != "York" {
		t.Errorf("most_complete: got %q, %q, want High St, York", got[attribute.Street], got[attribute.City])
	}
}

func TestCompileRefuses(t *testing.T) {
	r := build([]row{{"crm", "1", 1, map[attribute.Name][]string{
		attribute.Street: {"s"}, attribute.City: {"c"}, attribute.Email: {"e@x"}}}}, nil)
	for name, c := range map[string]struct {
		o    Options
		want string
	}{
		"unknown rule":      {Options{Rules: map[attribute.Name]string{attribute.Email: "newest"}}, `no rule "newest"; there are most_recent`},
		"unmapped":          {Options{Rules: map[attribute.Name]string{attribute.Phone: "longest"}}, `"phone": no channel maps`},
		"two address rules": {Options{Rules: map[attribute.Name]string{attribute.Street: "longest", attribute.City: "earliest"}}, "survive together"},
		"address list":      {Options{Rules: map[attribute.Name]string{attribute.City: "all_values"}}, "contact_points"},
		"unknown channel":   {Options{Trust: []string{"web"}}, `no channel "web"`},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Compile(r, c.o); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got error %v, want one with %q", err, c.want)
			}
		})
	}
}
