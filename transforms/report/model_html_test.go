package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"strings"
	"testing"

	"concord/schemas/attribute"
	"concord/schemas/model"
)

var modelOut = flag.String("model-html", "", "write the page of the example model to this file")

// exampleModel is a small model with one of everything the page shows.
func exampleModel() *model.Model {
	m := &model.Model{
		Format: model.Format, Version: model.Version, CreatedFor: "sha256:1f2e", Seed: 7, Prior: 1.0 / 20_000,
		BlockingRules: []string{"email", "family_name.soundex, birth_date.year"}, DeterministicRules: []string{"email", "phone"},
		Comparisons: []model.Comparison{
			{
				Name: "email", Comparator: "email", Attributes: []attribute.Name{attribute.Email}, Description: "e-mail addresses, any of which may agree",
				Levels: []model.Level{
					{Label: "null", Description: "an address is missing"},
					{Label: "else", Description: "the addresses differ", M: 0.25, U: 0.9989},
					{Label: "local_part", Description: "equal before the @", M: 0.15, U: 0.001},
					{Label: "exact", Description: "the addresses are equal", M: 0.6, U: 0.0001, TermFrequency: &model.TermFrequency{Strength: 1, Base: 0.0002}},
				},
			},
			{
				Name: "sex", Comparator: "sex", Attributes: []attribute.Name{attribute.Sex}, Description: "sex as recorded",
				Levels: []model.Level{
					{Label: "null", Description: "not recorded"},
					{Label: "else", Description: "they differ", M: 0.02, U: 0.5},
					{Label: "exact", Description: "they are equal", M: 0.98, U: 0.5},
				},
			},
		},
		Training: model.Training{
			Method: model.Estimated, Records: 12_345, Pairs: 76_193_340, RandomPairs: 1_048_576, BlockedPairs: 54_321, LabelledPairs: 12,
			Matches: 3801.4, Prior: model.Prior{Method: "capture-recapture", Low: 4e-5, High: 7e-5}, Rounds: 3, Iterations: 41,
			Passes: []model.Pass{
				{Rule: "email", Estimated: []string{"sex"}, Pairs: 4000, Matches: 2300, Iterations: 11, Converged: true, LastChange: 8e-5, LogLikelihood: []float64{-2, -1.5, -1.4, -1.39}},
				{Rule: "a < b & c", Estimated: []string{"email", "sex"}, Pairs: 50_000, Matches: 3000, Iterations: 30, LastChange: 3e-3, LogLikelihood: []float64{-3}},
			},
			Dependence: []model.Dependence{{A: "email", B: "sex", Bits: 0.012}},
			Patterns:   []model.Pattern{{Levels: []int{3, 2}, Pairs: 2200, Weight: 9.1}, {Levels: []int{1, 0}, Pairs: 40_000, Weight: -16.3}},
			Warnings:   []string{`comparison "email": weights <were> out of order`},
		},
	}
	m.SetWeights()
	return m
}

func modelPageOf(t *testing.T, m *model.Model) string {
	t.Helper()
	page, err := ModelHTML(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

func TestModelPageShowsTheModel(t *testing.T) {
	page := modelPageOf(t, exampleModel())
	if *modelOut != "" {
		if err := os.WriteFile(*modelOut, []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{
		"once in 20,000 pairs: -14.3 bits", "capture-recapture", "95 % interval 0.004 % to 0.007 %", "did not converge",
		"12,345", "76,193,340", "3801 are expected", "email: exact", "equal before the @",
		"<td class=\"n\">60 %</td><td class=\"n\">0.01 %</td><td class=\"n\">&#43;12.6</td><td class=\"n\">0.02 %</td>",
		"<td>exact</td><td>exact</td><td class=\"n\">2,200</td><td class=\"n\">&#43;9.1</td><td class=\"n\">0.9982</td>",
		"a &lt; b &amp; c", "weights &lt;were&gt; out of order", "0.012",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// The page fetches nothing: no address, no script, and a policy that forbids
// both.
func TestModelPageIsSelfContained(t *testing.T) {
	page := modelPageOf(t, exampleModel())
	for _, bad := range []string{"http:", "https:", "<script", "src=", "@import", "url(", "<link"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	if !strings.Contains(page, "default-src 'none'") {
		t.Error("no content security policy")
	}
}

// Every SVG is well-formed and no bar leaves its chart.
func TestModelPageDrawings(t *testing.T) {
	page := modelPageOf(t, exampleModel())
	rest, n := page, 0
	for {
		_, after, found := strings.Cut(rest, "<svg")
		if !found {
			break
		}
		body, next, closed := strings.Cut(after, "</svg>")
		if !closed {
			t.Fatal("an svg is not closed")
		}
		d := xml.NewDecoder(strings.NewReader("<svg" + body + "</svg>"))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("svg %d: %v", n, err)
			}
		}
		rest = next
		n++
	}
	if n != 2+1+2 {
		t.Errorf("%d drawings, want one a comparison, the frequencies and one a pass", n)
	}
	v := newModelView(exampleModel())
	for _, c := range v.Charts {
		for _, b := range c.Bars {
			if b.X < 0 || b.X+b.Width > weightWidth || b.MWidth > shareWidth || b.UWidth > shareWidth || b.Y >= c.Height {
				t.Errorf("%s %s: bar at %g,%d, %g wide", c.Name, b.Label, b.X, b.Y, b.Width)
			}
			if right := b.X+b.Width >= v.ZeroX-0.11; b.Positive && b.X < v.ZeroX-0.11 || !b.Positive && b.X > v.ZeroX || !right && b.Positive {
				t.Errorf("%s %s: bar at %g to %g on the wrong side of %g", c.Name, b.Label, b.X, b.X+b.Width, v.ZeroX)
			}
		}
	}
}

func TestModelPageIsStable(t *testing.T) {
	first, second := modelPageOf(t, exampleModel()), modelPageOf(t, exampleModel())
	if first != second {
		t.Error("two pages of one model differ")
	}
}

func TestModelPageOfAnUntrainedModel(t *testing.T) {
	m := exampleModel()
	m.Training = model.Training{Method: model.Untrained, Prior: model.Prior{Method: "default"}}
	m.Comparisons = m.Comparisons[1:]
	page := modelPageOf(t, m)
	if !strings.Contains(page, "untrained defaults") || strings.Contains(page, "<h2>Term frequencies") || strings.Contains(page, "<h2>Convergence") {
		t.Error("an untrained model without term frequencies has neither charts of them nor of convergence")
	}
	m.Prior = 2
	if page, err := ModelHTML(m); err == nil || bytes.Contains(page, []byte("<")) {
		t.Error("an invalid model was drawn")
	}
}
