package extract

import "bytes"

// csvRows reads the rows of a csv text.
type csvRows struct {
	w      *window
	s      *splitter
	width  int   // columns of the file
	want   []int // by output column: its index in the file, -1 for none
	row    int64 // data rows seen
	wasted int   // bytes looked at again after a bad quote
	read   int   // bytes consumed
}

// fill adds rows to b until it is full or the text ends.
func (c *csvRows) fill(b *builder) error {
	for !b.full() {
		n, out, err := c.next()
		if err != nil {
			return err
		}
		switch {
		case out == textEnd:
			return nil
		case out == rowOver:
			err = c.overlong(b)
		case out != rowFound:
			err = c.damaged(b, out, n)
		case c.s.count == 0: // a blank line
			c.consume(n)
		default:
			c.take(b, n)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// next finds the next row, reading on as needed: n as the splitter gives it.
func (c *csvRows) next() (n int, out outcome, err error) {
	for {
		if rest := c.w.bytes(); len(rest) > 0 {
			n, out = c.s.split(rest, c.w.eof)
			switch {
			case out == rowFound && n > c.w.limit, out == rowCut && c.w.full():
				return n, rowOver, nil
			case out != rowCut:
				return n, out, nil
			}
		} else if c.w.eof {
			return 0, textEnd, nil
		}
		if err := c.w.more(); err != nil {
			return 0, out, err
		}
	}
}

// header reads the first row as column names; none at the end of the text.
func (c *csvRows) header() ([]string, error) {
	for {
		n, out, err := c.next()
		switch {
		case err != nil:
			return nil, err
		case out == textEnd:
			return nil, nil
		case out != rowFound:
			return nil, fileError(FileBadHeader, nil, "the header row cannot be read: its quotes fail or it is longer than %d bytes; check the dialect", c.w.limit)
		case c.s.count == 0:
			c.consume(n)
			continue
		case c.s.count > c.s.most:
			return nil, fileError(FileTooManyColumns, nil, "the header has more than %d columns: check its delimiter, or raise the fields limit", c.s.most)
		}
		row := c.w.bytes()[:n]
		if code := c.w.fault(row); code != "" {
			return nil, fileError(FileBadHeader, nil, "the header row cannot be read (%s): check the encoding", code)
		}
		names := columnNames(cells(c.s, row))
		c.consume(n)
		return names, nil
	}
}

func (c *csvRows) consume(n int) {
	c.w.pos += n
	c.read += n
}

// take hands the row of n bytes that the splitter has found to b.
func (c *csvRows) take(b *builder, n int) {
	row := c.w.bytes()[:n]
	c.consume(n)
	c.row++
	if code := c.w.fault(row); code != "" {
		b.reject(c.row, code, "", trimLineEnd(row))
		return
	}
	if c.s.count != c.width && !c.padded() {
		code := RowTooManyFields
		if c.s.count < c.width {
			code = RowTooFewFields
		}
		b.reject(c.row, code, "", trimLineEnd(row))
		return
	}
	for i, at := range c.want {
		col := &b.cols[i]
		if at < 0 {
			col.appendNull()
			continue
		}
		f := c.s.fields[at]
		content := row[f.lo:f.hi]
		switch {
		case !f.cooked && len(content) > 0:
			col.append(content)
		case len(content) == 0, !f.quoted && c.isNullMark(content):
			col.appendNull()
		default:
			col.data = c.s.cook(col.data, content, f.quoted)
			col.close()
		}
	}
	b.accept(c.row, n)
}

// padded tells whether the fields beyond the file's width are all empty, as
// spreadsheets write them: dropping those loses nothing.
func (c *csvRows) padded() bool {
	if c.s.count < c.width || c.s.count > len(c.s.fields) {
		return false
	}
	for _, f := range c.s.fields[c.width:] {
		if f.lo != f.hi {
			return false
		}
	}
	return true
}

// isNullMark recognises \N, what databases that escape write for null.
func (c *csvRows) isNullMark(content []byte) bool {
	return len(content) == 2 && content[0] == c.s.escape && content[1] == 'N'
}

// damaged quarantines the first line of a row whose quotes fail and leaves
// the reader at the next line. The looked bytes of the row's other lines are
// looked at again; a file made of such rows would cost quadratic time, so the
// waste is bounded by what has been read and some slack.
func (c *csvRows) damaged(b *builder, out outcome, looked int) error {
	line := bytes.IndexByte(c.w.bytes(), c.s.newline) + 1
	for line == 0 && !c.w.eof {
		if c.w.full() {
			return c.giveUp(b)
		}
		if err := c.w.more(); err != nil {
			return err
		}
		line = bytes.IndexByte(c.w.bytes(), c.s.newline) + 1
	}
	if line == 0 {
		line = len(c.w.bytes())
	}
	c.wasted += max(looked-line, 0)
	if c.wasted > c.read+16*max(c.w.limit, windowBytes) {
		return fileError(FileUnbalancedQuotes, nil,
			"quotes keep failing, last at row %d: %q is not the quote character; set the quote of the channel", c.row+1, c.s.quote)
	}
	code := RowBadQuote
	if out == quoteOpen {
		code = RowUnterminatedQuote
	}
	c.row++
	b.reject(c.row, code, "", trimLineEnd(c.w.bytes()[:line]))
	c.consume(line)
	return nil
}

// overlong quarantines a row over the limit. When quotes made it long, only
// its first line is given up.
func (c *csvRows) overlong(b *builder) error {
	if i := bytes.IndexByte(c.w.bytes(), c.s.newline); i >= 0 && i < c.w.limit {
		return c.damaged(b, quoteOpen, len(c.w.bytes()))
	}
	return c.giveUp(b)
}

// giveUp skips a line over the limit without holding it.
func (c *csvRows) giveUp(b *builder) error {
	c.row++
	b.reject(c.row, RowTooLong, "", c.w.bytes())
	return c.w.skipLine(c.s.newline)
}

func trimLineEnd(row []byte) []byte { return bytes.TrimRight(row, "\r\n") }
