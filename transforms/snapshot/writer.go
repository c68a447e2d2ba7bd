package snapshot

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/klauspost/compress/zstd"

	"concord/schemas/table"
)

const (
	// DefaultRowGroup bounds the writer's memory: one row group is held, some
	// megabytes of codes and of texts that occur in it. The tables that find
	// those again then fit into a core's cache, which twice as many rows did
	// not; and readers still have something to work on in parallel.
	DefaultRowGroup = 1 << 16
	// createdBy is constant, so that the same rows give the same bytes from
	// one release to the next. Readers of the Java family parse this form.
	createdBy = "concord version 1"
	// zstdLevel is the fastest one: on the million profiles of
	// BenchmarkWriteProfiles level 3 took more time and gave no smaller file.
	zstdLevel = zstd.SpeedFastest
)

// Pair is an entry of a file's key-value metadata.
type Pair struct{ Key, Value string }

// Options of a Writer. The zero value works.
type Options struct {
	// Metadata goes into the file's footer in this order: purpose, as_of,
	// policy digest, registry digest, run, manifest. It must hold no personal
	// value.
	Metadata []Pair
	// Scratch is memory of closed writers to write with, nil for none.
	Scratch *Scratch
	// RowGroup is the most rows of a row group, 0 for DefaultRowGroup.
	RowGroup int64
}

// Summary is what a closed Writer meant to write.
type Summary struct {
	Rows    int64
	Size    int64  // bytes of the file
	SHA256  string // of the file's bytes, hex
	Columns []ColumnSummary
}

// ColumnSummary is one column of a Summary.
type ColumnSummary struct {
	Name   string
	Nulls  int64
	Digest string // XXH3-128 over all values, hex; see digest.go
}

// Writer writes one Parquet file of a published table, row group by row
// group. Not for concurrent use; two writers at once are independent.
type Writer struct {
	name    string
	schema  *arrow.Schema // of the table
	file    *fileWriter
	out     *countingWriter
	columns []*builder
	scratch *Scratch
	rows    int64 // in the file
	pending int   // in the row group at hand
	group   int   // rows of a full row group
	order   sortCheck
}

// NewWriter starts a file on w. The schema is one of schemas/table: its
// metadata names the table and the column that rows must be sorted by.
func NewWriter(w io.Writer, s *arrow.Schema, o Options) (*Writer, error) {
	name := table.Meta(s, table.MetaTable)
	order, err := newSortCheck(s)
	if err != nil {
		return nil, fmt.Errorf("write table %s: %w", name, err)
	}
	if o.RowGroup <= 0 {
		o.RowGroup = DefaultRowGroup
	}
	if o.Scratch == nil {
		o.Scratch = &Scratch{}
	}
	sw := &Writer{name: name, schema: s, order: order, group: int(o.RowGroup), scratch: o.Scratch, out: &countingWriter{w: w, sum: sha256.New()}}
	for i, f := range s.Fields() {
		if _, err := kindOf(f); err != nil {
			return nil, fmt.Errorf("write table %s: %w", name, err)
		}
		c := o.Scratch.builder(name, f.Name)
		c.start(f, i == order.at)
		sw.columns = append(sw.columns, c)
	}
	props := properties()
	stored, err := pqarrow.ToParquet(s, props, pqarrow.NewArrowWriterProperties())
	if err != nil {
		return nil, fmt.Errorf("write table %s: %w", name, err)
	}
	var about metadata.KeyValueMetadata
	m := fileSchema(s, o).Metadata()
	for i, key := range m.Keys() {
		if err := about.Append(key, m.Values()[i]); err != nil {
			return nil, fmt.Errorf("write table %s: metadata: %w", name, err)
		}
	}
	if sw.file, err = newFileWriter(sw.out, stored, props, about, o.Scratch); err != nil {
		return nil, fmt.Errorf("write table %s: %w", name, err)
	}
	return sw, nil
}

// fileSchema is the schema with the file's metadata after the table's.
func fileSchema(s *arrow.Schema, o Options) *arrow.Schema {
	m := s.Metadata()
	keys, values := append([]string(nil), m.Keys()...), append([]string(nil), m.Values()...)
	for _, p := range o.Metadata {
		keys, values = append(keys, p.Key), append(values, p.Value)
	}
	keys, values = append(keys, keyFields), append(values, fieldTags(s))
	m = arrow.NewMetadata(keys, values)
	return arrow.NewSchema(s.Fields(), &m)
}

func properties() *parquet.WriterProperties {
	return parquet.NewWriterProperties(
		parquet.WithCreatedBy(createdBy),
		parquet.WithCompression(compress.Codecs.Zstd),
		parquet.WithDataPageVersion(parquet.DataPageV1),
	)
}

// Write appends a batch of the table's schema. How rows are batched leaves no
// trace in the file.
func (w *Writer) Write(b arrow.RecordBatch) error {
	if !b.Schema().Equal(w.schema) {
		return fmt.Errorf("write table %s: the batch has another schema", w.name)
	}
	rows := w.Rows()
	for lo := 0; lo < int(b.NumRows()); {
		hi := min(lo+rows.Room(), int(b.NumRows()))
		for i, c := range b.Columns() {
			rows.appendArray(i, c, lo, hi)
		}
		if err := rows.EndRows(hi - lo); err != nil {
			return err
		}
		lo = hi
	}
	return nil
}

// flush writes the row group at hand. It fails on a row out of order, naming
// the row but no value; the file is then worthless.
func (w *Writer) flush() error {
	if w.pending == 0 {
		return nil
	}
	for _, c := range w.columns {
		c.fill(w.pending)
		if c.len() != w.pending {
			return fmt.Errorf("write table %s: column %q has %d values in a row group of %d rows", w.name, c.field.Name, c.len(), w.pending)
		}
		if !c.field.Nullable && c.nulls() > 0 {
			return fmt.Errorf("write table %s: column %q: null in a column that has none", w.name, c.field.Name)
		}
	}
	if err := w.order.column(w.columns[w.order.at], w.rows); err != nil {
		return fmt.Errorf("write table %s: %w", w.name, err)
	}
	w.file.startGroup(w.pending)
	for _, c := range w.columns {
		c.feed()
		if err := w.file.column(c); err != nil {
			return fmt.Errorf("write table %s after row %d: %w", w.name, w.rows, err)
		}
		c.reset()
	}
	if err := w.file.endGroup(); err != nil {
		return fmt.Errorf("write table %s after row %d: %w", w.name, w.rows, err)
	}
	w.rows += int64(w.pending)
	w.pending = 0
	return nil
}

// Close writes the rows at hand and the footer, and says what the file should hold. It does not
// close the underlying writer.
func (w *Writer) Close() (Summary, error) {
	if err := w.flush(); err != nil {
		return Summary{}, err
	}
	if err := w.file.close(); err != nil {
		return Summary{}, fmt.Errorf("write table %s: footer: %w", w.name, err)
	}
	s := Summary{Rows: w.rows, Size: w.out.n, SHA256: hex.EncodeToString(w.out.sum.Sum(nil))}
	for _, c := range w.columns {
		s.Columns = append(s.Columns, ColumnSummary{Name: c.field.Name, Nulls: c.digest.nulls, Digest: c.digest.sum()})
		w.scratch.giveBack(w.name, c)
	}
	w.columns = nil
	return s, nil
}

// countingWriter counts and hashes what passes. It is no io.Closer, so that
// closing the Parquet writer leaves the underlying one open.
type countingWriter struct {
	w   io.Writer
	n   int64
	sum hash.Hash
}

func (c *countingWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	c.sum.Write(p[:n])
	return n, err
}
