package ingest

import (
	"encoding/json"
	"slices"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow/array"

	"concord/transforms/extract"
)

// batch is a copy of some rows of an object, so that the reader can go on
// while they are taken. It is filled again and again.
type batch struct {
	view
	rows []int64 // data row numbers
	bad  []extract.BadRow
}

// read copies the next rows of r. The error is the reader's own.
func (b *batch) read(r *extract.Reader) error {
	from, err := r.Next()
	if err != nil {
		return err
	}
	b.rows = append(b.rows[:0], from.Row...)
	b.bad = b.bad[:0]
	for _, bad := range from.Bad {
		bad.Raw = slices.Clone(bad.Raw)
		b.bad = append(b.bad, bad)
	}
	if b.cols == nil {
		b.cols = make([]cells, len(b.names))
	}
	for i := range b.cols {
		col := &b.cols[i]
		arr := from.Records.Column(i)
		if l, ok := arr.(*array.List); ok {
			col.list = append(col.list[:0], l.Offsets()[l.Data().Offset():]...)
			arr = l.ListValues()
		}
		col.ends, col.bytes = col.ends[:0], col.bytes[:0]
		if s := arr.(*array.String); s.Len() > 0 {
			col.ends = append(col.ends, s.ValueOffsets()...)
			col.bytes = append(col.bytes, s.ValueBytes()...) // begins at ends[0]
		}
	}
	return nil
}

// view reads a batch's columns by name.
type view struct {
	names []string
	cols  []cells
}

// cells are the texts of one column of a batch, in Arrow's layout.
type cells struct {
	list  []int32 // element bounds by row, nil for a column that is no list
	ends  []int32 // offsets of the texts
	bytes []byte
}

// column is nil for "" and for job.RowKey.
func (v *view) column(name string) *cells {
	if i := slices.Index(v.names, name); i >= 0 {
		return &v.cols[i]
	}
	return nil
}

// json is row i as read, for quarantine: the requested columns as an object.
func (v *view) json(i int) []byte {
	row := map[string]any{}
	for k, name := range v.names {
		col := &v.cols[k]
		lo, hi := col.elements(uint32(i))
		var texts []string
		for e := lo; e < hi; e++ {
			texts = append(texts, col.at(e))
		}
		if col.list != nil {
			row[name] = texts
		} else {
			row[name] = texts[0]
		}
	}
	b, _ := json.Marshal(row) // keys sorted; strings always marshal
	return b[:min(len(b), maxQuarantineRaw)]
}

// maxQuarantineRaw bounds the copy of a row in quarantine.
const maxQuarantineRaw = 64 << 10

func (c *cells) elements(i uint32) (lo, hi uint32) {
	if c.list == nil {
		return i, i + 1
	}
	return uint32(c.list[i]), uint32(c.list[i+1])
}

func (c *cells) isList() bool { return c.list != nil }

// at is element k. It shares the batch's memory, and is to be copied where it
// is kept.
func (c *cells) at(k uint32) string {
	b := c.bytes[c.ends[k]-c.ends[0] : c.ends[k+1]-c.ends[0]]
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// first is the text of row i's first element, "" for null.
func (c *cells) first(i int) string {
	lo, hi := c.elements(uint32(i))
	if lo == hi {
		return ""
	}
	return c.at(lo)
}

func (c *cells) all(yield func(string) bool) {
	for k := range max(len(c.ends)-1, 0) {
		if !yield(c.at(uint32(k))) {
			return
		}
	}
}
