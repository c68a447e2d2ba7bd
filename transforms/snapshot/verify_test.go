package snapshot

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"pgregory.net/rapid"

	"concord/schemas/attribute"
	"concord/schemas/table"
)

func verifyAs(data []byte, want Expectation) error {
	return Verify(bytes.NewReader(data), int64(len(data)), want)
}

// Changing any byte of the file is noticed.
func TestVerifyNoticesAnyByte(t *testing.T) {
	s := publishedTables()[0]
	data, sum := write(t, s, aboutFile, 200, mixed)
	rapid.Check(t, func(rt *rapid.T) {
		changed := slices.Clone(data)
		changed[rapid.IntRange(0, len(data)-1).Draw(rt, "at")] ^= byte(rapid.IntRange(1, 255).Draw(rt, "flip"))
		if verifyAs(changed, Expectation{"f", s, aboutFile, sum}) == nil {
			rt.Fatal("a changed byte went unnoticed")
		}
	})
	if verifyAs(data[:len(data)-1], Expectation{"f", s, aboutFile, sum}) == nil {
		t.Error("a missing byte went unnoticed")
	}
}

// A file whose bytes are as they were written, and whose content is not what
// was meant, is refused with the name of the file and the column.
func TestVerifyNoticesWhatWasNotMeant(t *testing.T) {
	s := publishedTables()[0]
	data, sum := write(t, s, aboutFile, 200, mixed)
	other, otherSum := write(t, s, aboutFile, 200, func(row, col int) int {
		if row == 150 && s.Field(col).Name == "city" {
			return mixed(row, col) + 1
		}
		return mixed(row, col)
	})
	swapped := sum
	swapped.Columns = slices.Clone(sum.Columns)
	swapped.SHA256, swapped.Size = otherSum.SHA256, otherSum.Size
	city := slices.IndexFunc(sum.Columns, func(c ColumnSummary) bool { return c.Name == "city" })
	swapped.Columns[city].Nulls = otherSum.Columns[city].Nulls

	nulls := sum
	nulls.Columns = slices.Clone(sum.Columns)
	nulls.Columns[city].Nulls++
	rows := sum
	rows.Rows++
	later := Options{Metadata: slices.Clone(aboutFile.Metadata)}
	later.Metadata[1].Value = "2026-06-01T00:00:00Z"

	for name, c := range map[string]struct {
		data []byte
		want Expectation
		msg  string
	}{
		"another value":    {other, Expectation{"f", s, aboutFile, swapped}, `verify f: column "city": values`},
		"other nulls":      {data, Expectation{"f", s, aboutFile, nulls}, `column "city": `},
		"other rows":       {data, Expectation{"f", s, aboutFile, rows}, "200 rows, want 201"},
		"another as-of":    {data, Expectation{"f", s, later, sum}, `"as_of"`},
		"another table":    {data, Expectation{"f", table.ProfileConsents(), aboutFile, sum}, "schema"},
		"nullable column":  {data, Expectation{"f", withNullable(s, "controller"), aboutFile, sum}, `column "controller" REQUIRED`},
		"not Parquet":      parquetNot(s),
		"one column fewer": {data, Expectation{"f", s, aboutFile, Summary{sum.Rows, sum.Size, sum.SHA256, sum.Columns[1:]}}, "columns summarised"},
	} {
		t.Run(name, func(t *testing.T) {
			err := verifyAs(c.data, c.want)
			if err == nil || !strings.Contains(err.Error(), c.msg) {
				t.Errorf("got %v, want an error with %q", err, c.msg)
			}
		})
	}
}

func parquetNot(s *arrow.Schema) struct {
	data []byte
	want Expectation
	msg  string
} {
	junk := bytes.Repeat([]byte("not parquet "), 100)
	return struct {
		data []byte
		want Expectation
		msg  string
	}{junk, Expectation{"f", s, aboutFile, Summary{Size: int64(len(junk)), SHA256: digestOf(junk)}}, "cannot open"}
}

func withNullable(s *arrow.Schema, column string) *arrow.Schema {
	fields := slices.Clone(s.Fields())
	for i := range fields {
		if fields[i].Name == column {
			fields[i].Nullable = true
		}
	}
	m := s.Metadata()
	return arrow.NewSchema(fields, &m)
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// A writer that does keep statistics, a page index or a bloom filter of a
// direct identifier is caught.
func TestVerifyNoticesTalkativeFooters(t *testing.T) {
	s := table.Profiles([]table.ProfileColumn{{Attribute: attribute.Email}}, nil)
	good, sum := write(t, s, aboutFile, 50, mixed)
	if err := verifyAs(good, Expectation{"f", s, aboutFile, sum}); err != nil {
		t.Fatal(err)
	}
	r, err := Open(bytes.NewReader(good), int64(len(good)), "f", nil)
	if err != nil {
		t.Fatal(err)
	}
	batch, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		talk parquet.WriterProperty
		msg  string
	}{
		"statistics":   {parquet.WithStats(true), `column "email": a direct identifier has statistics`},
		"page index":   {parquet.WithPageIndexEnabled(true), "has a page index"},
		"bloom filter": {parquet.WithBloomFilterEnabledFor("email", true), `column "email": has`},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			props := []parquet.WriterProperty{parquet.WithStats(false), c.talk}
			w, err := pqarrow.NewFileWriter(fileSchema(s, aboutFile), &out, parquet.NewWriterProperties(props...), pqarrow.NewArrowWriterProperties())
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Write(array.NewRecordBatch(s, batch.Columns(), batch.NumRows())); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			want := sum
			want.SHA256, want.Size = digestOf(out.Bytes()), int64(out.Len())
			if err := verifyAs(out.Bytes(), Expectation{"f", s, aboutFile, want}); err == nil || !strings.Contains(err.Error(), c.msg) {
				t.Errorf("got %v, want an error with %q", err, c.msg)
			}
		})
	}
}
