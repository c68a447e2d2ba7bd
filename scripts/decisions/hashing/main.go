// Command hashing measures hashes of short keys and decompression, for
// decision record 0008.
//
//	go run ./hashing
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"hash/fnv"
	"hash/maphash"
	"io"
	"os"
	"runtime"

	kgzip "github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/zeebo/xxh3"

	"concord/scripts/decisions/measure"
)

const keys = 1_000_000

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "hashing:", err)
		os.Exit(1)
	}
}

func run() error {
	list := make([][]byte, keys)
	r := measure.Random(5)
	for i := range list {
		list[i] = fmt.Appendf(nil, "person%d@example.org", r.Below(1<<30))
	}
	if err := hash(list); err != nil {
		return err
	}
	return decompress(bytes.Join(list, []byte(",Katharina,Lindqvist,Storgatan 17,Stockholm\n")))
}

// hash compares hash functions on the keys.
func hash(list [][]byte) error {
	sink := uint64(0)
	each := func(f func([]byte) uint64) func() error {
		return func() error {
			for _, k := range list {
				sink ^= f(k)
			}
			return nil
		}
	}
	seed := maphash.MakeSeed()
	fmt.Printf("hash %d keys of about 26 bytes\n", keys)
	err := measure.Compare(os.Stdout, 9, keys/1e6, "M keys", []measure.Contender{
		{Name: "xxh3", Do: each(xxh3.Hash)},
		{Name: "hash/maphash", Do: each(func(k []byte) uint64 { return maphash.Bytes(seed, k) })},
		{Name: "hash/fnv 1a", Do: each(func(k []byte) uint64 { h := fnv.New64a(); _, _ = h.Write(k); return h.Sum64() })},
		{Name: "crypto/sha256", Do: each(func(k []byte) uint64 { s := sha256.Sum256(k); return uint64(s[0]) })},
	})
	if err != nil {
		return err
	}
	runtime.KeepAlive(sink) // so that no hash is optimised away
	return nil
}

// decompress compares readers of gzip and of zstd on the text, packed.
func decompress(text []byte) error {
	var packed, zstandard bytes.Buffer
	g := gzip.NewWriter(&packed)
	if _, err := g.Write(text); err != nil {
		return err
	}
	if err := g.Close(); err != nil {
		return err
	}
	z, err := zstd.NewWriter(&zstandard)
	if err != nil {
		return err
	}
	if _, err := z.Write(text); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	fmt.Printf("\ndecompress %.0f MB of csv (gzip %.0f MB, zstd %.0f MB)\n", float64(len(text))/1e6, float64(packed.Len())/1e6, float64(zstandard.Len())/1e6)
	return measure.Compare(os.Stdout, 5, float64(len(text))/1e6, "MB", []measure.Contender{
		{Name: "klauspost gzip", Do: func() error {
			r, err := kgzip.NewReader(bytes.NewReader(packed.Bytes()))
			return drain(r, err)
		}},
		{Name: "compress/gzip", Do: func() error {
			r, err := gzip.NewReader(bytes.NewReader(packed.Bytes()))
			return drain(r, err)
		}},
		{Name: "klauspost zstd", Do: func() error {
			r, err := zstd.NewReader(bytes.NewReader(zstandard.Bytes()), zstd.WithDecoderConcurrency(1))
			if err != nil {
				return err
			}
			defer r.Close()
			return drain(r, nil)
		}},
	})
}

func drain(r io.Reader, err error) error {
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, r)
	return err
}
