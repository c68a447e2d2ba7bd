package strsim

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Winkler's published examples, to the three digits he gives.
func TestPublishedSimilarities(t *testing.T) {
	for _, c := range []struct {
		a, b     string
		jaro, jw float64
	}{
		{"shackleford", "shackelford", .970, .982},
		{"dunningham", "cunnigham", .896, .896},
		{"nichleson", "nichulson", .926, .956},
		{"jones", "johnson", .790, .832},
		{"massey", "massie", .889, .933},
		{"abroms", "abrams", .889, .922},
		{"martha", "marhta", .944, .961},
		{"dixon", "dicksonx", .767, .813},
		{"hardin", "martinez", .722, .722},
	} {
		var p Pattern
		p.Set(c.a)
		if got := p.Jaro(c.b); math.Abs(got-c.jaro) > .0006 {
			t.Errorf("Jaro(%q, %q) = %.4f, want %.3f", c.a, c.b, got, c.jaro)
		}
		if got := p.JaroWinkler(c.b, 0); math.Abs(got-c.jw) > .0006 {
			t.Errorf("JaroWinkler(%q, %q) = %.4f, want %.3f", c.a, c.b, got, c.jw)
		}
	}
}

// The prefix counts only above the threshold: DuckDB's and RapidFuzz's
// definition, strictly greater than 0.7.
func TestBoostNeedsMoreThanTheThreshold(t *testing.T) {
	if got := winkler(0.7, 4); got != 0.7 {
		t.Errorf("winkler(0.7, 4) = %v", got)
	}
	if got := winkler(0.8, 4); math.Abs(got-0.88) > 1e-12 {
		t.Errorf("winkler(0.8, 4) = %v, want 0.88", got)
	}
}

func TestPublishedDistances(t *testing.T) {
	for _, c := range []struct {
		a, b             string
		levenshtein, osa int
	}{
		{"kitten", "sitting", 3, 3},
		{"ca", "abc", 3, 3}, // 2 for the unrestricted Damerau distance
		{"19800531", "19805031", 2, 1},
		{"", "abc", 3, 3},
		{"same", "same", 0, 0},
	} {
		var p Pattern
		p.Set(c.a)
		if got := p.Levenshtein(c.b, 10); got != c.levenshtein {
			t.Errorf("Levenshtein(%q, %q) = %d, want %d", c.a, c.b, got, c.levenshtein)
		}
		if got := p.OSA(c.b, 10); got != c.osa {
			t.Errorf("OSA(%q, %q) = %d, want %d", c.a, c.b, got, c.osa)
		}
	}
}

// words draws strings that collide often: few letters, some beyond ASCII, and
// lengths on both sides of a block and of two.
func words() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringMatching(`[abc]{0,8}`),
		rapid.StringMatching(`[a-e]{50,80}`),
		rapid.StringMatching(`[abé日]{0,10}`),
		rapid.StringMatching(`[abé]{60,70}`),
		rapid.StringMatching(`[ab]{120,140}`),
		rapid.StringMatching(`[0-9]{8}`),
		rapid.String(),
	)
}

// neighbour is s with a few edits, so that distances near zero are met too.
func neighbour(t *rapid.T, s string) string {
	r := []rune(s)
	for range rapid.IntRange(0, 3).Draw(t, "edits") {
		if len(r) == 0 {
			break
		}
		i := rapid.IntRange(0, len(r)-1).Draw(t, "at")
		switch rapid.IntRange(0, 3).Draw(t, "edit") {
		case 0:
			r = append(r[:i], r[i+1:]...)
		case 1:
			r[i] = 'b'
		case 2:
			r = append(r[:i+1], r[i:]...)
		case 3:
			if i > 0 {
				r[i], r[i-1] = r[i-1], r[i]
			}
		}
	}
	return string(r)
}

