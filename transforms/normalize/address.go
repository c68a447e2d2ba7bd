package normalize

import (
	"slices"
	"strings"

	"concord/schemas/attribute"
)

// readAddress reads a whole address on one line: "Flat 2, 10 High St, Leeds
// LS1 4AP", "1515 Adela Lane, Las Vegas NV 89111", "Hauptstr. 5, 10115
// Berlin". What is left of a line after all parts are found is the locality.
func readAddress(raw string, o Options, out []Value) []Value {
	return addressValues(raw, o, out, true)
}

// readStreetAddress reads a column of street addresses. Such a column often
// holds whole addresses; but a part that could be a city or a building is
// read as a locality, since the city has a column of its own.
func readStreetAddress(raw string, o Options, out []Value) []Value {
	return addressValues(raw, o, out, false)
}

func addressValues(raw string, o Options, out []Value, whole bool) []Value {
	if !isPlain(raw) || strings.ContainsAny(raw, ";|") {
		raw = addressBreaks.Replace(raw)
	}
	s := asciiDigits(clean(raw))
	if isNull(s) {
		return out
	}
	if !startsWithDigit(s) && isFillerName(Fold(s)) {
		return junk(out, attribute.Street)
	}
	p := parseAddress(s, strings.ToUpper(o.Region), whole)
	at := len(out)
	out = p.values(o, out)
	if len(out) == at {
		return problem(out, attribute.Street, BadAddress)
	}
	return out
}

// addressBreaks are what parts the lines of an address.
var addressBreaks = strings.NewReplacer("\n", ", ", "\r", " ", "\u2028", ", ", ";", ",", "|", ",")

// startsWithDigit tells that the first word of s begins with a digit, so that
// s is no filler: those are words.
func startsWithDigit(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= 0x80 || isASCIILetter(c) {
			return false
		} else if isDigit(c) {
			return true
		}
	}
	return false
}

// address is an address taken apart: each part as written, "" where absent.
type address struct {
	number, street, unit, locality, city, region, postcode, country string

	home string // the country that rules of shape follow: the address's own, else the default
}

// values reads each part by the normalizer of its attribute.
func (p *address) values(o Options, out []Value) []Value {
	o.Region = p.home
	at := len(out) // what is before belongs to other raw values
	for _, part := range []struct {
		text string
		read func(string, Options, []Value) []Value
	}{
		{p.number, readHouseNumber}, {p.street, readStreet}, {p.unit, readUnit}, {p.locality, readLocality},
		{p.city, readCity}, {p.region, readRegion}, {p.postcode, readPostcode}, {p.country, readCountry},
	} {
		if part.text != "" {
			out = part.read(part.text, o, out)
		}
	}
	return out[:at+len(firstOfEach(out[at:]))]
}

// firstOfEach keeps one value per attribute: a locality that holds a second
// flat must not fill the unit twice.
func firstOfEach(out []Value) []Value {
	kept := out[:0]
	for _, v := range out {
		if !slices.ContainsFunc(kept, func(k Value) bool { return k.Attribute == v.Attribute }) {
			kept = append(kept, v)
		}
	}
	return kept
}

func parseAddress(s, region string, whole bool) *address {
	p := &address{home: region}
	segments, lone := p.takeUnits(splitSegments(s))
	segments = p.takeTail(segments)
	defer func() { p.fileLoneNumber(lone) }()
	k := streetSegment(segments)
	if k < 0 {
		p.takePlaces(nil, segments, whole)
		return p
	}
	rest := p.takeStreet(segments[k])
	if rest != "" {
		if p.city == "" && isPlaceName(rest) {
			p.city = rest
		} else if p.locality == "" {
			p.locality = rest
		}
	}
	p.takePlaces(segments[:k], segments[k+1:], whole)
	return p
}

func splitSegments(s string) []string {
	out := make([]string, 0, 1+strings.Count(s, ","))
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.Trim(collapse(part), ". "); holdsWord(part) {
			out = append(out, part)
		}
	}
	return out
}

// takeUnits moves flats, suites and boxes from the segments to the unit. lone
// is a segment that is a number and nothing else ("#321", "No 321").
func (p *address) takeUnits(segments []string) (rest []string, lone string) {
	var units []string
	for _, s := range segments {
		if len(segments) > 1 && lone == "" && len(digitsOf(s)) < 5 && isHouseNumber(s) && !strings.Contains(s, "-") {
			lone = s
			continue
		}
		left, found := cutUnits(s)
		units = append(units, found...)
		if holdsWord(left) {
			rest = append(rest, strings.Trim(left, " ,"))
		}
	}
	p.unit = strings.Join(units, " ")
	return rest, lone
}

// fileLoneNumber makes a number that stood alone the house number, or the
// unit where the street has one already.
func (p *address) fileLoneNumber(s string) {
	switch {
	case s == "":
	case p.number == "":
		p.number = s
	case p.unit == "":
		p.unit = s
	}
}

// streetSegment is the index of the segment that most looks like a street: it
// begins or ends with a number, or holds a kind of street; -1 for none.
func streetSegment(segments []string) int {
	if len(segments) == 1 && hasDigit(segments[0]) {
		return 0
	}
	best, at := 0, -1
	for i, s := range segments {
		words := strings.Fields(s)
		score := 0
		if hasDigit(s) {
			score++
		}
		if hasStreetType(s) {
			score += 2
		}
		if len(words) > 1 && isHouseNumber(strings.Trim(words[0], ".")) {
			score += 2
		} else if len(words) > 1 && isHouseNumber(strings.Trim(words[len(words)-1], ".")) {
			score++
		}
		if score > best {
			best, at = score, i
		}
	}
	return at
}

