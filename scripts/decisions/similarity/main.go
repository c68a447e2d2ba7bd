// Command similarity compares Go libraries for Jaro-Winkler and Levenshtein
// with Concord's kernels: how often their answers differ from the textbook's,
// and what a pair costs. Decision record 0006 quotes it.
//
//	go run ./similarity
package main

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"strings"

	"github.com/adrg/strutil/metrics"
	"github.com/agnivade/levenshtein"
	"github.com/xrash/smetrics"

	"concord/matching/compare/strsim"
	"concord/scripts/decisions/measure"
)

const (
	// block is how many names the outer one of a block meets.
	block = 64
	pairs = 200_000
	names = "../../schemas/names/family.txt"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "similarity:", err)
		os.Exit(1)
	}
}

// pair is an outer name and one it meets.
type pair struct{ a, b string }

func run() error {
	list, err := read(names)
	if err != nil {
		return err
	}
	all := makePairs(list)
	jw, lev := metrics.NewJaroWinkler(), metrics.NewLevenshtein()
	fmt.Printf("%d pairs of %d family names, half of them one or two edits apart\n\n", len(all), len(list))
	fmt.Println("answers that differ from the textbook's by more than 1e-9")
	for _, c := range []struct {
		name string
		f    func(a, b string) float64
	}{
		{"concord", ourJaroWinkler()},
		{"adrg/strutil", jw.Compare},
		{"xrash/smetrics", func(a, b string) float64 { return smetrics.JaroWinkler(a, b, 0.7, 4) }},
	} {
		differ := 0
		for _, p := range all {
			if math.Abs(c.f(p.a, p.b)-textbook(p.a, p.b)) > 1e-9 {
				differ++
			}
		}
		fmt.Printf("  %-16s %6d  %.2f %%\n", c.name, differ, 100*float64(differ)/float64(len(all)))
	}

	sink := 0.0
	each := func(f func(a, b string) float64) func() error {
		return func() error {
			for _, p := range all {
				sink += f(p.a, p.b)
			}
			return nil
		}
	}
	fmt.Println("\nJaro-Winkler")
	if err := measure.Compare(os.Stdout, 5, pairs/1e6, "M pairs", []measure.Contender{
		{Name: "concord, mask built once per block", Do: each(ourJaroWinkler())},
		{Name: "textbook", Do: each(textbook)},
		{Name: "adrg/strutil", Do: each(jw.Compare)},
		{Name: "xrash/smetrics", Do: each(func(a, b string) float64 { return smetrics.JaroWinkler(a, b, 0.7, 4) })},
	}); err != nil {
		return err
	}
	fmt.Println("\nLevenshtein")
	err = measure.Compare(os.Stdout, 5, pairs/1e6, "M pairs", []measure.Contender{
		{Name: "concord, mask built once per block", Do: each(ourLevenshtein())},
		{Name: "adrg/strutil", Do: each(func(a, b string) float64 { return float64(lev.Distance(a, b)) })},
		{Name: "agnivade/levenshtein", Do: each(func(a, b string) float64 { return float64(levenshtein.ComputeDistance(a, b)) })},
	})
	if math.IsNaN(sink) {
		return fmt.Errorf("a similarity is not a number")
	}
	return err
}

// read takes the names of a frequency file: a line is a count and names.
func read(path string) ([]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read names (run from scripts/decisions): %w", err)
	}
	defer f.Close() // read only
	var list []string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if words := strings.Fields(lines.Text()); len(words) > 1 && words[0] != "#" {
			list = append(list, words[1:]...)
		}
	}
	return list, lines.Err()
}

// makePairs lays blocks out as matching meets them: one outer name, then the
// names it is compared with, every other one a misspelling of it.
func makePairs(list []string) []pair {
	r := measure.Random(3)
	var all []pair
	for len(all) < pairs {
		a := list[r.Skewed(len(list))]
		for k := range block {
			b := list[r.Skewed(len(list))]
			if k%2 == 0 {
				b = misspell(&r, a)
			}
			all = append(all, pair{a, b})
		}
	}
	return all[:pairs]
}

func misspell(r *measure.Random, s string) string {
	b := []byte(s)
	for range 1 + r.Below(2) {
		i := r.Below(len(b))
		switch r.Below(3) {
		case 0:
			b[i] = byte('a' + r.Below(26))
		case 1:
			b = append(b[:i], append([]byte{byte('a' + r.Below(26))}, b[i:]...)...)
		default:
			if i > 0 {
				b[i], b[i-1] = b[i-1], b[i]
			}
		}
	}
	return string(b)
}

func ourJaroWinkler() func(a, b string) float64 {
	var p strsim.Pattern
	last := ""
	return func(a, b string) float64 {
		if a != last {
			p.Set(a)
			last = a
		}
		return p.JaroWinkler(b, 0)
	}
}

func ourLevenshtein() func(a, b string) float64 {
	var p strsim.Pattern
	last := ""
	return func(a, b string) float64 {
		if a != last {
			p.Set(a)
			last = a
		}
		return float64(p.Levenshtein(b, 1<<10))
	}
}

// textbook is Jaro-Winkler as Winkler (1990) and the Census Bureau's strcmp95
// have it, without the latter's extras: matches within half the longer length
// less one, whole transpositions, a prefix of at most four, and the boost only
// above 0.7. Names are ASCII here.
func textbook(a, b string) float64 {
	if a == "" || b == "" {
		return 0
	}
	window := max(max(len(a), len(b))/2-1, 0)
	usedA, usedB := make([]bool, len(a)), make([]bool, len(b))
	m := 0
	for i := range a {
		for j := max(0, i-window); j < min(len(b), i+window+1); j++ {
			if !usedB[j] && a[i] == b[j] {
				usedA[i], usedB[j] = true, true
				m++
				break
			}
		}
	}
	if m == 0 {
		return 0
	}
	crossed, j := 0, 0
	for i := range a {
		if !usedA[i] {
			continue
		}
		for !usedB[j] {
			j++
		}
		if a[i] != b[j] {
			crossed++
		}
		j++
	}
	fm := float64(m)
	jaro := (fm/float64(len(a)) + fm/float64(len(b)) + (fm-float64(crossed/2))/fm) / 3
	if jaro <= 0.7 {
		return jaro
	}
	prefix := 0
	for prefix < min(len(a), len(b), 4) && a[prefix] == b[prefix] {
		prefix++
	}
	return jaro + 0.1*float64(prefix)*(1-jaro)
}
