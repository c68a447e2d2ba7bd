package snapshot

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// Exporter prints the batches of a table as text, one row after the other.
// Give it all files of a table in turn: the header is written once.
type Exporter struct {
	w      *bufio.Writer
	schema *arrow.Schema
	jsonl  bool
	buf    []byte
}

// NewExporter prints to w as "csv" (RFC 4180 with a header; null is an empty
// field, "" a quoted empty one, a list a JSON array) or "jsonl" (an object per
// row in column order; binary values as base64).
func NewExporter(w io.Writer, format string) (*Exporter, error) {
	switch format {
	case "csv", "jsonl":
		return &Exporter{w: bufio.NewWriterSize(w, 64<<10), jsonl: format == "jsonl"}, nil
	}
	return nil, fmt.Errorf("export format %q: there are csv, jsonl", format)
}

// Table prints every row of an open table.
func (e *Exporter) Table(r *Reader) error {
	if e.schema == nil {
		e.schema = r.Schema()
		if !e.jsonl {
			e.header()
		}
	} else if !e.schema.Equal(r.Schema()) {
		return fmt.Errorf("export %s: its columns differ from those of the files before it", r.name)
	}
	for {
		b, err := r.Next()
		if errors.Is(err, io.EOF) {
			return e.w.Flush()
		}
		if err != nil {
			return err
		}
		for i := range int(b.NumRows()) {
			e.row(b, i)
			if _, err := e.w.Write(e.buf); err != nil {
				return fmt.Errorf("export %s: %w", r.name, err)
			}
		}
	}
}

func (e *Exporter) header() {
	e.buf = e.buf[:0]
	for i, f := range e.schema.Fields() {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		e.buf = appendCSV(e.buf, f.Name)
	}
	e.buf = append(e.buf, '\n')
	// An error stays with the writer: the first row, or Flush, returns it.
	_, _ = e.w.Write(e.buf)
}

// row renders row i of a batch into e.buf.
func (e *Exporter) row(b arrow.RecordBatch, i int) {
	e.buf = e.buf[:0]
	if e.jsonl {
		e.buf = append(e.buf, '{')
	}
	for c := range int(b.NumCols()) {
		if c > 0 {
			e.buf = append(e.buf, ',')
		}
		if e.jsonl {
			e.buf = appendJSON(e.buf, b.ColumnName(c))
			e.buf = append(e.buf, ':')
			e.buf = appendJSONValue(e.buf, b.Column(c), i)
			continue
		}
		e.buf = appendCSVValue(e.buf, b.Column(c), i)
	}
	if e.jsonl {
		e.buf = append(e.buf, '}')
	}
	e.buf = append(e.buf, '\n')
}

func appendCSVValue(out []byte, a arrow.Array, i int) []byte {
	if a.IsNull(i) {
		return out
	}
	switch a := a.(type) {
	case *array.String:
		return appendCSV(out, a.Value(i))
	case *array.List:
		return appendCSV(out, string(appendJSONValue(nil, a, i)))
	case *array.Binary:
		return appendCSV(out, string(a.Value(i)))
	case *array.Timestamp:
		return appendMoment(out, a.Value(i))
	}
	return appendJSONValue(out, a, i)
}

// appendCSV quotes a field where RFC 4180 asks for it, and the empty string,
// which would read as null.
func appendCSV(out []byte, s string) []byte {
	if s != "" && !strings.ContainsAny(s, ",\"\r\n") {
		return append(out, s...)
	}
	out = append(out, '"')
	out = append(out, strings.ReplaceAll(s, `"`, `""`)...)
	return append(out, '"')
}

func appendJSONValue(out []byte, a arrow.Array, i int) []byte {
	if a.IsNull(i) {
		return append(out, "null"...)
	}
	switch a := a.(type) {
	case *array.String:
		return appendJSON(out, a.Value(i))
	case *array.Binary:
		return appendJSON(out, a.Value(i))
	case *array.Boolean:
		return strconv.AppendBool(out, a.Value(i))
	case *array.Int32:
		return strconv.AppendInt(out, int64(a.Value(i)), 10)
	case *array.Int64:
		return strconv.AppendInt(out, a.Value(i), 10)
	case *array.Float64:
		return appendJSON(out, a.Value(i))
	case *array.Timestamp:
		return append(appendMoment(append(out, '"'), a.Value(i)), '"')
	case *array.List:
		lo, hi := a.ValueOffsets(i)
		out = append(out, '[')
		for k := lo; k < hi; k++ {
			if k > lo {
				out = append(out, ',')
			}
			out = appendJSONValue(out, a.ListValues(), int(k))
		}
		return append(out, ']')
	}
	return append(out, "null"...)
}

// appendMoment is RFC 3339 with as many decimals as needed.
func appendMoment(out []byte, t arrow.Timestamp) []byte {
	return time.UnixMicro(int64(t)).UTC().AppendFormat(out, time.RFC3339Nano)
}

// appendJSON marshals a string, number or bytes. JSON has no infinities: they
// become null.
func appendJSON(out []byte, v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		return append(out, "null"...)
	}
	return append(out, data...)
}
