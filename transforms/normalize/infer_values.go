package normalize

import (
	"strings"
	"unicode"

	"concord/schemas/attribute"
	"concord/schemas/names"
)

// valueShares are the shares of a column's values that read as something; all
// but filled are of the values that are not null.
type valueShares struct {
	filled   int // values that are not null
	distinct int

	email, phone, date, timestamp             float64
	uuid, boolean, number, integer, json, url float64
	sex, country, region, title, language     float64
	given, family, fullName, organisation     float64
	street, address, startsWithNumber         float64
	postcode, houseNumber, digits9, hasDigit  float64
	birthYear, monthNumber, dayNumber         float64
	words                                     float64 // mean number of words
	twoWords, threeWords, otherScript         float64 // otherScript: than Latin
}

// maxSamples bounds the work on one column.
const maxSamples = 2000

func measure(samples []string) *valueShares {
	s := &valueShares{}
	seen := map[string]bool{}
	var values []string
	for _, raw := range samples[:min(len(samples), maxSamples)] {
		if v := clean(raw); !isNull(v) {
			values = append(values, v)
			seen[v] = true
		}
	}
	s.filled, s.distinct = len(values), len(seen)
	for _, v := range values {
		s.add(v)
	}
	s.divide()
	return s
}

// count adds one to n where is holds.
func count(n *float64, is bool) {
	if is {
		*n++
	}
}

func (s *valueShares) add(v string) {
	f := Fold(v)
	lower := strings.ToLower(v)
	count(&s.email, email(lower).Problem == "" && strings.Contains(v, "@") || strings.Contains(v, "<") && strings.Contains(v, "@"))
	count(&s.boolean, lower == "true" || lower == "false" || lower == "yes" || lower == "no" || lower == "t")
	count(&s.uuid, len(v) == 36 && strings.Count(v, "-") == 4 && strings.Trim(lower, "0123456789abcdef-") == "")
	count(&s.json, strings.HasPrefix(v, "{") || strings.HasPrefix(v, "["))
	count(&s.url, strings.HasPrefix(lower, "http") || strings.HasPrefix(lower, "www."))
	count(&s.sex, sexes[joined(f)] != "" && len(f) > 0)
	count(&s.title, prefixes[f] != "")
	count(&s.hasDigit, hasDigit(asciiDigits(v)))
	_, isCountry := lookupCountry(v)
	count(&s.country, isCountry)
	_, isRegion := lookupRegion(f, "")
	count(&s.region, isRegion)
	lang := readLanguage(v, Options{}, nil)
	count(&s.language, len(lang) == 1 && lang[0].Problem == "")
	s.addNumbers(v)
	s.addWords(v, f)
}

func (s *valueShares) addNumbers(v string) {
	v = strings.TrimSuffix(asciiDigits(v), ".0")
	_, isNumber := plainNumber(v)
	d := digitsOf(v)
	integer := allDigits(v)
	count(&s.number, isNumber)
	count(&s.integer, integer)
	count(&s.digits9, len(d) == 9 && strings.Trim(v, "0123456789- ") == "")
	count(&s.birthYear, integer && len(v) == 4 && v >= "1880" && v <= "2040")
	count(&s.monthNumber, integer && len(v) <= 2 && atoi(v) >= 1 && atoi(v) <= 12 || months[Fold(v)] > 0)
	count(&s.dayNumber, integer && len(v) <= 2 && atoi(v) >= 1 && atoi(v) <= 31)
	count(&s.phone, len(d) >= minPhoneDigits && len(d) <= maxPhoneDigits && onlyPhoneCharacters(cutExtension(strings.ToLower(v))))
	pc := compactPostcode(strings.ToUpper(v))
	count(&s.postcode, len(v) <= 10 && len(pc) >= 3 && isPostcodeLike(pc))
	count(&s.houseNumber, isHouseNumber(v) && len(d) <= 5)
	t := parseDate(v, Unset, false)
	// Historical people are born before the years that a run believes at once.
	isDate := t.ok && (t.shortYear || plausibleYear(t.year) || t.onCalendar() && t.year >= 1000 && !integer) && (!integer || len(v) == 8 && t.onCalendar())
	count(&s.date, isDate)
	_, clock := parseClock(v)
	count(&s.timestamp, isDate && clock)
}

