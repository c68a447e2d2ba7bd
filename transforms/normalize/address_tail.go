package normalize

import (
	"regexp"
	"strings"
	"sync"
)

// A codeInText is how a country's postcodes stand in a line of text.
type codeInText struct {
	country string // "" where the shape is used by several
	needs   signs  // all of them must have been seen
	pattern *regexp.Regexp
	digits  int // a word of so many digits, where there is no pattern
	// first allows the code in an address's first part, where a house number
	// could be mistaken for it.
	first bool
}

// codesInText is tried in order; the first shape found wins.
var codesInText = []codeInText{
	{"GB", signLetterDigit, regexp.MustCompile(`(?i)\b(GIR ?0AA|[A-PR-UWYZ][A-HK-Y]?[0-9][0-9A-Z]? ?[0-9][ABD-HJLNP-UW-Z]{2})\b`), 0, true},
	{"CA", signLetterDigit, regexp.MustCompile(`(?i)\b([A-CEGHJ-NPR-TVXY][0-9][A-Z][ -]?[0-9][A-Z][0-9])\b`), 0, true},
	{"US", signHyphen | signFourDigits, regexp.MustCompile(`\b([0-9]{5}-[0-9]{4})\b`), 0, true},
	{"", signHyphen | signFourDigits, regexp.MustCompile(`(?i)\b((?:D|A|CH|FL|B|L|F|I|DK|S|N|FIN)-[0-9]{4,5})\b`), 0, true},
	{"NL", signFourDigits, regexp.MustCompile(`\b([0-9]{4} ?[A-Z]{2})\b`), 0, false},
	{"PL", signHyphen, regexp.MustCompile(`\b([0-9]{2}-[0-9]{3})\b`), 0, false},
	{"PT", signHyphen | signFourDigits, regexp.MustCompile(`\b([0-9]{4}-[0-9]{3})\b`), 0, false},
	{"BR", signHyphen | signFourDigits, regexp.MustCompile(`\b([0-9]{5}-[0-9]{3})\b`), 0, false},
	{"", signFourDigits, nil, 6, true},
	{"", signFourDigits, nil, 5, true},
	{"", signThreeTwo, regexp.MustCompile(`\b([0-9]{3} [0-9]{2})\b`), 0, false},
	{"", signFourDigits, nil, 4, false},
}

// last is where the last code of this shape stands in s.
func (c *codeInText) last(s string) (lo, hi int, ok bool) {
	if c.pattern == nil {
		return lastDigitWord(s, c.digits)
	}
	all := c.pattern.FindAllStringIndex(s, -1)
	if len(all) == 0 {
		return 0, 0, false
	}
	m := all[len(all)-1]
	return m[0], m[1], true
}

// lastDigitWord finds the last word of s that is n digits: \b[0-9]{n}\b.
func lastDigitWord(s string, n int) (lo, hi int, ok bool) {
	for hi = len(s); hi > 0; hi = lo - 1 {
		for hi > 0 && !isWordByte(s[hi-1]) {
			hi--
		}
		for lo = hi; lo > 0 && isWordByte(s[lo-1]); lo-- {
		}
		if hi-lo == n && allDigits(s[lo:hi]) {
			return lo, hi, true
		}
	}
	return 0, 0, false
}

func isWordByte(c byte) bool { return isASCIILetter(c) || isDigit(c) || c == '_' }

// takeTail takes country, postcode and region off the end of an address, in
// whatever order they stand, and the city that shares a segment with them.
func (p *address) takeTail(segments []string) []string {
	for range 4 {
		if len(segments) == 0 {
			break
		}
		before := len(segments)
		last := segments[before-1]
		segments = p.takeCountry(segments)
		segments = p.takePostcode(segments)
		segments = p.takeRegion(segments)
		if n := len(segments); n == 0 || n == before && segments[n-1] == last {
			break
		}
	}
	return segments
}

// setLast replaces the last segment, dropping it when nothing is left.
func setLast(segments []string, s string) []string {
	n := len(segments) - 1
	if s = strings.Trim(s, " ,.-"); !holdsWord(s) {
		return segments[:n]
	}
	segments[n] = s
	return segments
}

