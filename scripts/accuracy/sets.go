package main

// set is a public data set with a truth, as a data engineer would map it.
type set struct {
	name     string
	channels map[string]string // name: file below the data directory
	truth    string            // likewise
	key      string            // column that names a record
	// fields are "column: type" lines of the job file. Those that hold an
	// identifier are left out when ids are masked; those of columns that a
	// file lacks are left out of its channel.
	fields string
	region string
	// held tells that the set was held out: no method was chosen by it.
	held bool
}

// febrl are the columns of the FEBRL generators that all versions share.
const febrl = `
given_name: given_name
surname: family_name
street_number: house_number
address_1: street
address_2: locality
suburb: city
postcode: postcode
state: region
date_of_birth: {as: birth_date, date_order: ymd}
soc_sec_id: {as: identifier, kind: soc_sec}`

const febrlPhone = febrl + `
phone_number: phone`

const fake = `
first_name: given_name
surname: family_name
dob: birth_date
city: city
email: email`

const senzing = `
PRIMARY_NAME_FULL: full_name
PRIMARY_NAME_LAST: family_name
PRIMARY_NAME_FIRST: given_name
PRIMARY_NAME_MIDDLE: middle_name
PRIMARY_NAME_ORG: organisation
SECONDARY_NAME_ORG: {as: organisation, label: secondary}
NATIVE_NAME_FULL: {as: full_name, label: native}
GENDER: sex
DATE_OF_BIRTH: {as: birth_date, date_order: mdy}
PASSPORT_NUMBER: {as: identifier, kind: passport}
DRIVERS_LICENSE_NUMBER: {as: identifier, kind: driving_licence}
SSN_NUMBER: {as: identifier, kind: ssn}
NATIONAL_ID_NUMBER: {as: identifier, kind: national_id}
TAX_ID_NUMBER: {as: identifier, kind: tax_id}
EMAIL_ADDRESS: email
PHONE_NUMBER: phone
ADDR_FULL: address
ADDR_LINE1: street_address
ADDR_CITY: city
ADDR_STATE: region
ADDR_POSTAL_CODE: postcode
ADDR_COUNTRY: country`

func truthSet(name, region, fields string) set {
	return set{
		name: name, channels: map[string]string{"people": "truth/" + name + ".records.csv.gz"},
		truth: "truth/" + name + ".truth.csv.gz", key: "record_id",
		region: region, fields: fields,
	}
}

// sets lists the public sets, those held out last.
func sets() []set {
	restaurant := truthSet("restaurant", "US", `
name: organisation
addr: street_address
city: city
phone: phone`)
	restaurant.truth = "truth/restaurant.truth_pairs.csv.gz"
	senzingFiles := set{
		name: "senzing_truthset", truth: "customers/senzing_truthset/actual_truthset_key.csv",
		key: "RECORD_ID", region: "US", fields: senzing, channels: map[string]string{},
	}
	for _, channel := range []string{"customers", "reference", "watchlist"} {
		senzingFiles.channels[channel] = "customers/senzing_truthset/" + channel + ".csv"
	}
	list := []set{
		truthSet("febrl1", "AU", febrl),
		truthSet("febrl2", "AU", febrl),
		truthSet("febrl3", "AU", febrl),
		truthSet("febrl_dsgen_A10000", "AU", febrlPhone),
		truthSet("splink_fake_1000", "GB", fake),
		truthSet("splink_fake_20000", "GB", fake),
		truthSet("rldata500", "DE", `
fname_c1: given_name
fname_c2: middle_name
lname_c1: family_name
lname_c2: {as: family_name, label: second}
by: birth_year
bm: birth_month
bd: birth_day`),
		truthSet("reclin_example", "GB", `
firstname: given_name
lastname: family_name
sex: sex
dobyear: birth_year
dobmon: birth_month
dobday: birth_day
postcode: postcode`),
		senzingFiles,
		restaurant,
	}
	held := []set{
		truthSet("febrl_dsgen_D10000_link", "AU", febrlPhone),
		truthSet("febrl_gen_100k", "AU", febrlPhone),
		truthSet("febrl_gen2_100k", "AU", febrlPhone+"\nsex: sex"),
		truthSet("splink_fake_100000", "GB", fake),
	}
	for i := range held {
		held[i].held = true
	}
	return append(list, held...)
}