func (s *valueShares) addWords(v, f string) {
	words := strings.Fields(f)
	s.words += float64(len(words))
	if len(words) == 0 {
		return
	}
	count(&s.twoWords, len(words) == 2)
	count(&s.threeWords, len(words) == 3)
	count(&s.otherScript, strings.IndexFunc(v, func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) }) >= 0)
	given, family := names.Given()[words[0]], names.Family()[words[len(words)-1]]
	alphabetic := strings.IndexFunc(v, unicode.IsDigit) < 0 && hasLetter(f)
	count(&s.given, alphabetic && len(words) <= 3 && given > 0 && given+1 >= names.Family()[words[0]])
	count(&s.family, alphabetic && len(words) <= 3 && family > 0 && family+1 >= names.Given()[words[len(words)-1]])
	first := names.Given()[words[0]] > 0 || len(words) > 1 && names.Given()[words[1]] > 0
	last := family > 0 || names.Family()[words[0]] > 0
	count(&s.fullName, alphabetic && len(words) >= 2 && len(words) <= 5 && first && last && !hasLegalForm(v))
	count(&s.organisation, looksLikeOrganisation(v, words))
	street := hasStreetType(v)
	count(&s.street, street)
	starts := isHouseNumber(strings.Trim(strings.Fields(v)[0], ",."))
	ends := isDigit(v[len(v)-1])
	count(&s.startsWithNumber, (starts || ends) && len(words) > 1)
	count(&s.address, strings.Contains(v, ",") && hasDigit(v) && len(words) >= 4)
}

func looksLikeOrganisation(v string, words []string) bool {
	if hasLegalForm(v) {
		return true
	}
	for _, w := range words {
		if companyWords[w] {
			return true
		}
	}
	return false
}

// companyWords are frequent in names of companies and rare in names of people.
var companyWords = wordSet("systems solutions partners services group holdings labs software technologies technology consulting international industries " +
	"ventures capital media digital analytics enterprises associates logistics energy financial finance engineering healthcare global studio studios " +
	"company exports export trading security data network networks alliance program intelligence resources research platforms works restaurant cafe bar grill hotel co")

func (s *valueShares) divide() {
	if s.filled == 0 {
		return
	}
	n := float64(s.filled)
	for _, p := range []*float64{
		&s.email, &s.phone, &s.date, &s.timestamp, &s.uuid, &s.boolean, &s.number, &s.integer, &s.json, &s.url, &s.sex, &s.country,
		&s.region, &s.title, &s.language, &s.given, &s.family, &s.fullName, &s.organisation, &s.street, &s.address,
		&s.startsWithNumber, &s.postcode, &s.houseNumber, &s.digits9, &s.hasDigit, &s.birthYear, &s.monthNumber, &s.dayNumber, &s.words,
		&s.twoWords, &s.threeWords, &s.otherScript,
	} {
		*p /= n
	}
}

// fits tells how well the values agree with a type that the column's name
// suggests: the share that reads as it, or -1 where values cannot tell.
func (s *valueShares) fits(t attribute.Type) float64 {
	switch t {
	case attribute.TypeEmail:
		return s.email
	case attribute.TypePhone:
		return s.phone
	case attribute.TypeBirthDate, attribute.TypeDate:
		return s.date
	case attribute.TypeBirthYear:
		return s.birthYear
	case attribute.TypeBirthMonth:
		return s.monthNumber
	case attribute.TypeBirthDay:
		return s.dayNumber
	case attribute.TypeSex:
		return s.sex
	case attribute.TypePostcode:
		return s.postcode
	case attribute.TypeNamePrefix:
		return s.title
	case attribute.TypeHouseNumber:
		return s.houseNumber
	case attribute.TypeNumber, attribute.TypeMoney:
		return s.number
	case attribute.TypeCountry:
		return s.country
	case attribute.TypeLanguage:
		return s.language
	case attribute.TypeStreetAddress, attribute.TypeAddress:
		return max(s.hasDigit, s.street)
	case attribute.TypeGivenName, attribute.TypeMiddleName, attribute.TypeFamilyName, attribute.TypeFullName,
		attribute.TypeCity, attribute.TypeRegion, attribute.TypeOrganisation, attribute.TypeStreet, attribute.TypeBirthPlace:
		return 1 - max(s.number, s.email, s.date, s.uuid, s.boolean, s.json, s.url)
	}
	return -1
}
