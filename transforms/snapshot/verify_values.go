package snapshot

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	parquet "github.com/parquet-go/parquet-go"
	"github.com/zeebo/xxh3"

	"concord/schemas/table"
)

// columnReader feeds the values of one column, as the second reader finds
// them, to a digest: a page at a time, and of a page by dictionary each text
// once.
type columnReader struct {
	digest *digest
	field  arrow.Field
	kind   kind
	order  *sortCheck
	keep   bool
	found  Found
	rows   int64 // so far

	dictionary leaves   // of the column chunk at hand
	hashes     []uint64 // memory of a page's
	distinct   []uint64 // memory of the dictionary's
	list       uint64   // hash of the list at hand
	inList     bool
}

// Found is a column of a row group as the second reader found it.
type Found struct {
	numbers []int64 // of a column of moments: by row
	codes   []int32 // by row: number of a text, or -1
	texts   texts
}

// Text is the text in a row, "" for null.
func (f *Found) Text(row int) string {
	if c := f.codes[row]; c >= 0 {
		return f.texts.at(int(c))
	}
	return ""
}

// Code is a number that rows with the same text may share, and rows with
// different texts never do; -1 is null.
func (f *Found) Code(row int) int32 { return f.codes[row] }

// Moment is the row's, in microseconds since 1970 UTC, or table.NoTime for null:
// of a column of moments.
func (f *Found) Moment(row int) int64 {
	if f.codes[row] < 0 {
		return table.NoTime
	}
	return f.numbers[row]
}

// texts are texts one after the other.
type texts struct {
	bytes   []byte
	offsets []uint32 // one more than texts
}

func (t *texts) len() int { return max(len(t.offsets)-1, 0) }

func (t *texts) at(i int) string {
	b := t.bytes[t.offsets[i]:t.offsets[i+1]]
	return unsafe.String(unsafe.SliceData(b), len(b))
}

func (t *texts) append(o *texts) {
	if len(t.offsets) == 0 {
		t.offsets = append(t.offsets, 0)
	}
	if o.len() == 0 {
		return
	}
	base := uint32(len(t.bytes))
	t.bytes = append(t.bytes, o.bytes[:o.offsets[o.len()]]...)
	for _, end := range o.offsets[1:] {
		t.offsets = append(t.offsets, base+end)
	}
}

// leaves are the values of a page or of a dictionary.
type leaves struct {
	indexes []int32 // into hashes and texts; nil where those are the values themselves
	hashes  []uint64
	texts   texts
	numbers []int64 // of a column of moments that is shown
}

func (l *leaves) len() int {
	if l.indexes != nil {
		return len(l.indexes)
	}
	return len(l.hashes)
}

func (l *leaves) hash(i int) uint64 {
	if l.indexes != nil {
		i = int(l.indexes[i])
	}
	return l.hashes[i]
}

func (c *columnReader) chunk(chunk parquet.ColumnChunk) error {
	c.dictionary = leaves{}
	c.found.numbers = c.found.numbers[:0]
	c.found.codes, c.found.texts.bytes, c.found.texts.offsets = c.found.codes[:0], c.found.texts.bytes[:0], c.found.texts.offsets[:0]
	pages := chunk.Pages()
	defer pages.Close()
	for {
		page, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			c.endList()
			return nil
		}
		if err != nil {
			return errors.New("the second reader cannot read a page of it")
		}
		err = c.page(page)
		parquet.Release(page)
		if err != nil {
			return err
		}
	}
}

func (c *columnReader) page(page parquet.Page) error {
	l, err := c.leaves(page)
	if err != nil {
		return err
	}
	definitions := page.DefinitionLevels()
	if c.kind == kindTexts || c.kind == kindFloats {
		return c.lists(&l, page.RepetitionLevels(), definitions)
	}
	base, err := c.show(&l)
	if err != nil {
		return err
	}
	if !c.field.Nullable {
		return c.values(&l, 0, l.len(), base)
	}
	at := 0
	for i := 0; i < len(definitions); {
		j := i + 1
		for j < len(definitions) && definitions[j] == definitions[i] {
			j++
		}
		if definitions[i] == 0 {
			c.nulls(j - i)
		} else {
			if err := c.values(&l, at, at+j-i, base); err != nil {
				return err
			}
			at += j - i
		}
		i = j
	}
	if at != l.len() {
		return errors.New("a page has more values than its levels tell")
	}
	return nil
}

// show adds the texts of a page to those found, and tells what number its
// first one has there.
func (c *columnReader) show(l *leaves) (base int32, err error) {
	base = int32(c.found.texts.len())
	switch {
	case !c.keep || c.kind != kindText:
	case l.indexes == nil:
		c.found.texts.append(&l.texts)
	case base == 0:
		c.found.texts.append(&c.dictionary.texts)
	case int(base) != c.dictionary.texts.len():
		return 0, errors.New("it is stored by dictionary and otherwise in one row group")
	default:
		base = 0
	}
	return base, nil
}

