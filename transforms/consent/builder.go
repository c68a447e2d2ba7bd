package consent

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	schema "concord/schemas/consent"
	"concord/schemas/table"
)

// Builder gathers events and suppressions in any order.
type Builder struct {
	policy *schema.Policy
	reg    *schema.Registry
	rows   []row
	refs   table.Strings // by row
	notice table.Strings // by row
	proof  table.Strings // by row
	names  []name        // superseded, in the order of rows
	bars   []barRow

	controllers, brands map[string]uint16 // provisional codes, in order of arrival
	origins             origins
}

type row struct {
	anchor schema.Anchor
	id     schema.EventID
	fact   fact
	seq    uint32 // entry of refs, notice, proof and names
	origin origin
}

// name is one entry of an event's Supersedes.
type name struct {
	row  uint32
	text string
}

type barRow struct {
	anchor schema.Anchor
	bar    bar
}

// NewBuilder starts an empty log to be read under a policy.
func NewBuilder(policy *schema.Policy) *Builder {
	b := &Builder{
		policy: policy, reg: policy.Registry(),
		controllers: map[string]uint16{"": 0}, brands: map[string]uint16{"": 0},
	}
	// Entry 0 of a string list is null: rows count from 1.
	b.refs.Append("")
	b.notice.Append("")
	b.proof.Append("")
	return b
}

// Add puts an event into the log. The error names what the event lacks.
func (b *Builder) Add(e *schema.Event) error {
	if err := e.Validate(b.reg); err != nil {
		return err
	}
	purpose, _ := b.reg.Code(e.Purpose)
	controller, err := intern(b.controllers, e.Controller)
	if err != nil {
		return fmt.Errorf("controllers: %w", err)
	}
	brand, err := intern(b.brands, e.Brand)
	if err != nil {
		return fmt.Errorf("brands: %w", err)
	}
	f := fact{
		lo: e.Time.Lo, hi: e.Time.Hi, until: e.ValidUntil, confirmed: e.ConfirmedAt,
		controller: controller, brand: brand, purpose: purpose, channel: e.Channel,
		state: e.State, scope: e.Scope, basis: e.Basis, party: e.ExpressedBy,
		jurisdiction: noJurisdiction, noticeMisses: !noticeCovers(e),
	}
	if e.Jurisdiction != "" {
		set := b.policy.Jurisdiction(e.Jurisdiction)
		f.jurisdiction = int8(bits.TrailingZeros64(uint64(set)))
	}
	b.rows = append(b.rows, row{anchor: e.Anchor, id: e.ID(), fact: f, seq: b.refs.Append(e.Ref), origin: b.origins.of(e.Source)})
	b.notice.Append(e.Notice.Version)
	b.proof.Append(e.Evidence)
	if e.State.Permits() {
		for _, s := range e.Supersedes {
			b.names = append(b.names, name{uint32(len(b.rows)), s})
		}
	}
	return nil
}

// noticeCovers tells whether the notice spoke of the event's own purpose and
// channel. A notice on an ancestor does not: it was not specific.
func noticeCovers(e *schema.Event) bool {
	if len(e.Notice.Covers) == 0 {
		return true
	}
	for _, c := range e.Notice.Covers {
		purpose, channel, limited := strings.Cut(c, ":")
		if purpose == e.Purpose && (!limited || channel == e.Channel.String()) {
			return true
		}
	}
	return false
}

func intern(codes map[string]uint16, s string) (uint16, error) {
	c, ok := codes[s]
	if !ok {
		if len(codes) >= int(noCode) {
			return 0, errors.New("more than 65,534 distinct names in the consent log")
		}
		c = uint16(len(codes))
		codes[s] = c
	}
	return c, nil
}

// Suppress puts a suppression into the log.
func (b *Builder) Suppress(s *schema.Suppression) error {
	if s.Anchor.Kind == 0 || s.Anchor.Hash == [32]byte{} {
		return errors.New("suppression: anchor missing")
	}
	controller, err := intern(b.controllers, s.Controller)
	if err != nil {
		return fmt.Errorf("controllers: %w", err)
	}
	b.bars = append(b.bars, barRow{s.Anchor, bar{s.From, controller, s.Kind, s.Reach()}})
	return nil
}

// Log sorts what was gathered. The builder is spent.
func (b *Builder) Log() *Log {
	l := &Log{policy: b.policy}
	var recode [2][]uint16
	l.controllers, recode[0] = settle(b.controllers)
	l.brands, recode[1] = settle(b.brands)
	order := b.sortRows()
	l.place(b, order)
	l.facts = make([]fact, 0, len(order))
	l.ids = make([]schema.EventID, 0, len(order))
	l.origins, l.files = make([]origin, 0, len(order)), b.origins.files
	at := make([]uint32, len(b.rows)+1) // row number ─► fact, for the superseding ones
	for i, r := range order {
		f := b.rows[r].fact
		f.controller, f.brand = recode[0][f.controller], recode[1][f.brand]
		l.facts = append(l.facts, f)
		l.ids = append(l.ids, b.rows[r].id)
		l.origins = append(l.origins, b.rows[r].origin)
		seq := b.rows[r].seq
		l.notice.Append(b.notice.At(seq))
		l.evidence.Append(b.proof.At(seq))
		at[seq] = uint32(i) + 1
	}
	l.link(b, at)
	for i := range l.bars {
		l.bars[i].controller = recode[0][l.bars[i].controller]
	}
	return l
}

