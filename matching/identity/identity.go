// Package identity names clusters: it gives each a golden id and keeps ids
// stable from run to run.
//
// A new cluster's id is derived from one of its records, the [Anchor], so the
// same records give the same id whatever the order of rows, the number of
// workers or the split of a source over channels. Between runs [Reconcile]
// lets the cluster that holds most of an id's records keep it, and writes the
// history of what was kept, merged, split, new and gone.
package identity

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"

	"concord/schemas/table"
)

// ID is a golden id: 128 bits. Two of a billion golden records share one by
// chance with probability 10⁹²/2¹²⁹ ≈ 1.5·10⁻²¹.
type ID [16]byte

// alphabet is the "extended hex" base32 of RFC 4648 in lower case: it keeps
// the order of the bytes, and no character needs quoting in a URL, a file
// name or SQL.
var alphabet = base32.NewEncoding(digits).WithPadding(base32.NoPadding)

const digits = "0123456789abcdefghijklmnopqrstuv"

// String is the id in 26 characters, in the order of its bytes: ids compare
// as their strings do.
func (id ID) String() string { return alphabet.EncodeToString(id[:]) }

// Parse reads what String writes, upper or lower case.
func Parse(s string) (ID, error) {
	var id ID
	b, err := alphabet.DecodeString(strings.ToLower(s))
	if err != nil || len(b) != len(id) {
		return id, fmt.Errorf("parse golden id: want 26 characters of 0-9 and a-v, have %d", len(s))
	}
	copy(id[:], b)
	if id.String() != strings.ToLower(s) { // base32 has two spare bits at the end
		return ID{}, fmt.Errorf("parse golden id: the last character carries bits that no id has")
	}
	return id, nil
}

// Of is the id that the record with this key in this source (key namespace)
// gives a cluster it anchors: the first 128 bits of SHA-256 over a domain
// tag, the source's length and name, and the key.
func Of(source, key string) ID {
	h := sha256.New()
	h.Write([]byte("concord/golden-id/v1\x00"))
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(source)))
	h.Write(n[:])
	h.Write([]byte(source))
	h.Write([]byte(key))
	return ID(h.Sum(nil)[:16])
}

// next is the id to try when id is taken: see Reconcile.
func next(id ID) ID {
	sum := sha256.Sum256(append([]byte("concord/golden-id/v1/next\x00"), id[:]...))
	return ID(sum[:16])
}

// Anchor is the record of a cluster that names it: the earliest by event
// time, one without a time being earlier than all (table.NoTime); among equals
// the smallest by bytes of source name, then key. members is not empty.
func Anchor(r *table.Records, members []uint32) uint32 {
	best := members[0]
	for _, m := range members[1:] {
		if earlier(r, m, best) {
			best = m
		}
	}
	return best
}

func earlier(r *table.Records, a, b uint32) bool {
	if r.EventTime[a] != r.EventTime[b] {
		return r.EventTime[a] < r.EventTime[b]
	}
	if c := strings.Compare(r.Sources[r.Source[a]], r.Sources[r.Source[b]]); c != 0 {
		return c < 0
	}
	return r.RecordKey(a) < r.RecordKey(b)
}

// Fresh is the id of a cluster that no earlier run knew.
func Fresh(r *table.Records, members []uint32) ID {
	a := Anchor(r, members)
	return Of(r.Sources[r.Source[a]], r.RecordKey(a))
}

// compare orders ids by their bytes.
func compare(a, b ID) int { return bytes.Compare(a[:], b[:]) }
