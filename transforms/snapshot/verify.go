package snapshot

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	parquet "github.com/parquet-go/parquet-go"

	"concord/schemas/table"
)

// Expectation is what a file is meant to be: the schema and metadata given to
// [NewWriter], and the [Summary] that Close returned.
type Expectation struct {
	Name    string // the file's name, for errors
	Schema  *arrow.Schema
	Options Options
	Summary Summary
}

// Visit is shown the chosen columns of the rows that the second reader
// found, a row group at a time, in the order in which they were chosen. first
// is the number of the first of the rows in the file. What is shown is valid
// until Visit returns. Its error ends the verification, and reaches the caller
// as it is.
type Visit func(first int64, rows int, columns []Found) error

// Verify reads a file with parquet-go, which shares no code with the writer,
// and compares it with what was meant: size and digest of the bytes, metadata,
// the schema element by element, rows, row groups, order, nulls and a digest
// of all values per column; and that no footer or page index knows a value of
// a direct identifier. The first difference is the error; it names the file
// and the column. Nothing of the file's content reaches an error.
func Verify(r io.ReaderAt, size int64, want Expectation) error {
	return VerifyRows(r, size, want, nil, nil)
}

// VerifyRows is Verify, and shows rows to visit as they are read: columns are
// the names of columns of texts, lists of texts or moments that visit is to see.
// Of lists it sees which are empty: their code is -1, as that of nulls.
func VerifyRows(r io.ReaderAt, size int64, want Expectation, columns []string, visit Visit) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("verify %s: the second reader gave up on it", want.Name)
		}
	}()
	v := &verification{want: want, visit: visit}
	if err := v.file(r, size, columns); err != nil {
		return fmt.Errorf("verify %s: %w", want.Name, err)
	}
	return nil
}

// verification is the state of a Verify.
type verification struct {
	want    Expectation
	visit   Visit
	columns []*columnReader
	shown   []*columnReader
	found   []Found
}

func (v *verification) file(r io.ReaderAt, size int64, shown []string) error {
	want := v.want
	if err := verifyBytes(r, size, want.Summary); err != nil {
		return err
	}
	f, err := parquet.OpenFile(r, size, parquet.SkipBloomFilters(true), parquet.SkipPageIndex(true))
	if err != nil {
		return errors.New("the second reader cannot open it")
	}
	if err := verifySchema(f, want.Schema); err != nil {
		return err
	}
	if err := verifyMetadata(f, fileSchema(want.Schema, want.Options)); err != nil {
		return err
	}
	if f.NumRows() != want.Summary.Rows {
		return fmt.Errorf("%d rows, want %d", f.NumRows(), want.Summary.Rows)
	}
	if len(want.Summary.Columns) != want.Schema.NumFields() {
		return fmt.Errorf("%d columns summarised, want %d", len(want.Summary.Columns), want.Schema.NumFields())
	}
	for i, field := range want.Schema.Fields() {
		if err := verifySilence(f, i, field); err != nil {
			return err
		}
	}
	if err := v.prepare(shown); err != nil {
		return err
	}
	first := int64(0)
	for _, g := range f.RowGroups() {
		if err := v.group(g, first); err != nil {
			return err
		}
		first += g.NumRows()
	}
	for i, c := range v.columns {
		if err := c.compare(want.Summary.Rows, want.Summary.Columns[i]); err != nil {
			return fmt.Errorf("column %q: %w", c.field.Name, err)
		}
	}
	return nil
}

// prepare makes a reader for each column.
func (v *verification) prepare(shown []string) error {
	for _, field := range v.want.Schema.Fields() {
		k, err := kindOf(field)
		if err != nil {
			return err
		}
		c := &columnReader{digest: newDigest(), field: field, kind: k}
		if field.Name == table.Meta(v.want.Schema, table.MetaSortedBy) {
			order, err := newSortCheck(v.want.Schema)
			if err != nil {
				return err
			}
			c.order = &order
		}
		v.columns = append(v.columns, c)
	}
	for _, name := range shown {
		at := v.want.Schema.FieldIndices(name)
		if len(at) != 1 || !slices.Contains([]kind{kindText, kindTexts, kindMoment}, v.columns[at[0]].kind) {
			return fmt.Errorf("no column %q of texts or moments", name)
		}
		v.columns[at[0]].keep = true
		v.shown = append(v.shown, v.columns[at[0]])
	}
	return nil
}

// group reads a row group, column by column.
func (v *verification) group(g parquet.RowGroup, first int64) error {
	chunks := g.ColumnChunks()
	for i, c := range v.columns {
		if err := c.chunk(chunks[i]); err != nil {
			return fmt.Errorf("column %q: %w", c.field.Name, err)
		}
		if c.rows != first+g.NumRows() {
			return fmt.Errorf("column %q: %d values up to a row group's end, want %d", c.field.Name, c.rows, first+g.NumRows())
		}
	}
	if v.visit == nil {
		return nil
	}
	v.found = v.found[:0]
	for _, c := range v.shown {
		v.found = append(v.found, c.found)
	}
	return v.visit(first, int(g.NumRows()), v.found)
}

func verifyBytes(r io.ReaderAt, size int64, want Summary) error {
	if size != want.Size {
		return fmt.Errorf("%d bytes, want %d", size, want.Size)
	}
	h := sha256.New()
	if _, err := io.CopyBuffer(struct{ io.Writer }{h}, io.NewSectionReader(r, 0, size), make([]byte, 256<<10)); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if hex.EncodeToString(h.Sum(nil)) != want.SHA256 {
		return errors.New("its bytes are not those that were written (SHA-256 differs)")
	}
	return nil
}

func verifyMetadata(f *parquet.File, want *arrow.Schema) error {
	m := want.Metadata()
	for i, key := range m.Keys() {
		if got, ok := f.Lookup(key); !ok || got != m.Values()[i] {
			return fmt.Errorf("metadata key %q is missing or differs", key)
		}
	}
	return nil
}

// verifySilence checks that the file tells nothing of a direct identifier
// outside its data pages, and of any column nothing that was not asked for.
func verifySilence(f *parquet.File, i int, field arrow.Field) error {
	for g := range f.Metadata().RowGroups {
		chunk := &f.Metadata().RowGroups[g].Columns[i]
		s := &chunk.MetaData.Statistics
		bounded := s.Min != nil || s.Max != nil || s.MinValue != nil || s.MaxValue != nil
		if bounded && table.IsDirect(field) {
			return fmt.Errorf("column %q: a direct identifier has statistics in row group %d", field.Name, g)
		}
		if chunk.ColumnIndexOffset != 0 || chunk.OffsetIndexOffset != 0 {
			return fmt.Errorf("column %q: has a page index in row group %d", field.Name, g)
		}
		if chunk.MetaData.BloomFilterOffset != 0 {
			return fmt.Errorf("column %q: has a bloom filter in row group %d", field.Name, g)
		}
	}
	return nil
}
