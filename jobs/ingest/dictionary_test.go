package ingest

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// Codes are dense, stable, and give the string back.
func TestDictionaryIsABijection(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := newDictionary(&room{})
		seen := map[string]uint32{"": 0}
		for _, v := range rapid.SliceOf(rapid.StringMatching(`[ab]{0,6}`)).Draw(t, "values") {
			code, err := d.codeString(v)
			if err != nil {
				t.Fatal(err)
			}
			want, known := seen[v]
			if !known {
				want = uint32(len(seen))
				seen[v] = want
			}
			if code != want || d.values.At(code) != v {
				t.Fatalf("%q has code %d and reads back as %q, want code %d", v, code, d.values.At(code), want)
			}
		}
	})
}

func TestDictionaryGrows(t *testing.T) {
	d := newDictionary(&room{})
	for round := range 2 {
		for i := range 100_000 {
			code, err := d.codeString(fmt.Sprint(i))
			if err != nil || code != uint32(i+1) {
				t.Fatalf("round %d: value %d has code %d, %v", round, i, code, err)
			}
		}
	}
}

func BenchmarkDictionary(b *testing.B) {
	values := make([][]byte, 1<<16)
	for i := range values {
		values[i] = fmt.Appendf(nil, "person%d@example.org", i*7919%50000)
	}
	d := newDictionary(&room{})
	for i := 0; b.Loop(); i++ {
		if _, err := d.code(values[i&(1<<16-1)]); err != nil {
			b.Fatal(err)
		}
	}
}
