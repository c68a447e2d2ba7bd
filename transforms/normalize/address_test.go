package normalize

import (
	"testing"

	"concord/schemas/attribute"
)

// addressExamples are addresses as people write them, from several countries.
var addressExamples = []example{
	{"1515 Adela Lane, Las Vegas NV 89111", "house_number=1515; street=adela lane; city=las vegas; region=nv; postcode=89111"},
	{"7548 Center St, San Diego, CA 92101", "house_number=7548; street=center street; city=san diego; region=ca; postcode=92101"},
	{"Hauptstr. 5, 10115 Berlin", "house_number=5; street=haupt street; city=berlin; postcode=10115"},
	{"Hauptstraße 5, D-10115 Berlin, Deutschland", "house_number=5; street=haupt street; city=berlin; postcode=10115; country=de"},
	{"Flat 2, 10 High St, Leeds LS1 4AP", "house_number=10; street=high street; unit=2; city=leeds; postcode=ls14ap"},
	{"10 Downing Street, London SW1A 2AA, UK", "house_number=10; street=downing street; city=london; postcode=sw1a2aa; country=gb"},
	{"18 Danver Place, Loughborough, Leicestershire, LE11 1UU, United Kingdom",
		"house_number=18; street=danver place; city=loughborough; region=leicestershire; postcode=le111uu; country=gb"},
	{"18 Danver Place, Loughborough, Leicestershire, United Kingdom, LE11 1UU",
		"house_number=18; street=danver place; city=loughborough; region=leicestershire; postcode=le111uu; country=gb"},
	{"12 rue de la Paix, 75002 Paris, France", "house_number=12; street=rue de la paix; city=paris; postcode=75002; country=fr"},
	{"Calle Mayor 5, 28013 Madrid", "house_number=5; street=calle mayor; city=madrid; postcode=28013"},
	{"Keizersgracht 123, 1015 CJ Amsterdam", "house_number=123; street=keizersgracht; city=amsterdam; postcode=1015cj"},
	{"100 Queen St W Apt 4B, Toronto, ON M5H 2N2", "house_number=100; street=queen street west; unit=4b; city=toronto; region=on; postcode=m5h2n2"},
	{"Fieldstrasse 10, FL-2198 Triesen, Lichtenstein", "house_number=10; street=field street; city=triesen; postcode=2198; country=li"},
	{"#01-11, HillV2, 4 Hillview Rise, 667979", "house_number=4; street=hillview rise; unit=01 11; locality=hillv2; postcode=667979"},
	{"Chinatown Point, 133 New Bridge Road, 059413 singapore",
		"house_number=133; street=new bridge road; locality=chinatown point; postcode=059413; country=sg"},
	{"No 321, Street 128 Phnom Penh Cambodia", "house_number=321; street=street 128; city=phnom penh; country=kh"},
	{"Tolmacheva Ul., bld. 8, appt. 71 Smolensk", "street=tolmacheva street; unit=8 71; city=smolensk"},
	{"445 Overpass Rd San Ramon", "house_number=445; street=overpass road; city=san ramon"},
	{"80 Delaware Ave SE Washington DC 40040", "house_number=80; street=delaware avenue southeast; city=washington; region=dc; postcode=40040"},
	{"9304 W. 15th St La Blanca, FL 60527", "house_number=9304; street=west 15th street; city=la blanca; region=fl; postcode=60527"},
	{"6371 E Foothill Dr, 95915", "house_number=6371; street=east foothill drive; postcode=95915"},
	{"6371 E Foothill Dr, Orroville, CA", "house_number=6371; street=east foothill drive; city=orroville; region=ca"},
	{"Adventura Aparments 638 Downey St, Salem, OR", "house_number=638; street=downey street; locality=adventura aparments; city=salem; region=or"},
	{"Suite 900, 1450 N City Rd", "house_number=1450; street=north city road; unit=900"},
	{"1600 Pennsylvania Avenue NW\nWashington, DC 20500-0003",
		"house_number=1600; street=pennsylvania avenue northwest; city=washington; region=dc; postcode=20500"},
	{"P.O. Box 12987", "unit=box 12987"},
	{"???!", "street=!bad_address"},
	{"test", "street= j"},
}

func TestAddress(t *testing.T) {
	checkExamples(t, attribute.TypeAddress, Options{}, addressExamples)
	checkExamples(t, attribute.TypeAddress, Options{Region: "AU"}, []example{
		{"2/45 Smith St, Carlton VIC 3053", "house_number=45; street=smith street; unit=2; city=carlton; region=vic; postcode=3053"},
	})
}

func TestStreetAddress(t *testing.T) {
	checkExamples(t, attribute.TypeStreetAddress, Options{}, []example{
		{"23 Ansbacher Street", "house_number=23; street=ansbacher street"},
		{"Ansbacher Strasse 23", "house_number=23; street=ansbacher street"},
		{"1450 N City Rd Suite 900", "house_number=1450; street=north city road; unit=900"},
		{"Skyline Apartments, 705 Sheppard Ave", "house_number=705; street=sheppard avenue; locality=skyline apartments"},
		{"123 Main St, Las Vegas ", "house_number=123; street=main street; locality=las vegas"},
		{"123 Main Street, Las Vegas NV 89132", "house_number=123; street=main street; city=las vegas; region=nv; postcode=89132"},
		{"1515 Adela Ln, LV, NV", "house_number=1515; street=adela lane; city=lv; region=nv"},
		{"#321, Street 128", "house_number=321; street=street 128"},
		{"12 A Main St", "house_number=12a; street=main street"},
		{"225 varick st. at clarkston st.", "house_number=225; street=varick street; locality=at clarkston st"},
		{"1231 Las Vegas Blvd, Penthouse Suite", "house_number=1231; street=las vegas boulevard; unit=penthouse suite"},
		{"hay street", "street=hay street"},
	})
	checkShown(t, attribute.TypeStreetAddress, Options{}, []example{{"1450 n city rd suite 900", "1450; N City Rd; Suite 900"}})
}

