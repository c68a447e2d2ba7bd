package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/apache/arrow-go/v18/arrow/array"

	"concord/jobs/engine"
	"concord/matching/column"
	"concord/schemas/attribute"
	"concord/transforms/extract"
)

// load reads the records with the product's own Parquet reader and encodes
// each field by dictionary: one column is one unit of work.
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

func loadColumn(path, name string) (column.Column, error) {
	c := column.Column{Name: attribute.Name(name), Count: []uint32{0}}
	c.Values.Append("")
	f, err := os.Open(path)
	if err != nil {
		return c, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return c, err
	}
	r, err := extract.Open(extract.Source{At: f, Size: info.Size()}, extract.Dialect{Format: extract.Parquet}, extract.Limits{}, []string{name})
	if err != nil {
		return c, err
	}
	defer r.Close()
	codes := newDictionary(&c)
	for {
		batch, err := r.Next()
		if errors.Is(err, io.EOF) {
			return c, nil
		}
		if err != nil {
			return c, err
		}
		encode(&c, codes, batch.Records.Column(0).(*array.String))
	}
}

// encode appends a batch's values. Code 0 is null.
func encode(c *column.Column, codes *dictionary, values *array.String) {
	for i := range values.Len() {
		code := uint32(0)
		if values.IsValid(i) {
			code = codes.code(values.Value(i))
		}
		c.Codes = append(c.Codes, code)
		c.Count[code]++
	}
}
