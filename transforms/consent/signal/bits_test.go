package signal

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestFibonacciOfTheSpecification(t *testing.T) {
	// The table of "Global Privacy Platform String", Fibonacci Encoding.
	for n, digits := range []string{1: "11", "011", "0011", "1011", "00011", "10011", "01011"} {
		if n == 0 {
			continue
		}
		w := &writer{}
		w.fibonacci(n)
		if w.String() != digits {
			t.Errorf("%d is written %s, want %s", n, w.String(), digits)
		}
		if b := newBits(w.base64()); b.fibonacci() != n || b.code != "" {
			t.Errorf("%s is not read as %d", digits, n)
		}
	}
	for _, text := range []string{"", "A", "AAAAAAAAAAAA", "K"} {
		if b := newBits(text); b.fibonacci() != 0 || b.code == "" {
			t.Errorf("%q holds no Fibonacci number", text)
		}
	}
}

func TestFieldsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type field struct {
			v uint64
			n int
		}
		n := rapid.IntRange(0, 63)
		var fields []field
		w := &writer{}
		for range rapid.IntRange(0, 20).Draw(t, "fields") {
			width := n.Draw(t, "width")
			f := field{rapid.Uint64Range(0, 1<<width-1).Draw(t, "value"), width}
			fields = append(fields, f)
			w.uint(f.v, f.n)
		}
		b := newBits(w.base64())
		for _, f := range fields {
			if v := b.uint(f.n); v != f.v {
				t.Fatalf("%d bits read as %d, want %d", f.n, v, f.v)
			}
		}
		if code := b.end(5); code != "" {
			t.Fatalf("end: %s", code)
		}
		if b.uint(1); b.code != Truncated {
			t.Fatal("reading past the end must say so")
		}
	})
}

func TestEnd(t *testing.T) {
	tests := []struct {
		text  string
		read  int
		slack int
		want  Code
	}{
		{"AA", 6, 6, ""},
		{"AA", 6, 5, TrailingData},
		{"AB", 6, 6, TrailingData},
		{"AAAAAAAAAAAAAAAAAAAA", 6, -1, ""},
		{"AAAAAAAAAAAAAAAAAAAB", 6, -1, TrailingData},
		{"AA", 13, -1, Truncated},
		{"A=", 6, -1, BadBase64},
		{"A+", 6, -1, BadBase64},
		{"A\xff", 6, -1, BadBase64},
	}
	for _, tt := range tests {
		b := newBits(tt.text)
		b.uint(tt.read)
		if got := b.end(tt.slack); got != tt.want {
			t.Errorf("%q after %d bits: %q, want %q", tt.text, tt.read, got, tt.want)
		}
	}
}

func TestSets(t *testing.T) {
	var f Flags = 1<<1 | 1<<63
	if !f.Has(1) || !f.Has(63) || f.Has(0) || f.Has(2) || f.Has(64) || f.Has(-1) {
		t.Error("flags answer wrongly")
	}
	ids := IDs{{3, 5}, {9, 9}}
	if got := slices.Collect(ids.All()); !slices.Equal(got, []int{3, 4, 5, 9}) {
		t.Errorf("ids %v", got)
	}
	for range ids.All() {
		break // stopping early must not panic
	}
	if ids.Has(2) || !ids.Has(4) || ids.Has(6) || !ids.Has(9) {
		t.Error("ids answer wrongly")
	}
}
