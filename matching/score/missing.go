package score

import (
	"concord/matching/column"
	"concord/matching/compare"
)

// missing is what records lack: of most pairs, one or other has no e-mail, no
// telephone, no date of birth, and what it lacks can speak for no match. It is
// read-only once made.
type missing struct {
	lacks []uint16 // by record: a bit for each comparison of which it has nothing
	// most is, by what a pair lacks, the most that its weight can be.
	most []int32
}

// missingChunk is how many records are looked at together.
const missingChunk = 1024

func newMissing(kernels []compare.Kernel, n int, prior int32, compiled []weights) *missing {
	m := &missing{lacks: make([]uint16, n), most: make([]int32, 1<<len(compiled))}
	for lacks := range m.most {
		m.most[lacks] = prior
		for c := range compiled {
			if lacks>>c&1 == 0 {
				m.most[lacks] += compiled[c].most
			}
		}
	}
	var records [missingChunk]uint32
	var itself [missingChunk]column.Pair
	var levels [missingChunk]compare.Level
	for c, k := range kernels {
		k = k.Clone()
		for from := 0; from < n; from += missingChunk {
			part := m.lacks[from:min(n, from+missingChunk)]
			for i := range part {
				records[i], itself[i] = uint32(from+i), column.Pair{A: uint32(i), B: uint32(i)}
			}
			k.Load(records[:len(part)])
			k.Ceilings(itself[:len(part)], levels[:len(part)])
			for i := range part {
				if levels[i] == compare.Null {
					part[i] |= 1 << c
				}
			}
		}
	}
	return m
}

// of is what each of the records lacks, in the memory of dst where it suffices.
func (m *missing) of(records []uint32, dst []uint16) []uint16 {
	dst = dst[:0]
	if m == nil {
		return dst
	}
	for _, r := range records {
		dst = append(dst, m.lacks[r])
	}
	return dst
}

// start sets bounds to the most that the weights of pairs of places can be.
func (m *missing) start(pairs []column.Pair, lacking []uint16, bounds []int32) {
	if m == nil {
		clear(bounds[:len(pairs)]) // nothing is below a threshold of minus infinity
		return
	}
	for i, p := range pairs {
		bounds[i] = m.most[lacking[p.A]|lacking[p.B]]
	}
}
