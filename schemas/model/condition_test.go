package model

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestConditionReadsWhatItWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Condition{Measure: Measure(rapid.SampledFrom(measureNames).Draw(t, "measure"))}
		switch {
		case c.Measure.IsSimilarity():
			c.Threshold = 1 - rapid.Float64Range(0, 0.999).Draw(t, "threshold")
		case c.Measure.IsDistance():
			c.Threshold = float64(rapid.IntRange(1, maxDistance).Draw(t, "threshold"))
		}
		got, err := ParseCondition(c.String())
		if err != nil || got != c {
			t.Fatalf("%q read as %v, %v", c, got, err)
		}
	})
}

func TestConditionRefuses(t *testing.T) {
	for s, want := range map[string]string{
		"":                    "want",
		"jaro_winkler":        "want",
		"jaro_winkler <= 0.9": "compared with >=",
		"levenshtein >= 1":    "compared with <=",
		"levenshtein <= 1.5":  "whole number",
		"levenshtein <= 0":    "whole number",
		"jaro >= 1.2":         "(0, 1]",
		"jaro >= NaN":         "(0, 1]",
		"jaro >= x":           "not a number",
		"soundex >= 1":        "unknown",
	} {
		if _, err := ParseCondition(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want it to say %q", s, err, want)
		}
	}
}
