package main

import (
	"path/filepath"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// loyaltyFile writes the loyalty scheme's extract: Parquet, a full name and a
// whole address in one column each, telephone numbers as a list.
type loyaltyFile struct {
	folder  string
	builder *array.RecordBuilder
	writer  *pqarrow.FileWriter
	part    int
	batch   int   // rows in the builder
	inPart  int   // rows in the present part
	rows    int64 // in all
	scratch []byte
}

const (
	loyaltyBatch = 1 << 13
	loyaltyGroup = 1 << 16 // rows of a row group, held in memory until it is full
	loyaltyPart  = 1 << 22 // rows of a part, about 220 MB
)

var loyaltySchema = arrow.NewSchema([]arrow.Field{
	{Name: "member_no", Type: arrow.BinaryTypes.String},
	{Name: "full_name", Type: arrow.BinaryTypes.String, Nullable: true},
	{Name: "dob", Type: arrow.FixedWidthTypes.Date32, Nullable: true},
	{Name: "sex", Type: arrow.BinaryTypes.String, Nullable: true},
	{Name: "phones", Type: arrow.ListOf(arrow.BinaryTypes.String), Nullable: true},
	{Name: "address", Type: arrow.BinaryTypes.String, Nullable: true},
	{Name: "joined_at", Type: &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}},
}, nil)

func newLoyalty(root string) *loyaltyFile {
	return &loyaltyFile{folder: filepath.Join(root, "loyalty"), builder: array.NewRecordBuilder(memory.DefaultAllocator, loyaltySchema)}
}

func (f *loyaltyFile) add(r *record) error {
	if f.writer == nil || f.inPart >= loyaltyPart {
		if err := f.next(); err != nil {
			return err
		}
	}
	b := f.builder
	f.scratch = appendKey(f.scratch[:0], loyalty, r.key)
	b.Field(0).(*array.StringBuilder).BinaryBuilder.Append(f.scratch)
	f.scratch = fullName(f.scratch[:0], r)
	f.text(1, f.scratch)
	if r.birth == noBirth {
		b.Field(2).AppendNull()
	} else {
		b.Field(2).(*array.Date32Builder).Append(arrow.Date32(r.birth))
	}
	f.scratch = append(f.scratch[:0], r.sex...)
	f.text(3, f.scratch)
	phones := b.Field(4).(*array.ListBuilder)
	phones.Append(true)
	for _, p := range r.phones {
		if len(p) > 0 {
			phones.ValueBuilder().(*array.StringBuilder).BinaryBuilder.Append(p)
		}
	}
	f.scratch = oneLine(f.scratch[:0], r)
	f.text(5, f.scratch)
	b.Field(6).(*array.TimestampBuilder).Append(arrow.Timestamp(int64(r.at) * 1_000_000))
	f.batch++
	f.inPart++
	f.rows++
	if f.batch == loyaltyBatch {
		return f.flush()
	}
	return nil
}

// text appends to a string column, null for an empty value.
func (f *loyaltyFile) text(column int, value []byte) {
	b := f.builder.Field(column).(*array.StringBuilder)
	if len(value) == 0 {
		b.AppendNull()
		return
	}
	b.BinaryBuilder.Append(value)
}

func (f *loyaltyFile) flush() error {
	batch := f.builder.NewRecordBatch()
	defer batch.Release()
	f.batch = 0
	return f.writer.WriteBuffered(batch)
}

func (f *loyaltyFile) next() error {
	if err := f.close(); err != nil {
		return err
	}
	file, err := createPart(f.folder, f.part, ".parquet")
	if err != nil {
		return err
	}
	f.part, f.inPart = f.part+1, 0
	properties := parquet.NewWriterProperties(
		parquet.WithCompression(compress.Codecs.Snappy), parquet.WithMaxRowGroupLength(loyaltyGroup), parquet.WithDictionaryDefault(false),
		parquet.WithDictionaryFor("sex", true))
	f.writer, err = pqarrow.NewFileWriter(loyaltySchema, file, properties, pqarrow.DefaultWriterProps())
	return err
}

// close ends the present part.
func (f *loyaltyFile) close() error {
	if f.writer == nil {
		return nil
	}
	if f.batch > 0 {
		if err := f.flush(); err != nil {
			return err
		}
	}
	err := f.writer.Close()
	f.writer = nil
	return err
}

// fullName writes "Dr Ana B. Cruz Jr" from the parts that there are.
func fullName(dst []byte, r *record) []byte {
	dst = append(dst, r.title...)
	for _, part := range [][]byte{r.given, initial(r.middle, r.key), r.family} {
		if len(part) > 0 {
			if len(dst) > 0 {
				dst = append(dst, ' ')
			}
			dst = append(dst, part...)
		}
	}
	if r.suffix != "" && len(dst) > 0 {
		dst = append(append(dst, ' '), r.suffix...)
	}
	return dst
}

// initial is a middle name as written: two times in three its first letter.
func initial(middle []byte, key uint64) []byte {
	if len(middle) == 0 || key%3 == 0 {
		return middle
	}
	_, n := utf8.DecodeRune(middle)
	return middle[:n]
}

// oneLine writes the address as on an envelope, its lines joined by commas.
func oneLine(dst []byte, r *record) []byte {
	dst = append(append(dst, r.street...), r.unit...)
	if len(r.city) > 0 {
		dst = append(dst, ", "...)
		if r.where.layout.numberFirst && r.where.code != "FR" && r.where.code != "EG" { // the postcode follows the city
			dst = append(dst, r.city...)
			if len(r.region) > 0 && r.where.code == "US" {
				dst = append(append(dst, ", "...), r.region...)
			}
			dst = append(append(dst, ' '), r.postcode...)
		} else {
			if len(r.postcode) > 0 {
				dst = append(append(dst, r.postcode...), ' ')
			}
			dst = append(dst, r.city...)
		}
	}
	if len(r.country) > 0 {
		dst = append(append(dst, ", "...), r.country...)
	}
	return dst
}
