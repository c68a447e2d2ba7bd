package extract

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// Batch is some consecutive rows of a file. It and everything in it is valid
// until the reader's next Next or Close; copy what must live longer. There is
// nothing to release.
type Batch struct {
	// Records holds the accepted rows: one column per requested column, in
	// request order, of type utf8, or list<utf8> where the path has "[]".
	Records arrow.RecordBatch
	// Row is the 1-based data row number of each record (headers, blank lines
	// and skipped lines are no data rows).
	Row []int64
	// Bad lists the rows that were not accepted, in file order.
	Bad []BadRow
}

// BadRow is a row for quarantine.
type BadRow struct {
	Row    int64  // 1-based data row number
	Code   string // one of the Row… codes
	Column string // the column concerned, "" when it is the whole row
	// Raw is the row as read (decompressed, as UTF-8 where transcoded), cut at
	// Limits.RawBytes. Of a Parquet row, which has no bytes of its own, it is
	// the offending value.
	Raw []byte
}

// builder collects one batch.
type builder struct {
	schema *arrow.Schema
	cols   []textColumn
	rows   []int64
	bad    []BadRow
	raw    []byte
	size   int // bytes of input in this batch: bounds its memory
	limits Limits
}

func newBuilder(names []string, lists []bool, lim Limits) *builder {
	b := &builder{limits: lim}
	fields := make([]arrow.Field, len(names))
	for i, name := range names {
		fields[i] = arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: true}
		if lists[i] {
			fields[i].Type = listOfText
		}
		b.cols = append(b.cols, newTextColumn(lists[i]))
	}
	b.schema = arrow.NewSchema(fields, nil)
	return b
}

func (b *builder) reset() {
	for i := range b.cols {
		b.cols[i].reset()
	}
	b.rows, b.bad, b.raw = b.rows[:0], b.bad[:0], b.raw[:0]
	b.size = 0
}

// full tells whether the batch should be handed out.
func (b *builder) full() bool {
	return len(b.rows)+len(b.bad) >= b.limits.BatchRows || b.size >= batchBytes
}

// accept records that every column has received row's value; size is what the
// row took of the input.
func (b *builder) accept(row int64, size int) {
	b.rows = append(b.rows, row)
	b.size += size
}

// reject puts a row into quarantine with as much of raw as the limit allows.
func (b *builder) reject(row int64, code, column string, raw []byte) {
	at := len(b.raw)
	b.raw = append(b.raw, raw[:min(len(raw), b.limits.RawBytes)]...)
	b.size += len(b.raw) - at
	b.bad = append(b.bad, BadRow{Row: row, Code: code, Column: column, Raw: b.raw[at:len(b.raw):len(b.raw)]})
}

func (b *builder) batch() *Batch {
	arrays := make([]arrow.Array, len(b.cols))
	for i := range b.cols {
		arrays[i] = b.cols[i].array()
	}
	return &Batch{
		Records: array.NewRecordBatch(b.schema, arrays, int64(len(b.rows))),
		Row:     b.rows,
		Bad:     b.bad,
	}
}