func TestStreet(t *testing.T) {
	checkExamples(t, attribute.TypeStreet, Options{}, []example{
		{"St Johns Rd", "street=saint johns road"}, {"E St", "street=e street"}, {"N Main", "street=north main"}, {"Hauptstr.", "street=haupt street"},
		{"La Brea Ave", "street=la brea avenue"}, {"Fifth Avenue", "street=5th avenue"}, {"jane price crescent", "street=jane price crescent"},
		{"Avenue Road", "street=avenue road"}, {"Bahnhofstrasse", "street=bahnhof street"}, {"Booroondara St.", "street=booroondara street"},
	})
}

func TestHouseNumber(t *testing.T) {
	checkExamples(t, attribute.TypeHouseNumber, Options{}, []example{
		{"38", "house_number=38"}, {"012 A", "house_number=12a"}, {"12-14", "house_number=12-14"}, {"12/14", "house_number=12-14"}, {"No. 5", "house_number=5"},
		{"7.0", "house_number=7"}, {"1o", "house_number=1o"}, {"0", "house_number= j"}, {"rose cottage", "house_number=rosecottage"},
	})
}

func TestUnit(t *testing.T) {
	checkExamples(t, attribute.TypeUnit, Options{}, []example{
		{"Apt. 4B", "unit=4b"}, {"#4B", "unit=4b"}, {"4b", "unit=4b"}, {"Suite 900", "unit=900"}, {"PO BOX 12987", "unit=box 12987"},
		{"Postfach 12 ", "unit=box 12"}, {"3rd Floor", "unit=floor 3"}, {"Level 3", "unit=floor 3"}, {"bld. 8, appt. 71", "unit=8 71"},
	})
	checkShown(t, attribute.TypeUnit, Options{}, []example{{"p.o. box 12987", "PO Box 12987"}, {"4b", "4B"}})
}

func TestPlaces(t *testing.T) {
	checkExamples(t, attribute.TypeCity, Options{}, []example{
		{"St. Louis", "city=saint louis"}, {"SAINT LOUIS", "city=saint louis"}, {"Mt Isa", "city=mount isa"}, {"N. Hollywood", "city=north hollywood"},
		{"Düsseldorf", "city=dusseldorf"}, {"xxx", "city= j"},
	})
	checkExamples(t, attribute.TypeLocality, Options{}, []example{
		{"drayton villas", "locality=drayton villas"}, {"Unit 5", "unit=5"}, {"Rose House, Flat 3", "unit=3; locality=rose house"},
	})
	checkShown(t, attribute.TypeCity, Options{}, []example{{"broadbeach waters", "Broadbeach Waters"}})
}

func TestRegion(t *testing.T) {
	checkExamples(t, attribute.TypeRegion, Options{}, []example{
		{"OHIO", "region=oh"}, {"nsw", "region=nsw"}, {"Victoria", "region=vic"}, {"Western Australia", "region=wa"}, {"US-NV", "region=nv"},
		{"Québec", "region=qc"}, {"N.Y.", "region=n y"}, {"Bayern", "region=bayern"}, {"vci", "region=vci"},
	})
}

func TestPostcode(t *testing.T) {
	checkExamples(t, attribute.TypePostcode, Options{}, []example{
		{"SW988AF", "postcode=sw988af"}, {"sw98 8af", "postcode=sw988af"}, {"92723-0000", "postcode=92723"}, {"927230000", "postcode=92723"},
		{"FL-2198", "postcode=2198"}, {"2480.0", "postcode=2480"}, {"48o3", "postcode=48o3 u"}, {"00000", "postcode= j"}, {"99999", "postcode= j"},
		{"Leeds", "postcode=!bad_postcode"},
	})
	checkExamples(t, attribute.TypePostcode, Options{Region: "US"}, []example{{"8030", "postcode=08030"}})
	checkExamples(t, attribute.TypePostcode, Options{Region: "AU"}, []example{{"0800", "postcode=0800"}})
	checkShown(t, attribute.TypePostcode, Options{}, []example{{"SW988AF", "SW98 8AF"}, {"m1s1t4", "M1S 1T4"}, {"1015cj", "1015 CJ"}, {"927231234", "92723-1234"}})
	checkShown(t, attribute.TypePostcode, Options{Region: "PL"}, []example{{"00950", "00-950"}})
}

func TestCountry(t *testing.T) {
	checkExamples(t, attribute.TypeCountry, Options{}, []example{
		{"CAN", "country=ca"}, {"de", "country=de"}, {"Germany", "country=de"}, {"Allemagne", "country=de"}, {"Deutschland", "country=de"}, {"U.S.A.", "country=us"},
		{"The Netherlands", "country=nl"}, {"Lichtenstein", "country=li"}, {"RUS", "country=ru"}, {"England", "country=gb"}, {"NA", "country=na"},
		{"Côte d'Ivoire", "country=ci"}, {"Atlantis", "country=!bad_country"},
	})
	if n := len(countries().two); n < 240 || n > 260 {
		t.Errorf("the table of countries has %d entries", n)
	}
}
