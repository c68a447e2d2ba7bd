package extract

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// parquetFile writes rows, given as JSON, with the given schema.
func parquetFile(t testing.TB, schema *arrow.Schema, rows string, opts ...parquet.WriterProperty) []byte {
	t.Helper()
	rec, _, err := array.RecordFromJSON(memory.DefaultAllocator, schema, strings.NewReader(rows))
	if err != nil {
		t.Fatal(err)
	}
	return writeParquet(t, rec, opts...)
}

func writeParquet(t testing.TB, rec arrow.RecordBatch, opts ...parquet.WriterProperty) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := pqarrow.NewFileWriter(rec.Schema(), &b, parquet.NewWriterProperties(opts...), pqarrow.DefaultWriterProps())
	if err == nil {
		err = w.Write(rec)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func field(name string, t arrow.DataType) arrow.Field {
	return arrow.Field{Name: name, Type: t, Nullable: true}
}

var nestedSchema = arrow.NewSchema([]arrow.Field{
	{Name: "id", Type: arrow.PrimitiveTypes.Int64}, // required
	field("name", arrow.StructOf(field("first", arrow.BinaryTypes.String), field("last", arrow.BinaryTypes.String))),
	field("emails", arrow.ListOf(arrow.BinaryTypes.String)),
	field("addresses", arrow.ListOf(arrow.StructOf(field("city", arrow.BinaryTypes.String), field("zip", arrow.PrimitiveTypes.Int32)))),
	field("grid", arrow.ListOf(arrow.ListOf(arrow.PrimitiveTypes.Int32))),
}, nil)

const nestedRows = `[
	{"id":1,"name":{"first":"Ana","last":"Díaz"},"emails":["a","b"],"addresses":[{"city":"Lyon","zip":1},{"city":"Paris"}],"grid":[[1,2],[],[3]]},
	{"id":2,"name":null,"emails":[],"addresses":[],"grid":[]},
	{"id":3,"name":{"last":""},"emails":[null,"c"],"addresses":[null,{"zip":2}],"grid":[null]},
	{"id":4}
]`

func TestParquetNested(t *testing.T) {
	want := []string{
		"1: [1 2 3]|1|Ana|Díaz|[a b]|[Lyon Paris]|[1 ∅]",
		"2: []|2|∅|∅|[]|[]|[]",
		"3: []|3|∅||[∅ c]|[∅ ∅]|[∅ 2]",
		"4: ∅|4|∅|∅|∅|∅|∅",
	}
	for name, opts := range map[string][]parquet.WriterProperty{
		"plain":      {parquet.WithDictionaryDefault(false)},
		"dictionary": {parquet.WithDictionaryDefault(true), parquet.WithCompression(compress.Codecs.Zstd)},
		"version 2":  {parquet.WithDataPageVersion(parquet.DataPageV2), parquet.WithCompression(compress.Codecs.Snappy)},
		"tiny pages": {parquet.WithDataPageSize(1), parquet.WithBatchSize(1), parquet.WithMaxRowGroupLength(2), parquet.WithDictionaryDefault(false)},
	} {
		t.Run(name, func(t *testing.T) {
			alloc := memory.NewCheckedAllocator(memory.DefaultAllocator)
			defer alloc.AssertSize(t, 0)
			r, err := open(bytesSource(parquetFile(t, nestedSchema, nestedRows, opts...)), Dialect{}, Limits{},
				[]string{"grid[][]", "id", "name.first", "name.last", "emails[]", "addresses[].city", "addresses[].zip"}, alloc)
			if err != nil {
				t.Fatal(err)
			}
			got := drain(r)
			if err := errors.Join(got.err, r.Close()); err != nil {
				t.Fatal(err)
			}
			wantLines(t, "rows", got.rows, want...)
			wantLines(t, "columns", r.Columns(), "id", "name.first", "name.last", "emails[]", "addresses[].city", "addresses[].zip", "grid[][]")
		})
	}
}

func TestParquetClosedEarlyLeaksNothing(t *testing.T) {
	alloc := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer alloc.AssertSize(t, 0)
	r, err := open(bytesSource(parquetFile(t, nestedSchema, nestedRows)), Dialect{}, Limits{BatchRows: 1}, nil, alloc)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); err == nil {
		t.Error("a closed reader goes on")
	}
}

