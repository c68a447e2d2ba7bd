package snapshot

import (
	"math"

	"github.com/apache/arrow-go/v18/arrow"

	"concord/schemas/table"
)

// builder gathers one column of a row group by code: runs of entries into a
// dictionary of what the rows hold. Entry 0 is null.
type builder struct {
	field  arrow.Field
	kind   kind
	digest *digest

	rows     runs       // of texts, flags (1 FALSE, 2 TRUE) and lists: an entry a row; of numbers: 0 or 1
	texts    dictionary // of text, bytes, and the elements of lists of text
	lists    listing    // of lists of text
	numbers  []int64    // of numbers that are not null, and the elements of lists of them; floats by their bits
	lengths  []uint32   // of lists of numbers, by row that is not null
	elements []entry    // of the list at hand

	fixed func(n int) // fills what is left of a row group, where all rows are alike

	known   []entry  // of text: by the caller's code, 0 where it did not occur yet
	learned []uint32 // codes that are known

	knownLists   []entry // the same of lists of text
	learnedLists []uint32
}

// start makes b the builder of a column, whatever it was before.
func (b *builder) start(f arrow.Field, ordered bool) {
	b.reset()
	b.field, b.digest, b.fixed = f, newDigest(), nil
	b.kind, _ = kindOf(f)
	b.texts.ordered = ordered
}

func (b *builder) len() int { return b.rows.rows() }

func (b *builder) null() { b.rows.add(0, 1) }

func (b *builder) text(v string, n int) {
	b.must(kindText)
	b.rows.add(b.texts.find(v), n)
}

// fill ends a row group of n rows.
func (b *builder) fill(n int) {
	if b.fixed != nil {
		b.fixed(n - b.len())
	}
}

// coded appends a text that the caller has a code for: it is looked up once a
// row group.
func (b *builder) coded(code uint32, v string, n int) {
	if int(code) >= len(b.known) {
		b.known = append(b.known, make([]entry, max(int(code)+1-len(b.known), len(b.known)))...)
	}
	e := b.known[code]
	if e == 0 {
		b.must(kindText)
		e = b.texts.find(v)
		b.known[code] = e
		b.learned = append(b.learned, code)
	}
	b.rows.add(e, n)
}

func (b *builder) binary(v []byte) {
	b.must(kindBytes)
	b.rows.add(b.texts.find(string(v)), 1)
}

func (b *builder) flag(v bool) {
	b.must(kindBool)
	e := entry(1)
	if v {
		e = 2
	}
	b.rows.add(e, 1)
}

func (b *builder) number(v int64) {
	b.numbers = append(b.numbers, v)
	b.rows.add(1, 1)
}

// list appends a list of texts.
func (b *builder) list(v []string) {
	b.must(kindTexts)
	if b.again(v) {
		b.rows.add(b.rows.values[len(b.rows.values)-1], 1)
		return
	}
	b.rows.add(b.findList(v), 1)
}

// codedList is coded for a list.
func (b *builder) codedList(code uint32, v []string) {
	if int(code) >= len(b.knownLists) {
		b.knownLists = append(b.knownLists, make([]entry, max(int(code)+1-len(b.knownLists), len(b.knownLists)))...)
	}
	e := b.knownLists[code]
	if e == 0 {
		b.must(kindTexts)
		e = b.findList(v)
		b.knownLists[code] = e
		b.learnedLists = append(b.learnedLists, code)
	}
	b.rows.add(e, 1)
}

func (b *builder) findList(v []string) entry {
	b.elements = b.elements[:0]
	hash := uint64(listHash)
	for _, s := range v {
		e := b.texts.find(s)
		b.elements = append(b.elements, e)
		hash = listAdd(hash, b.texts.hashes[e-1])
	}
	return b.lists.find(b.elements, hash)
}

// again tells whether a list is the one of the row before.
func (b *builder) again(v []string) bool {
	n := len(b.rows.values)
	if n == 0 || b.rows.values[n-1] == 0 {
		return false
	}
	last := b.lists.list(int(b.rows.values[n-1] - 1))
	if len(last) != len(v) {
		return false
	}
	for i, e := range last {
		if string(b.texts.text(int(e-1))) != v[i] {
			return false
		}
	}
	return true
}

// floats appends a list of numbers.
func (b *builder) floats(v []float64) {
	b.must(kindFloats)
	for _, f := range v {
		b.numbers = append(b.numbers, int64(math.Float64bits(f)))
	}
	b.lengths = append(b.lengths, uint32(len(v)))
	b.rows.add(1, 1)
}

// must panics where a value of another kind is appended: a bug of the caller.
func (b *builder) must(k kind) {
	if b.kind != k {
		panic("snapshot: a value of another type for column " + b.field.Name)
	}
}

// nulls counts the rows without a value.
func (b *builder) nulls() int {
	n, from := 0, uint32(0)
	for i, v := range b.rows.values {
		if v == 0 {
			n += int(b.rows.ends[i] - from)
		}
		from = b.rows.ends[i]
	}
	return n
}

// feed gives the row group's values to the digest.
func (b *builder) feed() {
	d := b.digest
	number, length, from := 0, 0, uint32(0)
	for i, v := range b.rows.values {
		n := int(b.rows.ends[i] - from)
		from = b.rows.ends[i]
		switch {
		case v == 0:
			d.addNulls(n)
		case b.kind == kindText || b.kind == kindBytes:
			d.add(b.texts.hashes[v-1], n)
		case b.kind == kindTexts:
			d.add(b.lists.hashes[v-1], n)
		case b.kind == kindBool:
			d.add(numberHash(uint64(v-1)), n)
		case b.kind == kindFloats:
			for _, of := range b.lengths[length : length+n] {
				h := uint64(listHash)
				for _, x := range b.numbers[number : number+int(of)] {
					h = listAdd(h, numberHash(uint64(x)))
				}
				number += int(of)
				d.add(h, 1)
			}
			length += n
		default:
			for _, x := range b.numbers[number : number+n] {
				d.add(numberHash(uint64(x)), 1)
			}
			number += n
		}
	}
}

// reset starts a row group.
func (b *builder) reset() {
	b.rows.reset()
	b.texts.reset()
	b.lists.reset()
	b.numbers, b.lengths = b.numbers[:0], b.lengths[:0]
	for _, code := range b.learned {
		b.known[code] = 0
	}
	for _, code := range b.learnedLists {
		b.knownLists[code] = 0
	}
	b.learned, b.learnedLists = b.learned[:0], b.learnedLists[:0]
}

// bounds are the least and greatest value as Parquet's statistics encode them,
// nil where none are kept: of direct identifiers, of floats, and where there
// is no value.
func (b *builder) bounds() (lo, hi []byte) {
	if table.IsDirect(b.field) {
		return nil, nil
	}
	switch b.kind {
	case kindText, kindBytes, kindTexts:
		if b.texts.len() > 0 {
			return b.texts.bounds()
		}
	case kindBool:
		least, most := entry(3), entry(0)
		for _, v := range b.rows.values {
			if v > 0 {
				least, most = min(least, v), max(most, v)
			}
		}
		if most > 0 {
			return []byte{byte(least - 1)}, []byte{byte(most - 1)}
		}
	case kindInt32, kindInt64, kindMoment:
		if len(b.numbers) > 0 {
			least, most := b.numbers[0], b.numbers[0]
			for _, v := range b.numbers {
				least, most = min(least, v), max(most, v)
			}
			return b.plain(nil, least), b.plain(nil, most)
		}
	}
	return nil, nil
}
