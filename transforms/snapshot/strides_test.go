package snapshot

import (
	"bytes"
	"encoding/base32"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"
)

// hashes are n texts of one length that begin alike.
func hashes(r *rand.Rand, n, length int, prefix string) (page []byte, texts *dictionary) {
	texts = &dictionary{}
	raw := make([]byte, length)
	for range n {
		for i := range raw {
			raw[i] = byte(r.Uint32())
		}
		text := prefix + base32.HexEncoding.EncodeToString(raw)[:length]
		texts.find(text)
		page = appendText(page, []byte(text))
	}
	return page, texts
}

func unpack(t interface{ Fatal(...any) }, frame []byte) []byte {
	d, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	out, err := d.DecodeAll(frame, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Whatever the texts are, a frame unpacks to the page.
func TestStridesUnpack(t *testing.T) {
	var z strides // used again, as by a writer
	packed := 0
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		n := rapid.OneOf(rapid.IntRange(1, 200), rapid.IntRange(3900, 4100), rapid.IntRange(1, 20_000)).Draw(t, "texts")
		page, texts := hashes(r, n, rapid.IntRange(1, 140).Draw(t, "length"), rapid.StringMatching("[a-z0-9_]{0,40}").Draw(t, "prefix"))
		head := rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "head")
		body := append(bytes.Clone(head), page...)
		frame, ok := z.compress([]byte("before"), body, len(head), texts.stride())
		if !bytes.HasPrefix(frame, []byte("before")) || !ok && len(frame) != len("before") {
			t.Fatal("what stood before is not there, or something is that should not be")
		}
		if ok {
			packed++
			if !bytes.Equal(unpack(t, frame[len("before"):]), body) {
				t.Fatal("unpacked to something else")
			}
		}
	})
	if packed == 0 {
		t.Error("nothing was packed")
	}
}

// Ids as the tables have them take 16 bytes of chance, and hardly more.
func TestStridesPackWell(t *testing.T) {
	page, texts := hashes(rand.New(rand.NewPCG(1, 2)), 40_000, 26, "t1_")
	var z strides
	frame, ok := z.compress(nil, page, 0, texts.stride())
	if each := float64(len(frame)) / 40_000; !ok || each > 16.6 {
		t.Errorf("packed %v, %.2f bytes an id", ok, each)
	}
}

func TestStrideIsOfTextsAlike(t *testing.T) {
	texts := func(of func(i int) string) *dictionary {
		d := &dictionary{}
		for i := range 100 {
			d.find(of(i))
		}
		return d
	}
	for _, c := range []struct {
		name string
		of   func(i int) string
		want stride
	}{
		{"ids", func(i int) string { return fmt.Sprintf("t1_%c%025d", 'a'+i%26, i) }, stride{33, 7}},
		{"one is longer", func(i int) string { return fmt.Sprintf("t1_%026d%s", i, "x"[:i/99]) }, stride{}},
		{"no beginning", func(i int) string { return fmt.Sprintf("%c%028d", 'a'+i%26, i) }, stride{}},
		{"short", func(i int) string { return fmt.Sprintf("t1_%04d", i) }, stride{}},
	} {
		if got := texts(c.of).stride(); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
	if got := (&dictionary{}).stride(); got != (stride{}) {
		t.Errorf("nothing has %+v in common", got)
	}
}

func BenchmarkStrides(b *testing.B) {
	page, texts := hashes(rand.New(rand.NewPCG(1, 2)), 40_000, 26, "t1_")
	var s Scratch
	if err := s.prepare(); err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		pack func() int
	}{
		{"strides", func() int {
			out, _ := s.strides.compress(s.packed[:0], page, 0, texts.stride())
			s.packed = out
			return len(out)
		}},
		{"zstd", func() int { s.packed = s.zstd.EncodeAll(page, s.packed[:0]); return len(s.packed) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(page)))
			size := 0
			for b.Loop() {
				size = c.pack()
			}
			b.ReportMetric(float64(size)/40_000, "bytes/id")
		})
	}
}
