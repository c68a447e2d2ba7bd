package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"

	"concord/schemas/model"
)

// ModelHTML draws a match model as one HTML page for people who decide whether
// to trust it: where it comes from, what it warns of, the match weight of
// every level, m and u, term frequencies, the patterns that decide, how the
// estimation converged. The page is self-contained: inline SVG, no script,
// nothing fetched. It holds parameters and counts, never a value of a record.
func ModelHTML(m *model.Model) ([]byte, error) {
	if err := m.Validate(); err != nil {
		return nil, fmt.Errorf("draw match model: %w", err)
	}
	var b bytes.Buffer
	if err := modelPage.Execute(&b, newModelView(m)); err != nil {
		return nil, fmt.Errorf("draw match model: %w", err)
	}
	return b.Bytes(), nil
}

//go:embed model.html
var modelTemplate string

var modelPage = template.Must(template.New("model").Funcs(template.FuncMap{
	"bits":    func(w float64) string { return fmt.Sprintf("%+.1f", w) },
	"percent": sharePercent,
	"count":   groupDigits,
	"join":    strings.Join,
}).Parse(modelTemplate))

// modelView is the page's content, laid out.
type modelView struct {
	*model.Model
	PriorBits   float64
	OneIn       string
	Charts      []modelChart
	ZeroX       float64 // where 0 bits is in the weight charts
	Ticks       []weightTick
	Frequencies []frequencyCurve
	ShareTicks  []weightTick
	BitTicks    []weightTick
	Patterns    []modelPattern
	Passes      []modelPass
}

// weightTick is a labelled place on an axis.
type weightTick struct {
	At    float64
	Label string
}

// modelChart is one comparison: a bar for each level, best first.
type modelChart struct {
	*model.Comparison
	Height int // of the bars
	Axis   int // and the axis below
	Bars   []levelBar
}

// levelBar is one level: where the bar of its weight begins and how wide it
// is, and how wide those of its shares are.
type levelBar struct {
	*model.Level
	Y              int
	X, Width       float64
	MWidth, UWidth float64
	Positive       bool
}

// Layout, in SVG units.
const (
	weightWidth = 560
	levelHeight = 22
	axisHeight  = 18
	shareWidth  = 150
	plotWidth   = 560
	plotHeight  = 220
)

func newModelView(m *model.Model) *modelView {
	v := &modelView{Model: m, PriorBits: m.PriorWeight(), OneIn: groupDigits(int64(math.Round(1 / m.Prior)))}
	low, high := weightRange(m)
	x := func(w float64) float64 { return tenth(weightWidth * (w - low) / (high - low)) }
	v.ZeroX = x(0)
	for t := math.Ceil(low/5) * 5; t <= high; t += 5 {
		v.Ticks = append(v.Ticks, weightTick{x(t), wholeBits(t)})
	}
	for i := range m.Comparisons {
		v.Charts = append(v.Charts, newModelChart(&m.Comparisons[i], x))
	}
	v.frequencies()
	for _, p := range m.Training.Patterns {
		v.Patterns = append(v.Patterns, newModelPattern(m, p))
	}
	for _, p := range m.Training.Passes {
		v.Passes = append(v.Passes, newModelPass(p))
	}
	return v
}

// weightRange spans all weights and zero, with a margin.
func weightRange(m *model.Model) (low, high float64) {
	for i := range m.Comparisons {
		for _, l := range m.Comparisons[i].Levels {
			low, high = math.Min(low, l.Weight), math.Max(high, l.Weight)
		}
	}
	return low - 1, high + 1
}

func newModelChart(c *model.Comparison, x func(float64) float64) modelChart {
	chart := modelChart{Comparison: c}
	for k := len(c.Levels) - 1; k > model.NullLevel; k-- {
		l := &c.Levels[k]
		from, to := x(math.Min(l.Weight, 0)), x(math.Max(l.Weight, 0))
		chart.Bars = append(chart.Bars, levelBar{
			Level: l, Y: len(chart.Bars) * levelHeight,
			X: from, Width: tenth(math.Max(to-from, 1)), Positive: l.Weight >= 0,
			MWidth: tenth(shareWidth * l.M), UWidth: tenth(shareWidth * l.U),
		})
	}
	chart.Height = len(chart.Bars) * levelHeight
	chart.Axis = chart.Height + axisHeight
	return chart
}

// frequencyCurve is the adjustment of one term-frequency level over the agreed value's
// share of the records.
type frequencyCurve struct {
	Label  string
	Class  int
	Points string
}