func hasStreetType(s string) bool {
	var room [8]string
	words, _ := streetWords(Fold(s), room[:0])
	if len(words) < 2 {
		return false
	}
	for i, w := range words {
		if c := foldStreetWord(w, i, words); streetLexicon[c].kind == c {
			return true
		}
	}
	return false
}

// takeStreet reads the street segment: house number before the street or
// behind it, and returns what stands behind the street's kind and direction.
func (p *address) takeStreet(s string) (rest string) {
	words := p.takeBuilding(strings.Fields(s))
	words = p.takeHouseNumber(words)
	if end := streetEnd(words); end > 0 && end < len(words) {
		rest = strings.Join(words[end:], " ")
		words = words[:end]
	}
	p.street = strings.Join(words, " ")
	return rest
}

// takeBuilding moves what stands before a house number in the middle of a line
// to the locality: "Skyline Apartments 638 Downey St".
func (p *address) takeBuilding(words []string) []string {
	for i := 1; i < len(words)-1; i++ {
		if !allDigits(words[i]) {
			continue
		}
		if numberedStreets[Fold(words[i-1])] || !hasStreetType(strings.Join(words[i:], " ")) || hasDigit(words[0]) || len(Fold(words[i-1])) < 3 {
			return words
		}
		p.locality = strings.Join(words[:i], " ")
		return words[i:]
	}
	return words
}

// takeHouseNumber moves the house number out of the words of a street.
func (p *address) takeHouseNumber(words []string) []string {
	if len(words) < 2 {
		if len(words) == 1 && isHouseNumber(words[0]) {
			p.number = words[0]
			return nil
		}
		return words
	}
	if f := Fold(words[0]); (f == "no" || f == "nr") && isHouseNumber(words[1]) {
		words = words[1:]
	}
	first := strings.Trim(words[0], ".,")
	if isHouseNumber(first) && isDigit(digitsFirst(first)) {
		p.number = first
		words = words[1:]
		if len(words) > 1 && len(words[0]) == 1 && hasLetter(Fold(words[0])) && directions[Fold(words[0])] == "" {
			p.number += words[0] // 12 A Main Street
			words = words[1:]
		}
		p.splitUnitSlash()
		return words
	}
	last := strings.Trim(words[len(words)-1], ".,")
	if isHouseNumber(last) && isDigit(last[0]) && !(len(words) == 2 && numberedStreets[Fold(words[0])]) {
		p.number = last
		return words[:len(words)-1]
	}
	return words
}

func digitsFirst(s string) byte { return strings.TrimLeft(s, "#")[0] }

// numberedStreets are kinds of streets that a number behind names: Street 128.
var numberedStreets = wordSet("street highway route road rd hwy sr us interstate avenue ave rural county state calle carrera")

// splitUnitSlash reads "2/45" as flat 2 at number 45, as Australia and New
// Zealand write it.
func (p *address) splitUnitSlash() {
	unit, number, ok := strings.Cut(p.number, "/")
	if ok && p.unit == "" && (p.home == "AU" || p.home == "NZ") {
		p.unit, p.number = unit, number
	}
}

// streetEnd is where the street ends in a line without commas: behind the
// last kind of street that a name precedes, and its direction. 0 when no word
// is a kind of street.
func streetEnd(words []string) int {
	var room [8]string
	folded := room[:0]
	for _, w := range words {
		f := foldStreet(w)
		if kind := streetLexicon[f].kind; kind != "" {
			f = kind
		}
		folded = append(folded, f)
	}
	if len(words) > 2 && numberedStreets[folded[0]] && allDigits(words[1]) {
		return 2 // Street 128
	}
	for i := 1; i < len(words); i++ {
		if !endsStreet[folded[i]] {
			continue
		}
		end := i + 1
		if end < len(words) && endsStreet[folded[end]] && end+1 == len(words) {
			end++ // Park Avenue, Hill Road
		}
		if end < len(words) && directions[Fold(words[end])] != "" && len(Fold(words[end])) <= 2 {
			end++
		}
		return end
	}
	return 0
}

// endsStreet are the kinds of streets that stand last in a street's name.
var endsStreet = wordSet("street road avenue boulevard drive lane court circle crescent square terrace parkway highway freeway trail turnpike place plaza way rise close gardens grove")

// isPlaceName tells whether words behind a street can be a city.
func isPlaceName(s string) bool {
	if hasDigit(s) {
		return false
	}
	switch first, _, _ := strings.Cut(Fold(s), " "); first {
	case "at", "between", "near", "off", "in", "corner", "cnr", "and", "btw", "opposite", "behind":
		return false
	}
	return true
}

// cityStates have no city besides themselves.
var cityStates = wordSet("SG HK MO MC VA")

// takePlaces files the segments before and behind the street: behind it the
// last is the city, unless it is a county; the others are the locality.
func (p *address) takePlaces(before, behind []string, whole bool) {
	if n := len(behind); n > 0 && p.region == "" && isCounty(Fold(behind[n-1])) && (n > 1 || p.city != "") {
		p.region = behind[n-1]
		behind = behind[:n-1]
	}
	certain := whole || p.region != "" || p.postcode != "" || p.country != ""
	if n := len(behind); n > 0 && p.city == "" && certain && isPlaceName(behind[n-1]) && !cityStates[p.home] {
		p.city = behind[n-1]
		behind = behind[:n-1]
	}
	rest := slices.Concat(before, behind)
	if p.locality == "" && len(rest) > 0 {
		p.locality = strings.Join(rest, ", ")
	}
}
