// Package attribute says what the columns of a customer record are.
//
// A channel's column is mapped to a semantic [Type] ("full_name", "address",
// "birth_day"). Its normalizer turns a raw value into values of one or more
// canonical attributes, each a [Name] ("given_name", "family_name"): the
// columns of the records table, which matching compares and survivorship
// merges. [All] lists the attributes in the one order that every table,
// report and model uses.
package attribute

import "strings"

// Name is a canonical attribute: one column of the records table.
type Name string

// The canonical attributes. Identifiers are open-ended: see [Identifier].
const (
	NamePrefix   Name = "name_prefix"
	GivenName    Name = "given_name"
	MiddleName   Name = "middle_name"
	FamilyName   Name = "family_name"
	NameSuffix   Name = "name_suffix"
	Organisation Name = "organisation"
	Email        Name = "email"
	Phone        Name = "phone"
	HouseNumber  Name = "house_number"
	Street       Name = "street"
	Unit         Name = "unit"
	Locality     Name = "locality"
	City         Name = "city"
	Region       Name = "region"
	Postcode     Name = "postcode"
	Country      Name = "country"
	BirthDate    Name = "birth_date"
	BirthPlace   Name = "birth_place"
	Sex          Name = "sex"
	Device       Name = "device_id"
	Language     Name = "language"
)

const (
	identifierPrefix = "identifier_"
	customPrefix     = "custom_"
)

// Identifier is the attribute of an identifier of a declared kind, such as
// Identifier("ssn") or Identifier("loyalty").
func Identifier(kind string) Name { return Name(identifierPrefix + kind) }

// Kind is the declared kind of an identifier attribute, "" for any other.
func (n Name) Kind() string {
	kind, ok := strings.CutPrefix(string(n), identifierPrefix)
	if !ok {
		return ""
	}
	return kind
}

// Custom is the attribute of a column that matching ignores and golden
// records carry: free text, money, numbers, dates of the job's own naming.
func Custom(name string) Name { return Name(customPrefix + name) }

// IsCustom tells whether n was made by [Custom].
func (n Name) IsCustom() bool { return strings.HasPrefix(string(n), customPrefix) }

// Column is the attribute's column name in published tables: the name
// itself, without the prefix that keeps a custom attribute apart.
func (n Name) Column() string { return strings.TrimPrefix(string(n), customPrefix) }

// Group ties attributes that are parts of one thing. A record that holds two
// addresses holds two slots in every address attribute, so slot k of street
// and slot k of city belong together.
type Group string

// The groups.
const (
	NoGroup      Group = ""
	NameGroup    Group = "name"
	AddressGroup Group = "address"
)

// Sensitivity ranks how directly an attribute points at a person.
type Sensitivity uint8

// The sensitivities, weakest first.
const (
	// Plain says little about who somebody is: language, a plan, an amount.
	Plain Sensitivity = iota
	// Quasi narrows a person down in combination: birth date, postcode, sex.
	Quasi
	// Direct identifies or reaches a person alone: e-mail, phone, name, ids.
	Direct
)

// String is the sensitivity's name in reports and file metadata.
func (s Sensitivity) String() string {
	switch s {
	case Direct:
		return "direct"
	case Quasi:
		return "quasi"
	default:
		return "plain"
	}
}

// Spec is what Concord knows of an attribute before it sees any data.
type Spec struct {
	Name         Name
	Group        Group
	Category     string // Fideslang data_category key
	Sensitivity  Sensitivity
	Survivorship string // default survivorship rule, by its name in transforms/golden
	Contact      string // the contact point kind it holds ("email", "phone", "postal", "device"), or ""
	Description  string
}

