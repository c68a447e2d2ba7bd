package main

import "bytes"

// line builds one row of delimited text (RFC 4180 but for the delimiter).
type line struct {
	buf   []byte
	delim byte
	all   bool // quote every field
	open  bool // the row has a field
}

// add appends a field.
func (l *line) add(value []byte) {
	l.separate()
	if !l.all && bytes.IndexByte(value, l.delim) < 0 && bytes.IndexByte(value, '"') < 0 && bytes.IndexByte(value, '\n') < 0 {
		l.buf = append(l.buf, value...)
		return
	}
	l.buf = append(l.buf, '"')
	for _, b := range value {
		if b == '"' {
			l.buf = append(l.buf, '"')
		}
		l.buf = append(l.buf, b)
	}
	l.buf = append(l.buf, '"')
}

// text appends a field that holds nothing to quote.
func (l *line) text(value string) {
	l.separate()
	if l.all {
		l.buf = append(append(append(l.buf, '"'), value...), '"')
		return
	}
	l.buf = append(l.buf, value...)
}

func (l *line) separate() {
	if l.open {
		l.buf = append(l.buf, l.delim)
	}
	l.open = true
}

// end closes the row and returns it, valid until the next is begun.
func (l *line) end() []byte {
	l.buf = append(l.buf, '\n')
	l.open = false
	return l.buf
}

// begin starts a row.
func (l *line) begin() { l.buf = l.buf[:0] }
