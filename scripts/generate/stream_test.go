package main

import (
	"testing"

	"pgregory.net/rapid"
)

// scatter is a bijection that keeps the number of digits.
func TestScatterNeverCollides(t *testing.T) {
	const n = 100_000 // all numbers of up to five digits
	seen := make([]bool, n)
	for k := range uint64(n) {
		v := scatter(k)
		if v >= n || seen[v] {
			t.Fatalf("scatter(%d) = %d is out of range or another's", k, v)
		}
		seen[v] = true
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Uint64Range(n, 1<<60).Draw(t, "a"), rapid.Uint64Range(n, 1<<60).Draw(t, "b")
		va, vb := scatter(a), scatter(b)
		if digits(va) != digits(a) || (a == b) != (va == vb) {
			t.Fatalf("scatter(%d) = %d, scatter(%d) = %d", a, va, b, vb)
		}
	})
}

func digits(n uint64) (d int) {
	for ; n > 0; n /= 10 {
		d++
	}
	return d
}

func TestStreamDrawsWhatIsAsked(t *testing.T) {
	s := newStream(1, tagPerson, 1)
	counts := [3]int{}
	hits := 0
	const draws = 60_000
	for range draws {
		if x := s.between(-2, 2); x < -2 || x > 2 {
			t.Fatalf("between(-2, 2) drew %d", x)
		}
		counts[s.weighted([]int{1, 2, 3})]++
		hits += b2i(s.chance(2500))
	}
	for i, n := range counts {
		// Five standard deviations of a binomial are below 1.1 % of draws.
		if want := draws * (i + 1) / 6; n < want-draws/90 || n > want+draws/90 {
			t.Errorf("weight %d drawn %d times, want about %d", i+1, n, want)
		}
	}
	if hits < draws/4-draws/90 || hits > draws/4+draws/90 {
		t.Errorf("a chance of one in four came %d times in %d", hits, draws)
	}
}

// Streams of neighbouring indexes, of other tags and of other seeds share
// nothing.
func TestStreamsDiffer(t *testing.T) {
	seen := map[uint64]bool{}
	for seed := range uint64(4) {
		for tag := tagBlock; tag <= tagConsent; tag++ {
			for i := range uint64(200) {
				s := newStream(seed, tag, i)
				v := s.next()
				if seen[v] {
					t.Fatalf("seed %d tag %d index %d starts like another stream", seed, tag, i)
				}
				seen[v] = true
			}
		}
	}
}

func TestPadded(t *testing.T) {
	for _, c := range []struct {
		n, width int
		want     string
	}{{0, 1, "0"}, {7, 2, "07"}, {99, 2, "99"}, {123, 2, "123"}, {5, 4, "0005"}, {2026, 4, "2026"}, {1234567, 6, "1234567"}} {
		if got := string(padded(nil, c.n, c.width)); got != c.want {
			t.Errorf("padded(%d, %d) = %q, want %q", c.n, c.width, got, c.want)
		}
	}
}

func TestDates(t *testing.T) {
	d := date(2024, 2, 29)
	if got := string(d.iso(nil)); got != "2024-02-29" {
		t.Errorf("iso: %s", got)
	}
	if got := string(date(1969, 12, 31).dotted(nil)); got != "31.12.1969" {
		t.Errorf("dotted: %s", got)
	}
	if got := string(date(1980, 4, 3).swapped().iso(nil)); got != "1980-03-04" {
		t.Errorf("swapped: %s", got)
	}
	if got := d.swapped(); got != d {
		t.Errorf("29 February has no month 29, yet it was swapped")
	}
	if got := string((moment(d)*86400 + 3661).rfc3339(nil)); got != "2024-02-29T01:01:01Z" {
		t.Errorf("rfc3339: %s", got)
	}
}
