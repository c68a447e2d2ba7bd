package normalize

import (
	"slices"
	"testing"

	"concord/schemas/attribute"
)

func TestFullNameWithOrder(t *testing.T) {
	t.Parallel()
	checkExamples(t, attribute.TypeFullName, Options{NameOrder: FamilyFirst}, []example{
		{"SMITH JOHN A", "given_name=john; middle_name=a; family_name=smith"},
		{"Nagy Erika", "given_name=erika; family_name=nagy"},
		{"de la Cruz Ana", "given_name=ana; family_name=de la cruz"},
		{"Dr. Kovacs Istvan", "name_prefix=dr; given_name=istvan; family_name=kovacs"},
		{"Cruz, Ana", "given_name=ana; family_name=cruz"},
		{"Smith", "family_name=smith"},
		{"Lê Minh", "given_name=minh; family_name=le"}, // a particle that is a family name
		{"Lê Văn Minh", "given_name=van; middle_name=minh; family_name=le"},
		{"Van Dijk", "family_name=van dijk"},
	})
	checkExamples(t, attribute.TypeFullName, Options{NameOrder: GivenFirst}, []example{
		{"Grant Thomas", "given_name=grant; family_name=thomas"},
		{"Nagy Erika", "given_name=nagy; family_name=erika"},
		{"SMITH John", "given_name=john; family_name=smith"}, // capitals say more
		{"Cruz, Ana", "given_name=ana; family_name=cruz"},
	})
}

// TestNameOrderIsInferred holds that a column proves an order when enough of
// its names speak for it and few against, and none otherwise.
func TestNameOrderIsInferred(t *testing.T) {
	t.Parallel()
	given := []string{"James", "Mary", "Robert", "Linda", "Susan"}
	family := []string{"Smith", "Miller", "Garcia", "Johnson", "Nguyen"}
	column := func(familyFirst, givenFirst int) (out []string) {
		for i := range familyFirst + givenFirst {
			g, f := given[i%5], family[i/5%5]
			if i < familyFirst {
				g, f = f, g
			}
			out = append(out, g+" "+f, "Smith, "+g, "Qwrtz Plmkn") // the others say nothing
		}
		return out
	}
	for _, c := range []struct {
		familyFirst, givenFirst int
		want                    NameOrder
	}{
		{25, 0, FamilyFirst}, {0, 25, GivenFirst}, {25, 5, FamilyFirst}, {5, 25, GivenFirst},
		{25, 25, UnsetNames}, {19, 0, UnsetNames}, {0, 0, UnsetNames},
	} {
		got, e := InferNameOrder(slices.Values(column(c.familyFirst, c.givenFirst)))
		if got != c.want || e != (NameOrderEvidence{c.givenFirst, c.familyFirst}) {
			t.Errorf("%d names family first and %d given first: order %q of %+v, want %q", c.familyFirst, c.givenFirst, got, e, c.want)
		}
	}
	for _, o := range []NameOrder{UnsetNames, GivenFirst, FamilyFirst} {
		if got, ok := ParseNameOrder(o.String()); !ok || got != o {
			t.Errorf("order %q is read as %q, %t", o, got, ok)
		}
	}
	if _, ok := ParseNameOrder("last_first"); ok {
		t.Error("an order that is none is read")
	}
}
