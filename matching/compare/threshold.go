package compare

import (
	"errors"
	"fmt"

	"concord/matching/column"
	"concord/matching/compare/strsim"
	"concord/schemas/attribute"
	"concord/schemas/model"
	"concord/schemas/table"
)

// Threshold compares the values of one attribute, any of which may agree, by
// conditions that a match model lists level by level: the "text" comparator of
// schemas/model, which imported Splink models use.
type Threshold struct {
	name, description string
	attribute         attribute.Name
	levels            []LevelSpec
	conditions        []model.Condition // by level; null and else have none
}

// NewThreshold makes the comparator of a text comparison of a model.
func NewThreshold(c *model.Comparison) (*Threshold, error) {
	if c.Comparator != model.Text || len(c.Attributes) != 1 || len(c.Levels) < 3 || len(c.Levels) > MaxLevels {
		return nil, fmt.Errorf("comparison %q: not a %q comparison of one attribute with 3 to %d levels", c.Name, model.Text, MaxLevels)
	}
	t := &Threshold{
		name: c.Name, description: c.Description, attribute: c.Attributes[0],
		conditions: make([]model.Condition, len(c.Levels)),
	}
	for k := range c.Levels {
		l := &c.Levels[k]
		t.levels = append(t.levels, LevelSpec{l.Label, l.Description, l.TermFrequency != nil})
		if k <= int(Else) {
			continue
		}
		condition, err := model.ParseCondition(l.When)
		if err != nil {
			return nil, fmt.Errorf("comparison %q level %q: %w", c.Name, l.Label, err)
		}
		t.conditions[k] = condition
	}
	if t.levels[Null].TermFrequency || t.levels[Else].TermFrequency {
		return nil, errors.New("levels null and else agree on no value that could have a frequency")
	}
	return t, nil
}

// Name is the comparison's name in the model.
func (t *Threshold) Name() string { return t.name }

// Description is the model's.
func (t *Threshold) Description() string { return t.description }

// Attributes is the one compared.
func (t *Threshold) Attributes() []attribute.Name { return []attribute.Name{t.attribute} }

// Levels lists the model's levels, worst first.
func (t *Threshold) Levels() []LevelSpec { return t.levels }

// Conditions are by level; null and else have none.
func (t *Threshold) Conditions() []model.Condition { return t.conditions }

// Bind needs the attribute.
func (t *Threshold) Bind(from *column.Table) Kernel { return laid(t.bind(from)) }

func (t *Threshold) bind(from *column.Table) rowed {
	c := from.Column(t.attribute)
	if c == nil {
		return nil
	}
	top := Level(len(t.levels) - 1)
	k := newValue(from, c, headed(strsim.Sign), top, newThresholdMeasure(c.Values, t.conditions))
	k.topTF, k.inexactTop = t.levels[top].TermFrequency, t.conditions[top].Measure != model.Exact
	for l := Else + 1; l < top; l++ {
		if t.levels[l].TermFrequency {
			k.parts = append(k.parts, partFrequency{l, nil, c.Count})
		}
	}
	return k
}

// thresholdMeasure gives two different values the highest level whose
// condition holds.
type thresholdMeasure struct {
	values     table.Strings
	conditions []model.Condition
	bounds     []bound // best first
	lowest     float64 // of the conditions' Jaro-Winkler similarities
	similarity float64 // Jaro-Winkler, of the pair being graded
	outer      outerPattern
	damerau    damerau
}

func newThresholdMeasure(values table.Strings, conditions []model.Condition) *thresholdMeasure {
	m := &thresholdMeasure{values: values, conditions: conditions, bounds: boundsOf(conditions), lowest: 1}
	for _, c := range conditions {
		if c.Measure == model.JaroWinkler {
			m.lowest = min(m.lowest, c.Threshold)
		}
	}
	return m
}

func (m *thresholdMeasure) clone() measure {
	return &thresholdMeasure{values: m.values, conditions: m.conditions, bounds: m.bounds, lowest: m.lowest}
}

// bound is what signatures and lengths must leave open for a level's condition
// to hold of two different values: so few edits, or so high a similarity.
type bound struct {
	level   Level
	edits   int // -1 where the condition is no distance
	need    strsim.Need
	letters int // of the common beginning that raise the similarity
}

// boundsOf are the conditions that two different values may meet, best first.
func boundsOf(conditions []model.Condition) (bounds []bound) {
	for l := len(conditions) - 1; l > int(Else); l-- {
		b := bound{level: Level(l), edits: -1, need: strsim.Unreachable}
		switch c := conditions[l]; {
		case c.Measure == model.Exact:
			continue
		case c.Measure.IsDistance():
			b.edits = int(c.Threshold)
		case c.Measure == model.JaroWinkler:
			b.need, b.letters = strsim.NewNeed(c.Threshold), maxLetters
		default:
			b.need = strsim.NewNeed(c.Threshold)
		}
		bounds = append(bounds, b)
	}
	return bounds
}

// maxLetters is how many letters commonHead counts.
const maxLetters = 4

