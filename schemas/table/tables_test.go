package table

import (
	"regexp"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"

	"concord/schemas/attribute"
)

func published() map[string]*arrow.Schema {
	var columns []ProfileColumn
	for _, spec := range attribute.All() {
		columns = append(columns, ProfileColumn{Attribute: spec.Name, List: spec.Name == attribute.Device})
	}
	columns = append(columns, ProfileColumn{Attribute: attribute.Identifier("loyalty")}, ProfileColumn{Attribute: attribute.Custom("plan")})
	return map[string]*arrow.Schema{
		TableProfiles:        Profiles(columns, []string{"email", "analytics"}),
		TableContactPoints:   ContactPoints(false, []string{"email"}, true),
		TableProfileConsents: ProfileConsents(),
		TablePermissionDelta: PermissionDelta(),
		TableProvenance:      Provenance(),
		TableLinks:           Links(),
		TableDecisions:       Decisions(),
		TableMemberships:     Memberships(),
		TableQuarantine:      Quarantine(),
		TableConsentEvents:   ConsentEvents(),
	}
}

func TestTablesKeepTheConventions(t *testing.T) {
	snake := regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	for name, s := range published() {
		if got := Meta(s, MetaTable); got != name {
			t.Errorf("%s: its schema says it is %q", name, got)
		}
		if !s.HasField(Meta(s, MetaSortedBy)) {
			t.Errorf("%s: sorted by %q, which it does not have", name, Meta(s, MetaSortedBy))
		}
		seen := map[string]bool{}
		for _, f := range s.Fields() {
			if !snake.MatchString(f.Name) || seen[f.Name] {
				t.Errorf("%s: column %q is not lower snake case, or is there twice", name, f.Name)
			}
			seen[f.Name] = true
			if f.Type.ID() == arrow.BOOL && f.Nullable {
				t.Errorf("%s: flag %q may be null; deny is FALSE", name, f.Name)
			}
			if c, _ := f.Metadata.GetValue(MetaCategory); c == "" {
				t.Errorf("%s: column %q has no data category", name, f.Name)
			}
			if list, ok := f.Type.(*arrow.ListType); ok && list.ElemField().Nullable {
				t.Errorf("%s: elements of %q may be null", name, f.Name)
			}
			if ts, ok := f.Type.(*arrow.TimestampType); ok && (ts.Unit != arrow.Microsecond || ts.TimeZone != "UTC") {
				t.Errorf("%s: %q is not microseconds UTC", name, f.Name)
			}
		}
	}
}

func TestDirectIdentifiersAreMarked(t *testing.T) {
	for name, columns := range map[string][]string{
		TableProfiles:      {"email", "phone", "street", "given_name", "device_id", "identifier_loyalty"},
		TableContactPoints: {ColValue},
		TableMemberships:   {ColRecordKey},
		TableQuarantine:    {ColRaw},
	} {
		s := published()[name]
		for _, c := range columns {
			if f, ok := s.FieldsByName(c); !ok || !IsDirect(f[0]) {
				t.Errorf("%s: %q is not marked as a direct identifier", name, c)
			}
		}
		if f, _ := s.FieldsByName(Meta(s, MetaSortedBy)); IsDirect(f[0]) {
			t.Errorf("%s: sorted by a direct identifier", name)
		}
	}
	if f, _ := ContactPoints(true, nil, false).FieldsByName(ColToken); IsDirect(f[0]) {
		t.Error("a keyed token is marked as a direct identifier")
	}
}
