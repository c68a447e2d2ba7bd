package extract

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// SniffBytes is how much of a file's beginning decides about its dialect.
const SniffBytes = 256 << 10

// Guess is one thing that was concluded from a file's content.
type Guess struct {
	Aspect     string  // "compression", "encoding", "format", "delimiter", "quote", "header"
	Choice     string  // as a job file writes it
	Confidence float64 // 0 to 1; 1 means that nothing else is possible
	Reason     string  // a short sentence without cell content
}

// Evidence is what [Sniff] saw.
type Evidence struct {
	Compression Compression
	Guesses     []Guess  // in the order they were made
	Columns     []string // column names or paths seen; column_1 … when a csv has no header
	Empty       bool     // there is not one byte of text
}

// Guess finds what was concluded about an aspect.
func (e *Evidence) Guess(aspect string) (Guess, bool) {
	for _, g := range e.Guesses {
		if g.Aspect == aspect {
			return g, true
		}
	}
	return Guess{}, false
}

func (e *Evidence) add(g Guess) { e.Guesses = append(e.Guesses, g) }

// Sniff says how a file is written, from its first bytes ([SniffBytes] are
// enough) and its size. The bytes are as stored: still compressed, if the file
// is. Parquet's columns are in its footer; they are not in the evidence.
// The error is a [*FileError] when the bytes are no extract.
func Sniff(head []byte, size int64) (Dialect, Evidence, error) {
	kind := detectCompression(head)
	whole := int64(len(head)) >= size
	text := head
	if kind != Plain {
		var err error
		if text, whole, err = inflateHead(kind, head, whole); err != nil {
			return Dialect{}, Evidence{Compression: kind}, err
		}
	}
	return sniff(text, whole, kind, Dialect{}, Limits{}.withDefaults())
}

// inflateHead decompresses as much as the beginning of a file allows.
func inflateHead(kind Compression, head []byte, whole bool) (text []byte, all bool, err error) {
	z, err := inflate(kind, bytes.NewReader(head), defaultRatio)
	if err == nil {
		defer z.close()
		text, err = io.ReadAll(io.LimitReader(z, SniffBytes))
	}
	var bad *FileError
	if errors.As(err, &bad) && bad.Code == FileTruncated && !whole {
		return text, false, nil // the cut is ours
	}
	return text, err == nil && len(text) < SniffBytes, err
}

// sniff completes the given dialect from the beginning of the decompressed
// file. whole tells that text is all of it.
func sniff(text []byte, whole bool, kind Compression, given Dialect, lim Limits) (Dialect, Evidence, error) {
	ev := Evidence{Compression: kind}
	d := given
	if kind != Plain {
		ev.add(Guess{"compression", string(kind), 1, "magic number"})
	}
	if len(text) == 0 {
		ev.Empty = true
		return d, ev, nil
	}
	if d.Format == Parquet && !isParquet(text) {
		return d, ev, fileError(FileBinary, nil, "the file is not Parquet, as its format is given: leave the format out to have it detected")
	}
	if d.Format == "" && isParquet(text) {
		d.Format = Parquet
	}
	if d.Format == Parquet {
		ev.add(Guess{"format", string(Parquet), 1, "magic number"})
		return d, ev, nil
	}
	if err := refuseForeign(text); err != nil {
		return d, ev, err
	}
	utf8Text, err := sniffEncoding(text, whole, &d, &ev)
	if err != nil {
		return d, ev, err
	}
	if isBinary(utf8Text) {
		return d, ev, fileError(FileBinary, nil, "the file is no csv, JSON lines or Parquet: it holds binary data; check what was delivered")
	}
	if d.Format == "" {
		g := sniffFormat(utf8Text, whole)
		d.Format = Format(g.Choice)
		ev.add(g)
	}
	switch d.Format {
	case CSV:
		sniffCSV(utf8Text, whole, &d, &ev, lim)
	case JSONL:
		ev.Columns = discoverPaths(utf8Text, whole, lim).paths()
	default:
		return d, ev, fmt.Errorf("unknown format %q: use csv, jsonl or parquet", d.Format)
	}
	return d, ev, nil
}

func isParquet(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PAR1")) || bytes.HasPrefix(head, []byte("PARE"))
}

// sniffEncoding settles the encoding and returns text as UTF-8.
func sniffEncoding(text []byte, whole bool, d *Dialect, ev *Evidence) ([]byte, error) {
	if d.Encoding == "" {
		g := detectEncoding(text, whole)
		d.Encoding = g.Choice
		ev.add(g)
	}
	decoded, err := decodeText(bytes.NewReader(text), d.Encoding)
	if err != nil {
		return nil, err
	}
	out, err := io.ReadAll(decoded)
	if err != nil {
		return nil, fmt.Errorf("decode %s: %w", d.Encoding, err)
	}
	if !whole {
		out = trimPartialRune(out)
	}
	return out, nil
}

// sniffFormat tells JSON from csv by what the text begins with.
func sniffFormat(text []byte, whole bool) Guess {
	start := bytes.TrimLeft(text, " \t\r\n")
	const format = "format"
	switch {
	case len(start) == 0:
		return Guess{format, string(CSV), 0.5, "only blank lines"}
	case start[0] == '[' && startsWith(start[1:], "{]"):
		return Guess{format, string(JSONL), 0.95, "one JSON array"}
	case start[0] == '{' && startsWith(start[1:], `"}`):
		return Guess{format, string(JSONL), 0.95, "JSON objects"}
	}
	return Guess{format, string(CSV), 0.95, "text that is no JSON"}
}

// startsWith tells whether the first byte of b that is no space is in set.
func startsWith(b []byte, set string) bool {
	b = bytes.TrimLeft(b, " \t\r\n")
	return len(b) > 0 && bytes.IndexByte([]byte(set), b[0]) >= 0
}
