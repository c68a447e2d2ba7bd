package snapshot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet/metadata"

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

// sortCheck makes sure that rows come in the order of a text column.
type sortCheck struct {
	name   string
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
	return sortCheck{name: name, at: at[0], unique: table.Meta(s, table.MetaUnique) == "true"}, nil
}

// column checks the sort column of a row group that starts after rows rows.
// Its dictionary is in the order in which the texts came.
func (c *sortCheck) column(b *builder, rows int64) error {
	from := uint32(0)
	for i, v := range b.rows.values {
		if v == 0 {
			return fmt.Errorf("row %d: column %q is null", rows+int64(from), c.name)
		}
		if err := c.next(b.texts.text(int(v-1)), int(b.rows.ends[i]-from), rows+int64(from)); err != nil {
			return err
		}
		from = b.rows.ends[i]
	}
	return nil
}

// next takes n rows of a value, the first of which is row.
func (c *sortCheck) next(v []byte, n int, row int64) error {
	order := bytes.Compare(c.last, v)
	if c.any && (order > 0 || order == 0 && c.unique) {
		return fmt.Errorf("row %d: column %q is out of order or repeats", row, c.name)
	}
	if c.unique && n > 1 {
		return fmt.Errorf("row %d: column %q is out of order or repeats", row+1, c.name)
	}
	c.last, c.any = append(c.last[:0], v...), true
	return nil
}

// keyFields is the metadata key under which a file describes its columns.
const keyFields = "concord.fields"

// fieldTag is the entry of a column under [keyFields].
type fieldTag struct {
	Name        string `json:"name"`
	Category    string `json:"data_category"`
	Sensitivity string `json:"sensitivity"`
}

// fieldTags is the data category and sensitivity of every column, as JSON.
// Parquet has no metadata per column that readers agree on.
func fieldTags(s *arrow.Schema) string {
	all := make([]fieldTag, s.NumFields())
	for i, f := range s.Fields() {
		category, _ := f.Metadata.GetValue(table.MetaCategory)
		sensitivity, _ := f.Metadata.GetValue(table.MetaSensitivity)
		all[i] = fieldTag{f.Name, category, sensitivity}
	}
	out, err := json.Marshal(all)
	if err != nil {
		panic("snapshot: strings do not marshal: " + err.Error())
	}
	return string(out)
}

// tableSchema gives a schema as it was read from a file its metadata and field
// tags back, so that what is known to be a direct identifier stays known.
func tableSchema(read *arrow.Schema, m metadata.KeyValueMetadata) (*arrow.Schema, error) {
	var all []fieldTag
	var keys, values []string
	tags := ""
	for _, kv := range m {
		if kv.Key == keyFields {
			tags = kv.GetValue()
			continue
		}
		keys, values = append(keys, kv.Key), append(values, kv.GetValue())
	}
	if err := json.Unmarshal([]byte(tags), &all); err != nil {
		return nil, fmt.Errorf("its metadata does not describe its columns under %q", keyFields)
	}
	fields := make([]arrow.Field, read.NumFields())
	for i, f := range read.Fields() {
		at := slices.IndexFunc(all, func(t fieldTag) bool { return t.Name == f.Name })
		if at < 0 {
			return nil, fmt.Errorf("its metadata does not describe column %q", f.Name)
		}
		f.Metadata = arrow.NewMetadata([]string{table.MetaCategory, table.MetaSensitivity}, []string{all[at].Category, all[at].Sensitivity})
		fields[i] = f
	}
	about := arrow.NewMetadata(keys, values)
	return arrow.NewSchema(fields, &about), nil
}
