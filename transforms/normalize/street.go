package normalize

import (
	"regexp"
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

// foldStreet is the canonical form of a street: folded words, kinds and
// directions spelled out, German compounds with "straße" split ("Hauptstr."
// is "haupt street").
func foldStreet(s string) string {
	var words []string
	for w := range strings.FieldsSeq(Fold(s)) {
		words = append(words, splitCompound(w)...)
	}
	for i, w := range words {
		words[i] = foldStreetWord(w, i, words)
	}
	return strings.Join(words, " ")
}

// splitCompound parts "hauptstr" from its kind of street.
func splitCompound(w string) []string {
	for _, suffix := range []string{"strasse", "straat", "str"} {
		if rest, ok := strings.CutSuffix(w, suffix); ok && len(rest) > 2 {
			return append(splitCompound(rest), "street")
		}
	}
	return []string{w}
}

func foldStreetWord(w string, i int, words []string) string {
	last := i == len(words)-1
	if d, ok := directions[w]; ok {
		if len(words) == 2 && i == 0 && len(w) == 1 && streetTypes[words[1]] != "" {
			return w // E Street
		}
		return d
	}
	if o, ok := ordinals[w]; ok {
		return o
	}
	if i == 0 && !last {
		switch w {
		case "st":
			return "saint"
		case "mt":
			return "mount"
		case "ul", "av", "avda", "calle", "rue", "via":
			return streetTypes[w]
		}
		return w
	}
	if t, ok := lastOnly[w]; ok {
		if last && t != "" && i > 0 {
			return t
		}
		return w
	}
	if t, ok := streetTypes[w]; ok && i > 0 {
		return t
	}
	return w
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

var houseNumber = regexp.MustCompile(`^(?i:no\.? ?|nr\.? ?|n° ?|#)?([0-9]{1,6} ?[A-Za-z]?(?: ?[-/] ?[0-9]{1,6} ?[A-Za-z]?)?)$`)

// readHouseNumber reads a house number: digits, a letter, a range. Canonical
// has no spaces and no leading zeros ("012 A" is "12a"). What is no such
// number is kept folded, since house numbers are misread often.
func readHouseNumber(raw string, o Options, out []Value) []Value {
	s := asciiDigits(clean(raw))
	if isNull(s) {
		return out
	}
	if rest, ok := strings.CutSuffix(s, ".0"); ok && allDigits(rest) {
		s = rest
	}
	m := houseNumber.FindStringSubmatch(s)
	if m == nil {
		m = houseNumber.FindStringSubmatch(joined(Fold(s)))
	}
	if m != nil {
		return appendHouseNumber(m[1], out)
	}
	canon := joined(Fold(s))
	if canon == "" || len(canon) > 20 {
		return problem(out, attribute.HouseNumber, BadAddress)
	}
	return append(out, Value{Attribute: attribute.HouseNumber, Shown: s, Canonical: canon})
}

func appendHouseNumber(s string, out []Value) []Value {
	s = strings.ToUpper(strings.ReplaceAll(s, " ", ""))
	canon := strings.ToLower(strings.ReplaceAll(s, "/", "-"))
	if strings.Trim(canon, "0-") == "" {
		return junk(out, attribute.HouseNumber)
	}
	if t := strings.TrimLeft(canon, "0"); isDigit(t[0]) {
		canon = t
	}
	return append(out, Value{Attribute: attribute.HouseNumber, Shown: s, Canonical: canon})
}
