package snapshot

import (
	"slices"
	"strings"
	"testing"

	"concord/schemas/attribute"
)

var everything = []attribute.Name{attribute.GivenName, attribute.Email, attribute.Street, attribute.City,
	attribute.BirthDate, attribute.Language, attribute.Identifier("ssn"), attribute.Identifier("loyalty"), attribute.Custom("notes"), attribute.Custom("plan")}

// declared says what plan holds; nobody said what notes do.
var declared = map[attribute.Name]string{attribute.Custom("plan"): "user.behavior.purchase_history"}

func TestColumnsOfAPurpose(t *testing.T) {
	for purpose, want := range map[string]string{
		"marketing.communications":        "given_name email street city language identifier_loyalty plan",
		"analytics.reporting":             "city language plan",
		"essential.service":               "given_name email street city birth_date language identifier_loyalty notes plan",
		"essential.legal_obligation":      "given_name email street city birth_date language identifier_ssn identifier_loyalty notes plan",
		"personalize.recommendations":     "given_name city language identifier_loyalty plan",
		"operations.identity_resolution":  "given_name email street city birth_date language identifier_ssn identifier_loyalty notes plan",
		"marketing.advertising.profiling": "city language plan",
	} {
		got, err := DefaultMatrix().Columns(purpose, nil, everything, declared)
		if err != nil {
			t.Errorf("%s: %v", purpose, err)
		}
		if names := strings.ReplaceAll(columnNames(got), ",", ""); names != want {
			t.Errorf("%s: carries %s, want %s", purpose, names, want)
		}
	}
}

// No direct identifier can be in a snapshot for analytics, whatever is asked.
func TestAnalyticsHasNoDirectIdentifier(t *testing.T) {
	for _, spec := range attribute.All() {
		got, err := DefaultMatrix().Columns("analytics", []string{spec.Name.Column()}, []attribute.Name{spec.Name}, nil)
		if spec.Sensitivity == attribute.Direct && (err == nil || len(got) > 0) {
			t.Errorf("analytics may carry %s", spec.Name)
		}
	}
}

func TestColumnsRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		purpose string
		wanted  []string
		want    string
	}{
		"direct identifier": {"analytics.reporting", []string{"city", "email"}, `column "email" may not be published for purpose analytics.reporting: it is a direct identifier`},
		"category":          {"marketing.communications", []string{"birth_date"}, "user.demographic.date_of_birth"},
		"undeclared":        {"analytics", []string{"notes"}, `column "notes" may not be published for purpose analytics: nobody said what it holds: give its field a category`},
		"of marketing too":  {"marketing.communications", []string{"notes"}, "nobody said what it holds"},
		"birth date":        {"analytics", []string{"birth_date"}, "user.demographic.date_of_birth"},
		"exception":         {"essential.service", []string{"identifier_ssn"}, "user.government_id"},
		"no such column":    {"analytics", []string{"fax"}, `no such column; they have given_name, email`},
		"no such purpose":   {"world_domination", nil, `no entry for it`},
		"prefix of a word":  {"analyticsish", nil, `no entry for it`},
	} {
		if _, err := DefaultMatrix().Columns(c.purpose, c.wanted, everything, declared); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want an error with %q", name, err, c.want)
		}
	}
	got, err := DefaultMatrix().Columns("analytics", []string{"plan", "city"}, everything, declared)
	if err != nil || !slices.Equal(got, []attribute.Name{attribute.City, attribute.Custom("plan")}) {
		t.Errorf("got %v, %v; want the two columns in table order", got, err)
	}
}

func TestLoadMatrixIsStrict(t *testing.T) {
	for name, data := range map[string]string{
		"unknown key": `{"version":"1","entries":[{"purpose":"a","why":"w","categories":["user"],"indirect":true}]}`,
		"no version":  `{"entries":[{"purpose":"a","why":"w","categories":["user"]}]}`,
		"no reason":   `{"version":"1","entries":[{"purpose":"a","categories":["user"]}]}`,
		"twice":       `{"version":"1","entries":[{"purpose":"a","why":"w","categories":["user"]},{"purpose":"a","why":"w","categories":["user"]}]}`,
	} {
		if _, err := LoadMatrix([]byte(data)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if len(DefaultMatrix().Digest()) != 64 {
		t.Error("the matrix has no digest")
	}
}
