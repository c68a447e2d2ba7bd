package normalize

import (
	"strings"

	"concord/schemas/attribute"
)

// The states and provinces that addresses name by code: code, then names
// separated by "|".
const (
	usStates = `al|alabama
ak|alaska
az|arizona
ar|arkansas
ca|california|calif
co|colorado
ct|connecticut
de|delaware
dc|district of columbia|d c
fl|florida|fla
ga|georgia
hi|hawaii
id|idaho
il|illinois
in|indiana
ia|iowa
ks|kansas
ky|kentucky
la|louisiana
me|maine
md|maryland
ma|massachusetts|mass
mi|michigan|mich
mn|minnesota|minn
ms|mississippi
mo|missouri
mt|montana
ne|nebraska
nv|nevada
nh|new hampshire
nj|new jersey
nm|new mexico
ny|new york
nc|north carolina
nd|north dakota
oh|ohio
ok|oklahoma
or|oregon
pa|pennsylvania|penn|penna
ri|rhode island
sc|south carolina
sd|south dakota
tn|tennessee|tenn
tx|texas|tex
ut|utah
vt|vermont
va|virginia
wa|washington
wv|west virginia
wi|wisconsin|wis
wy|wyoming
pr|puerto rico
gu|guam
vi|us virgin islands
as|american samoa
mp|northern mariana islands`
	canadianProvinces = `ab|alberta
bc|british columbia
mb|manitoba
nb|new brunswick
nl|newfoundland and labrador|newfoundland
ns|nova scotia
nt|northwest territories
nu|nunavut
on|ontario|ont
pe|prince edward island|pei
qc|quebec|que
sk|saskatchewan|sask
yt|yukon`
	australianStates = `act|australian capital territory
nsw|new south wales
nt|northern territory
qld|queensland
sa|south australia
tas|tasmania
vic|victoria
wa|western australia`
)

// regions maps the folded codes and names of a country's states to codes.
var regions = map[string]map[string]string{
	"US": regionTable(usStates), "CA": regionTable(canadianProvinces), "AU": regionTable(australianStates),
}

// regionOrder is the order in which a state of an unknown country is looked
// up: the first that has it wins, so "wa" is "wa" in any case.
var regionOrder = []string{"US", "CA", "AU"}

func regionTable(lines string) map[string]string {
	m := map[string]string{}
	for l := range strings.Lines(lines) {
		spellings := strings.Split(strings.TrimSpace(l), "|")
		for _, s := range spellings {
			m[s] = spellings[0]
		}
	}
	return m
}

// lookupRegion finds the code of a state, given the country where it is known.
func lookupRegion(folded, country string) (string, bool) {
	if t, ok := regions[country]; ok {
		if c, ok := t[folded]; ok {
			return c, true
		}
	}
	for _, k := range regionOrder {
		if c, ok := regions[k][folded]; ok {
			return c, true
		}
	}
	return "", false
}

// counties are the counties of the United Kingdom and Ireland that addresses
// name; those in -shire are known by their ending.
var counties = wordSetOf("kent", "essex", "surrey", "east sussex", "west sussex", "sussex", "norfolk", "suffolk", "devon", "cornwall", "dorset",
	"somerset", "cumbria", "merseyside", "tyne and wear", "west midlands", "greater manchester", "greater london", "middlesex", "rutland",
	"county durham", "isle of wight", "co durham", "fife", "gwent", "gwynedd", "dyfed", "powys", "clwyd", "avon", "cleveland", "humberside",
	"county antrim", "county down", "county cork", "county dublin", "co cork", "co dublin")

func isCounty(folded string) bool {
	return counties[folded] || strings.HasSuffix(folded, "shire") && len(folded) > 7
}

// readRegion reads a state, province or region. States of the United States,
// Canada and Australia are written as their codes; others keep their name.
func readRegion(raw string, o Options, out []Value) []Value {
	s := clean(raw)
	if isNull(s) {
		return out
	}
	// "US-NV" is the ISO 3166-2 code.
	if country, code, ok := strings.Cut(strings.ToUpper(s), "-"); ok && regions[country] != nil {
		s, o.Region = code, country
	}
	f := Fold(s)
	if f == "" {
		return problem(out, attribute.Region, BadAddress)
	}
	if code, ok := lookupRegion(f, strings.ToUpper(o.Region)); ok {
		return append(out, Value{Attribute: attribute.Region, Shown: strings.ToUpper(code), Canonical: code})
	}
	shown := restoreCase(s)
	if len(f) <= 3 {
		shown = strings.ToUpper(s)
	}
	return append(out, Value{Attribute: attribute.Region, Shown: shown, Canonical: f})
}
