package extract

import (
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
)

// parquetRows reads the rows of a Parquet file, one row group after the other,
// page by page: it holds one page of each requested column. It reads values
// and levels itself rather than through Arrow's record reader, which starts
// goroutines, where a panic over a hostile file could not be caught.
type parquetRows struct {
	r      *file.Reader
	in     *readerAt
	leaves []parquetLeaf
	cols   []*parquetColumn // of the current row group, by output column
	group  int              // the next row group
	left   int64            // rows of the current group not yet read
	row    int64
	mark   []int
}

// parquetPageBytes is the largest page accepted, decompressed. Writers aim at
// 1 MiB; a page has to hold at least one value, which may be a whole document.
const parquetPageBytes = 256 << 20

// openParquet reads the footer. What the file's own bytes can make the reader
// do wrong, a panic included, is a FileError.
func openParquet(at io.ReaderAt, size int64, alloc memory.Allocator) (p *parquetRows, err error) {
	in := &readerAt{SectionReader: io.NewSectionReader(at, 0, size)}
	defer in.settle(&err)
	defer recoverParquet(&err)
	const smallest = 12 // two magics and a length
	if size < smallest {
		return nil, fileError(FileTruncated, nil, "the file is cut short: it is smaller than any Parquet file; fetch it again")
	}
	if err := checkParquetTail(in, size); err != nil {
		return nil, err
	}
	props := parquet.NewReaderProperties(alloc)
	props.BufferedStreamEnabled = true // else a column chunk of any claimed size is held at once
	props.MaxUncompressedPageSize = parquetPageBytes
	r, err := file.NewParquetReader(in, file.WithReadProps(props))
	if err != nil {
		return nil, parquetFault(err)
	}
	p = &parquetRows{r: r, in: in}
	return p, p.checkGroups(size)
}

// checkParquetTail looks at the last bytes: a file without its footer was cut.
func checkParquetTail(at io.ReaderAt, size int64) error {
	var tail [4]byte
	if _, err := at.ReadAt(tail[:], size-int64(len(tail))); err != nil && err != io.EOF {
		return fmt.Errorf("read extract: %w", err)
	}
	switch string(tail[:]) {
	case "PAR1":
		return nil
	case "PARE":
		return fileError(FileEncrypted, nil, "the Parquet file is encrypted: decrypt it before Concord reads it")
	}
	return fileError(FileTruncated, nil, "the file is cut short: it begins as Parquet and has no footer; fetch it again")
}

// checkGroups compares what the footer claims with the size of the file, so
// that no later allocation follows a false claim.
func (p *parquetRows) checkGroups(size int64) error {
	var rows int64
	for g := range p.r.NumRowGroups() {
		meta := p.r.MetaData().RowGroup(g)
		if meta.NumRows() < 0 {
			return parquetFault(fmt.Errorf("row group %d: negative row count", g))
		}
		rows += meta.NumRows()
	}
	if rows != p.r.NumRows() {
		return parquetFault(fmt.Errorf("%d rows in groups, %d in the footer", rows, p.r.NumRows()))
	}
	for g := range p.r.NumRowGroups() {
		meta := p.r.MetaData().RowGroup(g)
		for c := range meta.NumColumns() {
			chunk, err := meta.ColumnChunk(c)
			if err != nil {
				return parquetFault(err)
			}
			start, n := chunk.DataPageOffset(), chunk.TotalCompressedSize()
			if chunk.HasDictionaryPage() && chunk.DictionaryPageOffset() > 0 {
				start = min(start, chunk.DictionaryPageOffset())
			}
			if start < 0 || n < 0 || n > size || start > size-n {
				return parquetFault(fmt.Errorf("row group %d column %d lies outside the file", g, c))
			}
		}
	}
	return nil
}

// fill adds rows to b until it is full or the file ends.
func (p *parquetRows) fill(b *builder) (err error) {
	defer p.in.settle(&err)
	defer recoverParquet(&err)
	for !b.full() {
		if p.left == 0 {
			if p.group == p.r.NumRowGroups() {
				return p.release()
			}
			if err := p.openGroup(); err != nil {
				return err
			}
			continue
		}
		if err := p.takeRow(b); err != nil {
			return err
		}
		p.left--
	}
	return nil
}

func (p *parquetRows) openGroup() error {
	if err := p.release(); err != nil {
		return err
	}
	group := p.r.RowGroup(p.group)
	for i := range p.leaves {
		if p.leaves[i].index < 0 { // a column that the file does not have
			p.cols = append(p.cols, nil)
			continue
		}
		chunk, err := group.Column(p.leaves[i].index)
		if err != nil {
			return parquetFault(err)
		}
		p.cols = append(p.cols, newParquetColumn(chunk, &p.leaves[i]))
	}
	p.group++
	p.left = group.NumRows()
	return nil
}

// release gives back the pages of the current row group.
func (p *parquetRows) release() error {
	var first error
	for _, c := range p.cols {
		if c == nil {
			continue
		}
		if err := c.chunk.Close(); err != nil && first == nil {
			first = parquetFault(err)
		}
	}
	p.cols = p.cols[:0]
	return first
}

func (p *parquetRows) takeRow(b *builder) error {
	p.row++
	size, code, culprit := 0, "", -1
	for i := range b.cols {
		p.mark[i] = b.cols[i].slots()
	}
	var value []byte
	for i, c := range p.cols {
		out := &b.cols[i]
		if c == nil {
			if !out.list {
				out.appendNull()
			}
			continue
		}
		before := len(out.data)
		fault, raw, err := c.row(out)
		if err != nil {
			return err
		}
		size += len(out.data) - before
		if fault != "" && code == "" {
			// The value dies with the column's next page: keep a bounded copy.
			code, culprit, value = fault, i, append(value, raw[:min(len(raw), b.limits.RawBytes)]...)
		}
	}
	if code == "" {
		for i, c := range p.cols {
			if b.cols[i].list {
				b.cols[i].closeList(c != nil && !c.null)
			}
		}
		b.accept(p.row, size)
		return nil
	}
	for i := range b.cols {
		b.cols[i].truncate(p.mark[i])
	}
	b.reject(p.row, code, p.leaves[culprit].path, value)
	return nil
}

// close ends reading wherever it is.
func (p *parquetRows) close() (err error) {
	defer recoverParquet(&err)
	return p.release()
}

// readerAt gives the reader the file's bytes and remembers a broken transport.
type readerAt struct {
	*io.SectionReader
	err error
}

func (r *readerAt) ReadAt(b []byte, off int64) (int, error) {
	n, err := r.SectionReader.ReadAt(b, off)
	if err != nil && err != io.EOF {
		r.err = fmt.Errorf("read extract: %w", err)
	}
	return n, err
}

// settle puts the transport's error in place of what followed from it.
func (r *readerAt) settle(err *error) {
	if *err != nil && r.err != nil {
		*err = r.err
	}
}

func parquetFault(err error) error {
	return fileError(FileCorrupt, err, "the Parquet file is damaged: it does not decode; fetch it again")
}

func recoverParquet(err *error) {
	if p := recover(); p != nil {
		*err = parquetFault(fmt.Errorf("parquet reader: %T", p))
	}
}
