package normalize

import (
	"regexp"
	"strings"
)

// phoneRegions are tried by [InferPhoneRegion], larger plans first: a tie goes
// to the earlier one.
var phoneRegions = []string{"US", "GB", "DE", "FR", "IN", "BR", "AU", "CA", "ES", "IT", "NL", "PL", "MX", "JP", "ZA", "SE", "CH", "AT", "BE", "IE", "NZ", "TR", "PT", "DK", "NO", "FI", "SG"}

// minRegionSamples is what a plan can be told from at all; maxRegionSamples
// bounds the work: each sample is read four times for each
// region, at about 10 µs.
const (
	minRegionSamples = 3
	maxRegionSamples = 100
)

// The limits of [InferPhoneRegion], set on Australian numbers with typing
// errors, of which Germany's plan accepts 88 % and Australia's 81 %.
const (
	leastShare    = 2.0 / 3
	shareMargin   = 0.25
	leastEvidence = 0.1
)

// InferPhoneRegion finds the country whose numbers the samples without country
// code are. Plans differ in what they refuse (Germany's accepts most strings
// of digits), so that the share of valid numbers is set against the share
// among the same numbers with other digits: of the countries that read about as
// many as the best one does, the one furthest above chance is believed. region
// is "" when there is none; share is of the numbers without country code.
func InferPhoneRegion(samples []string) (region string, share float64) {
	national, american := nationalNumbers(samples)
	if len(national) < minRegionSamples {
		return "", 0
	}
	if 2*american > len(national) && validShare(national, "US", 0) >= 0.5 {
		return "US", validShare(national, "US", 0)
	}
	shares := make([]float64, len(phoneRegions))
	most := 0.0
	for i, r := range phoneRegions {
		shares[i] = validShare(national, r, 0)
		most = max(most, shares[i])
	}
	best := leastEvidence
	for i, r := range phoneRegions {
		if shares[i] < max(leastShare, most-shareMargin) {
			continue
		}
		chance := (validShare(national, r, 1) + validShare(national, r, 4) + validShare(national, r, 7)) / 3
		if evidence := shares[i] - chance; evidence > best {
			region, share, best = r, shares[i], evidence
		}
	}
	return region, share
}

// americanShape is how North America alone groups ten digits.
var americanShape = regexp.MustCompile(`^(1[-. ])?\(?[2-9][0-9]{2}\)?[-./ ]+[0-9]{3}[-. ][0-9]{4}$`)

// nationalNumbers are the digits of the samples that carry no country code,
// and how many of them are grouped as in North America.
func nationalNumbers(samples []string) (out []string, american int) {
	for _, s := range samples {
		s = cutExtension(asciiDigits(clean(s)))
		d := digitsOf(s)
		if len(d) >= 9 && !strings.HasPrefix(s, "+") && !strings.HasPrefix(d, "00") && !isJunkPhone(d) {
			out = append(out, d)
			if americanShape.MatchString(s) {
				american++
			}
		}
		if len(out) == maxRegionSamples {
			break
		}
	}
	return out, american
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