// all is ordered as golden records show their columns.
var all = []Spec{
	{NamePrefix, NameGroup, "user.name", Quasi, "most_frequent", "", "title before a person's name, such as Dr"},
	{GivenName, NameGroup, "user.name.first", Direct, "most_frequent", "", "given (first) name"},
	{MiddleName, NameGroup, "user.name", Quasi, "longest", "", "middle names or initials"},
	{FamilyName, NameGroup, "user.name.last", Direct, "most_frequent", "", "family (last) name"},
	{NameSuffix, NameGroup, "user.name", Quasi, "most_frequent", "", "generation or degree after a name, such as Jr"},
	{Organisation, NoGroup, "user.workplace", Quasi, "most_recent", "", "organisation a person acts for"},
	{Email, NoGroup, "user.contact.email", Direct, "most_recent", "email", "e-mail address"},
	{Phone, NoGroup, "user.contact.phone_number", Direct, "most_recent", "phone", "telephone number in E.164 form"},
	{HouseNumber, AddressGroup, "user.contact.address.street", Direct, "most_recent", "", "house number"},
	{Street, AddressGroup, "user.contact.address.street", Direct, "most_recent", "postal", "street, without house number and unit"},
	{Unit, AddressGroup, "user.contact.address.street", Direct, "most_recent", "", "flat, apartment, suite, post-office box"},
	{Locality, AddressGroup, "user.contact.address.street", Direct, "most_recent", "", "second address line: building, estate, village"},
	{City, AddressGroup, "user.contact.address.city", Quasi, "most_recent", "", "city, town or suburb"},
	{Region, AddressGroup, "user.contact.address.state", Quasi, "most_recent", "", "state, province or region"},
	{Postcode, AddressGroup, "user.contact.address.postal_code", Quasi, "most_recent", "", "postal code"},
	{Country, AddressGroup, "user.contact.address.country", Quasi, "most_recent", "", "ISO 3166-1 alpha-2 country code"},
	{BirthDate, NoGroup, "user.demographic.date_of_birth", Quasi, "most_frequent", "", "date of birth"},
	{BirthPlace, NoGroup, "user.demographic", Quasi, "most_frequent", "", "place of birth"},
	{Sex, NoGroup, "user.demographic.gender", Quasi, "most_frequent", "", "sex or gender as recorded: f, m, x"},
	{Device, NoGroup, "user.device", Direct, "all_values", "device", "device or browser identifier"},
	{Language, NoGroup, "user.demographic.language", Plain, "most_recent", "", "preferred language"},
}

// All lists the fixed attributes in table order. The slice is shared: do not
// change it.
func All() []Spec { return all }

// Lookup is the Spec of any attribute, identifiers and custom ones included.
func Lookup(n Name) (Spec, bool) {
	for i := range all {
		if all[i].Name == n {
			return all[i], true
		}
	}
	switch {
	case n.Kind() != "":
		return Spec{n, NoGroup, identifierCategory(n.Kind()), Direct, "most_frequent", "", "identifier: " + n.Kind()}, true
	case n.IsCustom():
		return Spec{n, NoGroup, Undeclared, Direct, "most_recent", "", "column of the job's own"}, true
	}
	return Spec{}, false
}

// Undeclared is the data category of a column of the job's own of which nobody
// said what it holds: anything about a person, and so a direct identifier.
const Undeclared = "user"

// Declared is the Spec of a custom attribute that holds a data category.
func Declared(n Name, category string) Spec {
	spec, _ := Lookup(n)
	spec.Category, spec.Sensitivity = category, Direct
	for _, c := range indirect {
		if category == c.category || strings.HasPrefix(category, c.category+".") {
			spec.Sensitivity = c.sensitivity
		}
	}
	return spec
}

// indirect are the data categories whose values do not identify a person
// alone. What is not among them may: free text holds names and addresses.
var indirect = []struct {
	category    string
	sensitivity Sensitivity
}{
	{"user.behavior", Plain}, {"user.settings", Plain}, {"user.privacy_preferences", Plain},
	{"user.demographic", Quasi}, {"user.demographic.language", Plain},
	{"user.location.coarse", Quasi}, {"user.professional_information", Quasi}, {"user.workplace", Quasi}, {"user.health", Quasi},
	{"user.contact.address.city", Quasi}, {"user.contact.address.state", Quasi},
	{"user.contact.address.postal_code", Quasi}, {"user.contact.address.country", Quasi},
}

func identifierCategory(kind string) string {
	switch kind {
	case "ssn", "national_id", "tax_id", "passport", "driving_licence":
		return "user.government_id"
	}
	return "user.unique_id"
}

// Rank orders attributes as tables show them: the fixed ones, then
// identifiers, then custom columns, the latter two by name.
func Rank(n Name) (class int, name string) {
	for i := range all {
		if all[i].Name == n {
			return i, ""
		}
	}
	if n.Kind() != "" {
		return len(all), string(n)
	}
	return len(all) + 1, string(n)
}

// Less is the order of [Rank].
func Less(a, b Name) bool {
	ra, na := Rank(a)
	rb, nb := Rank(b)
	if ra != rb {
		return ra < rb
	}
	return na < nb
}
