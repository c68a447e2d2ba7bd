package extract

import (
	"bytes"
	"errors"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
)

// levelBatch is how many levels are decoded at once: a few KB per column.
const levelBatch = 1024

// parquetColumn reads one column chunk row by row.
type parquetColumn struct {
	chunk file.ColumnChunkReader
	leaf  *parquetLeaf
	null  bool // the list of the row read last is null

	def, rep []int16
	at, n    int // the next level, the levels decoded
	value    int // the next value
	values   parquetValues
}

// parquetValues holds decoded values of the column's physical type.
type parquetValues struct {
	bools   []bool
	int32s  []int32
	int64s  []int64
	int96s  []parquet.Int96
	float32 []float32
	float64 []float64
	bytes   []parquet.ByteArray
	fixed   []parquet.FixedLenByteArray
}

func newParquetColumn(chunk file.ColumnChunkReader, leaf *parquetLeaf) *parquetColumn {
	c := &parquetColumn{chunk: chunk, leaf: leaf, def: make([]int16, levelBatch), rep: make([]int16, levelBatch)}
	v := &c.values
	switch chunk.(type) {
	case *file.BooleanColumnChunkReader:
		v.bools = make([]bool, levelBatch)
	case *file.Int32ColumnChunkReader:
		v.int32s = make([]int32, levelBatch)
	case *file.Int64ColumnChunkReader:
		v.int64s = make([]int64, levelBatch)
	case *file.Int96ColumnChunkReader:
		v.int96s = make([]parquet.Int96, levelBatch)
	case *file.Float32ColumnChunkReader:
		v.float32 = make([]float32, levelBatch)
	case *file.Float64ColumnChunkReader:
		v.float64 = make([]float64, levelBatch)
	case *file.ByteArrayColumnChunkReader:
		v.bytes = make([]parquet.ByteArray, levelBatch)
	case *file.FixedLenByteArrayColumnChunkReader:
		v.fixed = make([]parquet.FixedLenByteArray, levelBatch)
	}
	return c
}

// row appends the next row's slots to out. A value that is no text is appended
// as null and told by code, with its bytes, which live until the next call.
func (c *parquetColumn) row(out *textColumn) (code string, raw []byte, err error) {
	if ok, err := c.ahead(); err != nil {
		return "", nil, err
	} else if !ok {
		return "", nil, parquetFault(errors.New("a column has fewer rows than its row group"))
	}
	c.null = c.leaf.repeated && c.def[c.at] < c.leaf.list
	for first := true; ; first = false {
		if !first {
			more, err := c.ahead()
			if err != nil {
				return "", nil, err
			}
			if !more || c.rep[c.at] == 0 {
				return code, raw, nil
			}
		}
		def := c.def[c.at]
		c.at++
		switch {
		case def == c.leaf.max:
			if bad, b := c.take(out); bad != "" {
				code, raw = bad, bytes.Clone(b[:min(len(b), defaultRawBytes)])
			}
		case !c.leaf.repeated || def >= c.leaf.element:
			out.appendNull()
		}
		if !c.leaf.repeated {
			return code, raw, nil
		}
	}
}

// take appends the next value.
func (c *parquetColumn) take(out *textColumn) (code string, raw []byte) {
	at := len(out.data)
	var null bool
	out.data, null = c.leaf.render(out.data, &c.values, c.value)
	c.value++
	v := out.data[at:]
	switch {
	case null:
		out.appendNull()
	case bytes.IndexByte(v, 0) >= 0:
		out.appendNull()
		return RowNUL, v
	case !utf8.Valid(v):
		out.appendNull()
		return RowBadEncoding, v
	default:
		out.close()
	}
	return "", nil
}

// ahead makes sure that a level is decoded; false at the end of the chunk.
func (c *parquetColumn) ahead() (bool, error) {
	for c.at == c.n {
		if !c.chunk.HasNext() {
			if err := c.chunk.Err(); err != nil {
				return false, parquetFault(err)
			}
			return false, nil
		}
		n, err := c.decode()
		if err != nil {
			return false, parquetFault(err)
		}
		if n <= 0 {
			return false, parquetFault(errors.New("a page holds no levels"))
		}
		c.at, c.n, c.value = 0, int(n), 0
		c.fillLevels()
	}
	return true, nil
}

// fillLevels writes the levels that the file does not store: required columns
// have no definition levels, plain ones no repetition levels.
func (c *parquetColumn) fillLevels() {
	if c.leaf.max == 0 {
		clear(c.def[:c.n])
	}
	if !c.leaf.repeated {
		clear(c.rep[:c.n])
	}
}

// decode reads levels and values of one page: byte arrays point into it.
func (c *parquetColumn) decode() (n int64, err error) {
	v := &c.values
	switch r := c.chunk.(type) {
	case *file.BooleanColumnChunkReader:
		n, _, err = r.ReadBatchInPage(levelBatch, v.bools, c.def, c.rep)
	case *file.Int32ColumnChunkReader:
		n, _, err = r.ReadBatchInPage(levelBatch, v.int32s, c.def, c.rep)
	case *file.Int64ColumnChunkReader:
		n, _, err = r.ReadBatchInPage(levelBatch, v.int64s, c.def, c.rep)
	case *file.Int96ColumnChunkReader:
		n, _, err = r.ReadBatchInPage(levelBatch, v.int96s, c.def, c.rep)
	case *file.Float32ColumnChunkReader:
		n, _, err = r.ReadBatchInPage(levelBatch, v.float32, c.def, c.rep)
	case *file.Float64ColumnChunkReader:
		n, _, err = r.ReadBatchInPage(levelBatch, v.float64, c.def, c.rep)
	case *file.ByteArrayColumnChunkReader:
		n, _, err = r.ReadBatchInPage(levelBatch, v.bytes, c.def, c.rep)
	case *file.FixedLenByteArrayColumnChunkReader:
		n, _, err = r.ReadBatchInPage(levelBatch, v.fixed, c.def, c.rep)
	}
	return n, err
}
