package snapshot

import (
	"encoding/binary"

	"github.com/klauspost/compress/huff0"
)

// strides compresses the texts of a page that are of one length and begin
// alike: keyed hashes, of which the tables mostly consist.
//
// A compressor looks for what repeats at every byte of them and finds nothing
// but their beginnings. Here it is known: each text is a match of what lies one
// text before it (its length and beginning), then literals, so that all that is
// left to do is the Huffman coding of those. The result is a Zstandard frame
// like any other, see RFC 8878, of
//
//   - a raw block: what stands before the texts, the first one, and how the
//     second begins;
//   - a block of one sequence, which makes the distance the repeated offset;
//   - blocks of sequences that are all alike: their codes take no bits.
type strides struct {
	huff     huff0.Scratch
	literals []byte
	packed   []byte
}

// stride is what the texts of a page have in common. The zero value is
// nothing.
type stride struct {
	size   int // bytes of a text in the page, its length before it
	prefix int // how many of them are alike: the length, and how texts begin
}

const (
	// fewStrides is how many texts make it worth while.
	fewStrides = 64
	// Shorter texts, and such as begin otherwise, may be anything.
	minStride, minPrefix = 24, 7

	blockMax = 128 << 10 // bytes of a block: RFC 8878, 3.1.1.2.4
)

// stride finds what the texts have in common.
func (d *dictionary) stride() stride {
	n := d.len()
	if n < fewStrides || d.ordered { // sorted texts share more with the one before
		return stride{}
	}
	size := int(d.ends[0])
	for i, end := range d.ends {
		if int(end) != (i+1)*size {
			return stride{}
		}
	}
	first, prefix := d.text(0), size
	for i := 1; i < n; i++ {
		for text := d.text(i); string(text[:prefix]) != string(first[:prefix]); {
			prefix--
		}
	}
	s := stride{size + 4, prefix + 4}
	if _, _, ok := literalCode(s.size - s.prefix); !ok || s.size < minStride || s.prefix < minPrefix || s.prefix > maxMatch {
		return stride{}
	}
	return s
}

// compress appends the frame of a page: head bytes of anything, then texts.
// Where it does not pay it appends nothing.
func (z *strides) compress(to, page []byte, head int, s stride) (_ []byte, ok bool) {
	n := (len(page) - head) / max(s.size, 1)
	begun := head + s.size + s.prefix
	if s.size == 0 || n < fewStrides || head+n*s.size != len(page) || begun > blockMax {
		return to, false
	}
	from := len(to)
	to = append(to, 0x28, 0xb5, 0x2f, 0xfd) // magic number
	to = append(to, 2<<6|1<<5)              // the content's size in 4 bytes, single segment
	to = binary.LittleEndian.AppendUint32(to, uint32(len(page)))
	to = appendBlock(to, rawBlock, page[:begun], false)
	rest := page[begun:]

	// The offset of the first sequence is in full: its value is 3 more.
	offset := uint32(s.size + 3)
	code := widthOf(int(offset)) - 1
	z.packed = binary.LittleEndian.AppendUint16(z.packed[:0], uint16(1<<2|(s.size-s.prefix)<<4)) // raw literals
	z.packed = append(z.packed, rest[:s.size-s.prefix]...)
	z.packed = appendSequences(z.packed, 1, s, code, offset-1<<code)
	to = appendBlock(to, compressedBlock, z.packed, false)
	rest = rest[s.size:]

	for len(rest) > 0 {
		part := rest[:min(blockMax/s.size*s.size, len(rest))]
		rest = rest[len(part):]
		if !z.block(part, s) {
			return to[:from], false
		}
		to = appendBlock(to, compressedBlock, z.packed, len(rest) == 0)
	}
	return to, true
}

// block packs texts that begin behind their prefix: each but the last one of a
// page ends with the prefix of the next.
func (z *strides) block(part []byte, s stride) bool {
	tail := s.size - s.prefix
	z.literals = z.literals[:0]
	for i := 0; i < len(part); i += s.size {
		z.literals = append(z.literals, part[i:i+tail]...)
	}
	z.huff.Reuse = huff0.ReusePolicyNone
	coded, _, err := huff0.Compress4X(z.literals, &z.huff)
	switch {
	case err == nil: // sizes of 18 bits, 4 streams
		z.packed = appendBits(z.packed[:0], 2|3<<2|uint64(len(z.literals))<<4|uint64(len(coded))<<22, 5)
		z.packed = append(z.packed, coded...)
	case len(z.literals) < 1<<10: // a few are not worth a table
		z.packed = appendBits(z.packed[:0], 3<<2|uint64(len(z.literals))<<4, 3)
		z.packed = append(z.packed, z.literals...)
	default:
		return false
	}
	z.packed = appendSequences(z.packed, len(part)/s.size, s, 0, 0) // offset value 1: the last one again
	return true
}

// appendSequences appends a sequences section: n times the literals between two
// prefixes and the match of a prefix, at an offset of that code and bits.
func appendSequences(b []byte, n int, s stride, offsetCode int, offsetBits uint32) []byte {
	if n < 128 {
		b = append(b, byte(n))
	} else {
		b = append(b, byte(n>>8)+128, byte(n))
	}
	if n == 0 {
		return b
	}
	literal, extra, _ := literalCode(s.size - s.prefix)
	const oneSymbol = 1 // RLE_Mode
	b = append(b, oneSymbol<<6|oneSymbol<<4|oneSymbol<<2, literal.code, byte(offsetCode), byte(s.prefix-minMatch))
	var held uint64
	have := 0
	put := func(v uint32, width int) {
		held |= uint64(v) << have
		for have += width; have >= 8; have -= 8 {
			b = append(b, byte(held))
			held >>= 8
		}
	}
	for range n { // read from the end: of a sequence the offset first
		put(extra, int(literal.bits))
		put(offsetBits, offsetCode)
	}
	put(1, 1) // the end
	if have > 0 {
		b = append(b, byte(held))
	}
	return b
}

// Lengths of matches from minMatch to maxMatch have a code of their own.
const minMatch, maxMatch = 3, 34

// literalCodes are the codes of lengths of literals from 16 on: RFC 8878,
// 3.1.1.3.2.1.1.
var literalCodes = []lengthCode{{16, 1, 16}, {17, 1, 18}, {18, 1, 20}, {19, 1, 22}, {20, 2, 24}, {21, 2, 28}, {22, 3, 32}, {23, 3, 40}, {24, 4, 48}, {25, 6, 64}}

// lengthCode is a code that stands, with extra bits, for lengths from one on.
type lengthCode struct {
	code, bits byte
	from       int
}

// literalCode is the code of a length of literals and what its extra bits are.
func literalCode(n int) (_ lengthCode, extra uint32, ok bool) {
	for _, c := range literalCodes {
		if n >= c.from && n < c.from+1<<c.bits {
			return c, uint32(n - c.from), true
		}
	}
	return lengthCode{}, 0, false
}

// Types of blocks.
const (
	rawBlock        = 0
	compressedBlock = 2
)

func appendBlock(b []byte, kind int, content []byte, last bool) []byte {
	header := uint64(kind<<1 | len(content)<<3)
	if last {
		header |= 1
	}
	return append(appendBits(b, header, 3), content...)
}

// appendBits appends the n low bytes of a number.
func appendBits(b []byte, v uint64, n int) []byte {
	for range n {
		b = append(b, byte(v))
		v >>= 8
	}
	return b
}
