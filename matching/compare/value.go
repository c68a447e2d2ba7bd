package compare

import (
	"concord/matching/column"
	"concord/matching/compare/strsim"
	"concord/schemas/table"
)

// value is the kernel of comparisons of one attribute, any of whose values may
// agree: e-mail, telephone, identifiers. What agreement means short of
// equality is its measure's affair.
type value struct {
	*valueData
	slots
	measure measure
	rows    []valueRow
}

// measure grades two different values. One belongs to one kernel: it may keep
// the prepared outer value.
type measure interface {
	// ceiling bounds grade from above, cheaply.
	ceiling(a, b *valueRow) Level
	grade(a, b *valueRow) Level
	clone() measure
}

// valueData is what all clones share, read-only.
type valueData struct {
	n        int
	column   *column.Column
	features []valueRow // by value
	top      Level
	topTF    bool
	// parts are what levels below the top measure frequency by: the part's
	// code of a row is parts[i].of(row). Ordered by level.
	parts []partFrequency
}

// partFrequency is the frequency of a part of the value, such as an e-mail
// address's local part, which a level below the top agrees on.
type partFrequency struct {
	level Level
	of    func(*valueRow) uint32
	count []uint32
}

// valueRow is what a kernel keeps of one value.
type valueRow struct {
	sign   strsim.Signature
	code   uint32
	head   uint32
	part   uint32 // code of the part that may agree where the whole does not
	domain uint32 // a second part that may agree
	length uint8
	// Of an e-mail address's local part.
}

// newValue makes the kernel of one column. features is by value, entry 0
// unused.
func newValue(t *column.Table, c *column.Column, features []valueRow, top Level, m measure) *value {
	return &value{
		valueData: &valueData{n: t.N, column: c, features: features, top: top, topTF: true},
		measure:   m,
	}
}

// describeValues computes the features that every measure of text uses.
func describeValues(values table.Strings, sign func(string) strsim.Signature) []valueRow {
	out := make([]valueRow, max(values.Len(), 1))
	for v := 1; v < len(out); v++ {
		s := values.At(uint32(v))
		out[v] = valueRow{code: uint32(v), sign: sign(s), head: head(s), length: runeCount(s)}
	}
	return out
}

// Clone shares the features.
func (k *value) Clone() Kernel { return &value{valueData: k.valueData, measure: k.measure.clone()} }

// Load gathers the values of rows.
func (k *value) Load(rows []uint32) {
	k.begin()
	k.rows = k.rows[:0]
	for _, r := range rows {
		lo, hi := k.column.Slots(r)
		for _, v := range k.column.Codes[lo:hi] {
			if v != 0 {
				k.rows = append(k.rows, k.features[v])
			}
		}
		k.end(len(k.rows))
	}
}

// Outer makes position i the left side.
func (k *value) Outer(i int) { k.outer(i) }

// Ceiling is the best level that any two of the values may reach.
func (k *value) Ceiling(j int) Level {
	best := Null
	lo, hi := k.of(j)
	for o := k.outerLo; o < k.outerHi; o++ {
		for s := lo; s < hi; s++ {
			a, b := &k.rows[o], &k.rows[s]
			if a.code == b.code {
				return k.top
			}
			best = max(best, k.measure.ceiling(a, b))
		}
	}
	return best
}

// Grade is the best level of any two of the values.
func (k *value) Grade(j int) Level {
	best := Null
	lo, hi := k.of(j)
	for o := k.outerLo; o < k.outerHi; o++ {
		for s := lo; s < hi; s++ {
			a, b := &k.rows[o], &k.rows[s]
			if a.code == b.code {
				return k.top
			}
			if k.measure.ceiling(a, b) > best {
				best = max(best, k.measure.grade(a, b))
			}
		}
	}
	return best
}

func (k *value) level(a, b *valueRow) Level {
	if a.code == b.code {
		return k.top
	}
	return k.measure.grade(a, b)
}

// Frequency is the share of records with the agreed value or part: the rarest
// when several agree.
func (k *value) Frequency(j int, level Level) float64 {
	rarest := uint32(0)
	lo, hi := k.of(j)
	for o := k.outerLo; o < k.outerHi; o++ {
		for s := lo; s < hi; s++ {
			a, b := &k.rows[o], &k.rows[s]
			if k.level(a, b) != level {
				continue
			}
			if count := max(k.count(a, level), k.count(b, level)); rarest == 0 || count < rarest {
				rarest = count
			}
		}
	}
	return share(rarest, k.n)
}

// OuterFrequency is the share of the rarest of the outer record's values.
func (k *value) OuterFrequency(level Level) float64 {
	rarest := uint32(0)
	for o := k.outerLo; o < k.outerHi; o++ {
		if count := k.count(&k.rows[o], level); rarest == 0 || count < rarest {
			rarest = count
		}
	}
	return share(rarest, k.n)
}

// count is how many records hold what r has of the level's agreed part.
func (k *value) count(r *valueRow, level Level) uint32 {
	if level == k.top && k.topTF {
		return max(k.column.Count[r.code], 1)
	}
	for i := range k.parts {
		if k.parts[i].level == level {
			return max(k.parts[i].count[k.parts[i].of(r)], 1)
		}
	}
	return 1
}

// Coincidence implements [Coincident].
func (k *value) Coincidence(level Level) float64 {
	if level == k.top && k.topTF {
		return coincidence(k.column.Count, k.n)
	}
	for i := range k.parts {
		if k.parts[i].level == level {
			return coincidence(k.parts[i].count, k.n)
		}
	}
	return 0
}

// withinEdits tells whether the edit distance of two values may be limit or
// less.
func (a *valueRow) withinEdits(b *valueRow, limit int) bool {
	d := int(a.length) - int(b.length)
	return d <= limit && -d <= limit && strsim.EditsAtLeast(a.sign, b.sign) <= limit
}

// equality is the measure of values that agree only when they are equal.
type equality struct{}

func (equality) ceiling(_, _ *valueRow) Level { return Else }
func (equality) grade(_, _ *valueRow) Level   { return Else }
func (equality) clone() measure               { return equality{} }
