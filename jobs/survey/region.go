package survey

import (
	"fmt"
	"slices"
	"strings"

	"concord/schemas/attribute"
	"concord/transforms/normalize"
)

// evident is the share of values that must point to one country before it is
// proposed: a wrong default region spoils every national phone number.
const evident = 0.95

// minEvidence is how many values anything is told from.
const minEvidence = 10

// regionOf guesses the country that a channel's phone numbers and addresses
// are from where they do not say: by its country column, by numbers without
// country code, by the shape of its postcodes.
func regionOf(columns []column, fields []Field) Choice {
	var phones []string
	best := Choice{}
	better := func(c Choice) {
		if c.Confidence > best.Confidence {
			best = c
		}
	}
	for i := range fields {
		f, values := &fields[i], columns[i].values
		if !f.Mapped {
			continue
		}
		switch f.Type {
		case attribute.TypePhone:
			phones = append(phones, values...)
		case attribute.TypeCountry:
			better(byCountry(f.Column, values))
		case attribute.TypePostcode:
			better(byPostcode(f.Column, values))
		}
	}
	if region, share := normalize.InferPhoneRegion(phones); share >= 0.9 && len(phones) >= minEvidence {
		better(Choice{region, Guess{0.9 * share, fmt.Sprintf("%.0f %% of the phone numbers without country code are valid there", 100*share)}})
	}
	return best
}

// byCountry is the one country of a country column.
func byCountry(column string, values []string) Choice {
	n, _ := normalize.For(attribute.TypeCountry)
	counts, total := map[string]int{}, 0
	for _, v := range values {
		for _, x := range n.Normalize(v, normalize.Options{}, nil) {
			counts[strings.ToUpper(x.Canonical)]++
			total++
		}
	}
	return mostly(counts, total, func(share float64) string {
		return fmt.Sprintf("%.0f %% of the values of %s name it", 100*share, column)
	})
}

// postcodeShapes are those that one country alone has: 9 a digit, A a letter.
var postcodeShapes = map[string]string{
	"A9 9AA": "GB", "A99 9AA": "GB", "AA9 9AA": "GB", "AA99 9AA": "GB", "A9A 9AA": "GB", "AA9A 9AA": "GB",
	"A99AA": "GB", "A999AA": "GB", "AA99AA": "GB", "AA999AA": "GB", "A9A9AA": "GB", "AA9A9AA": "GB",
	"A9A 9A9": "CA", "A9A9A9": "CA", "9999 AA": "NL", "9999AA": "NL", "99999-9999": "US", "99-999": "PL", "99999-999": "BR", "9999-999": "PT",
}

func byPostcode(column string, values []string) Choice {
	counts, total := map[string]int{}, 0
	for _, v := range values {
		if v != "" {
			counts[postcodeShapes[shapeOf(v)]]++
			total++
		}
	}
	return mostly(counts, total, func(share float64) string {
		return fmt.Sprintf("%.0f %% of the values of %s have the shape of its postcodes", 100*share, column)
	})
}

func shapeOf(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return '9'
		case isLetter(r):
			return 'A'
		}
		return r
	}, strings.TrimSpace(s))
}

// mostly is the country that nearly all values point to.
func mostly(counts map[string]int, total int, why func(share float64) string) Choice {
	if total < minEvidence {
		return Choice{}
	}
	for country, n := range counts { // at most one passes
		if share := float64(n) / float64(total); country != "" && share >= evident {
			return Choice{country, Guess{0.97 * share, why(share)}}
		}
	}
	return Choice{}
}

// agreeOnRegion moves the channels' region to the job when all that have one
// have the same: then it serves the others too.
func (s *Survey) agreeOnRegion() {
	var found []*Channel
	for _, c := range s.Channels {
		if c.Region.Value != "" {
			found = append(found, c)
		}
	}
	if len(found) == 0 || slices.ContainsFunc(found, func(c *Channel) bool { return c.Region.Value != found[0].Region.Value }) {
		return
	}
	surest := slices.MaxFunc(found, func(a, b *Channel) int {
		switch {
		case a.Region.Confidence < b.Region.Confidence:
			return -1
		case a.Region.Confidence > b.Region.Confidence:
			return 1
		}
		return strings.Compare(b.Name, a.Name)
	})
	s.Region = surest.Region
	s.Region.Why = fmt.Sprintf("channel %s: %s", surest.Name, surest.Region.Why)
	for _, c := range found {
		c.Region = Choice{}
	}
}
