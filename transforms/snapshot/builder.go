package snapshot

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/bitutil"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"concord/schemas/table"
)

// builder gathers one column of a row group and feeds its digest.
type builder struct {
	field  arrow.Field
	digest *digest
	text   *textBuilder  // of a text column
	other  array.Builder // of any other
}

func newBuilder(f arrow.Field, dictionary bool) *builder {
	b := &builder{field: f, digest: newDigest()}
	if k, _ := kindOf(f); k == kindText {
		b.text = newTextBuilder(dictionary)
	} else {
		b.other = array.NewBuilder(memory.DefaultAllocator, f.Type)
	}
	return b
}

// storage is the field as the Parquet writer is given it. A dictionary type
// is written as plain text: it only spares the writer to find out the
// dictionary again.
func (b *builder) storage() arrow.Field {
	f := b.field
	if b.text != nil && b.text.dictionary {
		f.Type = dictionaryOfText
	}
	return f
}

var dictionaryOfText = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}

func (b *builder) len() int {
	if b.text != nil {
		return b.text.rows
	}
	return b.other.Len()
}

func (b *builder) null() {
	b.digest.null()
	if b.text != nil {
		b.text.appendNull()
		return
	}
	b.other.AppendNull()
}

// array ends the row group's column.
func (b *builder) array() arrow.Array {
	if b.text != nil {
		return b.text.array()
	}
	return b.other.NewArray()
}

// textBuilder gathers a text column: with a dictionary an index per row and
// each distinct value once, else all values. Pointer-free but for the lookup.
type textBuilder struct {
	dictionary bool
	rows       int
	nulls      int
	valid      []byte // a bit per row
	index      []int32
	offsets    []int32
	bytes      []byte

	lookup map[string]int32
	last   int32 // place of the value before, for runs of one value; -1 at first
	// seen[code] is the place in the dictionary + base of a code of the
	// caller's dictionary; what is below base is of an earlier row group.
	seen   []uint64
	seenOf *byte // identifies the caller's dictionary
	base   uint64
}

func newTextBuilder(dictionary bool) *textBuilder {
	t := &textBuilder{dictionary: dictionary, base: 1, offsets: []int32{0}, last: -1}
	if dictionary {
		t.lookup = map[string]int32{}
	}
	return t
}

func (t *textBuilder) mark(valid bool) {
	if t.rows%8 == 0 {
		t.valid = append(t.valid, 0)
	}
	if valid {
		bitutil.SetBit(t.valid, t.rows)
	} else {
		t.nulls++
	}
	t.rows++
}

func (t *textBuilder) appendNull() {
	t.mark(false)
	if t.dictionary {
		t.index = append(t.index, 0)
		return
	}
	t.offsets = append(t.offsets, int32(len(t.bytes)))
}

func (t *textBuilder) append(v string) {
	t.mark(true)
	if !t.dictionary {
		t.bytes = append(t.bytes, v...)
		t.offsets = append(t.offsets, int32(len(t.bytes)))
		return
	}
	if t.last < 0 || string(t.value(t.last)) != v {
		t.last = t.find(v)
	}
	t.index = append(t.index, t.last)
}

// find is the place of a value in the dictionary, where it is put if it is
// new.
func (t *textBuilder) find(v string) int32 {
	at, ok := t.lookup[v]
	if !ok {
		at = int32(len(t.offsets) - 1)
		t.bytes = append(t.bytes, v...)
		t.offsets = append(t.offsets, int32(len(t.bytes)))
		t.lookup[string(t.value(at))] = at
	}
	return at
}

func (t *textBuilder) value(at int32) []byte { return t.bytes[t.offsets[at]:t.offsets[at+1]] }

// codes appends values of the caller's dictionary; code 0 is null. Each
// distinct code is looked up once per row group.
func (t *textBuilder) codes(values table.Strings, codes []uint32) {
	if !t.dictionary {
		for _, code := range codes {
			if code == 0 {
				t.appendNull()
				continue
			}
			t.append(values.At(code))
		}
		return
	}
	t.follow(values)
	for _, code := range codes {
		if code == 0 {
			t.appendNull()
			continue
		}
		at := t.seen[code]
		if at < t.base {
			at = t.base + uint64(t.find(values.At(code)))
			t.seen[code] = at
		}
		t.mark(true)
		t.index = append(t.index, int32(at-t.base))
	}
}

// follow makes seen that of the caller's dictionary.
func (t *textBuilder) follow(values table.Strings) {
	var of *byte
	if len(values.Bytes) > 0 {
		of = &values.Bytes[0]
	}
	if of != t.seenOf || len(t.seen) < values.Len() {
		t.seen, t.seenOf = make([]uint64, values.Len()), of
	}
}

// array ends the row group: the column as an array, and an empty builder.
func (t *textBuilder) array() arrow.Array {
	values := array.NewData(arrow.BinaryTypes.String, len(t.offsets)-1, []*memory.Buffer{nil,
		memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(t.offsets)), memory.NewBufferBytes(t.bytes)}, nil, 0, 0)
	valid := memory.NewBufferBytes(t.valid)
	var out arrow.Array
	if t.dictionary {
		indices := array.NewData(dictionaryOfText, t.rows, []*memory.Buffer{valid,
			memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(t.index))}, nil, t.nulls, 0)
		indices.SetDictionary(values)
		out = array.NewDictionaryData(indices)
	} else {
		values.Buffers()[0] = valid
		values.SetNullN(t.nulls)
		out = array.NewStringData(values)
	}
	t.reset()
	return out
}

// reset starts a row group. The array may still be read, so nothing of it is
// used again.
func (t *textBuilder) reset() {
	t.base += uint64(len(t.offsets))
	t.rows, t.nulls = 0, 0
	t.valid = make([]byte, 0, cap(t.valid))
	t.index = make([]int32, 0, cap(t.index))
	t.offsets = append(make([]int32, 0, cap(t.offsets)), 0)
	t.bytes = make([]byte, 0, cap(t.bytes))
	t.last = -1
	clear(t.lookup)
}
