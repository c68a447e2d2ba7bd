package normalize

import (
	"cmp"

	"concord/schemas/attribute"
	"concord/schemas/table"
)

// Value is one value of one canonical attribute.
type Value struct {
	Attribute attribute.Name
	// Shown is the presentable form, "" when the value is unusable.
	Shown string
	// Canonical is the form that matching compares, "" when nothing may match
	// it.
	Canonical string
	Flags     table.Flag
	// Problem is the stable code of what made the value unreadable, "" when it
	// was read.
	Problem string
}

// The problem codes. They are stable: reports and alerts name them.
const (
	TooLong           = "too_long"
	BadName           = "bad_name"
	BadEmail          = "bad_email"
	BadPhone          = "bad_phone"
	BadAddress        = "bad_address"
	BadPostcode       = "bad_postcode"
	BadCountry        = "bad_country"
	BadDate           = "bad_date"
	AmbiguousDate     = "ambiguous_date"
	ImpossibleDate    = "impossible_date"
	FutureDate        = "future_date"
	BadSex            = "bad_sex"
	BadIdentifier     = "bad_identifier"
	BadChecksum       = "bad_checksum"
	BadDevice         = "bad_device"
	BadLanguage       = "bad_language"
	BadNumber         = "bad_number"
	maxValueBytes     = 4096 // longer cells are not a name, an address or an id
	maxTextValueBytes = 1 << 20
)

// Options say how a column is to be read. The zero value works for every
// type but the custom ones, which need Attribute.
type Options struct {
	// Region is the ISO 3166-1 alpha-2 code of the country that phone numbers
	// and addresses without one are from, "" when unknown.
	Region string
	// DateOrder resolves 02/03/1980; Unset leaves it ambiguous.
	DateOrder Order
	// NameOrder is the order of names on one line; UnsetNames leaves each name
	// to what its own words tell.
	NameOrder NameOrder
	// Kind is the declared kind of an identifier; "" stands for "id".
	Kind string
	// Attribute is the target of a custom column (date, money, number, text).
	Attribute attribute.Name
	// Label tells apart several columns of one type ("home", "work"). No
	// normalizer of this package reads it.
	Label string
	// ReferenceYear is the latest year a date of birth can have: the year of
	// the run's as-of. 0 means unknown.
	ReferenceYear int
}

// Normalizer reads the values of one semantic type. It is a pure function: what
// it may keep between calls changes no result, and any goroutine may call it.
type Normalizer interface {
	// Name is the semantic type's name.
	Name() string
	// Description is one sentence for reports.
	Description() string
	// Normalize appends the values of raw to out and returns it: none for a
	// text that stands for null, several for a composite type.
	Normalize(raw string, o Options, out []Value) []Value
}

// For finds the normalizer of a semantic type. The three birth parts share
// [BirthParts], whose input the pipeline joins.
func For(t attribute.Type) (Normalizer, bool) {
	if attribute.IsBirthPart(t) {
		return BirthParts, true
	}
	for i := range all {
		if all[i].name == t {
			return &all[i], true
		}
	}
	return nil, false
}

// normalizer is one entry of the ordered list in all.go.
type normalizer struct {
	name        attribute.Type
	description string
	read        func(raw string, o Options, out []Value) []Value
}

func (n *normalizer) Name() string        { return string(n.name) }
func (n *normalizer) Description() string { return n.description }

func (n *normalizer) Normalize(raw string, o Options, out []Value) []Value {
	limit := maxValueBytes
	if n.name == attribute.TypeText {
		limit = maxTextValueBytes
	}
	if len(raw) > limit {
		return append(out, Value{Attribute: target(n.name, o), Problem: TooLong})
	}
	return n.read(raw, o, out)
}

// target is the attribute that a problem of a column of type t is counted
// under: its first one.
func target(t attribute.Type, o Options) attribute.Name {
	switch t {
	case attribute.TypeFullName:
		return attribute.FamilyName
	case attribute.TypeAddress, attribute.TypeStreetAddress:
		return attribute.Street
	case attribute.TypeIdentifier:
		return attribute.Identifier(cmp.Or(o.Kind, unnamedKind))
	}
	if attribute.IsCustom(t) {
		return o.Attribute
	}
	return attribute.Name(t)
}

// unnamedKind is the kind of an identifier whose column declares none.
const unnamedKind = "id"

func problem(out []Value, a attribute.Name, code string) []Value {
	return append(out, Value{Attribute: a, Problem: code})
}

func junk(out []Value, a attribute.Name) []Value {
	return append(out, Value{Attribute: a, Flags: table.Junk})
}
