package extract

import "bytes"

// framer cuts a text into JSON rows. next returns the bytes of one row with
// rowFound, the beginning of a row over the limit with rowOver, or textEnd. The
// bytes are valid until the next call.
type framer interface {
	next() (row []byte, out outcome, err error)
}

// newFramer looks at the beginning of the text: one array of rows, rows one
// after the other on any number of lines, or (the usual case) a row a line.
func newFramer(w *window, head []byte) framer {
	start := bytes.TrimLeft(head, " \t\r\n")
	if len(start) > 0 && start[0] == '[' {
		return &valueFramer{w: w, array: true}
	}
	line, _, more := bytes.Cut(start, []byte{'\n'})
	if !more || isJSON(line) {
		return &lineFramer{w: w}
	}
	var v valueScan
	if n, done := v.feed(start); done && n > len(line) && isJSON(start[:n]) {
		return &valueFramer{w: w}
	}
	return &lineFramer{w: w}
}

func isJSON(b []byte) bool {
	r := &jsonRows{depth: defaultNesting}
	return r.read(b, nil) == ""
}

// lineFramer takes each line that is not blank as a row.
type lineFramer struct {
	w    *window
	skip bool // the rest of an overlong line comes first
}

func (f *lineFramer) next() ([]byte, outcome, error) {
	if f.skip {
		f.skip = false
		if err := f.w.skipLine('\n'); err != nil {
			return nil, textEnd, err
		}
	}
	for looked := 0; ; {
		rest := f.w.bytes()
		n := bytes.IndexByte(rest[looked:], '\n') + 1
		switch {
		case n > 0:
			n += looked
		case f.w.eof:
			n = len(rest)
		}
		switch {
		case n == 0 && f.w.eof:
			return nil, textEnd, nil
		case n > f.w.limit, n == 0 && f.w.full():
			f.skip = true
			return rest, rowOver, nil
		case n > 0:
			f.w.pos += n
			looked = 0
			if row := bytes.TrimSpace(rest[:n]); len(row) > 0 {
				return row, rowFound, nil
			}
			continue
		}
		looked = len(rest)
		if err := f.w.more(); err != nil {
			return nil, textEnd, err
		}
	}
}

// valueScan finds the end of a JSON value by brackets and quotes alone, so
// that a value which is wrong inside can be given up without losing the next.
type valueScan struct {
	depth         int
	quoted, slash bool
	begun         bool
}

// feed looks at the next bytes of the value: n of them belong to it, and done
// tells whether the value is complete.
func (v *valueScan) feed(b []byte) (n int, done bool) {
	for i, c := range b {
		switch {
		case v.slash:
			v.slash = false
		case v.quoted:
			v.slash = c == '\\'
			if v.quoted = c != '"'; !v.quoted && v.depth == 0 {
				return i + 1, true
			}
		case c == '"':
			v.quoted = true
		case c == '{' || c == '[':
			v.depth++
		case c == '}' || c == ']':
			if v.depth--; v.depth == 0 {
				return i + 1, true
			} else if v.depth < 0 {
				return max(i, 1-btoi(v.begun)), true
			}
		case v.depth == 0 && v.begun && (c == ',' || isSpace(c)):
			return i, true
		}
		v.begun = true
	}
	return len(b), false
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// valueFramer takes each top-level value, or each element of one top-level
// array, as a row.
type valueFramer struct {
	w      *window
	array  bool
	opened bool // the array's [ is behind us
	closed bool // its ] is
	comma  bool // a comma must come before the next element
	over   valueScan
	skip   bool // the rest of an overlong value comes first, scanned by over
}

func (f *valueFramer) next() ([]byte, outcome, error) {
	if err := f.skipValue(); err != nil {
		return nil, textEnd, err
	}
	if more, err := f.toValue(); err != nil || !more {
		return nil, textEnd, err
	}
	var v valueScan
	for looked := 0; ; {
		n, done := v.feed(f.w.bytes()[looked:])
		looked += n
		switch {
		case looked > f.w.limit:
			f.over, f.skip, f.comma = v, !done, true
			row := f.w.bytes()
			if f.w.pos += looked; done {
				row = row[:looked]
			}
			return row, rowOver, nil
		case !done && f.w.eof && f.array:
			return nil, textEnd, f.truncated()
		case done, f.w.eof:
			row := f.w.bytes()[:looked]
			f.w.pos += looked
			f.comma = true
			return row, rowFound, nil
		}
		if err := f.w.more(); err != nil {
			return nil, textEnd, err
		}
	}
}

// toValue moves to the next value; false at the end of the text.
func (f *valueFramer) toValue() (bool, error) {
	for {
		for i, c := range f.w.bytes() {
			switch {
			case isSpace(c):
				continue
			case f.closed:
				return false, fileError(FileCorrupt, nil, "the JSON array is followed by more text: use one array, or one object per line")
			case f.array && !f.opened:
				f.opened = true // newFramer saw the bracket
				continue
			case f.array && c == ']':
				f.closed = true
				continue
			case f.array && f.comma && c == ',':
				f.comma = false
				continue
			case f.array && f.comma:
				return false, fileError(FileCorrupt, nil, "the JSON array's elements are not separated by commas: the file is damaged; fetch it again")
			}
			f.w.pos += i
			return true, nil
		}
		f.w.pos = f.w.end
		if f.w.eof {
			if f.array && !f.closed {
				return false, f.truncated()
			}
			return false, nil
		}
		if err := f.w.more(); err != nil {
			return false, err
		}
	}
}

func (f *valueFramer) skipValue() error {
	for f.skip {
		n, done := f.over.feed(f.w.bytes())
		f.w.pos += n
		if f.skip = !done && !f.w.eof; f.skip {
			if err := f.w.more(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *valueFramer) truncated() error {
	return fileError(FileTruncated, nil, "the file is cut short: its JSON array has no end; fetch it again")
}
