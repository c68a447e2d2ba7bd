package normalize

import (
	"concord/schemas/attribute"
)

// sexes maps folded words and codes to f, m and x. The digits are those of
// ISO/IEC 5218: 1 male, 2 female; its 0 (not known) and 9 (not applicable)
// are null. A channel with other digits needs a mapping of its own.
var sexes = wordMap(`
f: female woman girl w weiblich frau femme feminin feminine femenino femenina mujer femmina femminile vrouw vrouwelijk feminino mulher kobieta kvinna kadin fem 2 zhenskiy zh
m: male man boy mannlich mann maennlich homme masculin masculino hombre maschio maschile mannelijk homem mezczyzna erkek mal masc 1 h muzhskoy
x: other divers diverse nonbinary nb nonbinaire enby intersex diverso otro autre altro anders d genderqueer nb genderfluid agender
`)

// chineseSex is read before romanising: 男 would become "nan".
var chineseSex = map[string]string{"男": "m", "女": "f", "男性": "m", "女性": "f"}

var unknownSex = wordSet("u unknown 0 9 unspecified undisclosed decline declined prefernottosay na unbekannt notsay keineangabe")

// readSex reads sex or gender as recorded, in words or codes of several
// languages. An unknown sex is null.
func readSex(raw string, o Options, out []Value) []Value {
	s := clean(raw)
	if isNull(s) {
		return out
	}
	f := joined(Fold(s))
	if c := chineseSex[s]; c != "" {
		f = c
	}
	if unknownSex[f] {
		return out
	}
	c, ok := sexes[f]
	if !ok {
		return problem(out, attribute.Sex, BadSex)
	}
	return append(out, Value{Attribute: attribute.Sex, Shown: c, Canonical: c})
}
