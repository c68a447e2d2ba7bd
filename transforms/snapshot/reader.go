package snapshot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// batchRows is how many rows are read at once.
const batchRows = 1 << 14

// Reader streams a published table back, batch by batch.
type Reader struct {
	name   string
	file   *file.Reader
	schema *arrow.Schema
	record pqarrow.RecordReader
	batch  arrow.RecordBatch // the last one given out
}

// Open opens a file that a Writer made. name is for errors. columns chooses
// and orders nothing: it is the set of columns to read, nil for all. A file
// that is no Parquet, or one cut short, is an error. Open is not for files of
// strangers: a footer made to deceive can cost much memory. Compare the file's
// digest with the manifest's first.
func Open(r io.ReaderAt, size int64, name string, columns []string) (*Reader, error) {
	return open(r, size, name, columns, func(*file.Reader, *arrow.Schema) []int { return nil })
}

// open is Open with a choice of row groups to leave out.
func open(r io.ReaderAt, size int64, name string, columns []string, without func(*file.Reader, *arrow.Schema) []int) (_ *Reader, err error) {
	defer giveUp(name, &err)
	f, err := file.NewParquetReader(io.NewSectionReader(r, 0, size))
	if err != nil {
		return nil, fmt.Errorf("open table file %s: not a readable Parquet file", name)
	}
	arrowReader, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{BatchSize: batchRows}, memory.DefaultAllocator)
	if err != nil {
		return nil, fmt.Errorf("open table file %s: %w", name, err)
	}
	schema, err := arrowReader.Schema()
	if err != nil {
		return nil, fmt.Errorf("open table file %s: %w", name, err)
	}
	leaves, err := chosenLeaves(schema, columns)
	if err != nil {
		return nil, fmt.Errorf("open table file %s: %w", name, err)
	}
	skip := without(f, schema)
	groups := []int{} // nil would be all
	for i := range f.NumRowGroups() {
		if !slices.Contains(skip, i) {
			groups = append(groups, i)
		}
	}
	record, err := arrowReader.GetRecordReader(context.Background(), leaves, groups)
	if err != nil {
		return nil, fmt.Errorf("open table file %s: %w", name, err)
	}
	t := &Reader{name: name, file: f, record: record}
	if t.schema, err = tableSchema(record.Schema(), f.MetaData().KeyValueMetadata()); err != nil {
		return nil, fmt.Errorf("open table file %s: %w", name, err)
	}
	return t, nil
}

// chosenLeaves are the leaf columns of the chosen fields. Every field of a
// published table has one leaf.
func chosenLeaves(s *arrow.Schema, columns []string) ([]int, error) {
	for _, c := range columns {
		if !s.HasField(c) {
			return nil, fmt.Errorf("no column %q", c)
		}
	}
	var out []int
	for i, f := range s.Fields() {
		if _, err := kindOf(f); err != nil {
			return nil, err
		}
		if columns == nil || slices.Contains(columns, f.Name) {
			out = append(out, i)
		}
	}
	return out, nil
}

// Schema is the schema of the batches: that of the table, with the file's
// metadata. A Writer made with it writes the same file again.
func (r *Reader) Schema() *arrow.Schema { return r.schema }

// Metadata is the value of a key of the file's metadata, "" where it has
// none.
func (r *Reader) Metadata(key string) string {
	if v := r.file.MetaData().KeyValueMetadata().FindValue(key); v != nil {
		return *v
	}
	return ""
}

// Next is the next batch, valid until the following call; io.EOF at the end.
func (r *Reader) Next() (b arrow.RecordBatch, err error) {
	defer giveUp(r.name, &err)
	b, err = r.record.Read()
	if errors.Is(err, io.EOF) || err == nil && b == nil {
		return nil, io.EOF
	}
	if err != nil {
		return nil, fmt.Errorf("read table file %s: %w", r.name, err)
	}
	// The batch is the record reader's until its next Read: so is this one,
	// which only carries the table's schema.
	if r.batch != nil {
		r.batch.Release()
	}
	r.batch = array.NewRecordBatch(r.schema, b.Columns(), b.NumRows())
	return r.batch, nil
}

// Close releases the reader's memory. It does not close the underlying one.
func (r *Reader) Close() error {
	if r.batch != nil {
		r.batch.Release()
	}
	r.record.Release()
	return nil
}

// giveUp turns a panic of the Parquet library on a damaged file into an error
// without the panic's text, which may hold values.
func giveUp(name string, err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("read table file %s: damaged", name)
	}
}
