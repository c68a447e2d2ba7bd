package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// Noise keeps text text, changes little of it, and is the same for the same
// stream.
func TestNoise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringMatching(`[a-zA-Zà-ÿА-яα-ωء-ي' ]{0,20}`).Draw(t, "value")
		kind := noiseKind(rapid.IntRange(0, int(misheard)).Draw(t, "kind"))
		seed := rapid.Uint64().Draw(t, "seed")
		var z noise
		apply := func() string {
			s := newStream(seed, tagRecord, 0)
			return string(z.apply([]byte(value), kind, &s))
		}
		got := apply()
		if !utf8.ValidString(got) {
			t.Fatalf("noise made invalid UTF-8 of valid text")
		}
		if a, b := utf8.RuneCountInString(got), utf8.RuneCountInString(value); a < b-1 || a > b+2 {
			t.Fatalf("%d letters became %d", b, a)
		}
		if again := apply(); again != got {
			t.Fatal("the same stream gave another error")
		}
	})
}

func TestNoiseByKind(t *testing.T) {
	var z noise
	for kind, wants := range map[noiseKind][]string{
		deletion:  {"bc", "ac", "ab"},
		insertion: {"aabc", "abbc", "abcc"},
		swap:      {"bac", "acb"},
		misread:   {"ahc", "adc"}, // not among the pairs below: falls back to the keys
	} {
		s := newStream(1, tagRecord, uint64(kind))
		for range 50 {
			got := string(z.apply([]byte("abc"), kind, &s))
			if kind == misread {
				if got == "abc" {
					t.Error("a value that no pair fits must get another error")
				}
				continue
			}
			if !contains(wants, got) {
				t.Errorf("kind %d made %q, want one of %q", kind, got, wants)
			}
		}
	}
	s := newStream(1, tagRecord, 9)
	heard := map[string]bool{}
	for range 300 {
		heard[string(z.apply([]byte("Philipp"), misheard, &s))] = true
	}
	if !heard["Philibp"] && !heard["Filipp"] && !heard["Phillipp"] {
		t.Errorf("nobody misheard Philipp: %v", heard)
	}
}

func contains(all []string, s string) bool {
	for _, a := range all {
		if a == s {
			return true
		}
	}
	return false
}

func TestKeyBesideKeepsCaseAndScript(t *testing.T) {
	s := newStream(1, tagRecord, 0)
	for c, neighbours := range map[rune]string{'S': "AD", 'q': "w", 'Ж': "ДЭ", 'λ': "κ", '!': "!"} {
		for range 20 {
			if got := beside(c, &s); !strings.ContainsRune(neighbours, got) {
				t.Errorf("beside %q is %q, want one of %q", c, got, neighbours)
			}
		}
	}
}
