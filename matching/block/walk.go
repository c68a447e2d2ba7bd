package block

import "math"

// Walker enumerates the pairs of units: each pair once in the whole plan, in
// the first rule that finds it and, within that rule, in its first shared
// block. One goroutine uses it; it allocates nothing once it has warmed up.
//
//	w.Start(blocks, unit)
//	for w.Next() {
//		for _, j := range w.Partners() { … w.Rows()[w.Outer()] with w.Rows()[j] … }
//	}
type Walker struct {
	plan     *Plan
	rule     int
	rows     []uint32
	spans    []span
	span     int
	outer    int
	partners []int32
	found    []int32 // memory of partners, but of a unit walked ahead
	compact  compact
	// Sample, below MaxUint64, walks only the outer records whose hash is at
	// most Sample: a pair is in the sample when its lower record is.
	Sample uint64
	// Alone walks every pair of a unit's rule once, those that earlier rules
	// have as well.
	Alone bool

	at      []uint32 // by position: the block it stands in
	earlier earlier
	sources []uint16 // by position: the source where pairs within it are barred, else none
}

// span is a rectangle or triangle of positions: outer in [from, to), inner in
// [inner, end), or in (outer, end) where inner is 0.
type span struct{ from, to, inner, end int }

// noBar stands in Walker.sources for a source that may pair with itself.
const noBar = math.MaxUint16

// Walker makes a walker over the plan's units.
func (p *Plan) Walker() *Walker {
	return &Walker{plan: p, Sample: math.MaxUint64}
}

// Rows are the records of the unit, by position. The slice is good until the
// next Start.
func (w *Walker) Rows() []uint32 { return w.rows }

// Rule is the rule of the unit.
func (w *Walker) Rule() int { return w.rule }

// Start loads a unit of b.
func (w *Walker) Start(b *Blocks, u Unit) {
	w.rule = b.Rule
	w.rows, w.at, w.spans = w.rows[:0], w.at[:0], w.spans[:0]
	if n := len(b.Members(u.From)); n > TileRows {
		w.tile(b.Members(u.From), int(u.Row), int(u.Col))
		w.standIn(u.From)
	} else {
		w.whole(b, u.From, u.To)
	}
	if cap(w.found) < len(w.rows) {
		w.found = make([]int32, 0, 2*TileRows)
	}
	w.earlier.load(&w.plan.layout, b.Rule, w.rows, w.at, w.Alone)
	w.loadSources()
	w.span, w.outer = 0, -1
	if len(w.spans) > 0 {
		w.outer = w.spans[0].from - 1
	}
	w.compact.on = false
	if w.atMost(compactPairs) {
		w.collect()
	}
}

// atMost tells whether the unit has at most n pairs before any is left out.
func (w *Walker) atMost(n int64) bool {
	for _, s := range w.spans {
		if n -= pairs(s.end - s.from); n < 0 {
			return false
		}
	}
	return true
}

func (w *Walker) whole(b *Blocks, from, to uint32) {
	for i := from; i < to; i++ {
		at := len(w.rows)
		members := w.sampled(b.Members(i))
		if len(members) < 2 {
			continue
		}
		w.rows = append(w.rows, members...)
		w.standIn(i)
		w.spans = append(w.spans, span{at, len(w.rows), 0, len(w.rows)})
	}
}

// sampled leaves out the records before the first outer one of the sample: of
// most blocks all, and what is not walked need not be loaded.
func (w *Walker) sampled(members []uint32) []uint32 {
	if w.Sample == math.MaxUint64 {
		return members
	}
	for i, r := range members {
		if w.plan.table.Hash[r] <= w.Sample {
			return members[i:]
		}
	}
	return nil
}

// standIn notes that the positions added last stand in block i.
func (w *Walker) standIn(i uint32) {
	for len(w.at) < len(w.rows) {
		w.at = append(w.at, i)
	}
}

func (w *Walker) tile(members []uint32, row, col int) {
	cut := func(i int) []uint32 {
		return members[i*TileRows : min((i+1)*TileRows, len(members))]
	}
	w.rows = append(w.rows, cut(row)...)
	n := len(w.rows)
	if row == col {
		w.spans = append(w.spans, span{0, n, 0, n})
		return
	}
	w.rows = append(w.rows, cut(col)...)
	w.spans = append(w.spans, span{0, n, n, len(w.rows)})
}

// loadSources notes, by position, the sources that hold nobody twice.
func (w *Walker) loadSources() {
	w.sources = w.sources[:0]
	free := w.plan.options.DuplicateFree
	if free == nil {
		return
	}
	for _, r := range w.rows {
		s := w.plan.table.Source[r]
		if !free[s] {
			s = noBar
		}
		w.sources = append(w.sources, s)
	}
}

// Next moves to the next outer record that has partners.
func (w *Walker) Next() bool {
	if w.compact.on {
		return w.nextCollected()
	}
	return w.advance()
}

func (w *Walker) advance() bool {
	for w.span < len(w.spans) {
		s := &w.spans[w.span]
		for w.outer++; w.outer < s.to; w.outer++ {
			if w.plan.table.Hash[w.rows[w.outer]] > w.Sample {
				continue
			}
			if w.findPartners(max(s.inner, w.outer+1), s.end); len(w.partners) > 0 {
				return true
			}
		}
		if w.span++; w.span < len(w.spans) {
			w.outer = w.spans[w.span].from - 1
		}
	}
	return false
}

// Outer is the position of the present outer record.
func (w *Walker) Outer() int { return w.outer }

// Partners are the positions that the outer record is to be compared with,
// ascending. The records there are greater than the outer one. The slice is
// good until the next call of Next.
func (w *Walker) Partners() []int32 { return w.partners }

// findPartners keeps the positions in [lo, hi) that no earlier rule or block
// pairs with the outer record and that the sources allow.
func (w *Walker) findPartners(lo, hi int) {
	w.partners = w.earlier.keep(w.found[:0], w.outer, lo, hi)
	if len(w.sources) == 0 || w.sources[w.outer] == noBar {
		return
	}
	kept := w.partners[:0]
	for _, j := range w.partners {
		if w.sources[j] != w.sources[w.outer] {
			kept = append(kept, j)
		}
	}
	w.partners = kept
}
