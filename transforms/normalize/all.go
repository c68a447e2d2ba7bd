package normalize

import "concord/schemas/attribute"

// all lists the normalizers in the order of the semantic types. To add a type,
// write its file and its test and add its line here.
var all = []normalizer{
	{attribute.TypeGivenName, "a given name, several in one cell kept together, with title and initials taken apart", readGiven},
	{attribute.TypeMiddleName, "middle names or initials", readMiddle},
	{attribute.TypeFamilyName, "a family name with its particles, a suffix such as Jr taken apart", readFamily},
	{attribute.TypeFullName, "a whole name on one line, in natural order or family name first", readFull},
	{attribute.TypeNamePrefix, "titles before a name, such as Dr", readPrefix},
	{attribute.TypeNameSuffix, "generation or degree after a name, such as Jr", readSuffix},
	{attribute.TypeOrganisation, "the name of an organisation, compared without its legal form", readOrganisation},
	{attribute.TypeEmail, "an e-mail address, compared without plus-tag and without the dots that Google ignores", readEmail},
	{attribute.TypePhone, "a telephone number in E.164 form", readPhone},
	{attribute.TypeAddress, "a whole address on one line, taken apart", readAddress},
	{attribute.TypeStreetAddress, "street and house number, with flat and building where given", readStreetAddress},
	{attribute.TypeStreet, "a street without house number", readStreet},
	{attribute.TypeHouseNumber, "a house number", readHouseNumber},
	{attribute.TypeUnit, "a flat, suite, floor or post-office box", readUnit},
	{attribute.TypeLocality, "a second address line: building, estate or village", readLocality},
	{attribute.TypeCity, "a city, town or suburb", readCity},
	{attribute.TypeRegion, "a state, province or region", readRegion},
	{attribute.TypePostcode, "a postal code", readPostcode},
	{attribute.TypeCountry, "a country by code or name, as ISO 3166-1 alpha-2", readCountry},
	{attribute.TypeBirthDate, "a date of birth", readBirthDate},
	{attribute.TypeBirthPlace, "the town or region where a person was born", readBirthPlace},
	{attribute.TypeSex, "sex or gender as recorded: f, m or x", readSex},
	{attribute.TypeIdentifier, "an identifier of a declared kind, checked where the kind has a checksum", readIdentifier},
	{attribute.TypeDevice, "the identifier of a device or browser", readDevice},
	{attribute.TypeLanguage, "a language by code, tag or name", readLanguage},
	{attribute.TypeDate, "a date of the job's own, with its time where given", readDate},
	{attribute.TypeMoney, "an amount of money, with its currency where given", readMoney},
	{attribute.TypeNumber, "a number", readNumber},
	{attribute.TypeText, "free text", readText},
}
