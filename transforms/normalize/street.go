package normalize

import (
	"strings"

	"concord/schemas/attribute"
)

// streetTypes maps the words for kinds of streets to one spelling. German
// "Straße" is "street", because addresses abroad are translated.
var streetTypes = wordMap(`
street: st str strt stret sreet strasse straat ul ulitsa ulica
road: rd
avenue: ave av aven avnue avenida avda avd
boulevard: blvd boul bvd blv bd
drive: dr drv driv
lane: ln
court: ct crt
place: pl plc
circle: cir circ
circuit: cct crct
crescent: cres cresc crs cr
close: cls
square: sq
terrace: ter terr tce
parade: pde
parkway: pkwy pky pkw parkwy
highway: hwy hiway hgwy
expressway: expy
freeway: fwy
trail: trl tr
turnpike: tpke tpk
alley: aly ally
grove: grv gr
gardens: gdns gdn
mount: mt
heights: hts hgts
junction: jct
point: pt
crossing: xing
esplanade: esp
loop: lp
plaza: plz
rue: r
calle: c
via:
viale:
piazza: pza
platz:
weg:
allee:
gasse:
chaussee: ch
way: wy
walk: wlk
row:
mews:
hill: hl
view: vw
green: grn
park: pk
bend: bnd
run:
ridge: rdg
cove: cv
creek: crk
rise:
`)

// lastOnly are abbreviations so short that they are a street's kind only as
// its last word: "La Brea Ave" is not a lane.
var lastOnly = map[string]string{"la": "lane", "cl": "close", "pk": "park", "r": "", "c": "", "ch": "", "gr": "grove", "tr": "trail", "cr": "crescent", "mt": "", "pt": "point"}

var directions = map[string]string{
	"n": "north", "s": "south", "e": "east", "w": "west", "ne": "northeast", "nw": "northwest", "se": "southeast", "sw": "southwest",
	"north": "north", "south": "south", "east": "east", "west": "west", "northeast": "northeast", "northwest": "northwest",
	"southeast": "southeast", "southwest": "southwest",
}

var ordinals = map[string]string{
	"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th", "sixth": "6th", "seventh": "7th", "eighth": "8th",
	"ninth": "9th", "tenth": "10th", "eleventh": "11th", "twelfth": "12th",
}

// readStreet reads a street without house number. It takes nothing apart:
// street_address does that.
func readStreet(raw string, o Options, out []Value) []Value {
	s := strings.Trim(clean(raw), ",;. ")
	if isNull(s) {
		return out
	}
	canon := foldStreet(s)
	switch {
	case canon == "":
		return problem(out, attribute.Street, BadAddress)
	case isFillerName(canon):
		return junk(out, attribute.Street)
	}
	return append(out, Value{Attribute: attribute.Street, Shown: restoreStreetCase(s), Canonical: canon})
}

// restoreStreetCase is restoreCase with short directions left in capitals.
func restoreStreetCase(s string) string {
	t := restoreCase(s)
	if t == s {
		return s
	}
	words := strings.Split(t, " ")
	for i, w := range words {
		if f := strings.ToLower(strings.Trim(w, ".")); len(f) == 2 && directions[f] != "" {
			words[i] = strings.ToUpper(w)
		}
	}
	return strings.Join(words, " ")
}
