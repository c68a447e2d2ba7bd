package snapshot

import (
	"fmt"
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/zeebo/xxh3"

	"concord/schemas/table"
)

// Rows appends to a Writer value by value. Fill every column of a row, by its
// position in the schema, then call End; or fill columns for many rows and call
// EndRows. Appending to a column of another type panics: that
// is a bug of the caller, not of the data.
type Rows struct{ w *Writer }

// Rows is the writer's row builder.
func (w *Writer) Rows() *Rows { return &Rows{w} }

// Null appends null to a column.
func (r *Rows) Null(col int) { r.w.columns[col].null() }

// Text appends a string, as it is: "" is not null.
func (r *Rows) Text(col int, v string) { r.w.columns[col].text(v, 1) }

// Repeat appends a string n times.
func (r *Rows) Repeat(col int, v string, n int) { r.w.columns[col].text(v, n) }

// Coded appends a string that the caller has a small code for, n times. A code
// stands for one string as long as the writer is used. It costs less than Text
// where few strings alternate.
func (r *Rows) Coded(col int, code uint32, v string, n int) { r.w.columns[col].coded(code, v, n) }

// Entry is a text's number in a column of the row group at hand.
type Entry uint32

// New appends a string n times that the column does not hold yet in this row
// group: the caller knows. The entry is good for Again in the same row group.
func (r *Rows) New(col int, v string, n int) Entry {
	c := r.w.columns[col]
	c.must(kindText)
	e := c.texts.add(v, xxh3.HashString(v))
	c.rows.add(e, n)
	return Entry(e)
}

// Find appends a string n times that the column may hold.
func (r *Rows) Find(col int, v string, n int) Entry {
	c := r.w.columns[col]
	c.must(kindText)
	e := c.texts.find(v)
	c.rows.add(e, n)
	return Entry(e)
}

// Again appends n times a string that New or Find appended in this row group.
func (r *Rows) Again(col int, e Entry, n int) { r.w.columns[col].rows.add(uint32(e), n) }

// Group numbers the row group at hand.
func (r *Rows) Group() int { return int(r.w.file.groups) }

// CodedTexts is Texts of a list that the caller has a small code for: see
// Coded.
func (r *Rows) CodedTexts(col int, code uint32, v []string) { r.w.columns[col].codedList(code, v) }

// FixText makes every row of a text column hold one string: the column is not
// to be filled.
func (r *Rows) FixText(col int, v string) {
	c := r.w.columns[col]
	c.fixed = func(n int) { c.text(v, n) }
}

// FixTrue makes every row of a flag TRUE.
func (r *Rows) FixTrue(col int) {
	c := r.w.columns[col]
	c.must(kindBool)
	c.fixed = func(n int) { c.rows.add(2, n) }
}

// Nulls appends null n times.
func (r *Rows) Nulls(col, n int) { r.w.columns[col].rows.add(0, n) }

// TextOrNull appends a string, null for "".
func (r *Rows) TextOrNull(col int, v string) {
	if v == "" {
		r.Null(col)
		return
	}
	r.Text(col, v)
}

// Bytes appends bytes, null for nil.
func (r *Rows) Bytes(col int, v []byte) {
	if v == nil {
		r.Null(col)
		return
	}
	r.w.columns[col].binary(v)
}

// Bool appends a flag.
func (r *Rows) Bool(col int, v bool) { r.w.columns[col].flag(v) }

// Int appends to a column of 32 or 64 bits.
func (r *Rows) Int(col int, v int64) {
	c := r.w.columns[col]
	if c.kind == kindInt32 {
		v = int64(int32(v))
	} else {
		c.must(kindInt64)
	}
	c.number(v)
}

// Float appends a number.
func (r *Rows) Float(col int, v float64) {
	c := r.w.columns[col]
	c.must(kindFloat)
	c.number(int64(math.Float64bits(v)))
}

// Time appends a moment in microseconds since 1970 UTC, null for
// [table.NoTime].
func (r *Rows) Time(col int, micros int64) {
	c := r.w.columns[col]
	c.must(kindMoment)
	if micros == table.NoTime {
		c.null()
		return
	}
	c.number(micros)
}

// Texts appends a list; an empty one is empty, not null.
func (r *Rows) Texts(col int, v []string) { r.w.columns[col].list(v) }

// Floats appends a list of numbers.
func (r *Rows) Floats(col int, v []float64) { r.w.columns[col].floats(v) }

// Room is how many rows the row group at hand still takes: the most that may
// be filled before EndRows.
func (r *Rows) Room() int { return r.w.group - r.w.pending }

// Reserve makes room for n rows, of which a row group must take as many: it
// ends the one at hand where they do not fit.
func (r *Rows) Reserve(n int) error {
	if n <= r.Room() {
		return nil
	}
	return r.w.flush()
}

// End ends a row.
func (r *Rows) End() error { return r.EndRows(1) }

// EndRows ends n rows, at most Room of them.
func (r *Rows) EndRows(n int) error {
	if n > r.Room() {
		return fmt.Errorf("write table %s: %d rows at once, there is room for %d in the row group", r.w.name, n, r.Room())
	}
	r.w.pending += n
	if r.w.pending < r.w.group {
		return nil
	}
	return r.w.flush()
}

// Flush ends the row group at hand. Close does so too: it is for callers who
// want its error where their rows end.
func (r *Rows) Flush() error { return r.w.flush() }

// appendArray appends rows lo to hi of an array of the column's type.
func (r *Rows) appendArray(col int, a arrow.Array, lo, hi int) {
	for i := lo; i < hi; i++ {
		if a.IsNull(i) {
			r.Null(col)
			continue
		}
		switch a := a.(type) {
		case *array.String:
			r.Text(col, a.Value(i))
		case *array.Binary:
			r.Bytes(col, append([]byte{}, a.Value(i)...))
		case *array.Boolean:
			r.Bool(col, a.Value(i))
		case *array.Int32:
			r.Int(col, int64(a.Value(i)))
		case *array.Int64:
			r.Int(col, a.Value(i))
		case *array.Float64:
			r.Float(col, a.Value(i))
		case *array.Timestamp:
			r.Time(col, int64(a.Value(i)))
		case *array.List:
			r.appendList(col, a, i)
		}
	}
}

func (r *Rows) appendList(col int, a *array.List, i int) {
	lo, hi := a.ValueOffsets(i)
	switch values := a.ListValues().(type) {
	case *array.String:
		var list []string
		for k := lo; k < hi; k++ {
			list = append(list, values.Value(int(k)))
		}
		r.Texts(col, list)
	case *array.Float64:
		r.Floats(col, values.Float64Values()[lo:hi])
	}
}
