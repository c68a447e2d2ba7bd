package extract

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner reads one JSON text (RFC 8259), strictly: no comments, no trailing
// commas, no control characters in strings, no lone surrogates. The first
// fault stays in code and stops everything after it.
type scanner struct {
	b    []byte
	i    int
	code string // a Row… code, "" while all is well
}

func (s *scanner) fail(code string) {
	if s.code == "" {
		s.code = code
	}
	s.i = len(s.b)
}

// peek is the next byte that is no white space, 0 at the end.
func (s *scanner) peek() byte {
	for s.i < len(s.b) {
		switch c := s.b[s.i]; c {
		case ' ', '\t', '\n', '\r':
			s.i++
		default:
			return c
		}
	}
	return 0
}

// skip consumes c if it comes next.
func (s *scanner) skip(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.i++
	return true
}

func (s *scanner) expect(c byte) {
	if !s.skip(c) {
		s.fail(RowBadJSON)
	}
}

// str consumes a string, whose opening quote comes next, and returns what is
// between the quotes; escaped tells that it must be unescaped.
func (s *scanner) str() (content []byte, escaped bool) {
	s.i++
	start := s.i
	for s.i < len(s.b) {
		switch c := s.b[s.i]; {
		case c == '"':
			content = s.b[start:s.i]
			s.i++
			return content, escaped
		case c == '\\':
			escaped = true
			s.i += 2
		case c < 0x20:
			s.fail(RowBadJSON)
		default:
			s.i++
		}
	}
	s.fail(RowBadJSON)
	return nil, false
}

// unescape appends the text of a string's content to dst.
func (s *scanner) unescape(dst, content []byte) []byte {
	for {
		i := bytes.IndexByte(content, '\\')
		if i < 0 {
			return append(dst, content...)
		}
		dst = append(dst, content[:i]...)
		content = content[i+1:] // str has seen the byte that follows
		if content[0] == 'u' {
			var r rune
			if r, content = unicodeEscape(content); r < 0 {
				s.fail(RowBadJSON)
				return dst
			} else if r == 0 {
				s.fail(RowNUL)
				return dst
			}
			dst = utf8.AppendRune(dst, r)
			continue
		}
		at := bytes.IndexByte(escapeNames, content[0])
		if at < 0 {
			s.fail(RowBadJSON)
			return dst
		}
		dst = append(dst, escapeBytes[at])
		content = content[1:]
	}
}

var (
	escapeNames = []byte(`"\/bfnrt`)
	escapeBytes = []byte("\"\\/\b\f\n\r\t")
)

// unicodeEscape reads uXXXX, or the pair of them that makes one character,
// from the start of b; r < 0 when it is malformed or half a pair.
func unicodeEscape(b []byte) (r rune, rest []byte) {
	r = hex4(b)
	if r < 0 || !utf16.IsSurrogate(r) {
		return r, b[min(5, len(b)):]
	}
	if len(b) < 11 || b[5] != '\\' || b[6] != 'u' {
		return -1, b
	}
	if r = utf16.DecodeRune(r, hex4(b[6:])); r == utf8.RuneError {
		return -1, b
	}
	return r, b[11:]
}

// hex4 reads the four hexadecimal digits after b's first byte.
func hex4(b []byte) rune {
	if len(b) < 5 {
		return -1
	}
	var r rune
	for _, c := range b[1:5] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return -1
		}
		r = r<<4 | rune(c)
	}
	return r
}

// number consumes a number and returns it as written.
func (s *scanner) number() []byte {
	start := s.i
	if s.i < len(s.b) && s.b[s.i] == '-' {
		s.i++
	}
	whole := s.digits()
	ok := whole == 1 || whole > 1 && s.b[s.i-whole] != '0'
	if s.i < len(s.b) && s.b[s.i] == '.' {
		s.i++
		ok = s.digits() > 0 && ok
	}
	if s.i < len(s.b) && s.b[s.i]|0x20 == 'e' {
		s.i++
		if s.i < len(s.b) && (s.b[s.i] == '+' || s.b[s.i] == '-') {
			s.i++
		}
		ok = s.digits() > 0 && ok
	}
	if !ok {
		s.fail(RowBadJSON)
		return nil
	}
	return s.b[start:s.i]
}

func (s *scanner) digits() (n int) {
	for s.i < len(s.b) && s.b[s.i]-'0' <= 9 {
		s.i++
		n++
	}
	return n
}

// word consumes true, false or null.
func (s *scanner) word() []byte {
	for _, w := range []string{"true", "false", "null"} {
		if bytes.HasPrefix(s.b[s.i:], []byte(w)) {
			s.i += len(w)
			return s.b[s.i-len(w) : s.i]
		}
	}
	s.fail(RowBadJSON)
	return nil
}
