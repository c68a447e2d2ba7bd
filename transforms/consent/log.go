package consent

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"

	schema "concord/schemas/consent"
	"concord/schemas/table"
)

// fact is an event as the engine reads it: codes and numbers, no pointers.
type fact struct {
	lo, hi, until, confirmed int64 // microseconds since 1970 UTC
	// names is the range of superseded facts in Log.named.
	namesFrom, namesTo uint32
	controller, brand  uint16
	categories         uint16 // 1 + its place in Log.dataKinds, or 0 for all
	purpose            schema.PurposeCode
	channel            schema.Channel
	state              schema.State
	scope              schema.Scope
	basis              schema.Basis
	party              schema.Party
	jurisdiction       int8 // bit number, or noJurisdiction
	noticeMisses       bool // its notice lists purposes and misses its own
}

const noJurisdiction = int8(-1)

// bar is a suppression as the engine reads it.
type bar struct {
	from       int64
	controller uint16
	kind       schema.SuppressionKind
	reach      schema.Scope
	pref       uint32 // of a preference: 1 + its place in Log.preferences
}

// Log is the set of all consent events and suppressions, indexed by anchor.
// It is read-only and may be shared. Logs made of the same events in any
// order, with any repeats, are equal.
type Log struct {
	policy *schema.Policy

	anchors []schema.Anchor // sorted by hash, then kind
	buckets []uint32        // by the leading bits of the hash: where it starts
	shift   uint            // 32 less the number of leading bits

	facts  []fact           // by anchor, then event id
	ids    []schema.EventID // by fact
	starts []uint32         // by anchor
	named  []uint32         // superseded facts

	origins []origin // by fact
	files   []file

	preferences []preference

	bars       []bar
	barOrigins []origin // by bar
	barStarts  []uint32 // by anchor; nil without bars
	kinds      [8]int   // by kind: its anchors

	dataKinds   []dataKind  // that events name, in the order of their names
	dataClasses []dataClass // that they tell apart; none where no event names any

	controllers, brands []string // codes from 1; 0 is "" (all, or no brand)
	notices, proofs     table.Strings
	notice, evidence    []uint32 // by fact: entry of notices, of proofs; nil where all are ""
}

// noCode is the code of a controller or brand that no event names.
const noCode = ^uint16(0)

// Policy is the policy table the log was read under.
func (l *Log) Policy() *schema.Policy { return l.policy }

// Events counts the distinct events.
func (l *Log) Events() int { return len(l.facts) }

// Anchors counts the anchors that have events or suppressions. Their ids come
// from [Log.ID]; indexes from Anchors() on are the caller's, to number
// anchors of which the log knows nothing.
func (l *Log) Anchors() int { return len(l.anchors) }

// AnchorID numbers an anchor: its kind in the top three bits, an index below.
type AnchorID uint32

const indexBits = 29

// NewAnchorID is the id of the anchor with that index. Two anchors of a run
// never have the same index, whatever their kinds.
func NewAnchorID(kind schema.Kind, index uint32) AnchorID {
	return AnchorID(uint32(kind)<<indexBits | index)
}

// Kind is the anchor's kind.
func (a AnchorID) Kind() schema.Kind { return schema.Kind(a >> indexBits) }

// Index is the anchor's index.
func (a AnchorID) Index() uint32 { return uint32(a) & (1<<indexBits - 1) }

// ID is the id of an anchor that has events or suppressions.
func (l *Log) ID(a schema.Anchor) (AnchorID, bool) {
	if len(l.anchors) == 0 {
		return 0, false
	}
	b := l.bucket(&a)
	lo, hi := l.buckets[b], l.buckets[b+1]
	i, ok := slices.BinarySearchFunc(l.anchors[lo:hi], a, compareAnchors)
	return NewAnchorID(a.Kind, lo+uint32(i)), ok
}

// AnchorsOf counts the anchors of a kind: without any, none need be asked for.
func (l *Log) AnchorsOf(kind schema.Kind) int { return l.kinds[kind] }

func (l *Log) bucket(a *schema.Anchor) uint32 {
	return uint32(uint64(binary.BigEndian.Uint32(a.Hash[:])) >> l.shift)
}

func compareAnchors(a, b schema.Anchor) int {
	if c := bytes.Compare(a.Hash[:], b.Hash[:]); c != 0 {
		return c
	}
	return cmp.Compare(a.Kind, b.Kind)
}

// of is the range of an anchor's facts.
func (l *Log) of(a AnchorID) (lo, hi uint32) {
	if i := a.Index(); int(i) < len(l.anchors) {
		return l.starts[i], l.starts[i+1]
	}
	return 0, 0
}

// barsOf is the range of an anchor's suppressions and preferences.
func (l *Log) barsOf(a AnchorID) (lo, hi uint32) {
	if i := a.Index(); len(l.bars) > 0 && int(i) < len(l.anchors) {
		return l.barStarts[i], l.barStarts[i+1]
	}
	return 0, 0
}

func code(names []string, name string) uint16 {
	if name == "" {
		return 0
	}
	if i, ok := slices.BinarySearch(names, name); ok {
		return uint16(i + 1)
	}
	return noCode
}

// names tells whether fact g supersedes fact d.
func (l *Log) names(g *fact, d uint32) bool {
	_, ok := slices.BinarySearch(l.named[g.namesFrom:g.namesTo], d)
	return ok
}
