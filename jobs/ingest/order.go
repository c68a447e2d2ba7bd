package ingest

import (
	"cmp"
	"slices"

	"github.com/zeebo/xxh3"

	"concord/schemas/table"
)

// KeyHash is the fixed-seed hash of a record's (source, key): the order of
// the records table, and what samples and tie-breaks use.
func KeyHash(source, key string) uint64 {
	return xxh3.HashString(source + "\x00" + key)
}

// place names a row before records are ordered: channel and row within it.
type place struct {
	channel uint32 // index into channels
	row     uint32 // index into the channel's rows
}

// order sorts all rows by KeyHash and keeps one row for each (source, key):
// the latest by event time. It counts the others as duplicates of their
// object. The result depends on neither file order nor row order.
func order(channels []*channel) (kept []place, hashes []uint64) {
	n := 0
	for _, c := range channels {
		n += c.rows()
	}
	rows := make([]place, 0, n)
	keys := make([]hashed, 0, n)
	var text []byte
	for i, c := range channels {
		prefix := append([]byte(c.job.Source), 0)
		for r := range uint32(c.rows()) {
			text = append(append(text[:0], prefix...), c.key(r)...)
			keys = append(keys, hashed{xxh3.Hash(text), uint32(len(rows))}) // KeyHash
			rows = append(rows, place{uint32(i), r})
		}
	}
	radixSort(keys)
	kept, hashes = make([]place, 0, n), make([]uint64, 0, n)
	for lo := 0; lo < n; {
		hi := lo + 1
		for hi < n && keys[hi].hash == keys[lo].hash {
			hi++
		}
		kept, hashes = keepOne(channels, rows, keys[lo:hi], kept, hashes)
		lo = hi
	}
	return kept, hashes
}

// keepOne appends the surviving row of each (source, key) of a run of equal
// hashes; a run holds more than one only when rows repeat a key.
func keepOne(channels []*channel, rows []place, run []hashed, kept []place, hashes []uint64) ([]place, []uint64) {
	if len(run) == 1 {
		return append(kept, rows[run[0].at]), append(hashes, run[0].hash)
	}
	same := make([]place, len(run))
	for i := range run {
		same[i] = rows[run[i].at]
	}
	slices.SortFunc(same, func(a, b place) int { return compareRows(channels, a, b) })
	for i, p := range same {
		if i > 0 && sameKey(channels, same[i-1], p) {
			c := channels[p.channel]
			c.objects[c.object[p.row]].Duplicate++
			continue
		}
		kept, hashes = append(kept, p), append(hashes, run[0].hash)
	}
	return kept, hashes
}

func sameKey(channels []*channel, a, b place) bool {
	ca, cb := channels[a.channel], channels[b.channel]
	return ca.job.Source == cb.job.Source && ca.key(a.row) == cb.key(b.row)
}

// compareRows orders rows of one hash by (source, key), the row to keep
// first: latest event time, then content, then coordinates. Content goes
// before coordinates so that moving a row to another file changes nothing.
func compareRows(channels []*channel, a, b place) int {
	ca, cb := channels[a.channel], channels[b.channel]
	return cmp.Or(
		cmp.Compare(ca.job.Source, cb.job.Source),
		cmp.Compare(ca.key(a.row), cb.key(b.row)),
		cmp.Compare(cb.time[b.row], ca.time[a.row]),
		cmp.Compare(cb.digest(b.row), ca.digest(a.row)),
		cmp.Compare(ca.name, cb.name),
		cmp.Compare(ca.objects[ca.object[a.row]].Key, cb.objects[cb.object[b.row]].Key),
		cmp.Compare(ca.number[a.row], cb.number[b.row]),
	)
}

// hashed is a row and its key's hash.
type hashed struct {
	hash uint64
	at   uint32
}

// radixSort sorts by hash, stably: least significant digit first, 16 bits a
// pass, which beats comparison sorting from a few thousand rows on.
func radixSort(a []hashed) {
	if len(a) < 1<<12 {
		slices.SortStableFunc(a, func(x, y hashed) int { return cmp.Compare(x.hash, y.hash) })
		return
	}
	b := make([]hashed, len(a))
	var count [1 << 16]uint32
	for shift := 0; shift < 64; shift += 16 {
		clear(count[:])
		for i := range a {
			count[uint16(a[i].hash>>shift)]++
		}
		sum := uint32(0)
		for d := range count {
			count[d], sum = sum, sum+count[d]
		}
		for i := range a {
			d := uint16(a[i].hash >> shift)
			b[count[d]] = a[i]
			count[d]++
		}
		a, b = b, a
	}
}

// keysOf gathers the keys of the kept rows.
func keysOf(channels []*channel, kept []place) table.Strings {
	var s table.Strings
	size := 0
	for _, p := range kept {
		size += len(channels[p.channel].key(p.row))
	}
	s.Bytes = make([]byte, 0, size)
	s.Offsets = make([]int32, 0, len(kept)+2)
	s.Append("")
	for _, p := range kept {
		s.Append(channels[p.channel].key(p.row))
	}
	return s
}
