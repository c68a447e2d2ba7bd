// Package column is the match engine's in-memory form of the records: for
// each attribute the canonical codes of every record and, per distinct value,
// the features that comparators and blocking keys read.
//
// A [Table] is made once per run from the records table and is then read-only:
// any number of goroutines may use it. Everything in it is a pointer-free
// slice. Strings exist once per distinct value.
package column

import (
	"slices"

	"concord/schemas/attribute"
	"concord/schemas/table"
)

// Column is one attribute of all records as the engine sees it.
type Column struct {
	Name attribute.Name
	// Starts bounds each record's slots in Codes; nil means one slot per
	// record. Columns of one group share it.
	Starts []int32
	// Codes are canonical codes by slot; 0 is null (or junk: the engine does
	// not tell them apart, neither matches anything).
	Codes []uint32
	// Values are the distinct canonical values; entry 0 is null.
	Values table.Strings
	// Count is how many records hold each value; Count[0] is the records that
	// hold none.
	Count []uint32
}

// Shared tells whether any value is held by more than one record.
func (c *Column) Shared() bool {
	return slices.ContainsFunc(c.Count[min(1, len(c.Count)):], func(n uint32) bool { return n > 1 })
}

// Table is the records as the engine sees them.
type Table struct {
	N       int
	Columns []Column
	// Source is the key namespace of each record, for constraints between
	// and within sources.
	Source []uint16
	// Hash is a fixed-seed hash of each record's (source, key): what samples
	// and tie-breaks use, so that they depend on no order.
	Hash []uint64

	lent map[*uint32]bool // the first of codes that are not the table's own
}

// Pair is two different records of a table.
type Pair struct{ A, B uint32 }

// Column finds an attribute's column, nil when there is none.
func (t *Table) Column(n attribute.Name) *Column {
	for i := range t.Columns {
		if t.Columns[i].Name == n {
			return &t.Columns[i]
		}
	}
	return nil
}

// Slots is the range of record r's slots in Codes.
func (c *Column) Slots(r uint32) (lo, hi uint32) {
	if c.Starts == nil {
		return r, r + 1
	}
	return uint32(c.Starts[r]), uint32(c.Starts[r+1])
}

// Single is record r's code in a column of which every record has at most one
// value; for others its first.
func (c *Column) Single(r uint32) uint32 {
	lo, hi := c.Slots(r)
	if lo == hi {
		return 0
	}
	return c.Codes[lo]
}