// checkPair holds every measure against its textbook form and its laws. One
// pattern serves all pairs, as in the engine: what an earlier pair left behind
// must not show.
func checkPair(t interface{ Fatalf(string, ...any) }, p *Pattern, a, b string) {
	p.Set(a)
	want := naiveJaro(a, b)
	if got := p.Jaro(b); math.Abs(got-want) > 1e-12 {
		t.Fatalf("Jaro(%q, %q) = %v, textbook %v", a, b, got, want)
	}
	wantJW := naiveJaroWinkler(a, b)
	jw := p.JaroWinkler(b, 0)
	if math.Abs(jw-wantJW) > 1e-12 {
		t.Fatalf("JaroWinkler(%q, %q) = %v, textbook %v", a, b, jw, wantJW)
	}
	for _, cutoff := range []float64{0.5, 0.8, 0.88, 0.92, jw} {
		got := p.JaroWinkler(b, cutoff)
		if (jw >= cutoff && got != jw) || (jw < cutoff && got != 0) {
			t.Fatalf("JaroWinkler(%q, %q) = %v, with cutoff %v %v", a, b, jw, cutoff, got)
		}
	}
	for _, swaps := range []bool{false, true} {
		d := naiveEdits(a, b, swaps)
		for _, limit := range []int{0, 1, 2, 5, 200} {
			if got := p.edits(b, limit, swaps); got != min(d, limit+1) {
				t.Fatalf("edits(%q, %q, limit %d, swaps %v) = %d, textbook %d", a, b, limit, swaps, got, d)
			}
		}
	}
	checkBounds(t, a, b, jw)
	p.Set(b)
	if back := p.JaroWinkler(a, 0); back != jw {
		t.Fatalf("JaroWinkler(%q, %q) = %v one way, %v the other", a, b, jw, back)
	}
}

func checkBounds(t interface{ Fatalf(string, ...any) }, a, b string, jw float64) {
	la, lb := len([]rune(a)), len([]rune(b))
	prefix := runePrefix(a, b)
	osa, levenshtein := naiveEdits(a, b, true), naiveEdits(a, b, false)
	for name, sign := range map[string]func(string) Signature{"Sign": Sign, "SignDigits": SignDigits} {
		sa, sb := sign(a), sign(b)
		if least := EditsAtLeast(sa, sb); least > osa || least > levenshtein {
			t.Fatalf("%s: EditsAtLeast(%q, %q) = %d, but OSA is %d", name, a, b, least, osa)
		}
		m := MatchesAtMost(sa, sb, la, lb)
		if ceiling := JaroWinklerAtMost(la, lb, m, prefix); ceiling < jw {
			t.Fatalf("%s: JaroWinklerAtMost(%q, %q) = %v, but it is %v", name, a, b, ceiling, jw)
		}
		if jw >= 0.8 && !need80.Reachable(la, lb, m, prefix) {
			t.Fatalf("%s: %v of (%q, %q) said to be out of reach", name, jw, a, b)
		}
	}
}

var need80 = NewNeed(0.8)

func TestAgainstTextbook(t *testing.T) {
	var p Pattern
	rapid.Check(t, func(t *rapid.T) {
		a := words().Draw(t, "a")
		b := words().Draw(t, "b")
		if rapid.Bool().Draw(t, "near") {
			b = neighbour(t, a)
		}
		checkPair(t, &p, a, b)
	})
}

func FuzzAgainstTextbook(f *testing.F) {
	for _, c := range [][2]string{
		{"", ""}, {"a", "a"}, {"martha", "marhta"}, {"\xff", "\xff\xfe"}, {"josé", "jose"},
		{strings.Repeat("ab", 40), strings.Repeat("ba", 40)}, {strings.Repeat("x", 64), strings.Repeat("x", 65)},
	} {
		f.Add(c[0], c[1])
	}
	var p Pattern
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a) > 300 || len(b) > 300 {
			t.Skip("the textbook is quadratic")
		}
		checkPair(t, &p, a, b)
	})
}

