package golden

import (
	"fmt"
	"slices"
	"testing"

	"concord/schemas/attribute"
)

func TestContactPoints(t *testing.T) {
	rows := []row{
		{"crm", "1", 1, map[attribute.Name][]string{
			attribute.Email: {"a@x", junk}, attribute.Device: {"d1"},
			attribute.Street: {"High St", ""}, attribute.City: {"York", "Leeds"},
		}},
		{"crm", "2", 2, map[attribute.Name][]string{
			attribute.Email: {"A@x", "b@x"}, attribute.Phone: {"+44"},
			attribute.Street: {"high st"}, attribute.City: {"york"},
		}},
	}
	p := compile(t, build(rows, nil), Options{})
	var got []string
	for _, c := range p.Merger().ContactPoints(members(2), nil, nil) {
		got = append(got, fmt.Sprintf("%s %s held %d primary %v", c.Kind, p.Shown(p.Index(c.Attribute), c.Code), c.Held, c.Primary))
	}
	// The city without a street reaches nobody; the two spellings of the
	// address and of a@x are one each.
	want := []string{
		"email A@x held 2 primary true",
		"email b@x held 1 primary false",
		"phone +44 held 1 primary true",
		"postal high st held 2 primary true",
		"device d1 held 1 primary true",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

func TestPrimaryContactPointIsTheGoldenValue(t *testing.T) {
	rows := benchRows(9)
	p := compile(t, build(rows, nil), Options{})
	g := mergeAll(p, len(rows), nil)
	email := g.Of(p.Index(attribute.Email))[0]
	for _, c := range p.Merger().ContactPoints(members(len(rows)), nil, nil) {
		if c.Kind == "email" && c.Primary && c.Slot != email.Slot {
			t.Errorf("primary e-mail from slot %d, golden one from %d", c.Slot, email.Slot)
		}
	}
}

func TestContactPointsHonourPermit(t *testing.T) {
	rows := benchRows(9)
	p := compile(t, build(rows, nil), Options{})
	refuse := func(_ uint32, a attribute.Name, _ uint32) bool { return a != attribute.Email }
	for _, c := range p.Merger().ContactPoints(members(len(rows)), refuse, nil) {
		if c.Kind == "email" {
			t.Error("a refused e-mail address is a contact point")
		}
	}
}
