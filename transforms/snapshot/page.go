package snapshot

import "encoding/binary"

// pageRows is how many rows a data page holds: some hundred kilobytes of the
// widest column, so that who reads a few rows decompresses little.
const pageRows = 1 << 15

// numberCodes is how many distinct numbers a column of a row group may have
// to be written by dictionary.
const numberCodes = 1 << 12

// chunk is a column of a row group on its way into the file.
type chunk struct {
	*builder
	dictionary bool
	codes      []uint32 // of numbers written by dictionary: by number, its place there
	distinct   []int64  // of numbers: the dictionary
	stride     stride   // of texts: what they have in common
	head       int      // bytes of the page at hand before its values

	rows   walk // where the next page begins, in each of the builder's slices
	number int
	length int
	bit    int   // of flags: where the next one goes in the page's last byte
	values int64 // leaf values of all pages, nulls among them

	levels, indexes *hybrid
	body            []byte
}

// plan decides how the column is stored: by dictionary where that is smaller.
func (c *chunk) plan(numbers *numberTable) {
	c.dictionary, c.codes, c.distinct, c.stride = false, nil, nil, stride{}
	c.rows, c.number, c.length, c.values = walk{of: &c.builder.rows}, 0, 0, 0
	switch c.kind {
	case kindText, kindBytes:
		c.stride = c.texts.stride()
		// An index of 17 bits replaces a text of 20 bytes or so: a text that
		// occurs once costs little more, one that occurs twice saves half.
		c.dictionary = c.texts.len() > 0 && 4*c.texts.len() <= 3*c.builder.len()
	case kindTexts:
		c.dictionary = c.texts.len() > 0
	case kindInt32, kindInt64, kindMoment:
		c.codes, c.distinct = numbers.code(c.builder.numbers)
		c.dictionary = c.codes != nil
	}
}

// dictionaryPage is the dictionary's page, not compressed.
func (c *chunk) dictionaryPage() (body []byte, entries int) {
	c.body = c.body[:0]
	if c.codes != nil {
		for _, v := range c.distinct {
			c.body = c.plain(c.body, v)
		}
		return c.body, len(c.distinct)
	}
	for i := range c.texts.len() {
		c.body = appendText(c.body, c.texts.text(i))
	}
	return c.body, c.texts.len()
}

// strideOfData is what the values of data pages have in common. Where many
// come again it is not to be used, since whole texts then match what came before.
func (c *chunk) strideOfData() stride {
	if again := c.builder.len() - c.texts.len(); c.dictionary || again > c.builder.len()/64 {
		return stride{}
	}
	return c.stride
}

func appendText(b, v []byte) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(len(v)))
	return append(b, v...)
}

// plain appends a number as the column stores it.
func (b *builder) plain(to []byte, v int64) []byte {
	if b.kind == kindInt32 {
		return binary.LittleEndian.AppendUint32(to, uint32(v))
	}
	return binary.LittleEndian.AppendUint64(to, uint64(v))
}

// page is the data page of the next n rows, not compressed, and its leaf
// values: levels, then values.
func (c *chunk) page(n int) (body []byte, values int) {
	start := *c
	c.body = c.body[:0]
	values = n
	switch c.kind {
	case kindTexts, kindFloats:
		values = c.listLevels(n)
	default:
		if c.field.Nullable {
			c.level(func() {
				for rest := n; rest > 0; {
					r := c.rows.next(rest)
					rest -= r.n
					c.levels.add(min(r.value, 1), r.n)
				}
			}, 1)
		}
	}
	c.rows, c.number, c.length, c.head = start.rows, start.number, start.length, len(c.body)
	c.valuesOf(n)
	c.values += int64(values)
	return c.body, values
}

// level appends levels with their length before them.
func (c *chunk) level(fill func(), width int) {
	at := len(c.body)
	c.levels.start(append(c.body, 0, 0, 0, 0), width)
	fill()
	c.body = c.levels.end()
	binary.LittleEndian.PutUint32(c.body[at:], uint32(len(c.body)-at-4))
}