// A Need says out of reach exactly when the bound is below the threshold, but
// for its unit.
func TestNeedIsTheBound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		threshold := rapid.Float64Range(0, 1).Draw(t, "threshold")
		la, lb := rapid.IntRange(1, 300).Draw(t, "la"), rapid.IntRange(1, 300).Draw(t, "lb")
		m := rapid.IntRange(1, min(la, lb)).Draw(t, "m")
		prefix := rapid.IntRange(0, 4).Draw(t, "prefix")
		need := NewNeed(threshold)
		if Unreachable.Reachable(la, lb, m, prefix) || Easier(Unreachable, need) != need {
			t.Fatalf("lengths %d and %d, %d matches, prefix %d: the unreachable is reached", la, lb, m, prefix)
		}
		most := JaroWinklerAtMost(la, lb, m, prefix)
		if got := need.Reachable(la, lb, m, prefix); got && most < threshold-1e-5 || !got && most >= threshold {
			t.Fatalf("threshold %v, lengths %d and %d, %d matches, prefix %d: reachable is %v, but the bound is %v", threshold, la, lb, m, prefix, got, most)
		}
	})
}

func TestNoAllocationOnceWarm(t *testing.T) {
	long := strings.Repeat("abé", 40)
	var p Pattern
	round := func() {
		for _, a := range []string{"schwarzenegger", long} {
			p.Set(a)
			for _, b := range []string{"schwarzeneger", "smith", long} {
				p.JaroWinkler(b, 0.8)
				p.OSA(b, 3)
				p.Levenshtein(b, 3)
			}
		}
	}
	round()
	if n := testing.AllocsPerRun(20, round); n != 0 {
		t.Fatalf("%v allocations a round", n)
	}
}

// pairsForBenchmark is one outer name and the names it meets in a block.
var pairsForBenchmark = []string{
	"schmidt", "johnson", "jonson", "anderson", "johnston", "williams", "garcia", "jansen", "johannson", "jones",
}

func BenchmarkJaroWinkler(b *testing.B) {
	var p Pattern
	p.Set("johnson")
	for i := range b.N {
		p.JaroWinkler(pairsForBenchmark[i%len(pairsForBenchmark)], 0)
	}
}

func BenchmarkJaroWinklerCutoff80(b *testing.B) {
	var p Pattern
	p.Set("johnson")
	for i := range b.N {
		p.JaroWinkler(pairsForBenchmark[i%len(pairsForBenchmark)], 0.8)
	}
}

func BenchmarkNaiveJaroWinkler(b *testing.B) {
	for i := range b.N {
		naiveJaroWinkler("johnson", pairsForBenchmark[i%len(pairsForBenchmark)])
	}
}

func BenchmarkOSALimit2(b *testing.B) {
	var p Pattern
	p.Set("johnson")
	for i := range b.N {
		p.OSA(pairsForBenchmark[i%len(pairsForBenchmark)], 2)
	}
}

func BenchmarkLevenshtein(b *testing.B) {
	var p Pattern
	p.Set("johnson")
	for i := range b.N {
		p.Levenshtein(pairsForBenchmark[i%len(pairsForBenchmark)], 99)
	}
}

func BenchmarkNaiveOSA(b *testing.B) {
	for i := range b.N {
		naiveEdits("johnson", pairsForBenchmark[i%len(pairsForBenchmark)], true)
	}
}

func BenchmarkSet(b *testing.B) {
	var p Pattern
	for i := range b.N {
		p.Set(pairsForBenchmark[i%len(pairsForBenchmark)])
	}
}

func BenchmarkSignatureBound(b *testing.B) {
	sigs := make([]Signature, len(pairsForBenchmark))
	for i, s := range pairsForBenchmark {
		sigs[i] = Sign(s)
	}
	outer, sink := Sign("johnson"), 0
	for i := range b.N {
		k := i % len(sigs)
		if need80.Reachable(7, 7, MatchesAtMost(outer, sigs[k], 7, 7), 0) {
			sink++
		}
	}
	_ = sink
}
