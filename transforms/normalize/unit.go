package normalize

import (
	"regexp"
	"strings"

	"concord/schemas/attribute"
)

// unitWord is an alternation of the words before a flat's number in the
// languages of Western Europe.
const unitWord = `apartment|apt|appartement|appartment|appt|app|unit|suite|ste|flat|room|rm|wohnung|whg|piso|puerta|pta|interior|int|scala|lot|trailer|trlr|space|spc|shop|studio|office|ofc|bldg|building|bld|block|blk|tower|dept|depto`

var (
	boxPattern   = regexp.MustCompile(`(?i)\b(?:p\.? ?o\.? ?box|g\.?p\.?o\.? ?box|post office box|box|pobox|postfach|apartado(?: de correos)?|boite postale|boîte postale|casella postale|postbus|locked bag|private bag)\.? *(?:no\.? *)?#? *([0-9][0-9A-Za-z-]{0,11})\b`)
	unitPattern  = regexp.MustCompile(`(?i)(?:^|[ ,])((?:` + unitWord + `)(?:\.? *(?:no\.? *|# *)?([0-9]+[A-Za-z0-9/-]{0,8})|\.? +([A-Za-z]-?[0-9]{0,5}))|# *([0-9A-Za-z][0-9A-Za-z/-]{0,8}))(?:$|[ ,.;])`)
	floorPattern = regexp.MustCompile(`(?i)(?:^|[ ,])((?:([0-9]{1,3})(?:st|nd|rd|th|\.)? (?:floor|fl|etage|stock|og))|(?:floor|fl|level|lvl|etage|stock) *([0-9]{1,3}))(?:$|[ ,.;])`)
	housePattern = regexp.MustCompile(`(?i)(?:^|[ ,])((?:penthouse|basement|ground floor|attic|erdgeschoss)(?: (?:suite|flat|apartment|apt))?)(?:$|[ ,.;])`)
)

// cutUnit takes the first flat, suite, floor or post-office box out of an
// address line. unit is as written; ok is false when there is none.
func cutUnit(s string) (rest, unit string, ok bool) {
	signs := signsOf(s)
	if signs&signBox != 0 {
		if m := boxPattern.FindStringIndex(s); m != nil {
			return collapse(s[:m[0]] + " " + s[m[1]:]), s[m[0]:m[1]], true
		}
	}
	if signs&signUnit != 0 && signs != everySign {
		if u, ok := findUnit(s); ok {
			return without(s, u.lo, u.hi), s[u.lo:u.hi], true
		}
		signs &^= signUnit
	}
	for _, p := range unitPatterns {
		if signs&p.needs == 0 {
			continue
		}
		if m := p.pattern.FindStringSubmatchIndex(s); m != nil {
			return without(s, m[2], m[3]), s[m[2]:m[3]], true
		}
	}
	return s, "", false
}

// without is s without what is between lo and hi.
func without(s string, lo, hi int) string {
	before, behind := strings.TrimLeft(s[:lo], " ,"), strings.TrimRight(s[hi:], " ,")
	switch {
	case before == "":
		return collapse(strings.TrimLeft(behind, " ,"))
	case behind == "":
		return collapse(strings.TrimRight(before, " ,"))
	}
	return collapse(before + " " + behind)
}

// unitPatterns are tried in order, each where its sign was seen.
var unitPatterns = []struct {
	needs   signs
	pattern *regexp.Regexp
}{{signUnit, unitPattern}, {signFloor, floorPattern}, {signHouse, housePattern}}

// cutUnits takes all flats, suites, floors and boxes out of an address line.
func cutUnits(s string) (rest string, units []string) {
	for range 4 {
		r, unit, ok := cutUnit(s)
		if !ok {
			break
		}
		units, s = append(units, unit), r
	}
	return s, units
}

// foldUnit is the canonical form: a box as "box 12", a floor as "floor 3",
// else the number or letter alone, as the word before it varies most. Of
// several ("bld. 8, appt. 71") all are kept.
func foldUnit(s string) string {
	for range 4 { // what is left of two units can read as a third
		t := foldUnits(s)
		if t == s {
			break
		}
		s = t
	}
	return s
}

func foldUnits(s string) string {
	s, parts := cutUnits(s)
	for i := range parts {
		parts[i] = foldOneUnit(parts[i])
	}
	parts = append(parts, strings.TrimPrefix(Fold(s), "no "))
	return collapse(strings.Join(parts, " "))
}

func foldOneUnit(unit string) string {
	signs := signsOf(unit)
	if signs&signBox != 0 {
		if m := boxPattern.FindStringSubmatch(unit); m != nil {
			return "box " + joined(Fold(m[1]))
		}
	}
	if signs != everySign {
		if u, ok := findUnit(unit); ok {
			return Fold(u.number)
		}
	} else if m := unitPattern.FindStringSubmatch(unit); m != nil {
		return Fold(m[2] + m[3] + m[4])
	}
	if m := floorPattern.FindStringSubmatch(unit); m != nil {
		return "floor " + strings.TrimLeft(m[2]+m[3], "0")
	}
	return Fold(unit)
}

func readUnit(raw string, o Options, out []Value) []Value {
	s := strings.Trim(asciiDigits(clean(raw)), ",; ")
	if isNull(s) {
		return out
	}
	canon := foldUnit(s)
	if canon == "" {
		return problem(out, attribute.Unit, BadAddress)
	}
	return append(out, Value{Attribute: attribute.Unit, Shown: showUnit(s), Canonical: canon})
}

func showUnit(s string) string {
	if signsOf(s)&signBox != 0 {
		if m := boxPattern.FindStringSubmatch(s); m != nil && m[0] == s {
			return "PO Box " + strings.ToUpper(m[1])
		}
	}
	if len(s) <= 4 {
		return strings.ToUpper(s)
	}
	return restoreCase(s)
}
