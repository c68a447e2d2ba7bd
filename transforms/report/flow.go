package report

import "fmt"

// flow is the row accounting as a picture: channels of people, what became of
// their rows, and the golden records that the accepted ones became. Heights
// are proportional to rows; what is there at all is drawn at least a pixel
// high.
type flow struct {
	Width, Height int
	Nodes         []flowNode
	Ribbons       []ribbon
}

// flowNode is a bar with a label beside it.
type flowNode struct {
	X, Y, H   float64
	Name      string
	Count     int64
	Class     string // of run.html's styles
	LabelX    float64
	LabelLeft bool // the label ends at LabelX rather than starting there
}

// ribbon joins two bars.
type ribbon struct {
	Path  string
	Class string
	Title string
}

const (
	flowWidth   = 960
	flowBar     = 12.0  // width of a bar
	flowRoom    = 220.0 // height of all rows together
	flowGap     = 26.0  // between bars, enough for a label of two lines
	flowLeft    = 150.0
	flowMiddle  = 430.0
	flowRight   = 740.0
	flowTop     = 8.0
	smallestBar = 1.0
)

// outcomes of a row, in the order they are drawn.
var outcomes = []struct {
	name, class string
	of          func(Rows) int64
}{
	{"accepted", "good", func(r Rows) int64 { return r.Accepted }},
	{"duplicate", "dull", func(r Rows) int64 { return r.Duplicate }},
	{"suppressed", "dull", func(r Rows) int64 { return r.Suppressed }},
	{"quarantined", "bad", func(r Rows) int64 { return r.Quarantined }},
}

func newFlow(m *Manifest) flow {
	f := flow{Width: flowWidth}
	sum := m.Total(KindRecords)
	if sum.Read == 0 {
		return f
	}
	height := func(n int64) float64 {
		if n == 0 {
			return 0
		}
		return max(smallestBar, flowRoom*float64(n)/float64(sum.Read))
	}
	right := f.outcomes(sum, height)
	f.channels(m, right, height)
	f.golden(m, right[0], height)
	bottom := 0.0
	for _, n := range f.Nodes {
		bottom = max(bottom, n.Y+max(n.H, flowGap))
	}
	f.Height = int(bottom + flowTop)
	return f
}

// outcomes draws the middle column and gives back its nodes, by outcome.
func (f *flow) outcomes(sum Rows, height func(int64) float64) []flowNode {
	y := flowTop
	nodes := make([]flowNode, len(outcomes))
	for i, o := range outcomes {
		n := o.of(sum)
		nodes[i] = flowNode{X: flowMiddle, Y: y, H: height(n), Name: o.name, Count: n, Class: o.class, LabelX: flowMiddle + flowBar + 8}
		if n > 0 || i == 0 {
			f.Nodes = append(f.Nodes, nodes[i])
			y += max(nodes[i].H, flowGap) + 10
		}
	}
	return nodes
}

// channels draws the left column and its ribbons to the outcomes.
func (f *flow) channels(m *Manifest, right []flowNode, height func(int64) float64) {
	y := flowTop
	into := make([]float64, len(right)) // how much of each outcome is taken
	for _, c := range m.Channels {
		if c.Kind != KindRecords {
			continue
		}
		node := flowNode{X: flowLeft, Y: y, H: height(c.Rows.Read), Name: c.Name, Count: c.Rows.Read, Class: "plain",
			LabelX: flowLeft - 8, LabelLeft: true}
		f.Nodes = append(f.Nodes, node)
		out := y
		for i, o := range outcomes {
			n := o.of(c.Rows)
			if n == 0 {
				continue
			}
			h := height(n)
			f.Ribbons = append(f.Ribbons, newRibbon(flowLeft+flowBar, out, h, flowMiddle, right[i].Y+into[i], h, o.class,
				fmt.Sprintf("%s: %s %s", c.Name, number(n), o.name)))
			out, into[i] = out+h, into[i]+h
		}
		y += max(node.H, flowGap) + 10
	}
}

// golden draws the golden records: fewer than the accepted records by those
// that were merged.
func (f *flow) golden(m *Manifest, accepted flowNode, height func(int64) float64) {
	golden, _ := m.Clusters.count()
	if golden == 0 {
		return
	}
	h := height(golden)
	f.Nodes = append(f.Nodes, flowNode{X: flowRight, Y: flowTop, H: h, Name: "golden records", Count: golden, Class: "gold", LabelX: flowRight + flowBar + 8})
	f.Ribbons = append(f.Ribbons, newRibbon(flowMiddle+flowBar, accepted.Y, accepted.H, flowRight, flowTop, h, "gold",
		fmt.Sprintf("%s accepted records are %s golden records", number(accepted.Count), number(golden))))
}

func newRibbon(x1, y1, h1, x2, y2, h2 float64, class, title string) ribbon {
	mid := (x1 + x2) / 2
	path := fmt.Sprintf("M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1fV%.1fC%.1f %.1f %.1f %.1f %.1f %.1fZ",
		x1, y1, mid, y1, mid, y2, x2, y2, y2+h2, mid, y2+h2, mid, y1+h1, x1, y1+h1)
	return ribbon{path, class, title}
}
