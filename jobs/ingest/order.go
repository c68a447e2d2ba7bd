package ingest

import (
	"cmp"
	"context"
	"slices"

	"github.com/zeebo/xxh3"

	"concord/jobs/engine"
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
func order(ctx context.Context, e engine.Engine, channels []*channel) (kept []place, hashes []uint64, err error) {
	keys, firsts, err := hashKeys(ctx, e, channels)
	if err != nil {
		return nil, nil, err
	}
	radixSort(keys)
	n := len(keys)
	kept, hashes = make([]place, 0, n), make([]uint64, 0, n)
	for lo := 0; lo < n; {
		hi := lo + 1
		for hi < n && keys[hi].hash == keys[lo].hash {
			hi++
		}
		kept, hashes = keepOne(channels, firsts, keys[lo:hi], kept, hashes)
		lo = hi
	}
	return kept, hashes, nil
}

// hashKeys hashes the keys of all rows, channel after channel. firsts is, by
// channel, the number of its first row among all.
func hashKeys(ctx context.Context, e engine.Engine, channels []*channel) (keys []hashed, firsts []uint32, err error) {
	const chunk = 1 << 14
	var units []place // where each begins
	n := 0
	for i, c := range channels {
		firsts = append(firsts, uint32(n))
		n += c.rows()
		for r := 0; r < c.rows(); r += chunk {
			units = append(units, place{uint32(i), uint32(r)})
		}
	}
	keys = make([]hashed, n)
	return keys, firsts, e.Each(ctx, len(units), func(_, i int) error {
		u := units[i]
		c, first := channels[u.channel], firsts[u.channel]
		text := append([]byte(c.job.Source), 0)
		for r := u.row; r < min(u.row+chunk, uint32(c.rows())); r++ {
			text = append(text[:len(c.job.Source)+1], c.key(r)...)
			keys[first+r] = hashed{xxh3.Hash(text), first + r} // KeyHash
		}
		return nil
	})
}

// placeOf is where row number at of all rows is.
func placeOf(firsts []uint32, at uint32) place {
	i := len(firsts) - 1 // channels are few
	for firsts[i] > at {
		i--
	}
	return place{uint32(i), at - firsts[i]}
}

// keepOne appends the surviving row of each (source, key) of a run of equal
// hashes; a run holds more than one only when rows repeat a key.
func keepOne(channels []*channel, firsts []uint32, run []hashed, kept []place, hashes []uint64) ([]place, []uint64) {
	if len(run) == 1 {
		return append(kept, placeOf(firsts, run[0].at)), append(hashes, run[0].hash)
	}
	same := make([]place, len(run))
	for i := range run {
		same[i] = placeOf(firsts, run[i].at)
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
