package compare

import (
	"slices"

	"concord/matching/column"
	"concord/schemas/attribute"
)

// comparators are all but those of identifiers, of which there is one for each
// declared kind. The order is that of explanations and pattern tables.
var comparators = []Comparator{
	Name{},
	MiddleName{},
	BirthDate{},
	BirthPlace{},
	Email{},
	Phone{},
	Address{},
	Organisation{},
	Sex{},
	Device{},
}

// Default is the comparators whose attributes the table has, in order: the
// same for every data set.
func Default(t *column.Table) []Comparator {
	var out []Comparator
	for _, c := range comparators {
		if binds(t, c) {
			out = append(out, c)
		}
	}
	return append(out, identifiers(t)...)
}

// required are the attributes without which a composed comparator has nothing
// to compare; the others need all of theirs, which is one.
var required = map[string][]attribute.Name{
	"name":        {attribute.GivenName, attribute.FamilyName},
	"middle_name": {attribute.MiddleName},
	"address":     {attribute.Street, attribute.Locality, attribute.City, attribute.Region, attribute.Postcode},
}

// binds tells whether c.Bind(t) would give a kernel, without its cost.
func binds(t *column.Table, c Comparator) bool {
	names := required[c.Name()]
	if names == nil {
		names = c.Attributes()
	}
	return slices.ContainsFunc(names, func(n attribute.Name) bool { return t.Column(n) != nil })
}

// identifiers is a comparator for each kind of identifier in the table, by
// kind.
func identifiers(t *column.Table) []Comparator {
	var kinds []string
	for i := range t.Columns {
		if kind := t.Columns[i].Name.Kind(); kind != "" {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	out := make([]Comparator, 0, len(kinds))
	for _, kind := range slices.Compact(kinds) {
		out = append(out, Identifier{Kind: kind})
	}
	return out
}

// Lookup is the comparator of a name, as models and reports have it; false
// when there is none.
func Lookup(name string) (Comparator, bool) {
	for _, c := range comparators {
		if c.Name() == name {
			return c, true
		}
	}
	if kind := attribute.Name(name).Kind(); kind != "" {
		return Identifier{Kind: kind}, true
	}
	return nil, false
}
