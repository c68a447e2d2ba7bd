package report

import (
	"fmt"
	"math"
	"strconv"
)

// chart is a bar chart with a logarithmic height, for counts that span orders
// of magnitude.
type chart struct {
	Width, Height int
	Bars          []bar
	Ticks         []tick  // of the height
	Baseline      float64 // y of zero
	Mark          float64 // x of a vertical line, 0 for none
	MarkName      string
}

type bar struct {
	X, Y, W, H float64
	Class      string
	Title      string
	Label      string // under the bar, "" for none
	LabelX     float64
}

type tick struct {
	Y    float64
	Name string
}

const (
	chartWidth  = 960
	chartHeight = 230
	chartLeft   = 64.0
	chartTop    = 18.0
	chartBottom = 200.0
)

// logChart draws counts from left to right. every is how many bars share a
// label.
func logChart(counts []int64, label func(i int) string, title func(i int) string, class func(i int) string, every int) chart {
	c := chart{Width: chartWidth, Height: chartHeight, Baseline: chartBottom}
	most := int64(0)
	for _, n := range counts {
		most = max(most, n)
	}
	if most == 0 {
		return c
	}
	// One decade more than needed would waste height, one less would cut.
	top := math.Log10(float64(most)) + 0.3
	y := func(n float64) float64 { return chartBottom - (chartBottom-chartTop)*(math.Log10(n)+0.3)/(top+0.3) }
	for e := 0; float64(e) <= top; e++ {
		c.Ticks = append(c.Ticks, tick{y(math.Pow10(e)), number(int64(math.Pow10(e)))})
	}
	step := (chartWidth - chartLeft - 8) / float64(len(counts))
	for i, n := range counts {
		b := bar{X: chartLeft + step*float64(i) + 1, W: min(step-2, 60), Class: class(i), Title: title(i)}
		b.LabelX = b.X + b.W/2
		if n > 0 {
			b.Y = y(float64(n))
			b.H = chartBottom - b.Y
		}
		if i%every == 0 {
			b.Label = label(i)
		}
		c.Bars = append(c.Bars, b)
	}
	return c
}

// weightChart is the histogram of match weights with the threshold.
func weightChart(m Matching) chart {
	counts := make([]int64, len(m.Weights))
	for i, b := range m.Weights {
		counts[i] = b.Count
	}
	c := logChart(counts,
		func(i int) string { return bits(m.Weights[i].From) },
		func(i int) string {
			b := m.Weights[i]
			return fmt.Sprintf("%s pairs with a match weight from %s to below %s", number(b.Count), bits(b.From), bits(b.To))
		},
		func(i int) string {
			if m.Weights[i].From >= m.Threshold {
				return "good"
			}
			return "dull"
		}, max(1, (len(counts)+11)/12))
	if n := len(m.Weights); n > 0 && len(c.Bars) == n {
		lo, hi := m.Weights[0].From, m.Weights[n-1].To
		if at := (m.Threshold - lo) / (hi - lo); at >= 0 && at <= 1 {
			c.Mark = chartLeft + at*(chartWidth-chartLeft-8)
			c.MarkName = "threshold " + bits(m.Threshold)
		}
		for i := range c.Bars {
			// A label under a bin's left edge, where its number is true.
			c.Bars[i].LabelX = c.Bars[i].X
		}
	}
	return c
}

// sizeChart is how many clusters have how many records.
func sizeChart(clusters Clusters) chart {
	counts := make([]int64, len(clusters.Sizes))
	for i, s := range clusters.Sizes {
		counts[i] = s.Clusters
	}
	return logChart(counts,
		func(i int) string { return number(clusters.Sizes[i].Records) },
		func(i int) string {
			return fmt.Sprintf("%s clusters of %s records", number(counts[i]), number(clusters.Sizes[i].Records))
		},
		func(int) string { return "gold" }, max(1, len(counts)/24))
}

func bits(w float64) string { return strconv.FormatFloat(w, 'f', -1, 64) }
