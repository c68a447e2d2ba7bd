package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/parquet-go/parquet-go"
	xreader "github.com/xitongsys/parquet-go/reader"
	"github.com/xitongsys/parquet-go/source"
)

// reader reads a whole file and returns rows and a digest of all values.
type reader struct {
	name string
	read func([]byte) (string, error)
	// mistyped reads the file as if its text column held numbers.
	mistyped func([]byte) (string, error)
}

var readers = []reader{
	{"arrow-go v18", readArrow, readArrowMistyped},
	{"parquet-go", readParquetGo, readParquetGoMistyped},
	{"xitongsys", readXitongsys, readXitongsysMistyped},
}

func readerOf(name string) reader {
	for _, r := range readers {
		if r.name == name {
			return r
		}
	}
	panic("no reader " + name)
}

func summary(rows int, digest []byte) string {
	return fmt.Sprintf("%d rows, digest %x", rows, digest[:4])
}

func readArrow(data []byte) (string, error) {
	f, err := file.NewParquetReader(bytes.NewReader(data))
	if err != nil {
		return "", err
	}
	r, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		return "", err
	}
	t, err := r.ReadTable(context.Background())
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	for i := range int(t.NumCols()) {
		for _, chunk := range t.Column(i).Data().Chunks() {
			for k := range chunk.Len() {
				fmt.Fprintln(sum, chunk.ValueStr(k))
			}
		}
	}
	return summary(int(t.NumRows()), sum.Sum(nil)), nil
}

func readArrowMistyped(data []byte) (string, error) {
	f, err := file.NewParquetReader(bytes.NewReader(data))
	if err != nil {
		return "", err
	}
	r, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		return "", err
	}
	t, err := r.ReadTable(context.Background())
	if err != nil {
		return "", err
	}
	if _, ok := t.Column(0).Data().Chunk(0).(*array.Int64); !ok {
		return "", fmt.Errorf("the caller sees the type of the file: %s", t.Column(0).DataType())
	}
	return "numbers", nil
}

func readParquetGo(data []byte) (string, error) {
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	n := 0
	for _, g := range f.RowGroups() {
		for _, c := range g.ColumnChunks() {
			if n, err = readChunk(c, sum); err != nil {
				return "", err
			}
		}
	}
	return summary(n, sum.Sum(nil)), nil
}

func readChunk(c parquet.ColumnChunk, to io.Writer) (n int, err error) {
	pages := c.Pages()
	defer func() { err = errors.Join(err, pages.Close()) }()
	values := make([]parquet.Value, 512)
	for {
		p, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		for r := p.Values(); ; {
			k, err := r.ReadValues(values)
			for _, v := range values[:k] {
				fmt.Fprintln(to, v)
			}
			n += k
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return n, err
			}
		}
	}
}

// mistypedRow is not what the file holds: name is text there.
type mistypedRow struct {
	Name int64 `parquet:"name"`
	Age  int64 `parquet:"age"`
}

func readParquetGoMistyped(data []byte) (string, error) {
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "", err
	}
	r := parquet.NewGenericReader[mistypedRow](f)
	rows := make([]mistypedRow, fileRows)
	n, err := r.Read(rows)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return fmt.Sprintf("%d rows, the first is %v", n, rows[0]), nil
}

func readXitongsys(data []byte) (string, error) {
	r, err := xreader.NewParquetColumnReader(&inMemory{bytes.NewReader(data), data}, 1)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	for i := range int64(2) {
		values, _, _, err := r.ReadColumnByIndex(i, r.GetNumRows())
		if err != nil {
			return "", err
		}
		for _, v := range values {
			fmt.Fprintln(sum, v)
		}
	}
	return summary(int(r.GetNumRows()), sum.Sum(nil)), nil
}

type xitongsysRow struct {
	Name int64 `parquet:"name=name, type=INT64"`
	Age  int64 `parquet:"name=age, type=INT64"`
}

func readXitongsysMistyped(data []byte) (string, error) {
	r, err := xreader.NewParquetReader(&inMemory{bytes.NewReader(data), data}, new(xitongsysRow), 1)
	if err != nil {
		return "", err
	}
	rows := make([]xitongsysRow, fileRows)
	if err := r.Read(&rows); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d rows, the first is %v", len(rows), rows[0]), nil
}

// inMemory is a file of bytes as xitongsys wants it.
type inMemory struct {
	*bytes.Reader
	data []byte
}

func (f *inMemory) Open(string) (source.ParquetFile, error) {
	return &inMemory{bytes.NewReader(f.data), f.data}, nil
}
func (f *inMemory) Create(string) (source.ParquetFile, error) { return nil, errors.New("read only") }
func (f *inMemory) Write([]byte) (int, error)                 { return 0, errors.New("read only") }
func (f *inMemory) Close() error                              { return nil }
