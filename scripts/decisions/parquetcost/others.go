package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
	"github.com/xitongsys/parquet-go/reader"
	"github.com/xitongsys/parquet-go/source"

	"concord/scripts/decisions/parquetcost/people"
)

// row is the table's row as parquet-go's generic writer takes it.
type row struct {
	ID       string   `parquet:"id"`
	Given    string   `parquet:"given,dict"`
	Family   string   `parquet:"family,dict"`
	Email    string   `parquet:"email"`
	Phone    string   `parquet:"phone"`
	Street   string   `parquet:"street,dict"`
	City     string   `parquet:"city,dict"`
	Postcode string   `parquet:"postcode,dict"`
	May      bool     `parquet:"may"`
	Minor    bool     `parquet:"minor"`
	Until    int64    `parquet:"until,timestamp(microsecond)"`
	Tags     []string `parquet:"tags,list"`
}

func genericRows(p *people.Table) []row {
	out := make([]row, len(p.ID))
	for i := range out {
		out[i] = row{p.ID[i], p.Given[i], p.Family[i], p.Email[i], p.Phone[i], p.Street[i], p.City[i], p.Postcode[i], p.May[i], p.Minor[i], p.Until[i], p.Tags[i]}
	}
	return out
}

func writeGeneric(w io.Writer, all []row) error {
	g := parquet.NewGenericWriter[row](w, parquet.Compression(&zstd.Codec{Level: zstd.SpeedFastest}), parquet.MaxRowsPerRowGroup(1<<17))
	if _, err := g.Write(all); err != nil {
		return err
	}
	return g.Close()
}

// readGeneric reads every value of every page, as the verification of a
// snapshot does.
func readGeneric(data []byte) error {
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	values := make([]parquet.Value, 1<<12)
	for _, g := range f.RowGroups() {
		for _, c := range g.ColumnChunks() {
			if err := readPages(c.Pages(), values); err != nil {
				return err
			}
		}
	}
	if f.NumRows() != people.Rows {
		return fmt.Errorf("read %d rows", f.NumRows())
	}
	return nil
}

func readPages(pages parquet.Pages, values []parquet.Value) (err error) {
	defer func() { err = errors.Join(err, pages.Close()) }()
	for {
		p, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		for r := p.Values(); ; {
			if _, err := r.ReadValues(values); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return err
			}
		}
		parquet.Release(p)
	}
}

func readXitongsys(data []byte) error {
	r, err := reader.NewParquetColumnReader(&inMemory{bytes.NewReader(data), data}, 1)
	if err != nil {
		return err
	}
	for i := range int64(12) {
		values, _, _, err := r.ReadColumnByIndex(i, people.Rows)
		if err != nil {
			return err
		}
		if len(values) < people.Rows {
			return fmt.Errorf("column %d: %d values", i, len(values))
		}
	}
	return nil
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
