package snapshot

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// magic begins and ends a Parquet file.
const magic = "PAR1"

// fileWriter puts pages that are encoded already into a Parquet file. Schema
// and footer are arrow-go's; the pages' headers and bodies are ours, since no
// library takes a column as codes and runs: see decision 0040.
type fileWriter struct {
	out     io.Writer
	at      int64 // bytes written
	props   *parquet.WriterProperties
	footer  *metadata.FileMetaDataBuilder
	group   *metadata.RowGroupMetaDataBuilder
	groups  int16
	scratch *Scratch
}

func newFileWriter(out io.Writer, s *schema.Schema, props *parquet.WriterProperties, about metadata.KeyValueMetadata, scratch *Scratch) (*fileWriter, error) {
	if err := scratch.prepare(); err != nil {
		return nil, err
	}
	f := &fileWriter{out: out, props: props, footer: metadata.NewFileMetadataBuilder(s, props, about), scratch: scratch}
	return f, f.write([]byte(magic))
}

func (f *fileWriter) write(b []byte) error {
	n, err := f.out.Write(b)
	f.at += int64(n)
	return err
}

func (f *fileWriter) startGroup(rows int) {
	f.group = f.footer.AppendRowGroup()
	f.group.SetNumRows(rows)
}

func (f *fileWriter) endGroup() error {
	err := f.group.Finish(0, f.groups) // the size is summed from the columns
	f.groups++
	return err
}

// column writes a column of the row group at hand.
func (f *fileWriter) column(b *builder) error {
	about := f.group.NextColumnChunk()
	c := &f.scratch.chunk
	c.builder = b
	c.plan(&f.scratch.numbers)
	info := metadata.ChunkMetaInfo{IndexPageOffset: -1}
	start, raw := f.at, int64(0)
	stats := metadata.EncodingStats{DataEncodingStats: map[parquet.Encoding]int32{}}
	encoding := parquet.Encodings.Plain
	if c.dictionary {
		info.DictPageOffset = f.at
		body, entries := c.dictionaryPage()
		if err := f.page(body, 0, c.stride, dictionaryHeader(entries), &raw); err != nil {
			return err
		}
		stats.DictEncodingStats = map[parquet.Encoding]int32{parquet.Encodings.Plain: 1}
		encoding = parquet.Encodings.RLEDict
	}
	info.DataPageOffset = f.at
	for rest := c.builder.len(); rest > 0; {
		n := min(rest, pageRows)
		rest -= n
		body, values := c.page(n)
		if err := f.page(body, c.head, c.strideOfData(), dataHeader(values, encoding), &raw); err != nil {
			return err
		}
		stats.DataEncodingStats[encoding]++
	}
	info.NumValues, info.CompressedSize, info.UncompressedSize = c.values, f.at-start, raw
	if s := c.statistics(); s.IsSet() {
		about.SetStats(s)
	}
	return about.Finish(info, c.dictionary, false, stats)
}

// statistics are the bounds and nulls of the chunk; nothing of a direct
// identifier.
func (c *chunk) statistics() (s metadata.EncodedStatistics) {
	if lo, hi := c.bounds(); lo != nil && len(lo) <= maxBound && len(hi) <= maxBound {
		s.SetMin(bytes.Clone(lo)).SetMax(bytes.Clone(hi)) // the footer is written when they are long gone
	}
	switch c.kind {
	case kindTexts, kindFloats: // of a list the nulls are not the rows'
	default:
		s.SetNullCount(int64(c.nulls()))
	}
	s.Signed = c.kind == kindInt32 || c.kind == kindInt64 || c.kind == kindMoment || c.kind == kindBool
	return s
}

// maxBound is the longest text that stands in a footer as a bound.
const maxBound = 4096

// page compresses and writes a page: head bytes, then values, which may be
// texts with something in common.
func (f *fileWriter) page(body []byte, head int, texts stride, kind []byte, raw *int64) error {
	s := f.scratch
	packed, ok := s.strides.compress(s.packed[:0], body, head, texts)
	if !ok {
		packed = s.zstd.EncodeAll(body, packed)
	}
	s.packed = packed
	s.header = appendPageHeader(s.header[:0], len(body), len(s.packed), kind)
	*raw += int64(len(s.header) + len(body))
	if err := f.write(s.header); err != nil {
		return err
	}
	return f.write(s.packed)
}

// The page header is a Thrift struct in the compact protocol: of each field
// the distance of its id from the one before and its type in one byte, then
// the value, numbers as zigzag varints. See parquet.thrift: PageHeader.
const (
	thriftNumber = 5
	thriftStruct = 12
)

// appendPageHeader appends a PageHeader; kind is its end: the page's type
// (field 1) and the header of that type (field 5 or 7).
func appendPageHeader(b []byte, raw, packed int, kind []byte) []byte {
	b = appendNumber(b, 1, int(kind[0]))
	b = appendNumber(b, 1, raw)    // field 2: uncompressed_page_size
	b = appendNumber(b, 1, packed) // field 3: compressed_page_size
	b = append(b, kind[1:]...)
	return append(b, 0)
}

func appendNumber(b []byte, step, v int) []byte {
	b = append(b, byte(step)<<4|thriftNumber)
	return binary.AppendVarint(b, int64(v)) // zigzag
}

// Page types and encodings of parquet.thrift.
const (
	pageOfData       = 0
	pageOfDictionary = 2
	encodingRLE      = 3
)

// dataHeader is a DataPageHeader (field 5): values, encoding, and that levels
// are RLE.
func dataHeader(values int, encoding parquet.Encoding) []byte {
	b := []byte{pageOfData, 2<<4 | thriftStruct}
	b = appendNumber(b, 1, values)
	b = appendNumber(b, 1, int(encoding))
	b = appendNumber(b, 1, encodingRLE) // of definition levels
	b = appendNumber(b, 1, encodingRLE) // of repetition levels
	return append(b, 0)
}

// dictionaryHeader is a DictionaryPageHeader (field 7): entries, encoding.
func dictionaryHeader(entries int) []byte {
	b := []byte{pageOfDictionary, 4<<4 | thriftStruct}
	b = appendNumber(b, 1, entries)
	b = appendNumber(b, 1, int(parquet.Encodings.Plain))
	return append(b, 0)
}

// close writes the footer.
func (f *fileWriter) close() error {
	m, err := f.footer.Finish()
	if err != nil {
		return err
	}
	n, err := m.WriteTo(writerFunc(f.write), nil)
	if err != nil {
		return err
	}
	if n <= 0 || n > f.at {
		return fmt.Errorf("footer of %d bytes", n)
	}
	return f.write(append(binary.LittleEndian.AppendUint32(nil, uint32(n)), magic...))
}

// writerFunc is a function as io.Writer.
type writerFunc func([]byte) error

func (f writerFunc) Write(b []byte) (int, error) {
	if err := f(b); err != nil {
		return 0, err
	}
	return len(b), nil
}
