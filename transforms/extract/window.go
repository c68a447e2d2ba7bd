package extract

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"
)

// window is the part of a text that is in memory: it slides over the stream
// and grows, up to the row limit, when one row needs it.
type window struct {
	src   io.Reader
	buf   []byte
	pos   int // first byte not consumed
	end   int
	limit int  // most bytes held for one row
	eof   bool // buf[pos:end] is the rest of the text
	// dirty says that some byte in the window is NUL or no text: only then
	// must rows be looked at one by one.
	dirty bool
	// replaced says that U+FFFD stands for bytes that did not decode.
	replaced bool
}

// windowBytes is the first size: small enough for the second-level cache,
// large enough that rows cut by the edge do not matter.
const windowBytes = 256 << 10

func newWindow(src io.Reader, limit int, replaced bool) *window {
	return &window{src: src, buf: make([]byte, windowBytes), limit: limit, replaced: replaced}
}

func (w *window) bytes() []byte { return w.buf[w.pos:w.end] }

// full tells that a row which has no end in the window is over the limit.
func (w *window) full() bool { return w.end-w.pos > w.limit }

// more reads on. Callers see bytes() grow, or eof; positions into the earlier
// slice are lost, its content stays at the front of the new one.
func (w *window) more() error {
	if w.eof {
		return nil
	}
	copy(w.buf, w.buf[w.pos:w.end])
	w.end -= w.pos
	w.pos = 0
	if w.end > len(w.buf)/2 {
		grown := make([]byte, 2*len(w.buf))
		copy(grown, w.buf[:w.end])
		w.buf = grown
	}
	for idle := 0; w.end < len(w.buf) && !w.eof; idle++ {
		n, err := w.src.Read(w.buf[w.end:])
		w.end += n
		switch {
		case err == io.EOF:
			w.eof = true
		case err != nil:
			return err
		case n > 0:
			idle = 0
		case idle == 100:
			return fmt.Errorf("read extract: %w", io.ErrNoProgress)
		}
	}
	w.check()
	return nil
}

func (w *window) check() {
	b := w.bytes()
	if !w.eof {
		b = trimPartialRune(b)
	}
	w.dirty = bytes.IndexByte(b, 0) >= 0 || !utf8.Valid(b) || w.replaced && bytes.Contains(b, replacement)
}

var replacement = []byte("\uFFFD")

// fault is the code of what is wrong with row's bytes, "" for nothing.
func (w *window) fault(row []byte) string {
	switch {
	case !w.dirty:
		return ""
	case bytes.IndexByte(row, 0) >= 0:
		return RowNUL
	case !utf8.Valid(row), w.replaced && bytes.Contains(row, replacement):
		return RowBadEncoding
	}
	return ""
}

// skipLine consumes up to and including the next eol without holding what it
// passes over.
func (w *window) skipLine(eol byte) error {
	for {
		if i := bytes.IndexByte(w.bytes(), eol); i >= 0 {
			w.pos += i + 1
			return nil
		}
		w.pos = w.end
		if w.eof {
			return nil
		}
		if err := w.more(); err != nil {
			return err
		}
	}
}
