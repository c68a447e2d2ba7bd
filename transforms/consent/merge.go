package consent

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"

	schema "concord/schemas/consent"
	"concord/schemas/table"
)

// Each runs unit(i) once for every i in [0, n), in any order, perhaps several
// at a time, and returns when all have returned.
type Each func(n int, unit func(i int)) error

func inTurn(n int, unit func(int)) error {
	for i := range n {
		unit(i)
	}
	return nil
}

// parts is into how many parts a log is sorted: by the first byte of anchors'
// hashes, which are uniform.
const parts = 256

// Merge makes the log of what several builders gathered. Which of them
// gathered what, and in which order, leaves no trace. They are spent. The
// error is that of each.
func Merge(policy *schema.Policy, each Each, builders ...*Builder) (*Log, error) {
	m := &merger{log: &Log{policy: policy}, builders: builders}
	m.settle()
	if err := each(parts, m.sort); err != nil {
		return nil, err
	}
	m.allot()
	if err := each(parts, m.fill); err != nil {
		return nil, err
	}
	m.log.index()
	m.link()
	return m.log, nil
}

// merger is a log in the making.
type merger struct {
	log      *Log
	builders []*Builder
	recode   []recode // by builder
	parts    [parts]part
	claimed  bool // some grant names what it supersedes
}

// recode maps the provisional codes of a builder to those of the log.
type recode struct {
	controllers, brands []uint16
	categories          []uint16
	notice, proof       []uint32
	files               []uint32
}

// part is what one part of the log will hold.
type part struct {
	order   []from   // events by anchor and id, without repeats
	bars    []barRow // by anchor and kind
	anchors int
	// Where it begins in the log.
	fact, anchor, bar int
	claims, denials   []linked
}

// from is a row: its builder and its place in the builder's bucket.
type from struct {
	builder uint16
	at      uint32
}

// linked is an event that names others, or that others may name.
type linked struct {
	fact uint32
	from from
	link uint32
}

func (m *merger) row(i int, f from) *row { return m.builders[f.builder].buckets[i].at(int(f.at)) }

// settle sorts the names and numbers them anew.
func (m *merger) settle() {
	l := m.log
	var controllers, brands, categories []string
	for _, b := range m.builders {
		controllers, brands, categories = appendNames(controllers, b.controllers), appendNames(brands, b.brands), appendNames(categories, b.categories)
		m.claimed = m.claimed || len(b.claims) > 1
	}
	l.controllers, l.brands, categories = sortedDistinct(controllers), sortedDistinct(brands), sortedDistinct(categories)
	l.tellApart(categories)
	var notice, proof texts
	var files origins
	for _, b := range m.builders {
		c := recode{controllers: recoded(l.controllers, b.controllers), brands: recoded(l.brands, b.brands)}
		c.categories = recoded(categories, b.categories)
		c.notice, c.proof = notice.take(&b.notice), proof.take(&b.proof)
		for _, f := range b.origins.files {
			c.files = append(c.files, files.file(f))
		}
		m.recode = append(m.recode, c)
		for _, x := range b.bars {
			x.bar.controller, x.origin.file = c.controllers[x.bar.controller], c.files[x.origin.file]
			p := &m.parts[x.anchor.Hash[0]]
			p.bars = append(p.bars, x)
		}
	}
	l.notices, l.proofs, l.files = notice.list, proof.list, files.files
	m.prefer()
}

func appendNames(names []string, codes map[string]uint16) []string {
	for s := range codes { // in any order: they are sorted next
		if s != "" {
			names = append(names, s)
		}
	}
	return names
}

