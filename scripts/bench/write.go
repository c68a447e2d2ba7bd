package main

import (
	"fmt"
	"os"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// rowGroup is large enough for readers and small enough for two threads to
// share 100,000 records.
const rowGroup = 1 << 15

// writeParquet writes the records with their row number as column "record":
// the one file both sides read.
func writeParquet(path string, people []person) (err error) {
	columns := []arrow.Field{{Name: "record", Type: arrow.PrimitiveTypes.Int64}}
	for _, name := range fields {
		columns = append(columns, arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: true})
	}
	schema := arrow.NewSchema(columns, nil)
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write records: %w", err)
	}
	defer f.Close()
	properties := parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Snappy), parquet.WithDictionaryDefault(true))
	w, err := pqarrow.NewFileWriter(schema, f, properties, pqarrow.DefaultWriterProps())
	if err != nil {
		return fmt.Errorf("write records: %w", err)
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for from := 0; from < len(people); from += rowGroup {
		fill(b, people, from, min(from+rowGroup, len(people)))
		batch := b.NewRecordBatch()
		err := w.Write(batch)
		batch.Release()
		if err != nil {
			return fmt.Errorf("write records: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("write records: %w", err)
	}
	return nil
}

func fill(b *array.RecordBuilder, people []person, from, to int) {
	for r := from; r < to; r++ {
		b.Field(0).(*array.Int64Builder).Append(int64(r))
		for k, v := range people[r] {
			column := b.Field(k + 1).(*array.StringBuilder)
			if v == "" {
				column.AppendNull()
				continue
			}
			column.Append(v)
		}
	}
}