// isOpen tells whether the condition may hold of values of la and lb letters
// that lie so many edits apart at least, and have so many matches and equal
// first letters at most. Lengths that were not counted to their end leave
// everything open.
func (c *bound) isOpen(la, lb, edits, matches, prefix int) bool {
	return edits <= c.edits || c.need.Reachable(la, lb, matches, min(prefix, c.letters)) || max(la, lb) == longestCounted
}

// most is what the easiest condition allows.
func (m *thresholdMeasure) most(la, lb int, alike bool) int {
	most := -1
	for i := range m.bounds {
		c, prefix := &m.bounds[i], 0
		if alike {
			prefix = c.letters
		}
		most = max(most, c.need.Bits(la, lb, prefix))
		if c.edits >= 0 {
			most = max(most, strsim.EditBits(la, lb, c.edits))
		}
	}
	return most
}

// ceiling is the level of the best condition that may hold.
func (m *thresholdMeasure) ceiling(a, b *valueRow) Level {
	la, lb := a.length(), b.length()
	onlyA, onlyB := strsim.Unshared(a.sign, b.sign)
	edits, matches, prefix := max(onlyA, onlyB, la-lb, lb-la), min(la-onlyA, lb-onlyB), commonHead(a.rest(), b.rest())
	for i := range m.bounds {
		if m.bounds[i].isOpen(la, lb, edits, matches, prefix) {
			return m.bounds[i].level
		}
	}
	return Else
}

func (m *thresholdMeasure) grade(a, b *valueRow) Level {
	ceiling := m.ceiling(a, b)
	if ceiling == Else {
		return Else
	}
	m.similarity = unknown
	for l := ceiling; l > Else; l-- {
		if m.holds(&m.conditions[l], a.code, b.code) {
			return l
		}
	}
	return Else
}

// unknown is no similarity.
const unknown = -1

// holds tells whether the condition holds for two values, the similarity being
// unknown when the first is asked about.
func (m *thresholdMeasure) holds(c *model.Condition, a, b uint32) bool {
	s, limit := m.values.At(b), int(c.Threshold)
	switch c.Measure {
	case model.Jaro:
		return m.outer.of(&m.values, a).Jaro(s) >= c.Threshold
	case model.JaroWinkler:
		if m.similarity == unknown {
			m.similarity = m.outer.of(&m.values, a).JaroWinkler(s, m.lowest)
		}
		return m.similarity >= c.Threshold
	case model.Levenshtein:
		if limit == 1 {
			if within, known := strsim.OneEdit(m.values.At(a), s, false); known {
				return within
			}
		}
		return m.outer.of(&m.values, a).Levenshtein(s, limit) <= limit
	case model.OSA:
		return m.within(a, b, limit)
	case model.DamerauLevenshtein:
		if limit == 1 { // the two distances part ways at 2
			return m.within(a, b, limit)
		}
		return m.damerau.distance(m.values.At(a), s) <= limit
	}
	return false
}

// within tells whether two values lie so many edits apart at most, by OSA.
func (m *thresholdMeasure) within(a, b uint32, limit int) bool {
	if limit == 1 {
		return m.outer.oneEdit(&m.values, a, b)
	}
	return m.outer.of(&m.values, a).OSA(m.values.At(b), limit) <= limit
}

// damerau computes the unrestricted Damerau-Levenshtein distance by the
// dynamic programme of Lowrance and Wagner (1975), in O(|a|·|b|) and memory it
// keeps. Models ask for it seldom: the bit-parallel distances are preferred.
type damerau struct {
	a, b  []rune
	cells []int // (|a|+1)·(|b|+1)
	last  []int // by position in b: the last row before this one whose rune stands there
}

func (d *damerau) distance(left, right string) int {
	d.a, d.b = appendRunes(d.a[:0], left), appendRunes(d.b[:0], right)
	width := len(d.b) + 1
	if n := (len(d.a) + 1) * width; cap(d.cells) < n {
		d.cells = make([]int, n)
	}
	d.cells = d.cells[:cap(d.cells)]
	d.last = d.last[:0]
	for j := range width {
		d.cells[j] = j
		d.last = append(d.last, 0)
	}
	for i, x := range d.a {
		d.row(i+1, x, width)
	}
	return d.cells[len(d.a)*width+len(d.b)]
}

// row fills row i, of rune x. A swap reaches back to the last place of x in b
// before j and the last row with b's rune before i; what lies between is
// deleted and inserted.
func (d *damerau) row(i int, x rune, width int) {
	row, above := d.cells[i*width:], d.cells[(i-1)*width:]
	row[0] = i
	lastX := 0
	for j := 1; j < width; j++ {
		cost := 1
		if d.b[j-1] == x {
			cost = 0
		}
		best := min(above[j]+1, row[j-1]+1, above[j-1]+cost)
		if k := d.last[j]; k > 0 && lastX > 0 {
			best = min(best, d.cells[(k-1)*width+lastX-1]+(i-k-1)+1+(j-lastX-1))
		}
		row[j] = best
		if cost == 0 {
			lastX = j
		}
	}
	for j := 1; j < width; j++ {
		if d.b[j-1] == x {
			d.last[j] = i
		}
	}
}

func appendRunes(to []rune, s string) []rune {
	for _, r := range s {
		to = append(to, r)
	}
	return to
}
