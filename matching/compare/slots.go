package compare

import "concord/matching/column"

// share is a count of records as a share of n, in (0, 1]: a value that no
// record is known to hold counts as one record's.
func share(count uint32, n int) float64 {
	return float64(max(count, 1)) / float64(max(n, 1))
}

// coincidence is the chance that two different records, drawn at random, hold
// the same value: Σ c(c−1) / N(N−1). Exact where every record has one value at
// most; records that share two values are counted twice, so that elsewhere it
// is a bound from above.
func coincidence(count []uint32, n int) float64 {
	if n < 2 || len(count) == 0 {
		return 0
	}
	pairs := uint64(0)
	for _, c := range count[1:] {
		if c > 1 {
			pairs += uint64(c) * uint64(c-1)
		}
	}
	return min(1, float64(pairs)/(float64(n)*float64(n-1)))
}

// bestOf is the best level of any two of two records' rows.
func bestOf[T any](as, bs []T, level func(a, b *T) Level) Level {
	best := Null
	for x := range as {
		for y := range bs {
			best = max(best, level(&as[x], &bs[y]))
		}
	}
	return best
}

// rarestOf is the least count of a record's rows.
func rarestOf[T any](rows []T, count func(row *T) uint32) uint32 {
	rarest := uint32(0)
	for i := range rows {
		if n := count(&rows[i]); rarest == 0 || n < rarest {
			rarest = n
		}
	}
	return rarest
}

// sharedCounts is how many records hold each value of a dictionary that
// several columns share, counting one of them.
func sharedCounts(c *column.Column, codes *column.Derivation, size int) []uint32 {
	out := make([]uint32, size)
	if c == nil {
		return out
	}
	for v, code := range codes.Codes {
		if v > 0 && code != 0 {
			out[code] += c.Count[v]
		}
	}
	return out
}

// reader reads the slots of a column, which may be missing.
type reader struct {
	starts []int32
	codes  []uint32
}

func slotReader(c *column.Column) reader {
	if c == nil {
		return reader{}
	}
	return reader{c.Starts, c.Codes}
}

// width is how many slots record r has: none in a missing column.
func (r reader) width(record uint32) uint32 {
	switch {
	case r.codes == nil:
		return 0
	case r.starts == nil:
		return 1
	}
	return uint32(r.starts[record+1] - r.starts[record])
}

// code is slot s of the record, 0 where it has none.
func (r reader) code(record, s uint32) uint32 {
	if s >= r.width(record) {
		return 0
	}
	if r.starts == nil {
		return r.codes[record]
	}
	return r.codes[uint32(r.starts[record])+s]
}
