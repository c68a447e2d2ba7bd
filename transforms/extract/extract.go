package extract

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow/memory"
)

// Source is the bytes of one object. Csv and JSON are streamed from Body, once;
// Parquet needs At and Size. When At is set, Body may be nil. The caller closes
// whatever is behind them.
type Source struct {
	Body io.Reader
	At   io.ReaderAt
	Size int64
}

// Reader delivers the rows of one object. It is for one goroutine.
type Reader struct {
	dialect  Dialect
	evidence Evidence
	columns  []string
	rows     rowReader // nil for a file without content
	b        *builder
	read     int64
	end      error // what Next gives from now on
	closers  []func() error
}

// rowReader is one of the formats. fill adds rows until the batch is full or
// the file ends, and may be called again after that.
type rowReader interface {
	fill(b *builder) error
}

// Open begins to read src. The dialect's open questions are answered from
// content. columns are the ones wanted, in this order (nil: all; for JSON
// lines, all in the first [SniffBytes]): header names, or dotted paths for
// JSON and Parquet ("emails[]", "address.city").
//
// A requested column that the file does not have is a [*FileError], for JSON
// only known, and returned by Next, at the end.
func Open(src Source, d Dialect, lim Limits, columns []string) (*Reader, error) {
	return open(src, d, lim, columns, memory.DefaultAllocator)
}

