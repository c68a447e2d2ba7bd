package snapshot

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"pgregory.net/rapid"

	"concord/schemas/attribute"
	"concord/schemas/table"
)

// Whatever the rows, the second reader finds what was meant.
func TestWrittenTablesVerify(t *testing.T) {
	for _, s := range publishedTables() {
		t.Run(table.Meta(s, table.MetaTable), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				n, draw := drawn(rt)
				o := aboutFile
				o.RowGroup = rapid.Int64Range(7, 50).Draw(rt, "row group")
				data, sum := write(t, s, o, n, draw)
				if err := Verify(bytes.NewReader(data), int64(len(data)), Expectation{"f", s, o, sum}); err != nil {
					rt.Fatal(err)
				}
			})
		})
	}
}

// A table read back and written again, in other batches, is the same file:
// neither batches nor the way through a reader leave a trace.
func TestBatchesDoNotShow(t *testing.T) {
	for _, s := range publishedTables() {
		first, sum := write(t, s, aboutFile, 3000, mixed)
		r, err := Open(bytes.NewReader(first), int64(len(first)), "f", nil)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		w, err := NewWriter(&out, r.Schema(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		for {
			b, err := r.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			for lo := int64(0); lo < b.NumRows(); {
				hi := min(lo+1+lo%700, b.NumRows())
				if err := w.Write(b.NewSlice(lo, hi)); err != nil {
					t.Fatal(err)
				}
				lo = hi
			}
		}
		again, err := w.Close()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, out.Bytes()) || fmt.Sprint(sum) != fmt.Sprint(again) {
			t.Errorf("%s: written again it is another file", table.Meta(s, table.MetaTable))
		}
	}
}

func TestRowsOutOfOrderAreRefused(t *testing.T) {
	for name, ids := range map[string][]string{"descending": {"p2", "p1"}, "repeated": {"p1", "p1"}} {
		w, err := NewWriter(io.Discard, table.Decisions(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		rows := w.Rows()
		for _, id := range ids {
			rows.Text(0, id)
			rows.Text(1, "new")
			rows.Texts(2, nil)
			rows.Int(3, 1)
			rows.Null(4)
			if err := rows.End(); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.Close(); err == nil || !strings.Contains(err.Error(), `table decisions: row 1: column "golden_id"`) {
			t.Errorf("%s ids: got %v", name, err)
		}
	}
}

func TestRowsWithAMissingValueAreRefused(t *testing.T) {
	w, err := NewWriter(io.Discard, table.Decisions(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	rows := w.Rows()
	rows.Text(0, "p1")
	if err := rows.End(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Close(); err == nil || !strings.Contains(err.Error(), `column "decision" has 0 values`) {
		t.Errorf("got %v", err)
	}
}

func TestUnknownTypesAreRefused(t *testing.T) {
	m := arrow.NewMetadata([]string{table.MetaTable, table.MetaSortedBy}, []string{"x", "id"})
	for _, typ := range []arrow.DataType{arrow.FixedWidthTypes.Timestamp_ns, arrow.PrimitiveTypes.Uint64,
		arrow.ListOf(arrow.BinaryTypes.String), &arrow.Decimal128Type{Precision: 9, Scale: 2}} {
		s := arrow.NewSchema([]arrow.Field{{Name: "id", Type: arrow.BinaryTypes.String}, {Name: "v", Type: typ}}, &m)
		if _, err := NewWriter(io.Discard, s, Options{}); err == nil || !strings.Contains(err.Error(), `column "v"`) {
			t.Errorf("%s: got %v", typ, err)
		}
	}
}

// BenchmarkWriteProfiles writes a million profiles: 12 attributes, 2 flags and
// the consent columns.
func BenchmarkWriteProfiles(b *testing.B) {
	const n = 1_000_000
	s := benchSchema()
	values, codes := benchColumns(n)
	b.ReportAllocs()
	var size int64
	for range b.N {
		w, err := NewWriter(io.Discard, s, aboutFile)
		if err != nil {
			b.Fatal(err)
		}
		if err := writeColumns(w, values, codes); err != nil {
			b.Fatal(err)
		}
		sum, err := w.Close()
		if err != nil {
			b.Fatal(err)
		}
		size = sum.Size
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(size)/n, "B/row")
}

// BenchmarkVerifyProfiles reads the same million profiles with the second
// reader.
func BenchmarkVerifyProfiles(b *testing.B) {
	const n = 1_000_000
	var out bytes.Buffer
	w, err := NewWriter(&out, benchSchema(), aboutFile)
	if err != nil {
		b.Fatal(err)
	}
	values, codes := benchColumns(n)
	if err := writeColumns(w, values, codes); err != nil {
		b.Fatal(err)
	}
	sum, err := w.Close()
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for range b.N {
		if err := Verify(bytes.NewReader(out.Bytes()), sum.Size, Expectation{"f", benchSchema(), aboutFile, sum}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func benchSchema() *arrow.Schema {
	var columns []table.ProfileColumn
	for _, a := range []attribute.Name{attribute.GivenName, attribute.FamilyName, attribute.Email, attribute.Phone,
		attribute.HouseNumber, attribute.Street, attribute.City, attribute.Region, attribute.Postcode,
		attribute.Country, attribute.BirthDate, attribute.Sex} {
		columns = append(columns, table.ProfileColumn{Attribute: a})
	}
	return table.Profiles(columns, []string{"email", "phone"})
}

// benchColumns makes as many distinct values per attribute as a customer base
// has, and a fifth of nulls.
func benchColumns(n int) (values []table.Strings, codes [][]uint32) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, distinct := range []int{5_000, 30_000, n, n, 300, 20_000, 3_000, 50, 20_000, 12, 20_000, 2} {
		var v table.Strings
		v.Append("")
		for i := range distinct {
			v.Append(fmt.Sprintf("%x value", uint32(i)*2654435761))
		}
		c := make([]uint32, n)
		for i := range c {
			if random.IntN(5) > 0 {
				c[i] = 1 + random.Uint32N(uint32(distinct))
			}
		}
		values, codes = append(values, v), append(codes, c)
	}
	return values, codes
}

func writeColumns(w *Writer, values []table.Strings, codes [][]uint32) error {
	rows := w.Rows()
	permitted := []string{"marketing.communications"}
	for lo := 0; lo < len(codes[0]); {
		hi := min(lo+min(batchRows, rows.Room()), len(codes[0]))
		for r := lo; r < hi; r++ {
			rows.Text(0, fmt.Sprintf("p1_%026d", r))
			rows.Text(1, "Northwind")
			rows.Text(2, "north")
			rows.Bool(15, r%2 == 0)
			rows.Bool(16, r%3 == 0)
			rows.Time(17, int64(r%1000)*86_400_000_000)
			rows.Time(18, 0)
			rows.Text(19, "opt_in")
			rows.Text(20, "no")
			rows.Texts(21, permitted[:0])
			rows.Texts(22, permitted)
			rows.Texts(23, nil)
			rows.Bool(24, false)
		}
		for i := range values {
			for _, code := range codes[i][lo:hi] {
				rows.TextOrNull(3+i, values[i].At(code))
			}
		}
		if err := rows.EndRows(hi - lo); err != nil {
			return err
		}
		lo = hi
	}
	return nil
}
