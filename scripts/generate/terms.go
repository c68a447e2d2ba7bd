package main

import (
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// term is a name as its country writes it and as it is written in Latin
// letters without marks.
type term struct {
	native string
	latin  []string // spellings in use, the commonest first; nil when native is plain Latin
	nicks  []term   // short and pet forms
}

// in is the term in one of two scripts. Which romanisation follows from pick;
// an even pick takes the commonest.
func (t *term) in(native bool, pick uint64) string {
	switch {
	case native || len(t.latin) == 0:
		return t.native
	case pick&1 == 0:
		return t.latin[0]
	}
	return t.latin[int(pick>>1)%len(t.latin)]
}

// table is a list of terms drawn by weight.
type table struct {
	terms []term
	upTo  []uint64 // cumulative weights
}

func (t *table) add(x term, weight uint64) {
	sum := weight
	if n := len(t.upTo); n > 0 {
		sum += t.upTo[n-1]
	}
	t.terms, t.upTo = append(t.terms, x), append(t.upTo, sum)
}

func (t *table) draw(s *stream) *term {
	x := uint64(s.n(int(t.upTo[len(t.upTo)-1])))
	i, found := slices.BinarySearch(t.upTo, x)
	if found {
		i++
	}
	return &t.terms[i]
}

// offset flattens the head of Zipf's law for terms without a count of their
// own: the weight of rank r (from 0) is proportional to 1/(r+offset), which
// for names fits better than 1/r.
const offset = 8

func zipf(rank int) uint64 { return 1_000_000 / uint64(rank+offset) }

//go:embed data/*.txt
var files embed.FS

// section is a named list of a data file.
type section []string

// sections reads a file of data: "[name]" lines, each followed by its lines.
func sections(file string) (map[string]section, error) {
	text, err := files.ReadFile("data/" + file)
	if err != nil {
		return nil, err
	}
	all, name := map[string]section{}, ""
	for _, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			name = strings.Trim(line, "[]")
		default:
			all[name] = append(all[name], line)
		}
	}
	return all, nil
}

// table reads terms, each "native[=latin/latin…][ ~ nick, nick…][ : weight]".
func (s section) table() (*table, error) {
	t := &table{}
	for rank, line := range s {
		weight := zipf(rank)
		text, count, found := strings.Cut(line, " : ")
		if found {
			n, err := strconv.ParseUint(count, 10, 32)
			if err != nil {
				return nil, fmt.Errorf("weight of term %d: %w", rank, err)
			}
			weight = n
		}
		t.add(parseTerm(text), weight)
	}
	if len(t.terms) == 0 {
		return nil, fmt.Errorf("no terms")
	}
	return t, nil
}

func parseTerm(text string) term {
	text, nicks, _ := strings.Cut(text, "~")
	native, latin, _ := strings.Cut(strings.TrimSpace(text), "=")
	t := term{native: native}
	if latin != "" {
		t.latin = strings.Split(latin, "/")
	}
	for _, n := range strings.Split(nicks, ",") {
		if n = strings.TrimSpace(n); n != "" {
			t.nicks = append(t.nicks, parseTerm(n))
		}
	}
	return t
}

// compose adds rarer names made of a first and a second part ("Stein",
// "bach"): the long tail that no list of frequent names has.
func (t *table) compose(heads, tails section) {
	rank := len(t.terms)
	for i := range heads {
		for j := range tails {
			// Each head meets the tails in another order, so that no tail
			// is commoner than the others.
			head, tail := parseTerm(heads[i]), parseTerm(tails[(i+j)%len(tails)])
			x := term{native: head.native + tail.native}
			if len(head.latin) > 0 || len(tail.latin) > 0 {
				x.latin = []string{head.in(false, 0) + tail.in(false, 0)}
			}
			t.add(x, zipf(rank))
			rank++
		}
	}
}
