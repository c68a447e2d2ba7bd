package main

import (
	"context"
	"fmt"
	"os"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"

	"concord/jobs/engine"
	"concord/matching/column"
	"concord/schemas/attribute"
)

// load reads the records and encodes each field by dictionary: one column is
// one unit of work.
func load(path string, workers engine.Engine) (*column.Table, error) {
	columns := make([]column.Column, len(fields))
	err := workers.Each(context.Background(), len(fields), func(_, i int) (err error) {
		columns[i], err = loadColumn(path, fields[i])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load records: %w", err)
	}
	n := len(columns[0].Codes)
	t := &column.Table{N: n, Columns: columns, Source: make([]uint16, n), Hash: make([]uint64, n)}
	for r := range t.Hash {
		t.Hash[r] = uint64(r+1) * 0x9e3779b97f4a7c15 // 2^64 ÷ golden ratio: spreads the row numbers
	}
	return t, nil
}

// loadColumn decodes one column, batch by batch.
func loadColumn(path, name string) (c column.Column, err error) {
	f, err := os.Open(path)
	if err != nil {
		return c, err
	}
	defer f.Close()
	r, err := file.NewParquetReader(f)
	if err != nil {
		return c, err
	}
	at := r.MetaData().Schema.ColumnIndexByName(name)
	if at < 0 {
		return c, fmt.Errorf("%s has no column %q", path, name)
	}
	size, err := uncompressed(r, at)
	if err != nil {
		return c, err
	}
	e := newEncoder(name, int(r.NumRows()), size)
	for group := range r.NumRowGroups() {
		chunk, err := r.RowGroup(group).Column(at)
		if err != nil {
			return c, err
		}
		texts, ok := chunk.(*file.ByteArrayColumnChunkReader)
		if !ok {
			return c, fmt.Errorf("column %s of %s is no text", name, path)
		}
		for texts.HasNext() {
			rows, values, err := texts.ReadBatch(batchRows, e.values[:], e.levels[:], nil)
			if err != nil {
				return c, err
			}
			e.add(e.values[:values], e.levels[:rows])
		}
		if err := texts.Err(); err != nil {
			return c, err
		}
	}
	return e.column, nil
}

// uncompressed is how many bytes the pages of a column hold: as much as its
// distinct values take at most.
func uncompressed(r *file.Reader, column int) (size int64, err error) {
	for group := range r.NumRowGroups() {
		chunk, err := r.MetaData().RowGroup(group).ColumnChunk(column)
		if err != nil {
			return 0, err
		}
		size += chunk.TotalUncompressedSize()
	}
	return size, nil
}

// batchRows is how many rows are decoded at a time: what is noted of each stays
// in the first-level cache.
const batchRows = 512

// encoder gives the values of a column their codes. Code 0 is null.
type encoder struct {
	column column.Column
	codes  *dictionary
	values [batchRows]parquet.ByteArray
	levels [batchRows]int16
	hashes [batchRows]uint32
}

// newEncoder makes room for all rows and for size bytes of distinct values, so
// that they are not copied again and again as they grow.
func newEncoder(name string, rows int, size int64) *encoder {
	e := &encoder{column: column.Column{Name: attribute.Name(name), Count: []uint32{0}, Codes: make([]uint32, 0, rows)}}
	e.column.Values.Bytes = make([]byte, 0, size)
	e.column.Values.Append("")
	e.codes = newDictionary(&e.column)
	return e
}

// add encodes a batch. The dictionary is visited three times for all values of
// the batch rather than once for each, so that the processor waits for many cache
// lines at once.
func (e *encoder) add(values []parquet.ByteArray, levels []int16) {
	hashes := e.hashes[:len(values)]
	for i, v := range values {
		hashes[i] = e.codes.hash(v)
	}
	e.codes.touch(hashes)
	next := 0
	for _, level := range levels {
		code := uint32(0)
		if level > 0 {
			code = e.codes.code(values[next], hashes[next])
			next++
		}
		e.column.Codes = append(e.column.Codes, code)
		e.column.Count[code]++
	}
}