// settle sorts the names that arrived in any order and maps the provisional
// codes to the final ones.
func settle(codes map[string]uint16) (names []string, recode []uint16) {
	for s := range codes {
		if s != "" {
			names = append(names, s)
		}
	}
	slices.Sort(names)
	recode = make([]uint16, len(codes))
	for s, c := range codes {
		recode[c] = code(names, s)
	}
	return names, recode
}

// sortRows orders the rows by anchor and id and drops repeats. The leading
// bytes of the hash settle most comparisons without touching the rows.
func (b *Builder) sortRows() []uint32 {
	type key struct {
		hash uint64
		row  uint32
	}
	keys := make([]key, len(b.rows))
	for i := range b.rows {
		keys[i] = key{binary.BigEndian.Uint64(b.rows[i].anchor.Hash[:]), uint32(i)}
	}
	slices.SortFunc(keys, func(x, y key) int {
		if x.hash != y.hash {
			return cmp.Compare(x.hash, y.hash)
		}
		p, q := &b.rows[x.row], &b.rows[y.row]
		return cmp.Or(compareAnchors(p.anchor, q.anchor), bytes.Compare(p.id[:], q.id[:]), b.origins.compare(p.origin, q.origin))
	})
	order := make([]uint32, 0, len(keys))
	for _, k := range keys {
		if n := len(order); n == 0 || b.rows[order[n-1]].id != b.rows[k.row].id {
			order = append(order, k.row)
		}
	}
	return order
}

// place lists the anchors and bounds their facts and bars.
func (l *Log) place(b *Builder, order []uint32) {
	slices.SortFunc(b.bars, func(x, y barRow) int {
		return cmp.Or(compareAnchors(x.anchor, y.anchor), cmp.Compare(x.bar.kind, y.bar.kind))
	})
	i, j := 0, 0
	for i < len(order) || j < len(b.bars) {
		a := nextAnchor(b, order, i, j)
		l.anchors = append(l.anchors, a)
		l.starts = append(l.starts, uint32(i))
		l.barStarts = append(l.barStarts, uint32(j))
		for i < len(order) && b.rows[order[i]].anchor == a {
			i++
		}
		for j < len(b.bars) && b.bars[j].anchor == a {
			l.bars = append(l.bars, b.bars[j].bar)
			j++
		}
	}
	l.starts = append(l.starts, uint32(len(order)))
	l.barStarts = append(l.barStarts, uint32(len(b.bars)))
	// Hashes are uniform: as many buckets as anchors leave about one in each.
	leading := min(bits.Len(uint(len(l.anchors))), 28)
	l.shift = uint(32 - leading)
	l.buckets = make([]uint32, 1<<leading+1)
	for _, a := range l.anchors {
		l.buckets[l.bucket(a)+1]++
	}
	for k := 1; k < len(l.buckets); k++ {
		l.buckets[k] += l.buckets[k-1]
	}
}

func nextAnchor(b *Builder, order []uint32, i, j int) schema.Anchor {
	switch {
	case i == len(order):
		return b.bars[j].anchor
	case j == len(b.bars):
		return b.rows[order[i]].anchor
	}
	p, q := b.rows[order[i]].anchor, b.bars[j].anchor
	if compareAnchors(p, q) <= 0 {
		return p
	}
	return q
}

// link resolves the names that grants supersede: event ids in hex, or a
// source's own references, within the grant's controller.
func (l *Log) link(b *Builder, at []uint32) {
	if len(b.names) == 0 {
		return
	}
	type key struct {
		controller uint16
		text       string
	}
	targets := map[key][]uint32{}
	for _, n := range b.names {
		targets[key{b.rows[n.row-1].fact.controller, n.text}] = nil
	}
	for i := range b.rows {
		f, seq := at[b.rows[i].seq], b.rows[i].seq
		if f == 0 || !b.rows[i].fact.state.Denies() {
			continue
		}
		for _, text := range []string{b.refs.At(seq), hex.EncodeToString(b.rows[i].id[:])} {
			k := key{b.rows[i].fact.controller, text}
			if list, wanted := targets[k]; wanted && text != "" {
				targets[k] = append(list, f-1)
			}
		}
	}
	for i := 0; i < len(b.names); {
		r := b.names[i].row
		from := uint32(len(l.named))
		for ; i < len(b.names) && b.names[i].row == r; i++ {
			l.named = append(l.named, targets[key{b.rows[r-1].fact.controller, b.names[i].text}]...)
		}
		if f := at[r]; f != 0 {
			l.facts[f-1].namesFrom, l.facts[f-1].namesTo = from, uint32(len(l.named))
			slices.Sort(l.named[from:])
		}
	}
}
