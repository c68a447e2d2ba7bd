package main

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
)

// frequencies draws names as often as people bear them.
type frequencies struct {
	names []string
	upTo  []float64 // cumulative weights
}

// readFrequencies reads one of transforms/normalize's tables: lines of the
// floor of log2 of a count followed by the names that have it.
func readFrequencies(path string) (*frequencies, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read name frequencies: %w", err)
	}
	defer f.Close()
	out, sum := &frequencies{}, 0.0
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		class, err := strconv.Atoi(fields[0])
		if err != nil || class < 0 || class > 40 {
			return nil, fmt.Errorf("read name frequencies %s: a line begins with no class of frequency", filepath.Base(path))
		}
		for _, name := range fields[1:] {
			if !plainLetters(name) {
				continue
			}
			sum += float64(uint64(1) << class)
			out.names, out.upTo = append(out.names, name), append(out.upTo, sum)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read name frequencies: %w", err)
	}
	return out, nil
}

// plainLetters keeps to a to z: DuckDB's similarities count bytes and
// Concord's count characters, which is the same only there.
func plainLetters(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return len(s) > 1
}

func (f *frequencies) draw(rnd *rand.Rand) string {
	at := rnd.Float64() * f.upTo[len(f.upTo)-1]
	return f.names[min(sort.SearchFloat64s(f.upTo, at), len(f.names)-1)]
}

// any draws a name without regard to how many bear it.
func (f *frequencies) any(rnd *rand.Rand) string { return f.names[rnd.IntN(len(f.names))] }
