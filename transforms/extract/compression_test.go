package extract

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

func gzipped(t testing.TB, text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstded(t testing.TB, text string) []byte {
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return z.EncodeAll([]byte(text), nil)
}

func TestCompression(t *testing.T) {
	half := gzipped(t, "id,name\n1,Ana\n")
	for name, stored := range map[string][]byte{
		"gzip":             gzipped(t, "id,name\n1,Ana\n2,Bo\n"),
		"gzip, two parts":  append(half, gzipped(t, "2,Bo\n")...),
		"zstd":             zstded(t, "id,name\n1,Ana\n2,Bo\n"),
		"zstd, two frames": append(zstded(t, "id,name\n1,Ana\n"), zstded(t, "2,Bo\n")...),
	} {
		t.Run(name, func(t *testing.T) {
			got := readAll(Source{Body: bytes.NewReader(stored)}, Dialect{}, Limits{})
			if got.err != nil {
				t.Fatal(got.err)
			}
			wantLines(t, "rows", got.rows, "1: 1|Ana", "2: 2|Bo")
			if d, ev, err := Sniff(stored, int64(len(stored))); err != nil || d.Delimiter != ',' || ev.Compression == Plain {
				t.Errorf("sniffed %+v, %s, %v", d, ev.Compression, err)
			}
		})
	}
	got := readAll(Source{Body: bytes.NewReader(gzipped(t, `{"id":1}`))}, Dialect{}, Limits{})
	wantLines(t, "gzip of json", got.rows, "1: 1")
}

// Wherever a compressed file is cut, it is refused: no prefix of a file passes
// for the file.
func TestTruncatedCompression(t *testing.T) {
	text := "id,name\n" + strings.Repeat("17,Ana de la Cruz\n", 300)
	for name, stored := range map[string][]byte{"gzip": gzipped(t, text), "zstd": zstded(t, text)} {
		for cut := 4; cut < len(stored); cut++ {
			got := readAll(Source{Body: bytes.NewReader(stored[:cut])}, Dialect{}, Limits{})
			var bad *FileError
			if !errors.As(got.err, &bad) || bad.Code != FileTruncated {
				t.Fatalf("%s cut at %d of %d: %v", name, cut, len(stored), got.err)
			}
		}
		stored[len(stored)/2] ^= 0x55
		if got := readAll(Source{Body: bytes.NewReader(stored)}, Dialect{}, Limits{}); got.err == nil {
			t.Errorf("%s with a flipped byte is accepted", name)
		}
	}
}

func TestDecompressionRatio(t *testing.T) {
	bomb := zstded(t, "id\n"+strings.Repeat(strings.Repeat("x", 1023)+"\n", 2*ratioFloor>>10))
	wantFileError(t, readAllRows(bomb, Limits{BatchRows: 1 << 20}), FileRatio)
}

// readAllRows reads without keeping text.
func readAllRows(stored []byte, lim Limits) error {
	r, err := Open(Source{Body: bytes.NewReader(stored)}, Dialect{}, lim, nil)
	if err != nil {
		return err
	}
	defer r.Close()
	for {
		if _, err := r.Next(); err != nil {
			return err
		}
	}
}

// A line far over the limit is given up and never held: the window does not
// grow beyond twice the limit.
func TestHugeLine(t *testing.T) {
	text := io.MultiReader(strings.NewReader("id,name\n1,Ana\n2,"), io.LimitReader(letters{}, 64<<20), strings.NewReader("\n3,Bo\n"))
	r, err := Open(Source{Body: text}, Dialect{}, Limits{RowBytes: 1 << 20}, nil)
	if err != nil {
		t.Fatal(err)
	}
	window := r.rows.(*csvRows).w
	got := drain(r)
	if got.err != nil {
		t.Fatal(got.err)
	}
	wantLines(t, "rows", got.rows, "1: 1|Ana", "3: 3|Bo")
	wantLines(t, "bad rows", got.bad, "2! row_too_long")
	if n := len(window.buf); n > 2<<20+2*windowBytes {
		t.Errorf("the window grew to %d bytes", n)
	}
	if n := len(got.raw[0]); n != defaultRawBytes {
		t.Errorf("%d raw bytes kept, want %d", n, defaultRawBytes)
	}
}

type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestForeignFiles(t *testing.T) {
	noise := make([]byte, 4096)
	for i := range noise {
		noise[i] = byte(i * i >> 3)
	}
	for name, content := range map[string]string{
		"noise":         string(noise),
		"workbook":      "PK\x03\x04" + strings.Repeat("sheet", 100),
		"html":          "<!DOCTYPE html><html>502 Bad Gateway</html>",
		"gzip in gzip":  string(gzipped(t, "id\n1\n")),
		"parquet in gz": "PAR1" + strings.Repeat("x", 100),
	} {
		t.Run(name, func(t *testing.T) {
			stored := []byte(content)
			if strings.Contains(name, " in ") {
				stored = gzipped(t, content)
			}
			wantFileError(t, readAll(bytesSource(stored), Dialect{}, Limits{}).err, FileBinary)
		})
	}
}

// A broken connection is the transport's fault: never a file error.
func TestTransportErrors(t *testing.T) {
	broken := errors.New("connection reset")
	for name, stored := range map[string][]byte{
		"csv":  []byte("id,name\n1,Ana\n"),
		"gzip": gzipped(t, strings.Repeat("id,name\n1,Ana\n", 100)),
		"json": []byte(`{"id":1}`),
		"zstd": zstded(t, strings.Repeat("id,name\n1,Ana\n", 100)),
	} {
		cut := stored[:len(stored)-3]
		got := readAll(Source{Body: io.MultiReader(bytes.NewReader(cut), failing{broken})}, Dialect{}, Limits{})
		var bad *FileError
		if !errors.Is(got.err, broken) || errors.As(got.err, &bad) {
			t.Errorf("%s: %v", name, got.err)
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
