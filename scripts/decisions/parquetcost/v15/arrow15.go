package main

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/apache/arrow/go/v15/parquet"
	"github.com/apache/arrow/go/v15/parquet/compress"
	"github.com/apache/arrow/go/v15/parquet/file"
	"github.com/apache/arrow/go/v15/parquet/pqarrow"

	"concord/scripts/decisions/parquetcost/people"
)

// v15 holds the table as a record batch of this version of the library.
type v15 struct {
	schema *arrow.Schema
	batch  arrow.Record
}

func newV15(p *people.Table) *v15 {
	var fields []arrow.Field
	var columns []arrow.Array
	add := func(name string, typ arrow.DataType, fill func(array.Builder)) {
		b := array.NewBuilder(memory.DefaultAllocator, typ)
		fill(b)
		fields = append(fields, arrow.Field{Name: name, Type: typ, Nullable: true})
		columns = append(columns, b.NewArray())
	}
	for _, c := range []struct {
		name   string
		values []string
	}{{"id", p.ID}, {"given", p.Given}, {"family", p.Family}, {"email", p.Email}, {"phone", p.Phone}, {"street", p.Street}, {"city", p.City}, {"postcode", p.Postcode}} {
		add(c.name, arrow.BinaryTypes.String, func(b array.Builder) { b.(*array.StringBuilder).AppendValues(c.values, nil) })
	}
	add("may", arrow.FixedWidthTypes.Boolean, func(b array.Builder) { b.(*array.BooleanBuilder).AppendValues(p.May, nil) })
	add("minor", arrow.FixedWidthTypes.Boolean, func(b array.Builder) { b.(*array.BooleanBuilder).AppendValues(p.Minor, nil) })
	add("until", arrow.FixedWidthTypes.Timestamp_us, func(b array.Builder) {
		for _, t := range p.Until {
			b.(*array.TimestampBuilder).Append(arrow.Timestamp(t))
		}
	})
	add("tags", arrow.ListOf(arrow.BinaryTypes.String), func(b array.Builder) {
		list := b.(*array.ListBuilder)
		for _, tags := range p.Tags {
			list.Append(true)
			list.ValueBuilder().(*array.StringBuilder).AppendValues(tags, nil)
		}
	})
	s := arrow.NewSchema(fields, nil)
	return &v15{s, array.NewRecord(s, columns, int64(len(p.ID)))}
}

func (t *v15) write(w io.Writer) error {
	properties := parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd), parquet.WithCompressionLevel(1), parquet.WithMaxRowGroupLength(1<<17))
	f, err := pqarrow.NewFileWriter(t.schema, w, properties, pqarrow.DefaultWriterProps())
	if err != nil {
		return err
	}
	if err := f.Write(t.batch); err != nil {
		return err
	}
	return f.Close()
}

func readV15(data []byte) error {
	f, err := file.NewParquetReader(bytes.NewReader(data))
	if err != nil {
		return err
	}
	r, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{BatchSize: 1 << 14}, memory.DefaultAllocator)
	if err != nil {
		return err
	}
	records, err := r.GetRecordReader(context.Background(), nil, nil)
	if err != nil {
		return err
	}
	defer records.Release()
	n := int64(0)
	for records.Next() {
		n += records.Record().NumRows()
	}
	if n != people.Rows {
		return fmt.Errorf("read %d rows: %w", n, records.Err())
	}
	return nil
}