// listLevels appends the repetition and definition levels of n lists. A list's
// first element is at repetition 0, the others at 1. The definition of an
// element is 1 more than that of an empty list, which in a nullable column is
// 1 more than that of a null.
func (c *chunk) listLevels(n int) (values int) {
	start := *c
	empty := uint32(0)
	if c.field.Nullable {
		empty = 1
	}
	each := func(visit func(null bool, elements, rows int)) {
		c.rows, c.length = start.rows, start.length
		for rest := n; rest > 0; {
			r := c.rows.next(rest)
			rest -= r.n
			if c.kind == kindTexts {
				visit(r.value == 0, c.elementsOf(r.value), r.n)
				continue
			}
			for range r.n {
				visit(r.value == 0, c.elementsOf(r.value), 1)
			}
		}
	}
	c.level(func() {
		each(func(_ bool, elements, rows int) {
			values += max(elements, 1) * rows
			if elements <= 1 {
				c.levels.ones(0, rows)
				return
			}
			for range rows {
				c.levels.add(0, 1)
				c.levels.add(1, elements-1)
			}
		})
	}, 1)
	c.level(func() {
		each(func(null bool, elements, rows int) {
			switch {
			case null:
				c.levels.ones(0, rows)
			case elements == 0:
				c.levels.ones(empty, rows)
			default:
				for range rows {
					c.levels.add(empty+1, elements)
				}
			}
		})
	}, widthOf(int(empty)+1))
	return values
}

// elementsOf is the length of the next row's list.
func (c *chunk) elementsOf(e entry) int {
	switch {
	case e == 0:
		return 0
	case c.kind == kindTexts:
		return len(c.lists.list(int(e - 1)))
	}
	c.length++
	return int(c.lengths[c.length-1])
}

// valuesOf appends the values of the next n rows.
func (c *chunk) valuesOf(n int) {
	if c.dictionary {
		most := c.texts.len() - 1
		if c.codes != nil {
			most = len(c.distinct) - 1
		}
		width := max(widthOf(most), 1) // a width of 0 is legal, and too rare for all readers to know
		c.indexes.start(append(c.body, byte(width)), width)
		defer func() { c.body = c.indexes.end() }()
	}
	c.bit = 0
	for rest := n; rest > 0; {
		r := c.rows.next(rest)
		rest -= r.n
		switch {
		case r.value == 0:
		case c.kind == kindTexts || c.codes != nil || c.dictionary:
			c.indexRun(r.value, r.n)
		default:
			c.plainRun(r.value, r.n)
		}
	}
}

// indexRun appends n rows of one entry as indexes of the dictionary.
func (c *chunk) indexRun(e entry, n int) {
	switch {
	case c.kind == kindTexts:
		list := c.lists.list(int(e - 1))
		if len(list) == 1 {
			c.indexes.add(list[0]-1, n)
			return
		}
		for range n {
			for _, e := range list {
				c.indexes.add(e-1, 1)
			}
		}
	case c.codes != nil:
		for _, code := range c.codes[c.number : c.number+n] {
			c.indexes.add(code, 1)
		}
		c.number += n
	default:
		c.indexes.add(e-1, n)
	}
}

// plainRun appends n rows of one entry as values.
func (c *chunk) plainRun(e entry, n int) {
	switch c.kind {
	case kindText, kindBytes:
		for range n {
			c.body = appendText(c.body, c.texts.text(int(e-1)))
		}
	case kindBool:
		for range n {
			if c.bit&7 == 0 {
				c.body = append(c.body, 0)
			}
			c.body[len(c.body)-1] |= byte(e-1) << (c.bit & 7)
			c.bit++
		}
	case kindFloats:
		for range n {
			for range c.elementsOf(e) {
				c.body = c.plain(c.body, c.numbers[c.number])
				c.number++
			}
		}
	default:
		for _, v := range c.numbers[c.number : c.number+n] {
			c.body = c.plain(c.body, v)
		}
		c.number += n
	}
}

// numberTable finds the distinct numbers of a column.
type numberTable struct {
	keys  [4 * numberCodes]int64
	codes [4 * numberCodes]uint32 // 1 + place
	list  []int64
	out   []uint32
}

// code gives each number its place among the distinct ones, in the order in
// which they come; nil where a dictionary would not pay.
func (t *numberTable) code(numbers []int64) (codes []uint32, distinct []int64) {
	if len(numbers) == 0 {
		return nil, nil
	}
	limit := min(numberCodes, len(numbers)/3)
	clear(t.codes[:])
	t.list, t.out = t.list[:0], t.out[:0]
	for i, v := range numbers {
		if i > 0 && v == numbers[i-1] {
			t.out = append(t.out, t.out[i-1])
			continue
		}
		at := numberHash(uint64(v)) % uint64(len(t.codes))
		for t.codes[at] != 0 && t.keys[at] != v {
			at = (at + 1) % uint64(len(t.codes))
		}
		if t.codes[at] == 0 {
			if len(t.list) == limit {
				return nil, nil
			}
			t.list = append(t.list, v)
			t.keys[at], t.codes[at] = v, uint32(len(t.list))
		}
		t.out = append(t.out, t.codes[at]-1)
	}
	return t.out, t.list
}
