package ingest

import (
	"cmp"
	"context"
	"slices"

	"github.com/zeebo/xxh3"

	"concord/jobs/engine"
	"concord/jobs/spill"
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

// ordered is the rows in the order of records.
type ordered struct {
	kept   []place // by record
	hashes []uint64
	// others are the rows that are no records and yet say something of consent,
	// by record.
	others []other
}

// other is a row that is no record, and the record that its key has.
type other struct {
	place
	record uint32 // or NoRecord
}

// order sorts all rows by KeyHash and keeps one row for each (source, key):
// the latest by event time. It counts the others as duplicates of their
// object. The result depends on neither file order nor row order.
func order(ctx context.Context, e engine.Engine, in *room, channels []*channel) (*ordered, error) {
	keys, firsts, err := hashKeys(ctx, e, in, channels)
	if err != nil {
		return nil, err
	}
	spare := spill.Make[hashed](in.space, len(keys))
	radixSort(keys, spare)
	in.space.Free(&spare)
	n := len(keys)
	o := &ordered{kept: spill.Make[place](in.space, n)[:0], hashes: spill.Make[uint64](in.space, n)[:0]}
	for lo := 0; lo < n; {
		hi := lo + 1
		for hi < n && keys[hi].hash == keys[lo].hash {
			hi++
		}
		o.keepOne(channels, firsts, keys[lo:hi])
		lo = hi
	}
	in.space.Free(&keys)
	return o, in.space.Err()
}

// hashKeys hashes the keys of all rows, channel after channel. firsts is, by
// channel, the number of its first row among all.
func hashKeys(ctx context.Context, e engine.Engine, in *room, channels []*channel) (keys []hashed, firsts []uint32, err error) {
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
	keys = spill.Make[hashed](in.space, n)
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
func (o *ordered) keepOne(channels []*channel, firsts []uint32, run []hashed) {
	if len(run) == 1 {
		p := placeOf(firsts, run[0].at)
		if channels[p.channel].refused(p.row) {
			o.others = append(o.others, other{p, NoRecord})
			return
		}
		o.kept, o.hashes = append(o.kept, p), append(o.hashes, run[0].hash)
		return
	}
	same := make([]place, len(run))
	for i := range run {
		same[i] = placeOf(firsts, run[i].at)
	}
	slices.SortFunc(same, func(a, b place) int { return compareRows(channels, a, b) })
	record := NoRecord
	for i, p := range same {
		c := channels[p.channel]
		if i > 0 && !sameKey(channels, same[i-1], p) {
			record = NoRecord
		}
		switch {
		case c.refused(p.row):
		case record == NoRecord:
			record = uint32(len(o.kept))
			o.kept, o.hashes = append(o.kept, p), append(o.hashes, run[0].hash)
			continue
		default:
			c.objects[c.object[p.row]].Duplicate++
		}
		if c.speaks(p.row) {
			o.others = append(o.others, other{p, record})
		}
	}
}

func sameKey(channels []*channel, a, b place) bool {
	ca, cb := channels[a.channel], channels[b.channel]
	return ca.job.Source == cb.job.Source && ca.key(a.row) == cb.key(b.row)
}

// compareRows orders rows of one hash by (source, key), the row to keep
// first: one that was accepted, latest event time, then content, then
// coordinates. Content goes before coordinates so that moving a row to another
// file changes nothing.
func compareRows(channels []*channel, a, b place) int {
	ca, cb := channels[a.channel], channels[b.channel]
	return cmp.Or(
		cmp.Compare(ca.job.Source, cb.job.Source),
		cmp.Compare(ca.key(a.row), cb.key(b.row)),
		cmp.Compare(bit(ca.refused(a.row)), bit(cb.refused(b.row))),
		cmp.Compare(cb.time[b.row], ca.time[a.row]),
		cmp.Compare(cb.digest(b.row), ca.digest(a.row)),
		cmp.Compare(ca.name, cb.name),
		cmp.Compare(ca.objects[ca.object[a.row]].Key, cb.objects[cb.object[b.row]].Key),
		cmp.Compare(ca.number[a.row], cb.number[b.row]),
	)
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// hashed is a row and its key's hash.
type hashed struct {
	hash uint64
	at   uint32
}

// radixSort sorts by hash, stably: least significant digit first, 16 bits a
// pass, which beats comparison sorting from a few thousand rows on. b is as long
// as a, and lost.
func radixSort(a, b []hashed) {
	if len(a) < 1<<12 {
		slices.SortStableFunc(a, func(x, y hashed) int { return cmp.Compare(x.hash, y.hash) })
		return
	}
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
func keysOf(in *room, channels []*channel, kept []place) table.Strings {
	var s table.Strings
	size := 0
	for _, p := range kept {
		size += len(channels[p.channel].key(p.row))
	}
	s.Bytes = spill.Make[byte](in.space, size)[:0]
	s.Offsets = spill.Make[int32](in.space, len(kept)+2)[:0]
	s.Append("")
	for _, p := range kept {
		s.Append(channels[p.channel].key(p.row))
	}
	return s
}
