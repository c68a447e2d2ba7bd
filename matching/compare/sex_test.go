package compare_test

import (
	"testing"

	"concord/matching/compare"
	"concord/schemas/attribute"
)

func TestSexByTitle(t *testing.T) {
	checkExamples(t, compare.Sex{}, []attribute.Name{attribute.Sex, attribute.NamePrefix}, []example{
		{"f/", "f/", "exact"},
		{"f/", "m/", "else"},
		{"f/", "/", "null"},
		{"/mrs", "f/", "exact"},
		{"/mrs", "/miss dr", "exact"},
		{"/mrs", "/mr", "else"},
		{"x/mrs", "f/", "else"}, // what is recorded counts
		{"/dr", "f/", "null"},
		{"/mr mrs", "f/", "null"}, // a couple
	})
	checkExamples(t, compare.Sex{}, []attribute.Name{attribute.NamePrefix}, []example{
		{"mr", "sir", "exact"}, {"mr", "ms", "else"}, {"mr", "prof", "null"},
	})
}
