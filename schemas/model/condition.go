package model

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Text is the comparator name of a comparison that its own levels describe:
// one attribute, and per agreement level a [Condition] on the two values. A
// pair is at the highest level whose condition holds.
const Text = "text"

// Measure is how a condition compares two values. Values are compared by
// Unicode code point.
type Measure string

// The measures.
const (
	Exact       Measure = "exact"        // the values are equal
	Jaro        Measure = "jaro"         // Jaro similarity, 0 to 1
	JaroWinkler Measure = "jaro_winkler" // Jaro-Winkler similarity, 0 to 1
	Levenshtein Measure = "levenshtein"  // insertions, deletions, substitutions
	OSA         Measure = "osa"          // optimal string alignment: and swaps of neighbours, no character edited twice
	// DamerauLevenshtein is unrestricted: it equals OSA at distance 1 and may
	// be smaller beyond (ca, abc: 2 against 3).
	DamerauLevenshtein Measure = "damerau_levenshtein"
)

// Condition holds when the measure of two values reaches the threshold: at
// least so similar, or at most so distant.
type Condition struct {
	Measure   Measure
	Threshold float64 // similarity in (0, 1], or a whole distance of at least 1; 0 for Exact
}

// IsSimilarity tells whether the measure grows with agreement.
func (m Measure) IsSimilarity() bool { return m == Jaro || m == JaroWinkler }

// IsDistance tells whether the measure counts edits.
func (m Measure) IsDistance() bool {
	return m == Levenshtein || m == OSA || m == DamerauLevenshtein
}

// String is the form ParseCondition reads: "exact", "jaro_winkler >= 0.92",
// "levenshtein <= 2".
func (c Condition) String() string {
	threshold := strconv.FormatFloat(c.Threshold, 'g', -1, 64)
	switch {
	case c.Measure.IsSimilarity():
		return string(c.Measure) + " >= " + threshold
	case c.Measure.IsDistance():
		return string(c.Measure) + " <= " + threshold
	}
	return string(c.Measure)
}

// ParseCondition reads a level's condition.
func ParseCondition(s string) (Condition, error) {
	fields := strings.Fields(s)
	if len(fields) == 1 && Measure(fields[0]) == Exact {
		return Condition{Measure: Exact}, nil
	}
	const want = `want "exact", "jaro_winkler >= 0.92" or "levenshtein <= 2"`
	if len(fields) != 3 {
		return Condition{}, fmt.Errorf("condition %q: %s", s, want)
	}
	c := Condition{Measure: Measure(fields[0])}
	operator := ">="
	if c.Measure.IsDistance() {
		operator = "<="
	} else if !c.Measure.IsSimilarity() {
		return Condition{}, fmt.Errorf("condition %q: measure %q is unknown%s; %s", s, fields[0],
			suggestion(fields[0], measureNames), want)
	}
	if fields[1] != operator {
		return Condition{}, fmt.Errorf("condition %q: %s is compared with %s", s, c.Measure, operator)
	}
	threshold, err := strconv.ParseFloat(fields[2], 64)
	if err != nil {
		return Condition{}, fmt.Errorf("condition %q: threshold %q is not a number", s, fields[2])
	}
	c.Threshold = threshold
	return c, c.validate()
}

var measureNames = []string{string(Exact), string(Jaro), string(JaroWinkler), string(Levenshtein), string(OSA), string(DamerauLevenshtein)}

// maxDistance bounds thresholds: beyond it everything agrees.
const maxDistance = 64

func (c Condition) validate() error {
	switch {
	case c.Measure.IsSimilarity() && !(c.Threshold > 0 && c.Threshold <= 1):
		return fmt.Errorf("condition %q: a similarity lies in (0, 1]", c)
	case c.Measure.IsDistance() && !(c.Threshold >= 1 && c.Threshold <= maxDistance && c.Threshold == math.Trunc(c.Threshold)):
		return fmt.Errorf("condition %q: a distance is a whole number from 1 to %d", c, maxDistance)
	}
	return nil
}
