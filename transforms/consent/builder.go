package consent

import (
	"errors"
	"fmt"
	"math/bits"
	"strings"

	schema "concord/schemas/consent"
	"concord/schemas/table"
)

// Builder gathers events and suppressions in any order. It is for one
// goroutine; several may each fill a builder of their own, whose events
// [Merge] makes one log of.
type Builder struct {
	policy      *schema.Policy
	reg         *schema.Registry
	buckets     [parts]rows // by the first byte of the anchor's hash
	bars        []barRow
	preferences []preference
	refs        table.Strings // of denials: what a grant can name them by
	claims      [][]string    // of grants: what they supersede, from 1

	// Provisional codes, in order of arrival.
	controllers, brands map[string]uint16
	categories          map[string]uint16 // by the names of a dataKind, joined
	notice, proof       texts
	origins             origins
}

// row is an event as it is gathered. What names it, or what it names, is in
// link: of a denial the entry of refs, of a grant that of claims; 0 is none.
type row struct {
	anchor        [32]byte
	id            schema.EventID
	fact          fact
	notice, proof uint32
	link          uint32
	origin        origin
	kind          schema.Kind
}

type barRow struct {
	anchor schema.Anchor
	bar    bar
	origin origin
}

// NewBuilder starts an empty log to be read under a policy.
func NewBuilder(policy *schema.Policy) *Builder {
	b := &Builder{
		policy: policy, reg: policy.Registry(),
		controllers: map[string]uint16{"": 0}, brands: map[string]uint16{"": 0}, categories: map[string]uint16{"": 0},
		claims: make([][]string, 1),
	}
	b.refs.Append("")
	return b
}

// Add puts an event into the log. Nothing of e is kept. The error names what
// the event lacks.
func (b *Builder) Add(e *schema.Event) error {
	if err := e.Validate(b.reg); err != nil {
		return err
	}
	controller, err := intern(b.controllers, e.Controller)
	if err != nil {
		return fmt.Errorf("controllers: %w", err)
	}
	brand, err := intern(b.brands, e.Brand)
	if err != nil {
		return fmt.Errorf("brands: %w", err)
	}
	categories, err := intern(b.categories, joinCategories(e.Categories))
	if err != nil {
		return fmt.Errorf("data categories: %w", err)
	}
	at, err := b.origins.of(e.Source)
	if err != nil {
		return err
	}
	purpose, _ := b.reg.Code(e.Purpose)
	r := b.buckets[e.Anchor.Hash[0]].add()
	*r = row{
		anchor: e.Anchor.Hash, kind: e.Anchor.Kind, id: e.ID(), origin: at,
		notice: b.notice.code(e.Notice.Version), proof: b.proof.code(e.Evidence),
		fact: fact{
			lo: e.Time.Lo, hi: e.Time.Hi, until: e.ValidUntil, confirmed: e.ConfirmedAt,
			controller: controller, brand: brand, categories: categories, purpose: purpose, channel: e.Channel,
			state: e.State, scope: e.Scope, basis: e.Basis, party: e.ExpressedBy,
			jurisdiction: noJurisdiction, noticeMisses: !noticeCovers(e),
		},
	}
	if e.Jurisdiction != "" {
		set := b.policy.Jurisdiction(e.Jurisdiction)
		r.fact.jurisdiction = int8(bits.TrailingZeros64(uint64(set)))
	}
	switch {
	case e.State.Denies() && e.Ref != "":
		r.link = b.refs.Append(e.Ref)
	case e.State.Permits() && len(e.Supersedes) > 0:
		r.link = uint32(len(b.claims))
		b.claims = append(b.claims, cloneAll(e.Supersedes))
	}
	return nil
}

func cloneAll(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = strings.Clone(s)
	}
	return out
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
		codes[strings.Clone(s)] = c
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
	at, err := b.origins.of(s.Source)
	if err != nil {
		return err
	}
	b.bars = append(b.bars, barRow{s.Anchor, bar{s.From, controller, s.Kind, s.Reach(), 0}, at})
	return nil
}

// Log is the log of what this builder gathered. The builder is spent.
func (b *Builder) Log() *Log {
	l, _ := Merge(b.policy, inTurn, b) // its units do not fail
	return l
}

// rows is a list that grows without moving what it holds: of a million events
// none is copied.
type rows struct {
	chunks [][]row
	n      int
	shown  int // chunks that Arrays has shown
}

// arrays shows move the chunks that are full since it was asked last.
func (r *rows) arrays(move func(array any)) {
	full, _ := r.place(r.n)
	for ; r.shown < full; r.shown++ {
		move(&r.chunks[r.shown])
	}
}

// The first chunk is small, since most logs of tests are; the others fill
// 8 KiB, which the allocator hands out without waste.
const (
	firstRows = 4
	chunkRows = 56
)

func (r *rows) add() *row {
	k, i := r.place(r.n)
	if i == 0 {
		size := chunkRows
		if k == 0 {
			size = firstRows
		}
		r.chunks = append(r.chunks, make([]row, size))
	}
	r.n++
	return &r.chunks[k][i]
}

func (r *rows) at(i int) *row {
	k, i := r.place(i)
	return &r.chunks[k][i]
}

func (r *rows) place(i int) (chunk, at int) {
	if i < firstRows {
		return 0, i
	}
	return 1 + (i-firstRows)/chunkRows, (i - firstRows) % chunkRows
}

// texts numbers distinct texts in order of arrival; "" is 0. Notices are few;
// evidence is mostly absent, else an event's own.
type texts struct {
	codes map[string]uint32
	list  table.Strings
	last  uint32 // code of the text at hand: one often follows itself
}

func (t *texts) code(s string) uint32 {
	if s == "" {
		return 0
	}
	if t.codes == nil {
		t.codes = map[string]uint32{}
		t.list.Append("")
	}
	if t.list.At(t.last) == s {
		return t.last
	}
	c, ok := t.codes[s]
	if !ok {
		c = t.list.Append(s)
		t.codes[strings.Clone(s)] = c
	}
	t.last = c
	return c
}