func TestParquetTypes(t *testing.T) {
	for _, c := range []struct {
		typ   arrow.DataType
		value string // JSON
		want  string
	}{
		{arrow.FixedWidthTypes.Boolean, `true`, "true"},
		{arrow.PrimitiveTypes.Int8, `-5`, "-5"},
		{arrow.PrimitiveTypes.Uint8, `200`, "200"},
		{arrow.PrimitiveTypes.Uint32, `4294967295`, "4294967295"},
		{arrow.PrimitiveTypes.Uint64, `18446744073709551615`, "18446744073709551615"},
		{arrow.PrimitiveTypes.Float32, `0.1`, "0.1"},
		{arrow.PrimitiveTypes.Float64, `12345.0`, "12345"},
		{arrow.FixedWidthTypes.Date32, `"1969-07-20"`, "1969-07-20"},
		{arrow.FixedWidthTypes.Timestamp_us, `1709251198500000`, "2024-02-29T23:59:58.5Z"},
		{&arrow.TimestampType{Unit: arrow.Millisecond}, `1709251198123`, "2024-02-29T23:59:58.123"},
		{arrow.FixedWidthTypes.Time32ms, `"07:08:09.010"`, "07:08:09.01"},
		{&arrow.Decimal128Type{Precision: 9, Scale: 2}, `"-12.50"`, "-12.5"},
		{&arrow.Decimal128Type{Precision: 30, Scale: 4}, `"-12.0001"`, "-12.0001"},
		{arrow.BinaryTypes.LargeString, `"é"`, "é"},
		{arrow.BinaryTypes.Binary, `"YWI="`, "ab"},
		{&arrow.FixedSizeBinaryType{ByteWidth: 2}, `"q80="`, "abcd"},
	} {
		schema := arrow.NewSchema([]arrow.Field{field("v", c.typ)}, nil)
		file := parquetFile(t, schema, `[{"v":`+c.value+`},{"v":null}]`)
		got := readAll(bytesSource(file), Dialect{}, Limits{})
		if got.err != nil {
			t.Fatal(c.typ, got.err)
		}
		wantLines(t, c.typ.String(), got.rows, "1: "+c.want, "2: ∅")
	}
	d, err := decimal128.FromString("1.5", 5, 2)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(appendScaled(nil, []byte(d.BigInt().String()), 2)); got != "1.5" {
		t.Errorf("decimal %s", got)
	}
	v := parquetValues{float64: []float64{math.NaN(), math.Inf(-1)}}
	if _, null := appendReal(nil, v.float64[0], 64); !null {
		t.Error("NaN is a value")
	}
	if got := string(appendUUID([]byte("x"), []byte("0123456789abcdef"))); got != "x30313233-3435-3637-3839-616263646566" {
		t.Errorf("uuid %s", got)
	}
}

func TestParquetBadRows(t *testing.T) {
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema([]arrow.Field{
		field("id", arrow.PrimitiveTypes.Int64), field("v", arrow.BinaryTypes.String),
	}, nil))
	b.Field(0).(*array.Int64Builder).AppendValues([]int64{1, 2, 3, 4}, nil)
	b.Field(1).(*array.StringBuilder).AppendValues([]string{"a", "\xff", "b", "x\x00"}, nil)
	file := writeParquet(t, b.NewRecordBatch())
	got := readAll(bytesSource(file), Dialect{}, Limits{}, "v", "id")
	wantLines(t, "rows", got.rows, "1: a|1", "3: b|3")
	wantLines(t, "bad rows", got.bad, "2! invalid_encoding v", "4! nul_byte v")
	wantLines(t, "raw", got.raw, "\xff", "x\x00")
}

func TestParquetFiles(t *testing.T) {
	file := parquetFile(t, nestedSchema, nestedRows)
	wantFileError(t, readAll(bytesSource(file), Dialect{}, Limits{}, "name").err, FileMissingColumn)
	for _, cut := range []int{5, 11, len(file) / 2, len(file) - 1} {
		wantFileError(t, readAll(bytesSource(file[:cut]), Dialect{}, Limits{}).err, FileTruncated)
	}
	wantFileError(t, readAll(textSource("id\n1\n"), Dialect{Format: Parquet}, Limits{}).err, FileBinary)
	if err := readAll(Source{Body: bytes.NewReader(file)}, Dialect{}, Limits{}).err; err == nil {
		t.Error("a Parquet stream without random access is accepted")
	}
	got := readAll(bytesSource(parquetFile(t, nestedSchema, `[]`)), Dialect{}, Limits{})
	if got.err != nil || !got.reader.Empty() {
		t.Errorf("no rows: %v", got.err)
	}
	got = readAll(bytesSource(file), Dialect{Sparse: true}, Limits{}, "id", "x", "y[]")
	wantLines(t, "sparse", got.rows, "1: 1|∅|∅", "2: 2|∅|∅", "3: 3|∅|∅", "4: 4|∅|∅")
}

// FuzzParquet: bytes that are not what a writer wrote give rows or a file
// error; never a panic, never another error.
func FuzzParquet(f *testing.F) {
	file := parquetFile(f, nestedSchema, nestedRows)
	f.Add(file, uint16(0), byte(0))
	for i := range uint16(200) {
		f.Add(file, i*31, byte(1<<(i%8)))
	}
	f.Fuzz(func(t *testing.T, file []byte, at uint16, flip byte) {
		if len(file) < 12 || string(file[:4]) != "PAR1" {
			return
		}
		file = bytes.Clone(file)
		file[4+int(at)%(len(file)-4)] ^= flip
		alloc := memory.NewCheckedAllocator(memory.DefaultAllocator)
		r, err := open(bytesSource(file), Dialect{}, Limits{}, nil, alloc)
		if err == nil {
			err = errors.Join(drain(r).err, r.Close())
		}
		var bad *FileError
		if err != nil && !errors.As(err, &bad) {
			t.Fatalf("%v is no file error", err)
		}
	})
}

func TestParquetPseudopeople(t *testing.T) {
	dir := sharedData(t)
	path := filepath.Join(dir, "pseudopeople_sample", "social_security.parquet")
	f, err := os.Open(path)
	if err != nil {
		t.Skip("no pseudopeople sample: " + err.Error())
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	r, err := Open(Source{At: f, Size: st.Size()}, Dialect{}, Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got := drain(r)
	if got.err != nil || len(got.bad) > 0 || len(got.rows) < 1000 {
		t.Fatalf("%d rows, %d bad, %v", len(got.rows), len(got.bad), got.err)
	}
	t.Logf("%d rows of %s", len(got.rows), strings.Join(r.Columns(), ", "))
}

// sharedData is the data directory beside the repository; tests of it are
// skipped where it is absent.
func sharedData(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			data := filepath.Join(dir, "..", "shared", "data")
			if _, err := os.Stat(data); err == nil {
				return data
			}
			break
		}
	}
	t.Skip("no ../shared/data beside the repository")
	return ""
}
