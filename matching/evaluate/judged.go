package evaluate

import (
	"fmt"
	"slices"
	"strings"
)

// Judgement is what people say of a pair of records.
type Judgement struct {
	Pair
	Match    bool
	Scenario string // what the pair is an example of, such as "twins"
}

// Tally counts judged pairs by what was decided.
type Tally struct {
	Scenario      string
	TruePositive  int // a match, and together
	FalsePositive int // no match, and together
	FalseNegative int // a match, and apart
	TrueNegative  int // no match, and apart
	Rate          Rate
}

// Judged counts judgements by scenario, in order of name; the last tally is
// of all, with scenario "". together tells whether the records ended in one
// cluster.
func Judged(judgements []Judgement, together func(a, b uint32) bool) []Tally {
	by := map[string]*Tally{}
	all := Tally{}
	for _, j := range judgements {
		t := by[j.Scenario]
		if t == nil {
			t = &Tally{Scenario: j.Scenario}
			by[j.Scenario] = t
		}
		said := together(j.A, j.B)
		t.count(j.Match, said)
		all.count(j.Match, said)
	}
	var out []Tally
	for _, t := range by {
		out = append(out, t.rated())
	}
	slices.SortFunc(out, func(x, y Tally) int { return strings.Compare(x.Scenario, y.Scenario) })
	return append(out, all.rated())
}

func (t *Tally) count(match, together bool) {
	switch {
	case match && together:
		t.TruePositive++
	case match:
		t.FalseNegative++
	case together:
		t.FalsePositive++
	default:
		t.TrueNegative++
	}
}

func (t *Tally) rated() Tally {
	out := *t
	hit := float64(t.TruePositive)
	out.Rate = rate(hit, hit+float64(t.FalsePositive), hit+float64(t.FalseNegative))
	return out
}

// JudgedText is the tallies as a table.
func JudgedText(tallies []Tally) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-40s %9s %9s %9s %7s %7s %7s %7s\n", "scenario", "precision", "recall", "F1", "TP", "FP", "FN", "TN")
	for _, t := range tallies {
		name := t.Scenario
		if name == "" {
			name = "all"
		}
		fmt.Fprintf(&b, "%-40s %9.4f %9.4f %9.4f %7d %7d %7d %7d\n", name, t.Rate.Precision, t.Rate.Recall, t.Rate.F1,
			t.TruePositive, t.FalsePositive, t.FalseNegative, t.TrueNegative)
	}
	return b.String()
}
