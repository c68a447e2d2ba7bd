package extract

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Names of the encodings that are detected. Every single-byte code page of
// golang.org/x/text/encoding/charmap can be named as well ("iso-8859-2").
const (
	utf8Name    = "utf-8"
	utf16le     = "utf-16le"
	utf16be     = "utf-16be"
	windows1252 = "windows-1252"
)

var boms = []struct {
	mark     string
	encoding string
}{
	{"\xef\xbb\xbf", utf8Name},
	{"\xff\xfe", utf16le},
	{"\xfe\xff", utf16be},
}

// detectEncoding names the encoding of a text's first bytes and says how sure
// it is. whole tells that head is all there is.
func detectEncoding(head []byte, whole bool) Guess {
	for _, b := range boms {
		if bytes.HasPrefix(head, []byte(b.mark)) {
			return Guess{"encoding", b.encoding, 1, "byte order mark"}
		}
	}
	if g, ok := detectUTF16(head); ok {
		return g
	}
	multi, invalid := countUTF8(head, whole)
	switch {
	case invalid == 0 && multi == 0:
		return Guess{"encoding", utf8Name, 1, "plain ASCII"}
	case invalid == 0:
		return Guess{"encoding", utf8Name, 1, fmt.Sprintf("%d valid multi-byte characters", multi)}
	case multi >= 10*invalid:
		return Guess{"encoding", utf8Name, 0.7, fmt.Sprintf("%d valid multi-byte characters, %d damaged", multi, invalid)}
	}
	return Guess{"encoding", windows1252, 0.8, "not UTF-8; every byte is read as Windows-1252"}
}

// detectUTF16 recognises UTF-16 without a mark by the zero high bytes of
// Latin letters and digits.
func detectUTF16(head []byte) (Guess, bool) {
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i&1]++
		}
	}
	half := len(head) / 2
	switch {
	case half < 2:
	case zeros[1] > half*4/10 && zeros[0] <= half/10:
		return Guess{"encoding", utf16le, 0.9, "every second byte is zero"}, true
	case zeros[0] > half*4/10 && zeros[1] <= half/10:
		return Guess{"encoding", utf16be, 0.9, "every second byte is zero"}, true
	}
	return Guess{}, false
}

func countUTF8(b []byte, whole bool) (multi, invalid int) {
	if !whole {
		b = trimPartialRune(b)
	}
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			invalid++
		} else {
			multi++
		}
		b = b[n:]
	}
	return multi, invalid
}

// trimPartialRune cuts a character that the end of b splits.
func trimPartialRune(b []byte) []byte {
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-i:]) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}

// decodeText reads src as UTF-8 without a byte order mark. src must begin at
// the first byte of the file.
func decodeText(src io.Reader, name string) (io.Reader, error) {
	enc, err := lookupEncoding(name)
	if err != nil {
		return nil, err
	}
	if enc == nil {
		return &markSkipper{src: src}, nil
	}
	return &markSkipper{src: transform.NewReader(src, enc.NewDecoder())}, nil
}

// lookupEncoding finds a decoder by name, nil for UTF-8.
func lookupEncoding(name string) (encoding.Encoding, error) {
	switch key := encodingKey(name); key {
	case "utf8", "ascii", "usascii":
		return nil, nil
	case "utf16le":
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), nil
	case "utf16be":
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), nil
	case "latin1":
		return charmap.ISO8859_1, nil
	case "cp1252":
		return charmap.Windows1252, nil
	default:
		for _, e := range charmap.All {
			if s, ok := e.(fmt.Stringer); ok && encodingKey(s.String()) == key {
				return e, nil
			}
		}
	}
	return nil, fmt.Errorf("unknown encoding %q: use utf-8, utf-16le, utf-16be, windows-1252 or another single-byte code page such as iso-8859-2", name)
}

// encodingKey makes "Windows 1252", "windows-1252" and "WINDOWS_1252" alike.
func encodingKey(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -_", r) {
			return -1
		}
		return r
	}, strings.ToLower(name))
}

// markSkipper drops a byte order mark at the start of UTF-8 text.
type markSkipper struct {
	src     io.Reader
	pending []byte // read while looking for the mark, not yet delivered
	started bool
}

func (m *markSkipper) Read(p []byte) (int, error) {
	if !m.started {
		m.started = true
		head := make([]byte, len(boms[0].mark))
		n, err := io.ReadFull(m.src, head)
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return 0, err
		}
		m.pending = bytes.TrimPrefix(head[:n], []byte(boms[0].mark))
	}
	if len(m.pending) > 0 {
		n := copy(p, m.pending)
		m.pending = m.pending[n:]
		return n, nil
	}
	return m.src.Read(p)
}