func sortedDistinct(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

func recoded(names []string, codes map[string]uint16) []uint16 {
	to := make([]uint16, len(codes))
	for s, c := range codes {
		to[c] = code(names, s)
	}
	return to
}

// take adds the texts of another list and maps its codes.
func (t *texts) take(other *texts) []uint32 {
	to := make([]uint32, max(other.list.Len(), 1))
	for c := 1; c < len(to); c++ {
		to[c] = t.code(other.list.At(uint32(c)))
	}
	return to
}

// sort orders the events of part i by anchor and id and drops repeats: of
// several deliveries of an event the first by origin stays. The leading bytes
// of the hash settle most comparisons without touching the rows.
func (m *merger) sort(i int) {
	type key struct {
		hash uint64
		from from
	}
	n := 0
	for _, b := range m.builders {
		n += b.buckets[i].n
	}
	keys := make([]key, 0, n)
	for k, b := range m.builders {
		for at := range b.buckets[i].n {
			keys = append(keys, key{binary.BigEndian.Uint64(b.buckets[i].at(at).anchor[:]), from{uint16(k), uint32(at)}})
		}
	}
	slices.SortFunc(keys, func(x, y key) int {
		if x.hash != y.hash {
			return cmp.Compare(x.hash, y.hash)
		}
		p, q := m.row(i, x.from), m.row(i, y.from)
		return cmp.Or(bytes.Compare(p.anchor[:], q.anchor[:]), cmp.Compare(p.kind, q.kind), bytes.Compare(p.id[:], q.id[:]), m.compareOrigins(x.from, p, y.from, q))
	})
	p := &m.parts[i]
	p.order = make([]from, 0, n)
	for _, k := range keys {
		if last := len(p.order); last == 0 || m.row(i, p.order[last-1]).id != m.row(i, k.from).id {
			p.order = append(p.order, k.from)
		}
	}
	slices.SortFunc(p.bars, func(x, y barRow) int {
		return cmp.Or(compareAnchors(x.anchor, y.anchor), cmp.Compare(x.bar.kind, y.bar.kind), cmp.Compare(x.bar.from, y.bar.from), cmp.Compare(x.bar.controller, y.bar.controller), cmp.Compare(x.bar.pref, y.bar.pref), m.log.compareOrigins(x.origin, y.origin))
	})
	m.eachAnchor(i, func(schema.Anchor, []from, []barRow) { p.anchors++ })
}

func (m *merger) compareOrigins(x from, p *row, y from, q *row) int {
	a, b := &m.builders[x.builder].origins.files[p.origin.file], &m.builders[y.builder].origins.files[q.origin.file]
	return cmp.Or(cmp.Compare(a.channel, b.channel), cmp.Compare(a.object, b.object), cmp.Compare(p.origin.row, q.origin.row))
}

// eachAnchor calls do for the anchors of part i, in order, with their events
// and suppressions.
func (m *merger) eachAnchor(i int, do func(schema.Anchor, []from, []barRow)) {
	events, bars := m.parts[i].order, m.parts[i].bars
	for len(events) > 0 || len(bars) > 0 {
		var a schema.Anchor
		if len(events) > 0 {
			r := m.row(i, events[0])
			a = schema.Anchor{Kind: r.kind, Hash: r.anchor}
		}
		if len(events) == 0 || len(bars) > 0 && compareAnchors(bars[0].anchor, a) < 0 {
			a = bars[0].anchor
		}
		n, k := 0, 0
		for n < len(events) && m.row(i, events[n]).is(a) {
			n++
		}
		for k < len(bars) && bars[k].anchor == a {
			k++
		}
		do(a, events[:n], bars[:k])
		events, bars = events[n:], bars[k:]
	}
}

func (r *row) is(a schema.Anchor) bool { return r.kind == a.Kind && r.anchor == a.Hash }

// allot makes room for all parts and says where each begins.
func (m *merger) allot() {
	l := m.log
	facts, anchors, bars := 0, 0, 0
	for i := range m.parts {
		p := &m.parts[i]
		p.fact, p.anchor, p.bar = facts, anchors, bars
		facts, anchors, bars = facts+len(p.order), anchors+p.anchors, bars+len(p.bars)
	}
	l.facts, l.ids, l.origins = make([]fact, facts), make([]schema.EventID, facts), make([]origin, facts)
	if l.notices.Len() > 1 {
		l.notice = make([]uint32, facts)
	}
	if l.proofs.Len() > 1 {
		l.evidence = make([]uint32, facts)
	}
	l.anchors, l.starts = make([]schema.Anchor, anchors), make([]uint32, anchors+1)
	l.starts[anchors] = uint32(facts)
	if bars > 0 {
		l.bars, l.barOrigins, l.barStarts = make([]bar, bars), make([]origin, bars), make([]uint32, anchors+1)
		l.barStarts[anchors] = uint32(bars)
	}
}

// fill writes part i of the log and lets its rows go.
func (m *merger) fill(i int) {
	l, p := m.log, &m.parts[i]
	a, f, b := p.anchor, p.fact, p.bar
	m.eachAnchor(i, func(anchor schema.Anchor, events []from, bars []barRow) {
		l.anchors[a], l.starts[a] = anchor, uint32(f)
		if l.barStarts != nil {
			l.barStarts[a] = uint32(b)
		}
		for _, from := range events {
			m.fact(i, from, f)
			f++
		}
		for k := range bars {
			l.bars[b], l.barOrigins[b] = bars[k].bar, bars[k].origin
			b++
		}
		a++
	})
	p.order, p.bars = nil, nil
	for _, b := range m.builders {
		b.buckets[i] = rows{}
	}
}

// fact writes an event of part i as fact f.
func (m *merger) fact(i int, from from, f int) {
	l, r, c := m.log, m.row(i, from), &m.recode[from.builder]
	x := r.fact
	x.controller, x.brand = c.controllers[x.controller], c.brands[x.brand]
	x.categories = c.categories[x.categories]
	l.facts[f], l.ids[f] = x, r.id
	l.origins[f] = origin{r.origin.row, c.files[r.origin.file]}
	if l.notice != nil {
		l.notice[f] = c.notice[r.notice]
	}
	if l.evidence != nil {
		l.evidence[f] = c.proof[r.proof]
	}
	if !m.claimed {
		return
	}
	p, named := &m.parts[i], linked{uint32(f), from, r.link}
	switch {
	case x.state.Denies():
		p.denials = append(p.denials, named)
	case x.state.Permits() && r.link > 0:
		p.claims = append(p.claims, named)
	}
}

// index makes the buckets by which anchors are found. Hashes are uniform: as
// many buckets as anchors leave about one in each.
func (l *Log) index() {
	leading := min(bits.Len(uint(len(l.anchors))), 28)
	l.shift = uint(32 - leading)
	l.buckets = make([]uint32, 1<<leading+1)
	for i := range l.anchors {
		a := &l.anchors[i]
		l.kinds[a.Kind]++
		l.buckets[l.bucket(a)+1]++
	}
	for k := 1; k < len(l.buckets); k++ {
		l.buckets[k] += l.buckets[k-1]
	}
}

// link resolves the names that grants supersede: event ids in hex, or a
// source's own references, within the grant's controller.
func (m *merger) link() {
	l := m.log
	type key struct {
		controller uint16
		text       string
	}
	targets := map[key][]uint32{}
	for i := range m.parts {
		for _, c := range m.parts[i].claims {
			for _, text := range m.builders[c.from.builder].claims[c.link] {
				targets[key{l.facts[c.fact].controller, text}] = nil
			}
		}
	}
	for i := range m.parts {
		for _, d := range m.parts[i].denials {
			for _, text := range []string{m.builders[d.from.builder].refs.At(d.link), l.ids[d.fact].String()} {
				k := key{l.facts[d.fact].controller, text}
				if list, wanted := targets[k]; wanted && text != "" {
					targets[k] = append(list, d.fact)
				}
			}
		}
	}
	for i := range m.parts {
		for _, c := range m.parts[i].claims {
			at := uint32(len(l.named))
			for _, text := range m.builders[c.from.builder].claims[c.link] {
				l.named = append(l.named, targets[key{l.facts[c.fact].controller, text}]...)
			}
			slices.Sort(l.named[at:])
			f := &l.facts[c.fact]
			f.namesFrom, f.namesTo = at, uint32(len(l.named))
		}
	}
}

// noticeOf and evidenceOf are what a fact's event says of either.
func (l *Log) noticeOf(f uint32) string   { return textOf(l.notices, l.notice, f) }
func (l *Log) evidenceOf(f uint32) string { return textOf(l.proofs, l.evidence, f) }

func textOf(list table.Strings, codes []uint32, f uint32) string {
	if codes == nil || codes[f] == 0 {
		return ""
	}
	return list.At(codes[f])
}
