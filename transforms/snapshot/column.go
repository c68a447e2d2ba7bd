package snapshot

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"concord/schemas/table"
)

// kind is what a column holds, as far as this package needs to know.
type kind uint8

const (
	kindText kind = iota
	kindBytes
	kindBool
	kindInt32
	kindInt64
	kindFloat
	kindMoment
	kindTexts
	kindFloats
)

// kindOf refuses types that the published tables do not use.
func kindOf(f arrow.Field) (kind, error) {
	switch t := f.Type.(type) {
	case *arrow.StringType:
		return kindText, nil
	case *arrow.BinaryType:
		return kindBytes, nil
	case *arrow.BooleanType:
		return kindBool, nil
	case *arrow.Int32Type:
		return kindInt32, nil
	case *arrow.Int64Type:
		return kindInt64, nil
	case *arrow.Float64Type:
		return kindFloat, nil
	case *arrow.TimestampType:
		if t.Unit == arrow.Microsecond && t.TimeZone == "UTC" {
			return kindMoment, nil
		}
	case *arrow.ListType:
		switch e := t.ElemField(); {
		case e.Nullable:
		case e.Type.ID() == arrow.STRING:
			return kindTexts, nil
		case e.Type.ID() == arrow.FLOAT64:
			return kindFloats, nil
		}
	}
	return 0, fmt.Errorf("column %q: type %s is none that published tables have", f.Name, f.Type)
}

// column feeds an array to the digest.
func (d *digest) column(a arrow.Array, f arrow.Field) error {
	if !f.Nullable && a.NullN() > 0 {
		return fmt.Errorf("column %q: null in a column that has none", f.Name)
	}
	put, err := d.element(a, f)
	if err != nil {
		return err
	}
	for i := range a.Len() {
		if a.IsNull(i) {
			d.null()
			continue
		}
		put(i)
	}
	return nil
}

// element is the function that feeds row i of the array, known not to be null.
func (d *digest) element(a arrow.Array, f arrow.Field) (func(i int), error) {
	switch a := a.(type) {
	case *array.String:
		return func(i int) { d.text(a.Value(i)) }, nil
	case *array.Binary:
		return func(i int) { d.bytes(a.Value(i)) }, nil
	case *array.Boolean:
		return func(i int) { d.boolean(a.Value(i)) }, nil
	case *array.Int32:
		return func(i int) { d.integer(int64(a.Value(i))) }, nil
	case *array.Int64:
		return func(i int) { d.integer(a.Value(i)) }, nil
	case *array.Float64:
		return func(i int) { d.float(a.Value(i)) }, nil
	case *array.Timestamp:
		return func(i int) { d.integer(int64(a.Value(i))) }, nil
	case *array.List:
		put, err := d.element(a.ListValues(), f)
		return func(i int) {
			d.listStart()
			lo, hi := a.ValueOffsets(i)
			for k := lo; k < hi; k++ {
				put(int(k))
			}
			d.listEnd()
		}, err
	}
	return nil, fmt.Errorf("column %q: type %s is none that published tables have", f.Name, a.DataType())
}

// sortCheck makes sure that rows come in the order of a text column.
type sortCheck struct {
	column string
	at     int
	unique bool
	last   []byte
	any    bool
}

func newSortCheck(s *arrow.Schema) (sortCheck, error) {
	name := table.Meta(s, table.MetaSortedBy)
	at := s.FieldIndices(name)
	if len(at) != 1 || s.Field(at[0]).Type.ID() != arrow.STRING {
		return sortCheck{}, fmt.Errorf("sorted by %q, which is no text column of it", name)
	}
	return sortCheck{column: name, at: at[0], unique: table.Meta(s, table.MetaUnique) == "true"}, nil
}

func (c *sortCheck) batch(b arrow.RecordBatch, rows int64) error {
	a, ok := b.Column(c.at).(*array.String)
	if !ok {
		return fmt.Errorf("column %q is not text", c.column)
	}
	for i := range a.Len() {
		if err := c.next([]byte(a.Value(i)), rows+int64(i)); err != nil {
			return err
		}
	}
	return nil
}

func (c *sortCheck) next(v []byte, row int64) error {
	order := bytes.Compare(c.last, v)
	if c.any && (order > 0 || order == 0 && c.unique) {
		return fmt.Errorf("row %d: column %q is out of order or repeats", row, c.column)
	}
	c.last, c.any = append(c.last[:0], v...), true
	return nil
}

// keyFields is the metadata key under which a file describes its columns.
const keyFields = "concord.fields"

// fieldTags is the data category and sensitivity of every column, as JSON.
// Parquet has no metadata per column that readers agree on.
func fieldTags(s *arrow.Schema) string {
	type tags struct {
		Name        string `json:"name"`
		Category    string `json:"data_category"`
		Sensitivity string `json:"sensitivity"`
	}
	all := make([]tags, s.NumFields())
	for i, f := range s.Fields() {
		category, _ := f.Metadata.GetValue(table.MetaCategory)
		sensitivity, _ := f.Metadata.GetValue(table.MetaSensitivity)
		all[i] = tags{f.Name, category, sensitivity}
	}
	out, err := json.Marshal(all)
	if err != nil {
		panic("snapshot: strings do not marshal: " + err.Error())
	}
	return string(out)
}
