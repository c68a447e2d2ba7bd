package compare

import (
	"slices"
	"strings"

	"concord/matching/column"
	"concord/matching/compare/strsim"
	"concord/schemas/attribute"
	"concord/schemas/table"
)

// Organisation compares the names of organisations, any of which may agree.
type Organisation struct{}

// The levels of the organisation comparison.
const (
	organisationOverlap Level = Else + 1 + iota
	organisationTypo
	organisationCore
	organisationExact
)

var organisationLevels = []LevelSpec{
	Null:                {"null", "a record names no organisation", false},
	Else:                {"else", "the organisations differ", false},
	organisationOverlap: {"token_overlap", "at least half of the words of both names together are common to them, legal forms aside", false},
	organisationTypo:    {"edits", "the names differ, legal forms aside, by one edit in eight characters at most", false},
	organisationCore:    {"same_core", "the names are equal without legal forms, spaces and order of words", true},
	organisationExact:   {"exact", "the names are equal", true},
}

// Name is "organisation".
func (Organisation) Name() string { return "organisation" }

// Description is one sentence.
func (Organisation) Description() string {
	return "names of organisations: equal, equal but for legal form and word order, mistyped, sharing words"
}

// Attributes is the organisation.
func (Organisation) Attributes() []attribute.Name { return []attribute.Name{attribute.Organisation} }

// Levels lists the levels, worst first.
func (Organisation) Levels() []LevelSpec { return organisationLevels }

// legalForms are the words that say what kind of body an organisation is: a
// match on them is no match. Common knowledge of company law, folded.
var legalForms = func() map[string]bool {
	forms := map[string]bool{}
	for f := range strings.FieldsSeq(`ab ag aktiengesellschaft and as asa bhd bv co company corp corporation cv doo ev ek
		gbr gesellschaft gmbh inc incorporated joint jsc kft kg kgaa kk liability limited limitada llc llp lp ltd ltda mbh
		na nv oao ohg ojsc ooo oy oyj pao plc private pte pty public pvt sa sarl sas se sl societe spa srl sro stock the und
		zao`) {
		forms[f] = true
	}
	return forms
}()

// core is an organisation's words without legal forms; all of them when
// nothing else is left.
func core(name string) []string {
	words := column.Words(name, 1, nil)
	out := make([]string, 0, len(words))
	for _, w := range words {
		if !legalForms[w] {
			out = append(out, w)
		}
	}
	if len(out) == 0 {
		return words
	}
	return out
}

// Bind needs organisations.
func (c Organisation) Bind(t *column.Table) Kernel { return laid(c.bind(t)) }

func (Organisation) bind(t *column.Table) rowed {
	c := t.Column(attribute.Organisation)
	if c == nil {
		return nil
	}
	m := &organisationMeasure{cores: newCores(c.Values)}
	tags := headed(strsim.Sign)
	text := tags.row
	tags.row = func(v uint32, _ string) valueRow { return text(v, m.cores.texts.At(v)) }
	k := newValue(t, c, tags, organisationExact, m)
	k.parts = []partFrequency{{organisationCore, m.cores.sorted, countParts(t.N, c, m.cores.sorted)}}
	return k
}

// cores is the organisations' names without legal forms, by value: the text,
// the words' codes, a key equal for equal words in any order and one equal for
// equal letters whatever the spacing.
type cores struct {
	sorted, joined []uint32
	texts          table.Strings
	starts         []int32
	words          []uint32
}

// tokens are the core words of value v.
func (c *cores) tokens(v uint32) []uint32 { return c.words[c.starts[v]:c.starts[v+1]] }

func newCores(values table.Strings) *cores {
	c := &cores{starts: []int32{0, 0}, sorted: []uint32{0}, joined: []uint32{0}}
	c.texts.Append("")
	wordCodes, sorted, joined := newCoder(), newCoder(), newCoder()
	for v := 1; v < values.Len(); v++ {
		words := core(values.At(uint32(v)))
		text := strings.Join(words, " ")
		c.texts.Append(text)
		for _, w := range words {
			c.words = append(c.words, wordCodes.code(w))
		}
		c.starts = append(c.starts, int32(len(c.words)))
		c.joined = append(c.joined, joined.code(strings.Join(words, "")))
		slices.Sort(words)
		c.sorted = append(c.sorted, sorted.code(strings.Join(words, " ")))
	}
	return c
}

// coder numbers strings from 1 on; "" is 0.
type coder map[string]uint32

func newCoder() coder { return coder{"": 0} }

func (c coder) code(s string) uint32 {
	if code, ok := c[s]; ok {
		return code
	}
	code := uint32(len(c))
	c[s] = code
	return code
}

// countParts is how many of n records hold each part, 0 being none.
func countParts(n int, c *column.Column, parts []uint32) []uint32 {
	top := uint32(0)
	for _, p := range parts {
		top = max(top, p)
	}
	count := make([]uint32, top+1)
	lastSeen := make([]uint32, top+1) // record + 1
	for r := range uint32(n) {
		lo, hi := c.Slots(r)
		any := false
		for _, v := range c.Codes[lo:hi] {
			p := parts[v]
			any = any || p != 0
			if p != 0 && lastSeen[p] != r+1 {
				lastSeen[p] = r + 1
				count[p]++
			}
		}
		if !any {
			count[0]++
		}
	}
	return count
}

// organisationLetters is how many letters there must be for each edit: names
// of organisations are long and begin alike ("china petrochemical", "china
// petromechanical"), which a similarity that favours the beginning rewards.
const organisationLetters = 8

// mistakes is how many edits two names of these lengths may differ by.
func mistakes(a, b *valueRow) int {
	return max(1, min(a.length(), b.length())/organisationLetters)
}

type organisationMeasure struct {
	cores *cores
	outer outerPattern
}

func (m *organisationMeasure) clone() measure { return &organisationMeasure{cores: m.cores} }

// most rules nothing out: words in common show in no signature.
func (m *organisationMeasure) most(_, _ int, _ bool) int { return 64 }

func (m *organisationMeasure) ceiling(a, b *valueRow) Level {
	switch {
	case m.sameCore(a, b):
		return organisationCore
	case a.withinEdits(b, mistakes(a, b)):
		return organisationTypo
	case m.overlap(a, b):
		return organisationOverlap
	}
	return Else
}

func (m *organisationMeasure) grade(a, b *valueRow) Level {
	switch {
	case m.sameCore(a, b):
		return organisationCore
	case m.mistyped(a, b):
		return organisationTypo
	case m.overlap(a, b):
		return organisationOverlap
	}
	return Else
}

func (m *organisationMeasure) mistyped(a, b *valueRow) bool {
	limit := mistakes(a, b)
	return a.withinEdits(b, limit) &&
		m.outer.of(&m.cores.texts, a.code).OSA(m.cores.texts.At(b.code), limit) <= limit
}

func (m *organisationMeasure) sameCore(a, b *valueRow) bool {
	return sameCode(m.cores.sorted[a.code], m.cores.sorted[b.code]) || sameCode(m.cores.joined[a.code], m.cores.joined[b.code])
}

// overlap tells whether the Jaccard index of the core words is a half or more.
func (m *organisationMeasure) overlap(a, b *valueRow) bool {
	ta, tb := m.cores.tokens(a.code), m.cores.tokens(b.code)
	shared := 0
	for _, x := range ta {
		if has(tb, x) {
			shared++
		}
	}
	// Jaccard: shared / (|a| + |b| − shared) ≥ 1/2; words are distinct.
	return shared > 0 && 3*shared >= len(ta)+len(tb)
}
