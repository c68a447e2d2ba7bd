package normalize

import (
	"strconv"
	"sync"

	"github.com/nyaruka/phonenumbers"
)

// A plan reads the numbers of one country code as the library does, from the
// library's own metadata, some fifty times as fast: the library holds a number
// against a dozen regular expressions of each territory, one after the other.
// What a plan does not cover (prefixes that carriers or towns transform, a
// national prefix behind a country code) is the library's to read.
type plan struct {
	territories []territory // those of the country code, the main one first
}

// territory is a region's part of a plan.
type territory struct {
	code     string     // of the country: "49"
	numbers  *automaton // which of numberKinds have the number's digits
	lengths  [16]uint32 // by kind: bit n for numbers of n digits; 0 for any
	possible uint32     // bit n: a number of n digits is possible
	local    uint32     // bit n: within a town alone
	shortest int

	leading *automaton // the numbers that are the territory's, nil if it says no such thing
	trunk   string     // the national prefix, "" for none
	prefix  *automaton // all that can stand for one; nil for none
	abroad  *automaton // international prefixes; nil for none
	strange bool       // the national prefix is no plain digits, or is transformed
}

// general is the bit of the expression that all numbers of a territory match;
// those of numberKinds follow it.
const general = 1

// numberKinds are the kinds of numbers that the library tries.
func numberKinds(m *phonenumbers.PhoneMetadata) []*phonenumbers.PhoneNumberDesc {
	kinds := []*phonenumbers.PhoneNumberDesc{
		m.GetGeneralDesc(), m.GetPremiumRate(), m.GetTollFree(), m.GetSharedCost(), m.GetVoip(),
		m.GetPersonalNumber(), m.GetPager(), m.GetUan(), m.GetVoicemail(), m.GetFixedLine(),
	}
	if !m.GetSameMobileAndFixedLinePattern() {
		kinds = append(kinds, m.GetMobile())
	}
	return kinds
}

// newTerritory compiles a region's metadata; ok is false when the library has
// to read its numbers. Prefixes count in a country code's main region alone.
func newTerritory(m *phonenumbers.PhoneMetadata, main bool) (t territory, ok bool) {
	t.code = strconv.Itoa(int(m.GetCountryCode()))
	var expressions []string
	for i, d := range numberKinds(m) {
		expressions = append(expressions, d.GetNationalNumberPattern())
		t.lengths[i] = lengthSet(d.GetPossibleLength())
	}
	if expressions[0] == "" {
		return t, false
	}
	t.numbers = compileDigits(expressions)
	t.possible, t.local = t.lengths[0], lengthSet(m.GetGeneralDesc().GetPossibleLengthLocalOnly())
	if t.numbers == nil || t.possible == 0 {
		return t, false
	}
	t.shortest = int(m.GetGeneralDesc().GetPossibleLength()[0])
	for _, x := range []struct {
		text  string
		to    **automaton
		needs bool
	}{{m.GetLeadingDigits(), &t.leading, true}, {m.GetNationalPrefixForParsing(), &t.prefix, main}, {m.GetInternationalPrefix(), &t.abroad, main}} {
		if x.text == "" || !x.needs {
			continue
		}
		if *x.to = compileDigits([]string{x.text}); *x.to == nil {
			return t, false
		}
	}
	t.trunk = m.GetNationalPrefixForParsing()
	t.strange = t.trunk != "" && !allDigits(t.trunk) || m.GetNationalPrefixTransformRule() != ""
	return t, true
}

func lengthSet(lengths []int32) (set uint32) {
	for _, n := range lengths {
		if n >= 0 && n < 32 {
			set |= 1 << n
		}
	}
	return set
}

// assigned tells whether a national number is of a kind that the territory
// assigns: what the library calls valid there.
func (t *territory) assigned(number string) bool {
	kinds := t.numbers.run(number)
	if kinds&general == 0 || !t.fits(0, number) {
		return false
	}
	for i := 1; kinds>>i != 0; i++ {
		if kinds>>i&1 != 0 && t.fits(i, number) {
			return true
		}
	}
	return false
}

func (t *territory) fits(kind int, number string) bool {
	return t.lengths[kind] == 0 || t.lengths[kind]>>len(number)&1 != 0
}

// isPossible tells whether a national number has the length of one.
func (t *territory) isPossible(number string) bool {
	n := len(number)
	return t.local>>n&1 == 0 && t.possible>>n&1 != 0
}

