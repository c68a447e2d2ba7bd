package evaluate

import (
	"slices"
	"strings"
	"testing"
)

func TestJudged(t *testing.T) {
	cluster := []uint32{0, 0, 2, 2, 4}
	judgements := []Judgement{
		{Pair{0, 1}, true, "moved"}, {Pair{2, 4}, true, "moved"},
		{Pair{2, 3}, false, "twins"}, {Pair{1, 2}, false, "twins"},
	}
	got := Judged(judgements, func(a, b uint32) bool { return cluster[a] == cluster[b] })
	want := []Tally{
		{Scenario: "moved", TruePositive: 1, FalseNegative: 1, Rate: Rate{1, 0.5, 2.0 / 3}},
		{Scenario: "twins", FalsePositive: 1, TrueNegative: 1, Rate: Rate{0, 1, 0}},
		{TruePositive: 1, FalsePositive: 1, FalseNegative: 1, TrueNegative: 1, Rate: Rate{0.5, 0.5, 0.5}},
	}
	if !slices.Equal(got, want) {
		t.Errorf("tallies %v, want %v", got, want)
	}
	if text := JudgedText(got); !strings.Contains(text, "moved") || !strings.Contains(text, "\nall ") {
		t.Errorf("text:\n%s", text)
	}
}