// rarestShare is the left end of the term-frequency chart: one in a million.
const rarestShare = 1e-6

// frequencies draws weight plus adjustment by share: how much a rare value is
// worth more than a common one.
func (v *modelView) frequencies() {
	low, high := 0.0, 0.0
	each := func(f func(c *model.Comparison, l *model.Level)) {
		for i := range v.Comparisons {
			c := &v.Comparisons[i]
			for k := range c.Levels {
				if t := c.Levels[k].TermFrequency; t != nil && t.Strength > 0 {
					f(c, &c.Levels[k])
				}
			}
		}
	}
	each(func(_ *model.Comparison, l *model.Level) {
		low = math.Min(low, l.Weight+l.TermFrequency.Adjustment(1))
		high = math.Max(high, l.Weight+l.TermFrequency.Adjustment(rarestShare))
	})
	y := func(w float64) float64 { return tenth(plotHeight * (high - w) / math.Max(high-low, 1)) }
	each(func(c *model.Comparison, l *model.Level) {
		var points []string
		for _, share := range []float64{rarestShare, 1} { // a straight line over the logarithm of the share
			points = append(points, fmt.Sprintf("%g,%g", shareX(share), y(l.Weight+l.TermFrequency.Adjustment(share))))
		}
		v.Frequencies = append(v.Frequencies, frequencyCurve{c.Name + ": " + l.Label, len(v.Frequencies) % 8, strings.Join(points, " ")})
	})
	for e := -6; e <= 0; e++ {
		share := math.Pow(10, float64(e))
		v.ShareTicks = append(v.ShareTicks, weightTick{shareX(share), sharePercent(share)})
	}
	for t := math.Ceil(low/10) * 10; t <= high; t += 10 {
		v.BitTicks = append(v.BitTicks, weightTick{y(t), wholeBits(t)})
	}
}

// shareX places a share on the term-frequency chart's logarithmic axis.
func shareX(share float64) float64 {
	return tenth(plotWidth * math.Log(share/rarestShare) / math.Log(1/rarestShare))
}

// modelPattern is one agreement pattern in words.
type modelPattern struct {
	Labels      []string
	Pairs       int64
	Weight      float64
	Probability float64
}

func newModelPattern(m *model.Model, p model.Pattern) modelPattern {
	row := modelPattern{Pairs: p.Pairs, Weight: p.Weight, Probability: 1 / (1 + math.Exp2(-p.Weight))}
	for k, l := range p.Levels {
		label := "?" // a level the model does not have
		if k < len(m.Comparisons) && l >= 0 && l < len(m.Comparisons[k].Levels) {
			label = m.Comparisons[k].Levels[l].Label
		}
		row.Labels = append(row.Labels, label)
	}
	return row
}

// modelPass is a pass with its log-likelihood as a sparkline.
type modelPass struct {
	model.Pass
	Points string
}

// Sparkline size, in SVG units.
const (
	sparkWidth  = 160
	sparkHeight = 28
)

func newModelPass(p model.Pass) modelPass {
	row := modelPass{Pass: p}
	if len(p.LogLikelihood) == 0 {
		return row
	}
	low, high := p.LogLikelihood[0], p.LogLikelihood[0]
	for _, l := range p.LogLikelihood {
		low, high = math.Min(low, l), math.Max(high, l)
	}
	points := make([]string, len(p.LogLikelihood))
	for i, l := range p.LogLikelihood {
		x := sparkWidth * float64(i) / math.Max(float64(len(points)-1), 1)
		y := 1 + (sparkHeight-2)*(high-l)/math.Max(high-low, 1e-12)
		points[i] = fmt.Sprintf("%g,%g", tenth(x), tenth(y))
	}
	row.Points = strings.Join(points, " ")
	return row
}

// wholeBits labels an axis of bits.
func wholeBits(t float64) string {
	if t == 0 {
		return "0"
	}
	return fmt.Sprintf("%+.0f", t)
}

func tenth(x float64) float64 { return math.Round(x*10) / 10 }

// sharePercent shows a share with three significant digits, and as powers of ten
// where it is tiny.
func sharePercent(p float64) string {
	if p > 0 && p < 1e-6 {
		return fmt.Sprintf("%.2g", p)
	}
	return strconv.FormatFloat(100*p, 'g', 3, 64) + " %"
}

// groupDigits groups digits by three.
func groupDigits(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
