package block

import (
	"math"

	"concord/matching/column"
)

// BatchPairs is how many pairs a walker hands out at a time: enough that what
// is done once a batch costs nothing, few enough that a batch and what is noted
// of each of its pairs stay in the first-level cache.
const BatchPairs = 1024

// Walker enumerates the pairs of units: each pair once in the whole plan, in
// the first rule that finds it and, within that rule, in its first shared
// block. One goroutine uses it; it allocates nothing once it has warmed up.
//
//	w.Start(blocks, unit)
//	for w.Next() {
//		for _, p := range w.Pairs() { … }
//	}
//
// Pairs are of places among the records of the unit, so that what is compared
// can be brought together once a unit: the records are w.Records().
type Walker struct {
	plan  *Plan
	rule  int
	rows  []uint32
	spans []span
	pairs []column.Pair
	found []int32 // positions of an outer record's partners, before they are pairs
	// The next pair to look at: positions within spans[span].
	span, outer, inner int
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

// first is the first inner position of an outer one.
func (s *span) first(outer int) int { return max(s.inner, outer+1) }

// noBar stands in Walker.sources for a source that may pair with itself.
const noBar = math.MaxUint16

// Walker makes a walker over the plan's units.
func (p *Plan) Walker() *Walker {
	return &Walker{plan: p, Sample: math.MaxUint64}
}

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
	if w.pairs == nil {
		w.pairs, w.found = make([]column.Pair, 0, BatchPairs), make([]int32, 0, BatchPairs)
	}
	w.earlier.load(&w.plan.layout, b.Rule, w.rows, w.at, w.Alone)
	w.loadSources()
	w.span = -1
	w.nextSpan()
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

// Next moves to the next batch of pairs, false when there is none.
func (w *Walker) Next() bool {
	w.pairs = w.pairs[:0]
	for w.span < len(w.spans) {
		if w.outer == w.spans[w.span].to {
			w.nextSpan()
			continue
		}
		if w.inner == 0 {
			w.inner = w.spans[w.span].first(w.outer)
		}
		if room := BatchPairs - len(w.pairs); room > 0 {
			w.take(room)
			continue
		}
		return true
	}
	return len(w.pairs) > 0
}

func (w *Walker) nextSpan() {
	if w.span++; w.span < len(w.spans) {
		w.outer, w.inner = w.spans[w.span].from, 0
	}
}

// take looks at the next positions of the present outer record, room at most,
// and adds the pairs among them.
func (w *Walker) take(room int) {
	end := w.spans[w.span].end
	if w.Sample < math.MaxUint64 && w.plan.table.Hash[w.rows[w.outer]] > w.Sample {
		w.inner = end
	}
	from := w.inner
	w.inner = min(end, from+room)
	found, n := w.partners(from, w.inner), len(w.pairs)
	w.pairs = w.pairs[:n+len(found)]
	for i, j := range found {
		w.pairs[n+i] = column.Pair{A: uint32(w.outer), B: uint32(j)}
	}
	if w.inner == end {
		w.outer, w.inner = w.outer+1, 0
	}
}

// Pairs are the batch, of places in Records, ascending by A and then B within
// each block. Of a pair, the record of A is below that of B. The slice is good
// until the next call of Next; it may be written to.
func (w *Walker) Pairs() []column.Pair { return w.pairs }

// Records are those of the unit, by place. A record of several blocks has as many
// places. The slice is good until the next call of Start.
func (w *Walker) Records() []uint32 { return w.rows }

// Pair is the records of a pair of places.
func (w *Walker) Pair(p column.Pair) (a, b uint32) { return w.rows[p.A], w.rows[p.B] }

// partners lists the positions in [lo, hi) that no earlier rule or block pairs
// with the outer record and that the sources allow.
func (w *Walker) partners(lo, hi int) []int32 {
	found := w.earlier.keep(w.found[:0], w.outer, lo, hi)
	if len(w.sources) == 0 || w.sources[w.outer] == noBar {
		return found
	}
	kept := found[:0]
	for _, j := range found {
		if w.sources[j] != w.sources[w.outer] {
			kept = append(kept, j)
		}
	}
	return kept
}
