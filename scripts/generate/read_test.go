package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"golang.org/x/text/encoding/charmap"
)

// contents are the rows of every file under dir, by file, as text: packed
// files unpacked, Parquet as JSON lines.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		all[name] = text(t, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func text(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	switch filepath.Ext(path) {
	case ".gz":
		r, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if raw, err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	case ".parquet":
		return parquetText(t, raw)
	}
	return string(raw)
}

func parquetText(t *testing.T, raw []byte) string {
	t.Helper()
	r, err := file.NewParquetReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	arrows, err := pqarrow.NewFileReader(r, pqarrow.ArrowReadProperties{BatchSize: 1 << 12}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	batches, err := arrows.GetRecordReader(context.Background(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer batches.Release()
	var b strings.Builder
	for batches.Next() {
		batch := batches.RecordBatch()
		for row := range int(batch.NumRows()) {
			cells := make([]any, batch.NumCols())
			for i, c := range batch.Columns() {
				cells[i] = c.GetOneForMarshal(row)
			}
			line, err := json.Marshal(cells)
			if err != nil {
				t.Fatal(err)
			}
			b.Write(append(line, '\n'))
		}
	}
	if err := batches.Err(); err != nil && err != io.EOF {
		t.Fatal(err)
	}
	return b.String()
}

// csvRows reads delimited text as a standard reader does, header first.
func csvRows(t *testing.T, text string, delim rune) [][]string {
	t.Helper()
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = delim
	rows, err := r.ReadAll() // refuses rows of another length than the header's
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func decode1252(t *testing.T, s string) string {
	t.Helper()
	out, err := charmap.Windows1252.NewDecoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// column is a column of rows, without the header.
func column(t *testing.T, rows [][]string, name string) []string {
	t.Helper()
	i := slices.Index(rows[0], name)
	if i < 0 {
		t.Fatalf("no column %q among %v", name, rows[0])
	}
	var out []string
	for _, r := range rows[1:] {
		out = append(out, r[i])
	}
	return out
}

// order is a row of the shop's extract.
type order struct {
	Customer struct {
		ID   string
		Name struct{ First, Last *string }
		// The tag keeps encoding/json from matching another key.
		Emails []string `json:"emails"`
	}
	Shipping *struct {
		Street                         string
		City, State, Postcode, Country *string
	}
	DeviceIDs []string `json:"device_ids"`
	CreatedAt string   `json:"created_at"`
}

func orders(t *testing.T, text string) []order {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	var out []order
	for d.More() {
		var o order
		if err := d.Decode(&o); err != nil {
			t.Fatal(err)
		}
		out = append(out, o)
	}
	return out
}
