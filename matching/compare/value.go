package compare

import (
	"math/bits"

	"concord/matching/column"
	"concord/matching/compare/strsim"
)

// value is the kernel of comparisons of one attribute, any of whose values may
// agree: e-mail, telephone, identifiers. What agreement means short of
// equality is its measure's affair.
type value struct {
	*valueData
	measure measure
	records []uint32   // loaded
	window  []valueRow // their rows
}

// measure grades two different values. One belongs to one kernel: it may keep
// the prepared outer value.
type measure interface {
	// most is how many bits of the signatures of two values of la and lb letters
	// may differ for grade to be above else, with equal first letters or without.
	// It need not allow for parts that the rows' tags have in common.
	most(la, lb int, alike bool) int
	// ceiling bounds grade from above, cheaply.
	ceiling(a, b *valueRow) Level
	grade(a, b *valueRow) Level
	clone() measure
}

// valueData is what all clones share, read-only.
type valueData struct {
	n          int
	counts     []uint32       // by code: records
	values     rows[valueRow] // by record
	limits     *strsim.Limits // the measure's most, tabulated
	tags       tagging
	top        Level
	topTF      bool
	inexactTop bool            // whether different values may reach the top level
	parts      []partFrequency // what levels below the top measure frequency by
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

// tagging is how a column's values become rows.
type tagging struct {
	row func(v uint32, s string) valueRow
	// Of the tag, the bits of the first letter and of the part; 0 where tags
	// hold none.
	letter, part uint32
}

// headed is rows whose tags hold a value's first three letters.
func headed(sign func(string) strsim.Signature) tagging {
	return tagging{letter: 1<<8 - 1, row: func(v uint32, s string) valueRow {
		return valueRow{sign: sign(s), code: v, tag: tagged(lengthOf(s), head(s))}
	}}
}

// parted is rows whose tags hold the low bits of a part's code, 0 for none only.
func parted(sign func(string) strsim.Signature, parts []uint32) tagging {
	return tagging{part: tagMask, row: func(v uint32, s string) valueRow {
		return valueRow{sign: sign(s), code: v, tag: tagged(lengthOf(s), digest(parts[v]))}
	}}
}

// lengthOf is a value's length for its tag. Length 0 is no value: one of no
// letters counts as of one.
func lengthOf(s string) uint8 { return max(runeCount(s), 1) }

// digest is a part's code in the bits of a tag, 0 for none only.
func digest(part uint32) uint32 {
	if part&tagMask == 0 && part != 0 {
		return 1
	}
	return part & tagMask
}

// mayShare tells whether two rows may have the part in common.
func (a *valueRow) mayShare(b *valueRow) bool { return a.rest() == b.rest() && a.rest() != 0 }

// newValue makes the kernel of one column, with its values' rows as tags has
// them.
func newValue(t *column.Table, c *column.Column, tags tagging, top Level, m measure) *value {
	features := make([]valueRow, max(c.Values.Len(), 1))
	for v := uint32(1); v < uint32(len(features)); v++ {
		features[v] = tags.row(v, c.Values.At(v))
	}
	slots := slotReader(c)
	// The mark is as long as nothing else, so that it is always within the limits.
	values := newRows(t.N, source[valueRow]{
		width: slots.width,
		at:    func(r, s uint32) valueRow { return features[slots.code(r, s)] },
		mark:  func(code uint32) valueRow { return valueRow{code: code, tag: tagged(longestCounted, 0)} },
	})
	limits := strsim.NewLimits(func(la, lb int, alike bool) int {
		if la == lb {
			return max(0, m.most(la, lb, alike)) // they may be equal
		}
		return m.most(la, lb, alike)
	})
	return &value{measure: m, valueData: &valueData{
		n: t.N, counts: c.Count, values: values, limits: limits, tags: tags, top: top, topTF: true,
	}}
}

func (k *value) movable() movable { return &k.values }

// Exact is the top level, which only equal values reach.
func (k *value) Exact() uint32 {
	if k.inexactTop {
		return 0
	}
	return 1 << k.top
}

// Clone shares the features.
func (k *value) Clone() Kernel { return &value{valueData: k.valueData, measure: k.measure.clone()} }

// Load copies the records' rows.
func (k *value) Load(records []uint32) {
	k.records, k.window = records, k.values.gather(records, k.window)
}

// noPart is no row's part.
const noPart = tagMask + 1

// Ceilings rules most pairs out by their signatures and lengths, and asks the
// measure about the others. What is the same for all pairs of one outer record
// is looked up once.
func (k *value) Ceilings(pairs []column.Pair, out []Level) {
	window, letter := k.window, k.tags.letter
	var a *valueRow
	var limits *strsim.Row
	present, part, outer := Level(0), uint32(noPart), ^uint32(0)
	for i, p := range pairs {
		if p.A != outer || a == nil {
			outer, a = p.A, &window[p.A]
			limits, present, part = k.limits.Of(a.length()), Level(some(a.code)), noPart
			if k.tags.part != 0 && a.rest() != 0 {
				part = a.rest()
			}
		}
		b := &window[p.B]
		differ := some((a.tag ^ b.tag) & letter)
		out[i] = present & Level(some(b.code)) // else, or null
		if bits.OnesCount64(uint64(a.sign^b.sign)) <= int(limits[differ<<8|b.length()]) || b.rest() == part {
			out[i] = k.ceiling(p, a, b)
		}
	}
}

// ceiling is the best that two places may reach, whose rows are a and b.
func (k *value) ceiling(p column.Pair, a, b *valueRow) Level {
	switch {
	case (a.code|b.code)&marked != 0:
		return k.ceilingOfSeveral(k.records[p.A], k.records[p.B])
	case a.code == 0 || b.code == 0:
		return Null
	case a.code == b.code:
		return k.top
	}
	return k.measure.ceiling(a, b)
}

// some is 1, or 0 of code 0, without a branch: whether a value is there or
// agrees is a coin toss to the processor.
func some(code uint32) int { return int((uint64(code) + 1<<32 - 1) >> 32) }

// of is the rows of record r.
func (k *value) of(r uint32) []valueRow { return k.values.of(r, k.values.at(r).code) }

// ceilingOfSeveral is the best that any two of the values may reach.
func (k *value) ceilingOfSeveral(a, b uint32) Level {
	best := Null
	as, bs := k.of(a), k.of(b)
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
	as, bs := k.of(a), k.of(b)
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
	x, y := k.values.at(a), k.values.at(b)
	if (x.code|y.code)&marked == 0 {
		return share(max(k.count(x.code, level), k.count(y.code, level)), k.n)
	}
	rarest := uint32(0)
	as, bs := k.of(a), k.of(b)
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
	return share(rarestOf(k.of(a), func(r *valueRow) uint32 { return k.count(r.code, level) }), k.n)
}

// count is how many records hold what value v has of the level's agreed part.
func (k *value) count(v uint32, level Level) uint32 {
	if level == k.top && k.topTF {
		return max(k.counts[v], 1)
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
		return coincidence(k.counts, k.n)
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
