package consent

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// some are texts that each field is drawn from: usual, odd and wrong.
var some = map[Field][]string{
	FieldEventID:        {"", "e1", " e2 "},
	FieldSubjectKind:    {"email", "EMAIL ", "account", "fax", ""},
	FieldSubjectValue:   {"ann@example.org", " ann@example.org", "crm/7", ""},
	FieldController:     {"", "Northwind", "Acme"},
	FieldBrand:          {"", "north"},
	FieldPurpose:        {"marketing.communications.email", "marketing.communications", "analytics", "none"},
	FieldChannel:        {"", "email", "sms", "*", "pigeon"},
	FieldCategories:     {"", "user.contact.email", "x"},
	FieldBasis:          {"", "consent", "x"},
	FieldState:          {"given", "Opted in", "withdrawn", "global unsubscribe", "suppressed", "maybe", ""},
	FieldScope:          {"", "person", "x"},
	FieldEventTime:      {"2026-03-01", "2026-03-01T10:00:00Z", "2062-01-01", "soon", ""},
	FieldValidUntil:     {"", "2027-01-01", "2026-01-01", "x"},
	FieldConfirmed:      {"", "yes", "no", "x"},
	FieldConfirmedAt:    {"", "2026-03-02", "2026-01-01", "x"},
	FieldJurisdiction:   {"", "de", "US-CA", "Germany"},
	FieldNoticeVersion:  {"", "3"},
	FieldNoticePurposes: {"", "analytics", "marketing.communications.email", "x"},
	FieldMethod:         {"", "gpc", "web form"},
	FieldExpressedBy:    {"", "guardian", "x"},
	FieldEvidence:       {"", "proof/7"},
	FieldSupersedes:     {"", "e0;x"},
}

// A row reads the same whether its pattern was seen before or not.
func TestPatternsChangeNothing(t *testing.T) {
	quick := testParser(t)
	quick.NotAfter = 2_000_000_000_000_000
	rapid.Check(t, func(t *rapid.T) {
		var c Cells
		for i, f := range Fields() {
			// Half of the texts are the usual one, or no row would be right.
			if list := some[f]; list != nil && rapid.Bool().Draw(t, "odd") {
				c[i] = rapid.SampledFrom(list).Draw(t, string(f))
			} else if list != nil {
				c[i] = list[0]
			}
		}
		want := spelled(quick.Parse(c.row))
		for range 2 {
			if got := spelled(quick.ParseCells(&c)); got != want {
				t.Fatalf("read as\n%s\nby its pattern, else as\n%s", got, want)
			}
		}
	})
	if len(quick.patterns) == 0 {
		t.Error("no row was read by its pattern")
	}
}

func TestEveryFieldHasAPlace(t *testing.T) {
	if len(Fields()) != numFields || Place("none") != -1 {
		t.Errorf("%d fields for %d places", len(Fields()), numFields)
	}
	for i, f := range Fields() {
		if Place(f) != i {
			t.Errorf("%s is at %d", f, Place(f))
		}
	}
}

func BenchmarkParseCells(b *testing.B) {
	p := testParser(b)
	var c Cells
	for f, text := range map[Field]string{FieldEventID: "E133333", FieldSubjectKind: "account", FieldSubjectValue: "loyalty/7000133333", FieldPurpose: "analytics", FieldChannel: "*",
		FieldState: "given", FieldEventTime: "2024-09-13T15:56:03Z", FieldBasis: "consent", FieldJurisdiction: "DE", FieldNoticeVersion: "2024-2", FieldMethod: "account_settings"} {
		c[Place(f)] = text
	}
	b.ReportAllocs()
	for b.Loop() {
		p.ParseCells(&c)
	}
}

// spelled is all that a reading says.
func spelled(r Reading) string {
	bar := r.Suppression
	r.Suppression = nil
	if bar == nil {
		return fmt.Sprintf("%+v", r)
	}
	return fmt.Sprintf("%+v %+v", r, *bar)
}
