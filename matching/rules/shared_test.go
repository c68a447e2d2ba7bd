package rules

import (
	"fmt"
	"testing"

	"concord/schemas/attribute"
)

func TestContactPointsOfManyNamesAreNoEvidence(t *testing.T) {
	person := func(given, family, email, phone string) string {
		return fmt.Sprintf("%s|%s||%s|%s||", given, family, email, phone)
	}
	var rows []string
	for _, name := range [][2]string{{"otto", "otter"}, {"candace", "kellar"}, {"penny", "pemberton"}} {
		rows = append(rows, person(name[0], name[1], "desk@x.org", "1"))
	}
	rows = append(rows,
		person("robert", "smith", "bob@x.org", "2"), person("bob", "smith", "bob@x.org", "2"), // one man
		person("robret", "smyth", "bob@x.org", "2"), person("r", "", "bob@x.org", "2"),
		person("mary", "kusha", "home@x.org", "3"), person("mark", "kusha", "home@x.org", "3"), // a household
		person("edward", "kusha", "home@x.org", "3"),
		person("jane", "muir", "info@x.org", "4"), person("otis", "reed", "info@x.org", "4"), // a role
	)
	table := people(rows...)
	email := table.Column(attribute.Email)
	role := make([]bool, len(email.Count))
	role[email.Codes[len(rows)-1]] = true
	before := email.Codes[0]
	out, shared := WithoutShared(table, map[attribute.Name][]bool{attribute.Email: role})
	if shared != 3 {
		t.Errorf("%d values are shared, want desk@, its telephone and info@", shared)
	}
	for _, c := range []struct {
		name  attribute.Name
		row   int
		empty bool
	}{
		{attribute.Email, 0, true}, {attribute.Phone, 0, true}, {attribute.Email, 3, false}, {attribute.Email, 7, false},
		{attribute.Phone, 7, false}, {attribute.Email, 10, true}, {attribute.Phone, 10, false},
	} {
		if got := out.Column(c.name).Codes[c.row] == 0; got != c.empty {
			t.Errorf("%s of record %d is empty: %v, want %v", c.name, c.row, got, c.empty)
		}
	}
	if got := out.Column(attribute.Email).Count[0]; got != 5 {
		t.Errorf("%d records without an e-mail address, want 5", got)
	}
	if email.Codes[0] != before {
		t.Error("the table given was changed")
	}
}

// TestManyRecordsOfOnePersonAreNotShared: three names beyond recognition among
// fifty records are slips.
func TestManyRecordsOfOnePersonAreNotShared(t *testing.T) {
	var rows []string
	for range 50 {
		rows = append(rows, "sophie|brown||sb@x.org|||")
	}
	rows = append(rows, "xqz|wvk||sb@x.org|||", "mmn|tpl||sb@x.org|||", "aeh|ryf||sb@x.org|||")
	if _, shared := WithoutShared(people(rows...), nil); shared != 0 {
		t.Errorf("%d values are shared, want none", shared)
	}
}
