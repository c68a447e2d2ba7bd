package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"concord/scripts/decisions/measure"
)

const fileRows = 2000

// makeFile is a small table with a text and a number, encrypted or plain.
func makeFile(encrypted bool) []byte {
	r := measure.Random(7)
	s := arrow.NewSchema([]arrow.Field{{Name: "name", Type: arrow.BinaryTypes.String}, {Name: "age", Type: arrow.PrimitiveTypes.Int64}}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, s)
	for range fileRows {
		b.Field(0).(*array.StringBuilder).Append(fmt.Sprintf("name %d", r.Skewed(700)))
		b.Field(1).(*array.Int64Builder).Append(int64(r.Below(1 << 40)))
	}
	options := []parquet.WriterProperty{parquet.WithCompression(compress.Codecs.Zstd)}
	if encrypted {
		options = append(options, parquet.WithEncryptionProperties(parquet.NewFileEncryptionProperties("0123456789abcdef", parquet.WithPlaintextFooter())))
	}
	var out bytes.Buffer
	w, err := pqarrow.NewFileWriter(s, &out, parquet.NewWriterProperties(options...), pqarrow.DefaultWriterProps())
	if err == nil {
		err = w.Write(b.NewRecordBatch())
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err)
	}
	return out.Bytes()
}

// damage changes one byte: of the footer in even cases, anywhere in odd ones.
func damage(clean []byte, i int) []byte {
	r := measure.Random(i + 1)
	data := slices.Clone(clean)
	footer := int(binary.LittleEndian.Uint32(data[len(data)-8:])) + 8
	at := r.Below(len(data))
	if i%2 == 0 {
		at = len(data) - 1 - r.Below(footer)
	}
	data[at] ^= byte(1 + r.Below(255))
	return data
}
