package normalize

import (
	"strings"

	"concord/schemas/attribute"
)

// columnNames lists, per semantic type, the names that columns of it have in
// English, German, French, Spanish, Italian, Dutch and Portuguese: folded,
// without separators. Ambiguous ones ("nombre", "title") are settled by the
// values.
var columnNames = readColumnNames(map[attribute.Type]string{
	attribute.TypeGivenName: "firstname first fname given givenname givennames forename forenames vorname vname rufname prenom prenoms nombre nombres " +
		"nome primonome voornaam voornamen roepnaam namefirst namegiven christianname imie fornamn fnamec1 fnamec first1 primernombre",
	attribute.TypeMiddleName: "middlename middlenames middle mname mi middleinitial namemiddle secondname zweitername zweitvorname deuxiemeprenom segundonombre " +
		"secondonome tweedenaam othernames fnamec2 minitial midlname midl middleinit middlenm",
	attribute.TypeFamilyName: "lastname last lname surname sname familyname family nachname familienname nname zuname nom nomdefamille nomfamille apellido apellidos " +
		"primerapellido cognome achternaam sobrenome apelido namelast namefamily nazwisko efternamn lnamec1 lnamec lastnm",
	attribute.TypeFullName: "fullname name completename displayname personname namefull customername contactname clientname vollername nomcomplet nombrecompleto " +
		"nombreyapellidos nomecompleto nomecognome naam volledigenaam accountname accountholder accountholdername cardholder cardholdername holdername recipient " +
		"recipientname firstandsurname firstandlast firstandlastname firstlast firstlastname forenameandsurname nominativo patientname membername subscribername guestname nomprenom vornamenachname nomenominativo nativenamefull kundenname",
	attribute.TypeNamePrefix:   "title prefix salutation nameprefix honorific anrede civilite titulo tratamiento titolo aanhef titre nametitle titel",
	attribute.TypeNameSuffix:   "suffix namesuffix generation namegeneration sfx sufx",
	attribute.TypeOrganisation: "company companyname organisation organization org orgname organisationname organizationname firma firmenname firmierung entreprise societe raisonsociale empresa azienda ragionesociale bedrijf bedrijfsnaam employer employername business businessname nameorg workplace arbeitgeber employeur institution unternehmen nomentreprise razonsocial",
	attribute.TypeEmail:        "email emailaddress mail mailaddress emailaddr courriel correo correoelectronico eposta emailadresse mailadresse emailid adressemail adresseemail epost indirizzoemail email1 email2",
	attribute.TypePhone: "phone phonenumber phoneno phonenum tel telephone telephonenumber telephoneno telefon telefonnummer telefonnr mobile mobilephone mobilenumber mobileno " +
		"cell cellphone cellnumber handy handynummer mobil mobilnummer portable telefono telefone telefoon telefoonnummer movil celular cellulare homephone workphone dayphone " +
		"contactnumber msisdn rufnummer gsm phone1 phone2 telnr numerotelephone numerodetelephone",
	attribute.TypeAddress:       "address addr fulladdress addrfull addressfull billingaddress adresse direccion indirizzo endereco adres anschrift postaladdress mailingaddress shippingaddress homeaddress domicilio wohnadresse",
	attribute.TypeStreetAddress: "streetaddress address1 addressline1 addressline addrline1 addr1 line1 street1 strassehausnummer strasseundhausnummer strassenr adresse1 streetaddress1 addressstreet1 direccion1 adresszeile1 adresszeile",
	attribute.TypeStreet:        "street streetname strasse strassenname rue nomrue calle via straat straatnaam rua addressstreet str ulica",
	attribute.TypeHouseNumber:   "housenumber houseno housenum streetnumber streetno streetnum stno hausnummer hausnr numero numerorue huisnummer numerocivico civico buildingnumber hno hsno",
	attribute.TypeUnit:          "unit unitnumber unitno apartment apartmentnumber apt aptno aptnumber suite flat flatnumber flatno appartement wohnung interno pobox postbox door",
	attribute.TypeLocality:      "address2 addressline2 addrline2 addr2 line2 street2 streetaddress2 addressstreet2 locality adresszusatz complement complementadresse complemento village building buildingname adresse2 address3 addressline3 adresszeile2 neighborhood neighbourhood district",
	attribute.TypeCity:          "city town suburb ville stadt ort wohnort ciudad citta comune stad plaats woonplaats cidade municipality poblacion localidad municipio cityname posttown gemeinde commune miasto rescity mailcity",
	attribute.TypeRegion:        "state province region county bundesland kanton canton departement provincia estado regione provincie stateprovince statecode prefecture statename provincecode regionname st wojewodztwo",
	attribute.TypePostcode:      "postcode postalcode zip zipcode plz postleitzahl codepostal codigopostal cp cap zippostalcode cep pincode zip5 postcod codicepostale zipcd kodpocztowy eircode",
	attribute.TypeCountry:       "country countrycode countryname land pays pais paese nation staat landcode countryiso",
	attribute.TypeBirthDate: "dob dateofbirth birthdate birthday birthdt geburtsdatum gebdat gebdatum geburtstag datenaissance datedenaissance fechanacimiento fechadenacimiento " +
		"datadinascita datanascita geboortedatum datanascimento datadenascimento bday bdate born birth datebirth dateborn dtbirth dataurodzenia",
	attribute.TypeBirthYear:  "birthyear yearofbirth yob by dobyear dobyr doby geburtsjahr anneenaissance anonacimiento annodinascita annonascita geboortejaar",
	attribute.TypeBirthMonth: "birthmonth monthofbirth bm dobmon dobmonth dobm geburtsmonat moisnaissance mesnacimiento mesedinascita geboortemaand",
	attribute.TypeBirthDay:   "dayofbirth bd dobday dobd journaissance dianacimiento giornodinascita geboortedag",
	attribute.TypeBirthPlace: "birthplace placeofbirth pob cityofbirth birthcity townofbirth birthtown geburtsort lieunaissance lieudenaissance lugarnacimiento " +
		"lugardenacimiento luogonascita luogodinascita geboorteplaats localdenascimento naturalidade",
	attribute.TypeSex:      "sex gender geschlecht sexe sexo sesso geslacht genre genero genere sexcode gendercode plec",
	attribute.TypeDevice:   "deviceid deviceuuid idfa idfv gaid aaid advertisingid cookieid browserid visitorid fingerprint devicefingerprint macaddress anonymousid installid installationid udid",
	attribute.TypeLanguage: "language lang locale preferredlanguage sprache langue idioma lingua taal languagecode",
	attribute.TypeMoney:    "amount price total revenue balance mrr arr betrag montant importe importo bedrag valor ltv spend spent estimatedarr turnover umsatz income salary",
	attribute.TypeNumber:   "count quantity qty employeecount score points visits orders numberoforders householdsize",
	attribute.TypeText: "status stage plan category type kind source leadsource signupsource segment tier priority subject notes note comment comments description " +
		"industry domain website url username login nickname jobtitle position role department occupation os devicetype platform paymentmethod channel event eventtype eventname campaign " +
		"tags reason recordtype addrtype addresstype phonetype emailtype product store branch currency datasource partnername referringpartner referraltype cuisine",
})

