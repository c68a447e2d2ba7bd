package snapshot

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"concord/schemas/table"
)

// batchRows is how many rows are gathered before they go to the file: enough
// to amortise the call per column, little enough to stay in cache.
const batchRows = 1 << 14

// Rows appends to a Writer value by value. Fill every column of a row, by its
// position in the schema, then call End; or fill a column for many rows with
// Codes and call EndRows. Appending to a column of another type panics: that
// is a bug of the caller, not of the data.
type Rows struct {
	w    *Writer
	b    *array.RecordBuilder
	rows int
}

// Rows is the writer's row builder.
func (w *Writer) Rows() *Rows {
	return &Rows{w: w, b: array.NewRecordBuilder(memory.DefaultAllocator, w.schema)}
}

// Null appends null to a column.
func (r *Rows) Null(col int) { r.b.Field(col).AppendNull() }

// Text appends a string, as it is: "" is not null.
func (r *Rows) Text(col int, v string) { r.b.Field(col).(*array.StringBuilder).Append(v) }

// TextOrNull appends a string, null for "".
func (r *Rows) TextOrNull(col int, v string) {
	if v == "" {
		r.Null(col)
		return
	}
	r.Text(col, v)
}

// Bytes appends bytes, null for nil.
func (r *Rows) Bytes(col int, v []byte) { r.b.Field(col).(*array.BinaryBuilder).Append(v) }

// Bool appends a flag.
func (r *Rows) Bool(col int, v bool) { r.b.Field(col).(*array.BooleanBuilder).Append(v) }

// Int appends to a column of 32 or 64 bits.
func (r *Rows) Int(col int, v int64) {
	switch b := r.b.Field(col).(type) {
	case *array.Int32Builder:
		b.Append(int32(v))
	default:
		b.(*array.Int64Builder).Append(v)
	}
}

// Float appends a number.
func (r *Rows) Float(col int, v float64) { r.b.Field(col).(*array.Float64Builder).Append(v) }

// Time appends a moment in microseconds since 1970 UTC, null for
// [table.NoTime].
func (r *Rows) Time(col int, micros int64) {
	if micros == table.NoTime {
		r.Null(col)
		return
	}
	r.b.Field(col).(*array.TimestampBuilder).Append(arrow.Timestamp(micros))
}

// Texts appends a list; an empty one is empty, not null.
func (r *Rows) Texts(col int, v []string) {
	list := r.b.Field(col).(*array.ListBuilder)
	list.Append(true)
	values := list.ValueBuilder().(*array.StringBuilder)
	for _, s := range v {
		values.Append(s)
	}
}

// Floats appends a list of numbers.
func (r *Rows) Floats(col int, v []float64) {
	list := r.b.Field(col).(*array.ListBuilder)
	list.Append(true)
	list.ValueBuilder().(*array.Float64Builder).AppendValues(v, nil)
}

// Codes appends one string per code to a text column: values.At(code), null
// for code 0.
func (r *Rows) Codes(col int, values table.Strings, codes []uint32) {
	b := r.b.Field(col).(*array.StringBuilder)
	b.Reserve(len(codes))
	for _, code := range codes {
		if code == 0 {
			b.AppendNull()
			continue
		}
		b.Append(values.At(code))
	}
}

// End ends a row.
func (r *Rows) End() error { return r.EndRows(1) }

// EndRows ends n rows.
func (r *Rows) EndRows(n int) error {
	r.rows += n
	if r.rows < batchRows {
		return nil
	}
	return r.Flush()
}

// Flush hands the gathered rows to the writer. Call it once after the last
// row.
func (r *Rows) Flush() error {
	if r.rows == 0 {
		return nil
	}
	for i, f := range r.b.Fields() {
		if f.Len() != r.rows {
			return fmt.Errorf("write table %s: column %q has %d values in a batch of %d rows", r.w.name, r.w.schema.Field(i).Name, f.Len(), r.rows)
		}
	}
	r.rows = 0
	batch := r.b.NewRecordBatch()
	defer batch.Release()
	return r.w.Write(batch)
}
