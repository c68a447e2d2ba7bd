package extract

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Compression is how an extract is compressed, by its first bytes.
type Compression string

// The compressions.
const (
	Plain Compression = "none"
	Gzip  Compression = "gzip" // RFC 1952, any number of members
	Zstd  Compression = "zstd" // RFC 8878, any number of frames
)

// maxZstdWindow is the most memory a zstd stream may ask for: what the zstd
// tool itself accepts without --long.
const maxZstdWindow = 128 << 20

var (
	gzipMagic = []byte{0x1f, 0x8b}
	zstdMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}
)

func detectCompression(head []byte) Compression {
	switch {
	case bytes.HasPrefix(head, gzipMagic):
		return Gzip
	case bytes.HasPrefix(head, zstdMagic):
		return Zstd
	}
	return Plain
}

// transport counts the bytes of the source and remembers its error, so that a
// broken connection is not taken for a damaged file.
type transport struct {
	src io.Reader
	n   int64
	err error
}

func (t *transport) Read(p []byte) (int, error) {
	n, err := t.src.Read(p)
	t.n += int64(n)
	if err != nil && err != io.EOF {
		t.err = fmt.Errorf("read extract: %w", err)
	}
	return n, err
}

// inflater reads the decompressed bytes and turns the ways in which a
// compressed stream can be wrong into file errors.
type inflater struct {
	kind  Compression
	in    *transport
	out   io.Reader
	n     int64
	ratio int64
	close func()
}

// inflate reads the plain bytes of src, whose bytes so far consumed begin
// with head's compression.
func inflate(kind Compression, src io.Reader, ratio int) (*inflater, error) {
	in := &transport{src: src}
	f := &inflater{kind: kind, in: in, out: in, ratio: int64(ratio), close: func() {}}
	switch kind {
	case Gzip:
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, f.fault(err)
		}
		f.out = z
	case Zstd:
		// One decoder, no goroutines: readers run inside sequential kernels.
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1),
			zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxZstdWindow))
		if err != nil {
			return nil, f.fault(err)
		}
		f.out, f.close = z, z.Close
	}
	return f, nil
}

func (f *inflater) Read(p []byte) (int, error) {
	n, err := f.out.Read(p)
	f.n += int64(n)
	if f.kind != Plain && f.n > ratioFloor && f.n/f.ratio > f.in.n {
		return 0, fileError(FileRatio, nil,
			"the %s file expands to more than %d times its size: check where it comes from, or raise the ratio limit", f.kind, f.ratio)
	}
	if err != nil && err != io.EOF {
		err = f.fault(err)
	}
	return n, err
}

func (f *inflater) fault(err error) error {
	switch {
	case f.in.err != nil:
		return f.in.err
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fileError(FileTruncated, err, "the file is cut short: its %s stream has no end; fetch it again", f.kind)
	default:
		return fileError(FileCorrupt, err, "the file is damaged: its %s stream does not decode; fetch it again", f.kind)
	}
}