// identifierNames lists the names of identifier columns by kind.
var identifierNames = readColumnNames(map[attribute.Type]string{
	"ssn":             "ssn ssnnumber socialsecurity socialsecuritynumber socialsecurityno socsecid socsec socialsecnumber",
	"national_id":     "nationalid nationalidnumber nationalidno idcard idcardnumber personalausweis nationalidentifier identitynumber personnummer ausweisnummer",
	"passport":        "passport passportnumber passportno passnummer reisepass numeropasseport pasaporte",
	"driving_licence": "driverslicense driverslicensenumber driverslicenseno driverlicense driverlicence driverlicensenumber drivinglicence drivinglicense drivinglicencenumber dlnumber licensenumber fuhrerschein permisconduire driverslic",
	"tax_id":          "taxid taxidnumber taxnumber tin steuernummer numerofiscal",
	"steuer_id":       "steuerid steueridentifikationsnummer idnr",
	"vat":             "vat vatnumber vatid ustid ustidnr tvaintracom",
	"iban":            "iban",
	"lei":             "lei leinumber leicode",
	"ein":             "ein employeridentificationnumber",
	"nhs":             "nhs nhsnumber nhsno",
	"nif":             "nif dni nie",
	"bsn":             "bsn burgerservicenummer",
	"cpf":             "cpf",
	"codice_fiscale":  "codicefiscale",
	"pesel":           "pesel",
	"loyalty":         "loyaltyid loyaltynumber loyaltycard loyaltycardnumber membershipnumber membershipid membernumber clubcard clubcardnumber kundenkarte frequentflyernumber",
	"medicaid":        "medicaid medicaidid medicaidnumber medicare medicarenumber",
	"mrn":             "mrn mrns medicalrecordnumber",
	"imei":            "imei",
})

// unmappedNames are columns that describe people and are not mapped unless the
// job's owner says so: what changes with time (age), and the special
// categories of personal data of article 9 of the GDPR.
var unmappedNames = wordSet("age agegroup alter race ethnicity ethnicgroup culture religion nationality raceethnicity maritalstatus politicalparty maiden maidenname " +
	"birthname geburtsname mothermaidenname password passwordhash token properties payload json metadata lnamec2")

// whoseWords say whose value it is or which of several, not what it is: they
// are dropped from a column's name when the whole name is not known.
var whoseWords = wordSet("primary secondary native customer client contact user person people patient member subscriber billing shipping delivery home work " +
	"mailing current legal preferred main cust usr buyer guest profile record account the my your crm app src input " +
	"private daytime evening personal permanent residential residence resident res voter kunde kunden klant cliente")

// noiseWords say little about what a value is; they are dropped next.
var noiseWords = wordSet("addr address name value field raw a b number no nr full text txt business desc cd 1 " +
	"fake masked synthetic clean cleaned norm normalised normalized std standardised standardized orig original")

// anybodysName are names of columns that hold people in one source and
// organisations in the next.
var anybodysName = wordSet("name naam accountname clientname contactname customername displayname recipient recipientname accountholder holdername kundenname")

// foreignWords make the value of a column something else's: the country of a
// passport is no address. An e-mail address there may be the person's all the
// same: that of an order.
var foreignWords = wordSet("passport license licence drivers driver national tax vendor supplier product event campaign store branch issue issued issuing birth " +
	"owner sender device payment bank order invoice ticket lead company organisation organization org firm type category status rel relation relationship ip")

// othersWords make the value of a column somebody else's, whatever it looks
// like: a child's number, a spouse's address, an employer's street.
var othersWords = wordSet("mother mothers father guardian spouse emergency nok kin partner agent rep manager referrer referring referral " +
	"dependent dependant dependents dependants child children son daughter sibling brother sister parent parents husband wife fiance fiancee relative " +
	"beneficiary guarantor cosigner coapplicant nominee trustee witness landlord employer physician doctor pcp provider prescriber attending attorney broker")

func readColumnNames(lists map[attribute.Type]string) map[string]attribute.Type {
	m := map[string]attribute.Type{}
	for t, names := range lists {
		for n := range strings.FieldsSeq(names) {
			if other, ok := m[n]; ok && other != t {
				panic("normalize: the column name " + n + " is listed twice")
			}
			m[n] = t
		}
	}
	return m
}
