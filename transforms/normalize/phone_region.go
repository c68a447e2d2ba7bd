package normalize

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// phoneRegions are tried by [InferPhoneRegion], larger plans first: a tie goes
// to the earlier one.
var phoneRegions = []string{
	"US", "GB", "DE", "FR", "IN", "BR", "AU", "CA", "ES", "IT", "NL", "PL", "MX", "JP", "ZA", "SE", "CH", "AT", "BE", "IE", "NZ", "TR", "PT", "DK", "NO", "FI", "SG",
	"KR", "RU", "UA", "GR", "CZ", "SK", "HU", "RO", "BG", "HR", "AR", "CL", "CO", "PE", "ID", "PH", "MY", "TH", "VN", "TW", "HK", "IL", "AE", "SA", "EG", "MA", "NG", "KE", "PK", "BD",
}

// minRegionSamples is what a plan can be told from at all; maxRegionSamples
// bounds the work: each sample is read four times for each
// region, at about 10 µs.
const (
	minRegionSamples = 3
	maxRegionSamples = 100
)

// The least share of valid numbers for a country to be considered, and how far
// it must be above chance.
const (
	leastShare    = 0.6
	leastEvidence = 0.1
)

// InferPhoneRegion finds the country whose numbers the samples without country
// code are. Plans differ in what they refuse (Germany's accepts most strings
// of digits), so that the share of valid numbers is set against the share
// among the same numbers with other digits: the country is believed of which
// both tell most (Kullback-Leibler divergence), typing errors and all; a number
// grouped as that country writes it tells one nat more. region is "" when there
// is none; share is of the numbers without country code.
func InferPhoneRegion(samples []string) (region string, share float64) {
	national, american, grouped := nationalNumbers(samples)
	if len(national) < minRegionSamples {
		return "", 0
	}
	if 2*american > len(national) && validShare(national, "US", 0) >= 0.5 {
		return "US", validShare(national, "US", 0)
	}
	most := 0.0
	for _, r := range phoneRegions {
		valid := validShare(national, r, 0)
		if valid < leastShare {
			continue
		}
		chance := (validShare(national, r, 1) + validShare(national, r, 4) + validShare(national, r, 7)) / 3
		if told := divergence(valid, chance) + customaryShare(grouped, len(national), r); valid-chance > leastEvidence && told > most {
			region, share, most = r, valid, told
		}
	}
	return region, share
}

// divergence is the Kullback-Leibler divergence of a share from chance, in
// nats for each number.
func divergence(share, chance float64) float64 {
	term := func(p, q float64) float64 {
		if p == 0 {
			return 0
		}
		return p * math.Log(p/max(q, 0.01))
	}
	return term(share, chance) + term(1-share, 1-chance)
}

// americanShape is how North America alone groups ten digits.
var americanShape = regexp.MustCompile(`^(1[-. ])?\(?[2-9][0-9]{2}\)?[-./ ]+[0-9]{3}[-. ][0-9]{4}$`)

// nationalNumbers are the digits of the samples that carry no country code,
// how many of them are grouped as in North America, and those that are grouped.
func nationalNumbers(samples []string) (digits []string, american int, grouped []string) {
	for _, s := range samples {
		s = cutExtension(asciiDigits(clean(s)))
		d := digitsOf(s)
		if len(d) >= 9 && !strings.HasPrefix(s, "+") && !strings.HasPrefix(d, "00") && !isJunkPhone(d) {
			digits = append(digits, d)
			if americanShape.MatchString(s) {
				american++
			}
			if s != d {
				grouped = append(grouped, s)
			}
		}
		if len(digits) == maxRegionSamples {
			break
		}
	}
	return digits, american, grouped
}

// customaryShare is the share of numbers, of so many in all, that are grouped
// as the library writes them in a region.
func customaryShare(grouped []string, all int, region string) float64 {
	customary := 0
	for _, s := range grouped {
		n, err := phonenumbers.Parse(s, region)
		if err == nil && slices.Equal(digitGroups(phonenumbers.Format(n, phonenumbers.NATIONAL)), digitGroups(s)) {
			customary++
		}
	}
	return float64(customary) / float64(all)
}

// digitGroups are the groups of digits of a number as written.
func digitGroups(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// validShare is the share of numbers that are valid in a region after every
// digit but a leading zero has been turned on by a number of steps.
func validShare(numbers []string, region string, steps byte) float64 {
	valid := 0
	for _, d := range numbers {
		b := []byte(d)
		for i := range b {
			if i > 0 || b[i] != '0' {
				b[i] = '0' + (b[i]-'0'+steps)%10
			}
		}
		if readPlanned(string(b), region).valid {
			valid++
		}
	}
	return float64(valid) / float64(len(numbers))
}
