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
	nulls   nullSet // by slot

	starts    []int32 // list: rows+1
	nullLists nullSet // list: by row
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
	c.nulls.at = c.nulls.at[:0]
	c.nullLists.at = c.nullLists.at[:0]
}

func (c *textColumn) slots() int { return len(c.offsets) - 1 }

// append adds v as a slot.
func (c *textColumn) append(v []byte) {
	c.data = append(c.data, v...)
	c.close()
}

// close makes a slot of the bytes added to data since the last one.
func (c *textColumn) close() { c.offsets = append(c.offsets, int32(len(c.data))) }

func (c *textColumn) appendNull() {
	c.nulls.at = append(c.nulls.at, int32(c.slots()))
	c.close()
}

// closeList ends a list row: the slots since the last row are its elements.
func (c *textColumn) closeList(valid bool) {
	if !valid {
		c.nullLists.at = append(c.nullLists.at, int32(len(c.starts)-1))
	}
	c.starts = append(c.starts, int32(c.slots()))
}

// truncate takes back every slot after the first n.
func (c *textColumn) truncate(n int) {
	c.offsets = c.offsets[:n+1]
	c.data = c.data[:c.offsets[n]]
	for k := len(c.nulls.at); k > 0 && int(c.nulls.at[k-1]) >= n; k-- {
		c.nulls.at = c.nulls.at[:k-1]
	}
}

// array is the column as an Arrow array over the column's own memory: no
// copy, nothing to release, valid until reset.
func (c *textColumn) array() arrow.Array {
	values := array.NewData(arrow.BinaryTypes.String, c.slots(), []*memory.Buffer{
		c.nulls.validity(c.slots()),
		memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(c.offsets)),
		memory.NewBufferBytes(c.data),
	}, nil, len(c.nulls.at), 0)
	if !c.list {
		return array.MakeFromData(values)
	}
	rows := len(c.starts) - 1
	lists := array.NewData(listOfText, rows, []*memory.Buffer{
		c.nullLists.validity(rows),
		memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(c.starts)),
	}, []arrow.ArrayData{values}, len(c.nullLists.at), 0)
	return array.MakeFromData(lists)
}

var listOfText = arrow.ListOf(arrow.BinaryTypes.String)

// nullSet lists the entries that are null, in order.
type nullSet struct {
	at   []int32
	bits []byte
}

// validity is Arrow's bitmap over n entries, bit i for "entry i is not null";
// nil when none is.
func (s *nullSet) validity(n int) *memory.Buffer {
	if len(s.at) == 0 {
		return nil
	}
	s.bits = s.bits[:0]
	for range (n + 7) / 8 {
		s.bits = append(s.bits, 0xff)
	}
	for _, i := range s.at {
		s.bits[i>>3] &^= 1 << (i & 7)
	}
	return memory.NewBufferBytes(s.bits)
}
