package snapshot

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

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

// Verify reads a file with parquet-go, which shares no code with the writer,
// and compares it with what was meant: size and digest of the bytes, metadata,
// the schema element by element, rows, row groups, order, nulls and a digest
// of all values per column; and that no footer or page index knows a value of
// a direct identifier. The first difference is the error; it names the file
// and the column. Nothing of the file's content reaches an error.
func Verify(r io.ReaderAt, size int64, want Expectation) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("verify %s: the second reader gave up on it", want.Name)
		}
	}()
	if err := verify(r, size, want); err != nil {
		return fmt.Errorf("verify %s: %w", want.Name, err)
	}
	return nil
}

func verify(r io.ReaderAt, size int64, want Expectation) error {
	if err := verifyBytes(r, size, want.Summary); err != nil {
		return err
	}
	f, err := parquet.OpenFile(r, size, parquet.SkipBloomFilters(true))
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
		if err := verifyValues(f, i, want); err != nil {
			return fmt.Errorf("column %q: %w", field.Name, err)
		}
	}
	return nil
}

func verifyBytes(r io.ReaderAt, size int64, want Summary) error {
	if size != want.Size {
		return fmt.Errorf("%d bytes, want %d", size, want.Size)
	}
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(r, 0, size)); err != nil {
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

// verifyValues reads column i through all row groups.
func verifyValues(f *parquet.File, i int, want Expectation) error {
	field := want.Schema.Field(i)
	k, err := kindOf(field)
	if err != nil {
		return err
	}
	c := &columnReader{digest: newDigest(), kind: k, nullable: field.Nullable}
	if field.Name == table.Meta(want.Schema, table.MetaSortedBy) {
		order, err := newSortCheck(want.Schema)
		if err != nil {
			return err
		}
		c.order = &order
	}
	for _, g := range f.RowGroups() {
		if err := c.chunk(g.ColumnChunks()[i]); err != nil {
			return err
		}
	}
	c.endRow()
	expected := want.Summary.Columns[i]
	switch {
	case expected.Name != field.Name:
		return fmt.Errorf("summarised as %q", expected.Name)
	case c.rows != want.Summary.Rows:
		return fmt.Errorf("%d values, want %d", c.rows, want.Summary.Rows)
	case c.digest.nulls != expected.Nulls:
		return fmt.Errorf("%d nulls, want %d", c.digest.nulls, expected.Nulls)
	case c.digest.sum() != expected.Digest:
		return errors.New("values are not those that were written (digest differs)")
	}
	return nil
}

// columnReader feeds the values of one column, as the second reader finds
// them, to a digest.
type columnReader struct {
	digest   *digest
	kind     kind
	nullable bool
	order    *sortCheck
	rows     int64
	inList   bool
	buf      [512]parquet.Value
}

func (c *columnReader) chunk(chunk parquet.ColumnChunk) error {
	pages := chunk.Pages()
	defer pages.Close()
	for {
		page, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errors.New("the second reader cannot read a page of it")
		}
		err = c.page(page)
		parquet.Release(page)
		if err != nil {
			return err
		}
	}
}

func (c *columnReader) page(page parquet.Page) error {
	values := page.Values()
	for {
		n, err := values.ReadValues(c.buf[:])
		for i := range n {
			if err := c.value(&c.buf[i]); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errors.New("the second reader cannot read a value of it")
		}
	}
}

// value takes a leaf value with its levels. The depth of a list's leaf is 2
// for a nullable list (0 null, 1 empty, 2 element), 1 for a required one.
func (c *columnReader) value(v *parquet.Value) error {
	if c.kind != kindTexts && c.kind != kindFloats {
		c.rows++
		if v.IsNull() {
			c.digest.null()
			return nil
		}
		return c.scalar(v)
	}
	if v.RepetitionLevel() == 0 {
		c.endRow()
		c.rows++
		if c.nullable && v.DefinitionLevel() == 0 {
			c.digest.null()
			return nil
		}
		c.digest.listStart()
		c.inList = true
	}
	if v.IsNull() {
		return nil // the mark of an empty list
	}
	return c.scalar(v)
}

func (c *columnReader) endRow() {
	if c.inList {
		c.digest.listEnd()
		c.inList = false
	}
}

func (c *columnReader) scalar(v *parquet.Value) error {
	switch c.kind {
	case kindText, kindBytes, kindTexts:
		c.digest.bytes(v.ByteArray())
		if c.order != nil {
			return c.order.next(string(v.ByteArray()), c.rows-1)
		}
	case kindBool:
		c.digest.boolean(v.Boolean())
	case kindInt32:
		c.digest.integer(int64(v.Int32()))
	case kindInt64, kindMoment:
		c.digest.integer(v.Int64())
	case kindFloat, kindFloats:
		c.digest.float(v.Double())
	}
	return nil
}
