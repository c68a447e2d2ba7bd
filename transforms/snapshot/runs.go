package snapshot

import (
	"encoding/binary"
	"math/bits"
)

// runs is a column of small numbers as runs of equal ones: most columns of
// the published tables repeat a value for many rows, and cost a run then
// rather than a number a row.
type runs struct {
	values []uint32
	ends   []uint32 // by run: rows up to its end
}

func (r *runs) rows() int {
	if len(r.ends) == 0 {
		return 0
	}
	return int(r.ends[len(r.ends)-1])
}

// add appends n rows of a value.
func (r *runs) add(v uint32, n int) {
	if k := len(r.values); k > 0 && r.values[k-1] == v {
		r.ends[k-1] += uint32(n)
		return
	}
	end := uint32(n)
	if k := len(r.ends); k > 0 {
		end += r.ends[k-1]
	}
	r.values = append(r.values, v)
	r.ends = append(r.ends, end)
}

func (r *runs) reset() { r.values, r.ends = r.values[:0], r.ends[:0] }

// run is n rows of one value.
type run struct {
	value uint32
	n     int
}

// walk reads runs from the first on, a page at a time.
type walk struct {
	of   *runs
	at   int    // run at hand
	done uint32 // rows before the next one
}

// next is what is left of the run at hand, at most limit rows of it.
func (w *walk) next(limit int) run {
	n := min(int(w.of.ends[w.at]-w.done), limit)
	out := run{w.of.values[w.at], n}
	if w.done += uint32(n); w.done == w.of.ends[w.at] {
		w.at++
	}
	return out
}

// hybrid encodes numbers as Parquet's RLE / bit-packing hybrid: a run of
// eight or more as one number, others in packed groups of eight.
// See github.com/apache/parquet-format, Encodings.md.
type hybrid struct {
	out    []byte
	width  int      // bits of a number
	packed []uint32 // numbers that await packing
}

func (h *hybrid) start(to []byte, width int) {
	h.out, h.width, h.packed = to, width, h.packed[:0]
}

// add appends a run.
func (h *hybrid) add(v uint32, n int) {
	if k := len(h.packed) & 7; k > 0 { // fill the group at hand
		fill := min(n, 8-k)
		for range fill {
			h.packed = append(h.packed, v)
		}
		n -= fill
	}
	if n >= 8 {
		h.pack()
		h.out = binary.AppendUvarint(h.out, uint64(n)<<1)
		for b := 0; b < h.width; b += 8 {
			h.out = append(h.out, byte(v>>b))
		}
		return
	}
	for range n {
		h.packed = append(h.packed, v)
	}
}

// ones appends n runs of one number each: packed, whatever n is.
func (h *hybrid) ones(v uint32, n int) {
	for range n {
		h.packed = append(h.packed, v)
	}
}

// pack writes the groups that await it, the last one filled up with zeros.
func (h *hybrid) pack() {
	if len(h.packed) == 0 {
		return
	}
	for len(h.packed)&7 != 0 {
		h.packed = append(h.packed, 0)
	}
	h.out = binary.AppendUvarint(h.out, uint64(len(h.packed)/8)<<1|1)
	if h.width > 0 {
		var held uint64
		have := 0
		for _, v := range h.packed {
			held |= uint64(v) << have
			if have += h.width; have >= 32 {
				h.out = binary.LittleEndian.AppendUint32(h.out, uint32(held))
				held >>= 32
				have -= 32
			}
		}
		for ; have > 0; have -= 8 {
			h.out = append(h.out, byte(held))
			held >>= 8
		}
	}
	h.packed = h.packed[:0]
}

// end ends the encoding.
func (h *hybrid) end() []byte {
	h.pack()
	return h.out
}

// widthOf is the bits that numbers up to most take.
func widthOf(most int) int { return bits.Len(uint(most)) }
