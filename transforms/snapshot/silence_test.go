package snapshot

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet/file"

	"concord/schemas/table"
)

// canaries writes a file in which every text value names its column.
func canaries(t *testing.T, s *arrow.Schema) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := NewWriter(&out, s, aboutFile)
	if err != nil {
		t.Fatal(err)
	}
	rows := w.Rows()
	for r := range 300 {
		for c, f := range s.Fields() {
			k, _ := kindOf(f)
			switch {
			case c == w.order.at:
				fillValue(rows, w, r, c, f, 1)
			case k == kindText:
				rows.Text(c, canary(f))
			case k == kindTexts:
				rows.Texts(c, []string{canary(f)})
			case k == kindBytes:
				rows.Bytes(c, []byte(canary(f)))
			default:
				fillValue(rows, w, r, c, f, 1)
			}
		}
		if err := rows.End(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func canary(f arrow.Field) string { return "canary." + f.Name + "@example.org" }

// Nothing of a direct identifier is readable where readers look before they
// look at data: neither in the footer's bytes nor in a page header, which
// state no bounds at all. The same look finds the bounds of other columns in
// the footer, so it would find a leak.
func TestFooterAndPageHeadersAreSilentOnDirectIdentifiers(t *testing.T) {
	seen := 0
	for _, s := range publishedTables() {
		data := canaries(t, s)
		footer := footerOf(t, data)
		headers := pageBounds(t, data)
		for i, f := range s.Fields() {
			inFooter := bytes.Contains(footer, []byte(canary(f)))
			inHeader := strings.Contains(headers[i], canary(f))
			if table.IsDirect(f) && (inFooter || inHeader) {
				t.Errorf("%s: %q is readable: in the footer %v, in a page header %v", table.Meta(s, table.MetaTable), f.Name, inFooter, inHeader)
			}
			if inHeader {
				t.Errorf("%s: %q has bounds in a page header", table.Meta(s, table.MetaTable), f.Name)
			}
			if inFooter {
				seen++
			}
		}
	}
	if seen == 0 {
		t.Error("no bounds of any column were found in footers: this test is blind")
	}
}

// footerOf is the footer's bytes, by the layout of the format: the last eight
// bytes of the file are the footer's length and "PAR1".
func footerOf(t *testing.T, data []byte) []byte {
	t.Helper()
	tail := data[len(data)-8:]
	if string(tail[4:]) != "PAR1" {
		t.Fatal("no Parquet file")
	}
	n := int(binary.LittleEndian.Uint32(tail))
	return data[len(data)-8-n : len(data)-8]
}

// pageBounds is, by column, what the headers of its data pages state as
// bounds.
func pageBounds(t *testing.T, data []byte) []string {
	t.Helper()
	f, err := file.NewParquetReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out := make([]string, f.MetaData().Schema.NumColumns())
	for g := range f.NumRowGroups() {
		for c := range out {
			pages, err := f.RowGroup(g).GetColumnPageReader(c)
			if err != nil {
				t.Fatal(err)
			}
			for pages.Next() {
				if p, ok := pages.Page().(file.DataPage); ok {
					stats := p.Statistics()
					out[c] += string(stats.Min) + string(stats.Max)
				}
			}
		}
	}
	return out
}