func open(src Source, d Dialect, lim Limits, columns []string, alloc memory.Allocator) (*Reader, error) {
	if src.Body == nil {
		if src.At == nil {
			return nil, errors.New("open extract: the source has neither body nor random access")
		}
		src.Body = io.NewSectionReader(src.At, 0, src.Size)
	}
	r := &Reader{}
	err := r.open(src, d, lim.withDefaults(), columns, alloc)
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func (r *Reader) open(src Source, d Dialect, lim Limits, columns []string, alloc memory.Allocator) error {
	stored := bufio.NewReaderSize(src.Body, 64<<10)
	magic, err := stored.Peek(4)
	if err != nil && err != io.EOF {
		return fmt.Errorf("read extract: %w", err)
	}
	kind := detectCompression(magic)
	plain, err := inflate(kind, stored, lim.Ratio)
	if err != nil {
		return err
	}
	r.closers = append(r.closers, func() error { plain.close(); return nil })
	head := make([]byte, SniffBytes)
	n, err := io.ReadFull(plain, head)
	whole := err == io.EOF || err == io.ErrUnexpectedEOF
	if err != nil && !whole {
		return err
	}
	head = head[:n]
	r.dialect, r.evidence, err = sniff(head, whole, kind, d, lim)
	if err != nil {
		return err
	}
	switch {
	case r.evidence.Empty:
		r.columns = d.Columns
		r.b = emptyBuilder(r.columns, columns, lim)
		return nil
	case r.dialect.Format == Parquet:
		return r.openParquet(src, kind, columns, lim, alloc)
	}
	decoded, err := decodeText(io.MultiReader(bytes.NewReader(head), plain), r.dialect.Encoding)
	if err != nil {
		return err
	}
	w := newWindow(decoded, lim.RowBytes, encodingKey(r.dialect.Encoding) != encodingKey(utf8Name))
	if r.dialect.Format == JSONL {
		return r.openJSON(w, columns, lim)
	}
	return r.openCSV(w, columns, lim)
}

// emptyBuilder makes batches without rows for a file without bytes.
func emptyBuilder(have, want []string, lim Limits) *builder {
	if want == nil {
		want = have
	}
	lists := make([]bool, len(want))
	for i, path := range want {
		lists[i] = isList(path)
	}
	return newBuilder(want, lists, lim)
}

func (r *Reader) openCSV(w *window, columns []string, lim Limits) error {
	for range r.dialect.Skip {
		if err := w.skipLine(r.dialect.Newline); err != nil {
			return err
		}
	}
	c := &csvRows{w: w, s: newSplitter(r.dialect, lim.Fields)}
	r.columns = r.evidence.Columns
	if r.dialect.Header == HasHeader {
		header, err := c.header()
		if err != nil {
			return err
		}
		r.columns = header
	}
	if len(r.dialect.Columns) > 0 {
		r.columns = r.dialect.Columns
	}
	if len(r.columns) > lim.Fields {
		return fileError(FileTooManyColumns, nil, "the file has more than %d columns: check its delimiter, or raise the fields limit", lim.Fields)
	}
	if err := checkUnique(r.columns); err != nil {
		return err
	}
	names, want, err := r.pick(columns)
	if err != nil {
		return err
	}
	c.width, c.want = len(r.columns), want
	r.rows, r.b = c, newBuilder(names, make([]bool, len(names)), lim)
	return nil
}

// pick finds the requested columns; with a sparse dialect, -1 stands for one
// that the file does not have.
func (r *Reader) pick(columns []string) (names []string, at []int, err error) {
	if columns == nil || !r.dialect.Sparse {
		return pick(r.columns, columns)
	}
	at = make([]int, len(columns))
	for i, name := range columns {
		at[i] = index(r.columns, name)
	}
	return columns, at, nil
}

func (r *Reader) openJSON(w *window, columns []string, lim Limits) error {
	r.columns = r.evidence.Columns
	names := columns
	if names == nil {
		names = r.columns
	}
	root, lists := newPathNode(""), make([]bool, len(names))
	for i, path := range names {
		if !root.add(path, i) {
			return fmt.Errorf("open extract: column path %q is not well formed: write name.first, emails[] or addresses[].city", path)
		}
		lists[i] = isList(path)
	}
	if err := w.more(); err != nil {
		return err
	}
	rows := newJSONRows(w, newFramer(w, w.bytes()), root, names, lim)
	rows.sparse, rows.known = r.dialect.Sparse || columns == nil, r.columns
	r.rows, r.b = rows, newBuilder(names, lists, lim)
	return nil
}

func (r *Reader) openParquet(src Source, kind Compression, columns []string, lim Limits, alloc memory.Allocator) error {
	switch {
	case kind != Plain:
		return fileError(FileBinary, nil, "the file is Parquet inside %s: unpack it, Parquet is compressed in itself", kind)
	case src.At == nil:
		return errors.New("open extract: reading Parquet needs random access to the source")
	}
	p, err := openParquet(src.At, src.Size, alloc)
	if err != nil {
		return err
	}
	r.closers = append(r.closers, p.close)
	return r.pickLeaves(p, columns, lim)
}

func (r *Reader) pickLeaves(p *parquetRows, columns []string, lim Limits) (err error) {
	defer recoverParquet(&err)
	leaves := parquetLeaves(p.r.MetaData().Schema)
	if len(leaves) > lim.Fields {
		return fileError(FileTooManyColumns, nil, "the file has more than %d columns: raise the fields limit", lim.Fields)
	}
	for i := range leaves {
		r.columns = append(r.columns, leaves[i].path)
	}
	if err := checkUnique(r.columns); err != nil {
		return err
	}
	names, at, err := r.pick(columns)
	if err != nil {
		return err
	}
	lists := make([]bool, len(names))
	for i, j := range at {
		lists[i] = isList(names[i])
		leaf := parquetLeaf{index: -1, path: names[i]}
		if j >= 0 {
			leaf = leaves[j]
		}
		p.leaves = append(p.leaves, leaf)
	}
	p.mark = make([]int, len(names))
	r.rows, r.b = p, newBuilder(names, lists, lim)
	return nil
}

// Next gives the next batch, at least one row, accepted or bad, in it. It ends
// with io.EOF. Any other error ends the file: a [*FileError] says that the file
// is at fault, and then no row of it may be used.
func (r *Reader) Next() (*Batch, error) {
	if r.end != nil {
		return nil, r.end
	}
	r.b.reset()
	if r.rows != nil {
		if err := r.rows.fill(r.b); err != nil {
			r.end = err
			return nil, err
		}
	}
	n := len(r.b.rows) + len(r.b.bad)
	if n == 0 {
		r.end = io.EOF
		return nil, io.EOF
	}
	r.read += int64(n)
	return r.b.batch(), nil
}

// Columns lists all columns of the file: header names, or the paths of values
// (JSON: those in the first [SniffBytes]). Not to be changed.
func (r *Reader) Columns() []string { return r.columns }

// Dialect is how the file is being read, what was detected included.
func (r *Reader) Dialect() Dialect { return r.dialect }

// Evidence is what the detected parts of the dialect rest on.
func (r *Reader) Evidence() Evidence { return r.evidence }

// Rows counts the data rows delivered so far, accepted and bad.
func (r *Reader) Rows() int64 { return r.read }

// Empty tells, after Next gave io.EOF, that the file held no data row: it had
// no bytes, or a header alone. That is no error of the file, but the caller
// should say so.
func (r *Reader) Empty() bool { return r.end == io.EOF && r.read == 0 }

// Close frees what reading holds; batches become invalid. The source stays
// open.
func (r *Reader) Close() error {
	var first error
	for _, c := range r.closers {
		if err := c(); err != nil && first == nil {
			first = err
		}
	}
	r.closers, r.rows = nil, nil
	if r.end == nil {
		r.end = errors.New("read extract: the reader is closed")
	}
	return first
}
