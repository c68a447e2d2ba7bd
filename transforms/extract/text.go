package extract

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// textColumn is one output column under construction, in Arrow's own layout:
// a slot is one text value or null. A plain column has one slot per row; a
// list column groups slots into rows by starts. Its memory is used again for
// the next batch.
type textColumn struct {
	list    bool
	data    []byte
	offsets []int32 // slots+1
	valid   bitmap  // by slot
	nulls   int

	starts    []int32 // list: rows+1
	listValid bitmap  // list: by row
	listNulls int
}

func newTextColumn(list bool) textColumn {
	c := textColumn{list: list}
	c.reset()
	return c
}

func (c *textColumn) reset() {
	c.data = c.data[:0]
	c.offsets = append(c.offsets[:0], 0)
	c.starts = append(c.starts[:0], 0)
	c.valid.reset()
	c.listValid.reset()
	c.nulls, c.listNulls = 0, 0
}

func (c *textColumn) slots() int { return len(c.offsets) - 1 }

// append adds v as a slot.
func (c *textColumn) append(v []byte) {
	c.data = append(c.data, v...)
	c.close()
}

// close makes a slot of the bytes added to data since the last one.
func (c *textColumn) close() {
	c.offsets = append(c.offsets, int32(len(c.data)))
	c.valid.append(true)
}

func (c *textColumn) appendNull() {
	c.offsets = append(c.offsets, int32(len(c.data)))
	c.valid.append(false)
	c.nulls++
}

// closeList ends a list row: the slots since the last row are its elements.
func (c *textColumn) closeList(valid bool) {
	c.starts = append(c.starts, int32(c.slots()))
	c.listValid.append(valid)
	if !valid {
		c.listNulls++
	}
}

// truncate takes back every slot after the first n.
func (c *textColumn) truncate(n int) {
	c.nulls -= c.valid.truncate(n)
	c.offsets = c.offsets[:n+1]
	c.data = c.data[:c.offsets[n]]
}

// array is the column as an Arrow array over the column's own memory: no
// copy, nothing to release, valid until reset.
func (c *textColumn) array() arrow.Array {
	values := array.NewData(arrow.BinaryTypes.String, c.slots(), []*memory.Buffer{
		c.valid.buffer(c.nulls),
		memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(c.offsets)),
		memory.NewBufferBytes(c.data),
	}, nil, c.nulls, 0)
	if !c.list {
		return array.MakeFromData(values)
	}
	rows := len(c.starts) - 1
	lists := array.NewData(listOfText, rows, []*memory.Buffer{
		c.listValid.buffer(c.listNulls),
		memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(c.starts)),
	}, []arrow.ArrayData{values}, c.listNulls, 0)
	return array.MakeFromData(lists)
}

var listOfText = arrow.ListOf(arrow.BinaryTypes.String)

// bitmap is Arrow's validity bitmap: bit i says that entry i is not null.
type bitmap struct {
	bits []byte
	n    int
}

func (b *bitmap) reset() { b.bits, b.n = b.bits[:0], 0 }

func (b *bitmap) append(v bool) {
	if b.n&7 == 0 {
		b.bits = append(b.bits, 0)
	}
	if v {
		b.bits[b.n>>3] |= 1 << (b.n & 7)
	}
	b.n++
}

// truncate keeps the first n entries and counts the unset ones it drops.
func (b *bitmap) truncate(n int) (unset int) {
	for i := n; i < b.n; i++ {
		if b.bits[i>>3]&(1<<(i&7)) == 0 {
			unset++
		}
	}
	b.n = n
	b.bits = b.bits[:(n+7)/8]
	if n&7 != 0 {
		b.bits[n>>3] &= 1<<(n&7) - 1
	}
	return unset
}

// buffer is the bitmap for Arrow, nil when every entry is set.
func (b *bitmap) buffer(unset int) *memory.Buffer {
	if unset == 0 {
		return nil
	}
	return memory.NewBufferBytes(b.bits)
}