func (c *columnReader) nulls(n int) {
	c.digest.addNulls(n)
	c.rows += int64(n)
	if c.keep {
		for range n {
			c.found.codes = append(c.found.codes, -1)
		}
		if c.kind == kindMoment {
			c.found.numbers = append(c.found.numbers, make([]int64, n)...)
		}
	}
}

// values takes leaves lo to hi, one a row.
func (c *columnReader) values(l *leaves, lo, hi int, base int32) error {
	for i := lo; i < hi; {
		j := i + 1
		if l.indexes != nil {
			for index := l.indexes[i]; j < hi && l.indexes[j] == index; {
				j++
			}
		}
		c.digest.add(l.hash(i), j-i)
		if c.order != nil {
			at := i
			if l.indexes != nil {
				at = int(l.indexes[i])
			}
			if err := c.order.next([]byte(l.texts.at(at)), j-i, c.rows); err != nil {
				return err
			}
		}
		if c.keep {
			code := base + int32(i)
			if l.indexes != nil {
				code = l.indexes[i]
			}
			for range j - i {
				c.found.codes = append(c.found.codes, code)
				if c.kind == kindMoment {
					c.found.numbers = append(c.found.numbers, l.numbers[code])
				}
			}
		}
		c.rows += int64(j - i)
		i = j
	}
	return nil
}

// lists takes a page of lists. The depth of a leaf is 2 in a nullable column
// (0 null, 1 empty, 2 element), 1 in a required one.
func (c *columnReader) lists(l *leaves, repetitions, definitions []byte) error {
	if len(repetitions) != len(definitions) {
		return errors.New("a page has not as many levels of one kind as of the other")
	}
	element := byte(1)
	if c.field.Nullable {
		element = 2
	}
	at := 0
	for i, d := range definitions {
		if repetitions[i] == 0 {
			c.endList()
			c.rows++
			if c.keep {
				c.found.codes = append(c.found.codes, -1)
			}
			if c.field.Nullable && d == 0 {
				c.digest.addNulls(1)
				continue
			}
			c.list, c.inList = listHash, true
		}
		if d == element {
			c.list = listAdd(c.list, l.hash(at))
			if c.keep {
				c.found.codes[len(c.found.codes)-1] = 0
			}
			at++
		}
	}
	if at != l.len() {
		return errors.New("a page has more values than its levels tell")
	}
	return nil
}

func (c *columnReader) endList() {
	if c.inList {
		c.digest.add(c.list, 1)
		c.inList = false
	}
}

// leaves are the values of a page.
func (c *columnReader) leaves(page parquet.Page) (leaves, error) {
	d := page.Dictionary()
	if d == nil {
		l, err := c.hashed(page, int(page.NumValues()-page.NumNulls()), c.hashes)
		c.hashes = l.hashes
		return l, err
	}
	if c.dictionary.hashes == nil {
		all, err := c.hashed(d.Page(), d.Len(), c.distinct)
		if err != nil {
			return leaves{}, err
		}
		c.dictionary, c.distinct = all, all.hashes
	}
	data := page.Data()
	l := c.dictionary
	l.indexes = data.Int32()
	if l.indexes == nil {
		l.indexes = []int32{}
	}
	return l, nil
}

// hashed are n values that stand in a page themselves, their hashes in the
// memory given.
func (c *columnReader) hashed(page parquet.Page, n int, hashes []uint64) (l leaves, err error) {
	data := page.Data()
	l.hashes = slices.Grow(hashes[:0], n)[:n]
	clear(l.hashes) // a page that has less than it tells must not pass by what another had
	switch c.kind {
	case kindText, kindBytes, kindTexts:
		l.texts.bytes, l.texts.offsets = data.ByteArray()
		if l.texts.len() != n {
			return l, errors.New("a page has not as many values as it tells")
		}
		for i := range l.hashes {
			l.hashes[i] = xxh3.HashString(l.texts.at(i))
		}
	case kindBool:
		flags := data.Boolean()
		for i := range l.hashes {
			l.hashes[i] = numberHash(uint64(flags[i/8] >> (i % 8) & 1))
		}
	case kindInt32:
		for i, v := range data.Int32() {
			l.hashes[i] = numberHash(uint64(int64(v)))
		}
	case kindInt64, kindMoment:
		if c.keep {
			l.numbers = slices.Clone(data.Int64())
		}
		for i, v := range data.Int64() {
			l.hashes[i] = numberHash(uint64(v))
		}
	case kindFloat, kindFloats:
		for i, v := range data.Double() {
			l.hashes[i] = numberHash(math.Float64bits(v))
		}
	}
	return l, nil
}

// compare tells whether the column is what was meant.
func (c *columnReader) compare(rows int64, want ColumnSummary) error {
	switch {
	case want.Name != c.field.Name:
		return fmt.Errorf("summarised as %q", want.Name)
	case c.rows != rows:
		return fmt.Errorf("%d values, want %d", c.rows, rows)
	case c.digest.nulls != want.Nulls:
		return fmt.Errorf("%d nulls, want %d", c.digest.nulls, want.Nulls)
	case c.digest.sum() != want.Digest:
		return errors.New("values are not those that were written (digest differs)")
	}
	return nil
}
