package attribute

// Type is a semantic type: what a channel's column holds, as the job file
// names it. One column of a composite type fills several attributes.
type Type string

// The semantic types.
const (
	TypeGivenName     Type = "given_name"
	TypeMiddleName    Type = "middle_name"
	TypeFamilyName    Type = "family_name"
	TypeFullName      Type = "full_name"   // "Dr Ana de la Cruz Jr", "Cruz, Ana"
	TypeNamePrefix    Type = "name_prefix" // "Mrs"
	TypeNameSuffix    Type = "name_suffix" // "Jr"
	TypeOrganisation  Type = "organisation"
	TypeEmail         Type = "email"
	TypePhone         Type = "phone"
	TypeAddress       Type = "address"        // a whole address on one line
	TypeStreetAddress Type = "street_address" // house number and street
	TypeStreet        Type = "street"
	TypeHouseNumber   Type = "house_number"
	TypeUnit          Type = "unit"
	TypeLocality      Type = "locality" // second address line
	TypeCity          Type = "city"
	TypeRegion        Type = "region"
	TypePostcode      Type = "postcode"
	TypeCountry       Type = "country"
	TypeBirthDate     Type = "birth_date"
	TypeBirthYear     Type = "birth_year"
	TypeBirthMonth    Type = "birth_month"
	TypeBirthDay      Type = "birth_day"
	TypeBirthPlace    Type = "birth_place"
	TypeSex           Type = "sex"
	TypeIdentifier    Type = "identifier" // with a kind
	TypeDevice        Type = "device_id"
	TypeLanguage      Type = "language"
	TypeDate          Type = "date"
	TypeMoney         Type = "money"
	TypeNumber        Type = "number"
	TypeText          Type = "text"
)

// types is ordered for help texts and suggestions.
var types = []Type{
	TypeGivenName, TypeMiddleName, TypeFamilyName, TypeFullName, TypeNamePrefix, TypeNameSuffix,
	TypeOrganisation, TypeEmail, TypePhone, TypeAddress, TypeStreetAddress, TypeStreet, TypeHouseNumber,
	TypeUnit, TypeLocality, TypeCity, TypeRegion, TypePostcode, TypeCountry, TypeBirthDate, TypeBirthYear,
	TypeBirthMonth, TypeBirthDay, TypeBirthPlace, TypeSex, TypeIdentifier, TypeDevice, TypeLanguage,
	TypeDate, TypeMoney, TypeNumber, TypeText,
}

// Types lists every semantic type. The slice is shared: do not change it.
func Types() []Type { return types }

// TypeGroup is the group whose slot a column of type t fills: columns of one
// group and one label fill one slot together.
func TypeGroup(t Type) Group {
	switch t {
	case TypeGivenName, TypeMiddleName, TypeFamilyName, TypeFullName, TypeNamePrefix, TypeNameSuffix:
		return NameGroup
	case TypeAddress, TypeStreetAddress, TypeStreet, TypeHouseNumber, TypeUnit, TypeLocality,
		TypeCity, TypeRegion, TypePostcode, TypeCountry:
		return AddressGroup
	}
	return NoGroup
}

// IsBirthPart tells whether t is one of the three columns that make a date
// of birth together.
func IsBirthPart(t Type) bool {
	return t == TypeBirthYear || t == TypeBirthMonth || t == TypeBirthDay
}

// IsCustom tells whether a column of type t becomes a custom attribute, one
// that golden records carry and matching ignores.
func IsCustom(t Type) bool {
	return t == TypeDate || t == TypeMoney || t == TypeNumber || t == TypeText
}
