package compare

import (
	"concord/matching/column"
	"concord/matching/compare/strsim"
)

// value is the kernel of comparisons of one attribute, any of whose values may
// agree: e-mail, telephone, identifiers. What agreement means short of
// equality is its measure's affair.
type value struct {
	*valueData
	measure measure
	open    []openPair
}

// measure grades two different values. One belongs to one kernel: it may keep
// the prepared outer value.
type measure interface {
	// ceiling bounds grade from above, cheaply.
	ceiling(a, b *valueRow) Level
	// ceilings is ceiling of every open pair.
	ceilings(open []openPair, out []Level)
	grade(a, b *valueRow) Level
	clone() measure
}

// openPair is a pair of a batch whose values are present and differ.
type openPair struct {
	a, b *valueRow
	at   int // in the batch
}

// valueData is what all clones share, read-only.
type valueData struct {
	n      int
	column *column.Column
	values rows[valueRow] // by record
	top    Level
	topTF  bool
	parts  []partFrequency // what levels below the top measure frequency by
}

// partFrequency is the frequency of a part of the value, such as an e-mail
// address's local part, which a level below the top agrees on.
type partFrequency struct {
	level Level
	codes []uint32 // by value; nil where the part is the value
	count []uint32 // by code
}

// valueRow is what a kernel keeps of each value of each record: 16 bytes, four
// to a cache line.
type valueRow struct {
	sign strsim.Signature
	code uint32
	// tag is the length in runes in the highest byte, longestCounted standing
	// for more, and in the others the first letters or a digest of a part, as
	// the measure wants.
	tag uint32
}

const (
	// longestCounted is where counting a value's runes stops.
	longestCounted = 255
	tagBits        = 24
	tagMask        = 1<<tagBits - 1
)

// tagged is a row's tag of a value's length and the low bits of rest.
func tagged(length uint8, rest uint32) uint32 { return uint32(length)<<tagBits | rest&tagMask }

func (a *valueRow) length() int { return int(a.tag >> tagBits) }

// rest is the tag without the length.
func (a *valueRow) rest() uint32 { return a.tag & tagMask }

// headed is the row of a value whose tag holds its first three letters.
func headed(sign func(string) strsim.Signature) func(v uint32, s string) valueRow {
	return func(v uint32, s string) valueRow {
		return valueRow{sign: sign(s), code: v, tag: tagged(runeCount(s), head(s))}
	}
}

// parted is the row of a value whose tag holds the low bits of a part's code, 0
// for none only.
func parted(sign func(string) strsim.Signature, parts []uint32) func(v uint32, s string) valueRow {
	return func(v uint32, s string) valueRow {
		return valueRow{sign: sign(s), code: v, tag: tagged(runeCount(s), digest(parts[v]))}
	}
}

// digest is a part's code in the bits of a tag, 0 for none only.
func digest(part uint32) uint32 {
	if part&tagMask == 0 && part != 0 {
		return 1
	}
	return part & tagMask
}

// mayShare tells whether two rows may have the part in common.
func (a *valueRow) mayShare(b *valueRow) bool { return a.rest() == b.rest() && a.rest() != 0 }

// newValue makes the kernel of one column; describe is the row of a value.
func newValue(t *column.Table, c *column.Column, describe func(v uint32, s string) valueRow, top Level, m measure) *value {
	features := make([]valueRow, max(c.Values.Len(), 1))
	for v := uint32(1); v < uint32(len(features)); v++ {
		features[v] = describe(v, c.Values.At(v))
	}
	slots := slotReader(c)
	values := newRows(t.N, slots.width, func(r, s uint32) valueRow { return features[slots.code(r, s)] })
	return &value{valueData: &valueData{n: t.N, column: c, values: values, top: top, topTF: true}, measure: m}
}

func (k *value) movable() movable { return &k.values }

// Clone shares the features.
func (k *value) Clone() Kernel { return &value{valueData: k.valueData, measure: k.measure.clone()} }

// Ceilings settles the pairs that codes settle, in one pass without branches,
// and leaves the others to the measure.
func (k *value) Ceilings(pairs []column.Pair, out []Level) {
	if cap(k.open) < len(pairs) {
		k.open = make([]openPair, len(pairs))
	}
	values, open, n := k.values, k.open[:len(pairs)], 0
	for i, p := range pairs {
		if values.anySeveral(p) {
			out[i] = k.ceilingOfSeveral(p.A, p.B)
			continue
		}
		a, b := values.at(p.A), values.at(p.B)
		differ := some(a.code ^ b.code)
		out[i] = k.top & -Level(some(a.code)&^differ)
		open[n] = openPair{a, b, i}
		n += some(a.code) & some(b.code) & differ
	}
	k.measure.ceilings(open[:n], out)
}

// some is 1, or 0 of code 0, without a branch: whether a value is there or
// agrees is a coin toss to the processor.
func some(code uint32) int { return int((uint64(code) + 1<<32 - 1) >> 32) }

// ceilingOfSeveral is the best that any two of the values may reach.
func (k *value) ceilingOfSeveral(a, b uint32) Level {
	best := Null
	as, bs := k.values.of(a), k.values.of(b)
	for i := range as {
		for j := range bs {
			switch a, b := &as[i], &bs[j]; {
			case a.code == 0 || b.code == 0:
			case a.code == b.code:
				return k.top
			default:
				best = max(best, k.measure.ceiling(a, b))
			}
		}
	}
	return best
}

// Grade is the best level of any two of the values.
func (k *value) Grade(a, b uint32) Level {
	best := Null
	as, bs := k.values.of(a), k.values.of(b)
	for i := range as {
		for j := range bs {
			x, y := &as[i], &bs[j]
			switch {
			case x.code == 0 || y.code == 0:
			case x.code == y.code:
				return k.top
			case k.measure.ceiling(x, y) > best:
				best = max(best, k.measure.grade(x, y))
			}
		}
	}
	return best
}

// level is the level of two values.
func (k *value) level(a, b *valueRow) Level {
	if a.code == b.code {
		return k.top
	}
	return k.measure.grade(a, b)
}

// Frequency is the share of records with the agreed value or part: the rarest
// when several agree.
func (k *value) Frequency(a, b uint32, level Level) float64 {
	rarest := uint32(0)
	as, bs := k.values.of(a), k.values.of(b)
	for i := range as {
		for j := range bs {
			x, y := &as[i], &bs[j]
			if len(as)*len(bs) > 1 && k.level(x, y) != level {
				continue
			}
			if count := max(k.count(x.code, level), k.count(y.code, level)); rarest == 0 || count < rarest {
				rarest = count
			}
		}
	}
	return share(rarest, k.n)
}

// LeastFrequency is the share of the rarest of the record's values.
func (k *value) LeastFrequency(a uint32, level Level) float64 {
	rarest := uint32(0)
	for _, x := range k.values.of(a) {
		if count := k.count(x.code, level); rarest == 0 || count < rarest {
			rarest = count
		}
	}
	return share(rarest, k.n)
}

// count is how many records hold what value v has of the level's agreed part.
func (k *value) count(v uint32, level Level) uint32 {
	if level == k.top && k.topTF {
		return max(k.column.Count[v], 1)
	}
	for i := range k.parts {
		switch p := &k.parts[i]; {
		case p.level != level:
		case p.codes == nil:
			return max(p.count[v], 1)
		default:
			return max(p.count[p.codes[v]], 1)
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
	d := a.length() - b.length()
	return d <= limit && -d <= limit && strsim.EditsAtLeast(a.sign, b.sign) <= limit
}
