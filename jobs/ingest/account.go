package ingest

import (
	"cmp"
	"fmt"
	"slices"

	"concord/schemas/attribute"
)

// Object is the account of one object that a run read.
type Object struct {
	Channel string
	Key     string // path within the store
	Format  string // csv, jsonl, parquet
	SHA256  string // hex, of the bytes as stored
	Size    int64  // bytes as stored

	Read        int64 // data rows, bad ones included
	Accepted    int64
	Quarantined int64
	Duplicate   int64
	Empty       bool // holds no data row at all
}

// settle computes Accepted of a people object after duplicates are known.
func (o *Object) settle() { o.Accepted = o.Read - o.Quarantined - o.Duplicate }

// Balance checks read = accepted + quarantined + duplicate. (Suppression
// comes with the vault: until then nothing is suppressed.)
func (o *Object) Balance() error {
	if o.Read != o.Accepted+o.Quarantined+o.Duplicate || o.Accepted < 0 {
		return fmt.Errorf("channel %q object %q: the row account does not balance: read %d, accepted %d, quarantined %d, duplicate %d",
			o.Channel, o.Key, o.Read, o.Accepted, o.Quarantined, o.Duplicate)
	}
	return nil
}

// Quarantined is a row that was set aside.
type Quarantined struct {
	Channel string
	Object  string
	Row     int64
	Code    string
	Column  string
	Raw     []byte // the row as read, bounded
	// Kept tells that the row is accepted all the same: one of its consent
	// columns could not be read.
	Kept bool
}

// Problem counts the values of one column that a normalizer could not use
// or found to be junk. Rows with such values are accepted without them.
type Problem struct {
	Channel  string
	Column   string
	Code     string
	Rows     int64
	Distinct int64
	Object   string // the first place, in file order
	Row      int64
}

func sortProblems(p []Problem) {
	slices.SortFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Code, b.Code))
	})
}

func sortQuarantine(q []Quarantined) {
	slices.SortFunc(q, func(a, b Quarantined) int {
		return cmp.Or(cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Object, b.Object), cmp.Compare(a.Row, b.Row), cmp.Compare(a.Code, b.Code))
	})
}

func compareObjects(a, b Object) int {
	return cmp.Or(cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Key, b.Key))
}

// Field is what became of one mapped column of a channel.
type Field struct {
	Channel, Column string
	Attribute       string           // the first that it fills
	Attributes      []attribute.Name // all that it fills
	Filled          int64            // accepted rows with a value
	Distinct        int64            // distinct raw values
	Junk, Invalid   int64            // rows
}