// readNational reads a number as it is dialled in the territory. ok is false
// when the library has to.
func (t *territory) readNational(digits string) (number string, ok bool) {
	if t.strange || len(digits) >= len(t.code) && digits[:len(t.code)] == t.code || t.abroad != nil && t.abroad.begins(digits) {
		return "", false
	}
	if t.trunk == "" || len(digits) <= len(t.trunk) || digits[:len(t.trunk)] != t.trunk {
		return digits, true
	}
	// The prefix goes, unless the number is one with it and none without, or
	// what is left is too short.
	rest := digits[len(t.trunk):]
	if t.numbers.run(digits)&general != 0 && t.numbers.run(rest)&general == 0 {
		return digits, true
	}
	if long := rest; len(long) < t.shortest || t.local>>len(long)&1 != 0 || !t.isPossible(long) && t.possible>>len(long) != 0 {
		return digits, true
	}
	return rest, true
}

// valid tells whether a national number is valid under the country code: in
// the territory whose leading digits it has, else in any.
func (p *plan) valid(number string) bool {
	if len(p.territories) == 1 {
		return p.territories[0].assigned(number)
	}
	for i := range p.territories {
		switch t := &p.territories[i]; {
		case t.leading != nil && t.leading.begins(number):
			return t.assigned(number)
		case t.leading == nil && t.assigned(number):
			return true
		}
	}
	return false
}

// A planReading is what a plan makes of a number.
type planReading struct {
	e164            string
	valid, possible bool
}

// reading judges a national number.
func (p *plan) reading(number string) (r planReading) {
	t := &p.territories[0]
	if len(number) < 2 || len(number) > 17 {
		return r
	}
	r.valid, r.possible = p.valid(number), t.isPossible(number)
	if r.valid || r.possible {
		r.e164 = "+" + t.code + number
	}
	return r
}

// readInternational reads digits that begin with a country code. ok is false
// when the library has to.
func readInternational(digits string) (r planReading, ok bool) {
	for n := 1; n <= 3 && n < len(digits); n++ {
		code := atoi(digits[:n])
		if digits[0] == '0' || !isCountryCode()[code] {
			continue
		}
		p := planOf(code)
		number := digits[n:]
		if p == nil || p.territories[0].prefix != nil && p.territories[0].prefix.begins(number) {
			return r, false
		}
		return p.reading(number), true
	}
	return r, true // no country has it
}

// readRegional reads digits as they are dialled in a region. ok is false when
// the library has to.
func readRegional(digits, region string) (r planReading, ok bool) {
	m := phoneMetadata()[region]
	if m == nil {
		return r, false
	}
	p := planOf(int(m.GetCountryCode()))
	if p == nil || phonenumbers.GetRegionCodeForCountryCode(int(m.GetCountryCode())) != region {
		return r, false
	}
	number, ok := p.territories[0].readNational(digits)
	if !ok {
		return r, false
	}
	return p.reading(number), true
}

var (
	isCountryCode = sync.OnceValue(func() *[1000]bool {
		codes := new([1000]bool)
		for code := range phonenumbers.GetSupportedCallingCodes() {
			codes[code] = true
		}
		return codes
	})
	phoneMetadata = sync.OnceValue(func() map[string]*phonenumbers.PhoneMetadata {
		byRegion := map[string]*phonenumbers.PhoneMetadata{}
		all, err := phonenumbers.MetadataCollection()
		if err != nil {
			return byRegion // the library reads everything
		}
		for _, m := range all.GetMetadata() {
			byRegion[m.GetId()] = m
		}
		return byRegion
	})
	plans [1000]struct {
		once sync.Once
		plan *plan // nil where the library has to read
	}
)

// planOf is the plan of a country code, compiled when first asked for.
func planOf(code int) *plan {
	p := &plans[code]
	p.once.Do(func() { p.plan = newPlan(code) })
	return p.plan
}

func newPlan(code int) *plan {
	p := &plan{}
	for _, region := range phonenumbers.GetRegionCodesForCountryCode(code) {
		m := phoneMetadata()[region]
		if m == nil || region == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY {
			return nil
		}
		t, ok := newTerritory(m, len(p.territories) == 0)
		if !ok {
			return nil
		}
		p.territories = append(p.territories, t)
	}
	if len(p.territories) == 0 {
		return nil
	}
	return p
}
