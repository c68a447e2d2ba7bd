// Package table says what the tables are: the records in memory, as extract
// and normalize make them and matching and survivorship read them, and the
// Arrow schemas of every table that a run publishes, with the names of their
// columns.
package table

import (
	"unsafe"

	"concord/schemas/attribute"
)

// Strings is a list of distinct strings in Arrow's string layout: entry i is
// Bytes[Offsets[i]:Offsets[i+1]]. Entry 0 is always "" and stands for null.
// Pointer-free, so that the garbage collector never walks it.
type Strings struct {
	Bytes   []byte
	Offsets []int32 // Len()+1 entries
}

// Len counts the entries, entry 0 included.
func (s Strings) Len() int { return max(len(s.Offsets)-1, 0) }

// At is entry i. The string shares the list's memory: it lives as long as
// the list and is never changed.
func (s Strings) At(i uint32) string {
	lo, hi := s.Offsets[i], s.Offsets[i+1]
	if lo == hi {
		return ""
	}
	return unsafe.String(&s.Bytes[lo], hi-lo)
}

// Append adds v as a new entry and returns its index. It does not look
// whether v is there already: a dictionary does that.
func (s *Strings) Append(v string) uint32 {
	if len(s.Offsets) == 0 {
		s.Offsets = append(s.Offsets, 0)
	}
	s.Bytes = append(s.Bytes, v...)
	s.Offsets = append(s.Offsets, int32(len(s.Bytes)))
	return uint32(len(s.Offsets) - 2)
}

// Flag marks what normalizing found out about a value.
type Flag uint8

// The flags of a value.
const (
	// Junk is a placeholder ("test@test.com", 1900-01-01): it is shown to
	// nobody, matched by nothing, and counted.
	Junk Flag = 1 << iota
	// Role is an address of a function rather than a person (info@).
	Role
	// Disposable is an address at a throw-away e-mail domain.
	Disposable
	// Uncertain is a value whose reading was a guess that the job allowed.
	Uncertain
)

// Column is one attribute of all records, dictionary-encoded twice: a slot
// holds the code of a variant (a presentable form), and each variant has one
// canonical (matching) form. "José" and "JOSE" are two variants of "jose".
//
// Slots of record r are Codes[Starts[r]:Starts[r+1]]; when Starts is nil every
// record has exactly one slot, r. Code 0 is null. Columns of one
// [attribute.Group] have the same Starts.
type Column struct {
	Name      attribute.Name
	Starts    []int32
	Codes     []uint32
	Shown     Strings  // by variant: the presentable form
	Canon     []uint32 // by variant: code of its canonical form, 0 where nothing may match it
	Flags     []Flag   // by variant
	Canonical Strings
}

// Slots is the range of record r's slots in Codes.
func (c *Column) Slots(r uint32) (lo, hi uint32) {
	if c.Starts == nil {
		return r, r + 1
	}
	return uint32(c.Starts[r]), uint32(c.Starts[r+1])
}

// Records is the records table in memory: what extract and normalize make,
// and what matching, survivorship and consent read. Record r is row r of
// every slice. The order is that of (Source, Key) hashed with a fixed seed,
// so it depends on neither file order nor row order.
type Records struct {
	N        int
	Channels []string // channel names, sorted
	Sources  []string // key namespaces, sorted; a channel's own name unless the job says otherwise
	Objects  []string // object paths, sorted
	Brands   []string // sorted; entry 0 may be "" (no brand)

	Channel   []uint16 // by record: index into Channels
	Source    []uint16 // by record: index into Sources
	Object    []uint32 // by record: index into Objects
	Brand     []uint16 // by record: index into Brands
	Row       []uint32 // by record: 1-based data row within the object
	Key       Strings  // by record: entry r+1 is record r's key (entry 0 is null as everywhere)
	EventTime []int64  // by record: microseconds since 1970 UTC, or NoTime
	Columns   []Column // in attribute order
}

// NoTime is the event time of a record whose channel gives none: before
// every real time.
const NoTime = int64(-1 << 63)

// Column finds an attribute's column, nil when no channel maps it.
func (r *Records) Column(n attribute.Name) *Column {
	for i := range r.Columns {
		if r.Columns[i].Name == n {
			return &r.Columns[i]
		}
	}
	return nil
}

// RecordKey is record i's key in its source.
func (r *Records) RecordKey(i uint32) string { return r.Key.At(i + 1) }