// takeCountry reads the country: a last segment that is one, or the last words
// of a segment that name one and can hardly be part of a town's name.
func (p *address) takeCountry(segments []string) []string {
	n := len(segments) - 1
	if p.country != "" || n < 0 {
		return segments
	}
	last := segments[n]
	if n > 0 {
		f := Fold(last)
		_, isState := lookupRegion(f, p.home)
		if code, ok := lookupCountry(last); ok && !isState && (len(f) > 3 || p.region == "" && last == strings.ToUpper(last)) {
			p.country, p.home = last, code
			return segments[:n]
		}
	}
	if isStable(last) && !countryEndings()[foldedEnding(last)] {
		return segments
	}
	words := strings.Fields(last)
	for k := min(3, len(words)-1); k > 0; k-- {
		name := strings.Join(words[len(words)-k:], " ")
		rest := strings.Join(words[:len(words)-k], " ")
		code, ok := lookupCountryName(name)
		if _, state := lookupRegion(Fold(name), p.home); !ok || state || len(Fold(name)) < 4 || townsToo[Fold(name)] || hasStreetType(last) && !hasDigit(rest) {
			continue
		}
		p.country, p.home = name, code
		return setLast(segments, rest)
	}
	return segments
}

// townsToo are countries whose names end the names of towns and streets.
var townsToo = wordSet("georgia jordan lebanon mexico norway peru cuba chad jersey guernsey panama luxembourg togo mali niger china america wales")

// takePostcode takes the postcode off the last segment.
func (p *address) takePostcode(segments []string) []string {
	n := len(segments) - 1
	if p.postcode != "" || n < 0 {
		return segments
	}
	s := segments[n]
	signs := signsOf(s)
	for i := range codesInText {
		c := &codesInText[i]
		if n == 0 && !c.first || signs&c.needs != c.needs {
			continue
		}
		lo, hi, ok := c.last(s)
		if !ok || lo == 0 && (n == 0 || hasStreetType(s)) {
			continue
		}
		p.postcode = s[lo:hi]
		if c.country != "" && p.home == "" {
			p.home = c.country
		}
		return setLast(segments, p.aroundPostcode(s[:lo], s[hi:], n))
	}
	return segments
}

// aroundPostcode is what stays of a segment whose postcode was taken. Words
// behind a postcode are the city, as on the continent of Europe.
func (p *address) aroundPostcode(before, behind string, n int) string {
	before, behind = strings.Trim(before, " ,-"), strings.Trim(behind, " ,-")
	if n > 0 && before == "" && p.city == "" && isPlaceName(behind) {
		p.city = behind
		return ""
	}
	return collapse(before + " " + behind)
}

// takeRegion takes a state of the United States, Canada or Australia off the
// end of the last segment, and the city before it.
func (p *address) takeRegion(segments []string) []string {
	n := len(segments) - 1
	if p.region != "" || n < 0 {
		return segments
	}
	if isStable(segments[n]) && !regionEndings[foldedEnding(segments[n])] {
		return segments
	}
	words := strings.Fields(segments[n])
	for k := min(3, len(words)); k > 0; k-- {
		name := strings.Join(words[len(words)-k:], " ")
		if !p.isRegion(name, k == len(words) && n > 0) {
			continue
		}
		p.region = name
		rest := strings.Join(words[:len(words)-k], " ")
		if n > 0 && p.city == "" && isPlaceName(rest) && rest != "" {
			p.city = rest
			rest = ""
		}
		return setLast(segments, rest)
	}
	return segments
}

// isRegion accepts a state's name or code. A code must be in capitals, be
// followed by the postcode or stand alone: "in", "me" and "or" are words too.
func (p *address) isRegion(name string, alone bool) bool {
	f := Fold(name)
	if _, ok := lookupRegion(f, p.home); !ok || f == "saint" {
		return false
	}
	if len(f) > 3 {
		return alone || p.postcode != "" || !hasStreetType(name)
	}
	return alone || p.postcode != "" || name == strings.ToUpper(name)
}

// lastWord is what stands behind the last space.
func lastWord(f string) string { return f[strings.LastIndexByte(f, ' ')+1:] }

// foldedEnding is the last word of a stable text, folded: each word of such a
// text is folded on its own.
func foldedEnding(s string) string {
	if f := Fold(lastWord(s)); f != "" {
		return lastWord(f)
	}
	return lastWord(Fold(s))
}

// countryEndings and regionEndings are the last words of the names that a
// country and a state are known by: other words need not be looked up.
var (
	countryEndings = sync.OnceValue(func() map[string]bool {
		m := map[string]bool{}
		addEndings(m, countryAliases)
		addEndings(m, countries().byName)
		return m
	})
	regionEndings = func() map[string]bool {
		m := map[string]bool{}
		for _, k := range regionOrder {
			addEndings(m, regions[k])
		}
		return m
	}()
)

func addEndings(m map[string]bool, names map[string]string) {
	for n := range names {
		m[lastWord(n)] = true
	}
}
