package compare

import (
	"concord/matching/column"
	"concord/schemas/attribute"
)

// MiddleName compares middle names, which say next to nothing of given and
// family name and are therefore a comparison of their own: namesakes, twins and
// relatives have different ones.
type MiddleName struct{}

// The levels of the middle name.
const (
	middleClose Level = Else + 1 + iota
	middleInitial
	middleNear
	middleExact
)

var middleLevels = []LevelSpec{
	Null:          {"null", "a record has no middle name, or it is the given name of the other", false},
	Else:          {"else", "the middle names differ", false},
	middleClose:   {"similar", "the middle names are similar or sound alike", false},
	middleInitial: {"initial", "one middle name is the other's initial", false},
	middleNear:    {"near", "the middle names are forms or misspellings of one name", false},
	middleExact:   {"exact", "the middle names or initials are equal", true},
}

// middleOf is the level of each grade of two names.
var middleOf = [equal + 1]Level{
	differs: Else, close: middleClose, initials: middleInitial, alias: middleNear, near: middleNear, equal: middleExact,
}

// Name is "middle_name".
func (MiddleName) Name() string { return "middle_name" }

// Description is one sentence.
func (MiddleName) Description() string {
	return "middle names: equal, misspelt, forms of one name or initials"
}

// Attributes are the middle name, and the given name that may be the other's.
func (MiddleName) Attributes() []attribute.Name {
	return []attribute.Name{attribute.MiddleName, attribute.GivenName}
}

// Levels lists the levels, worst first.
func (MiddleName) Levels() []LevelSpec { return middleLevels }

// Bind needs middle names.
func (c MiddleName) Bind(t *column.Table) Kernel { return laid(c.bind(t)) }

func (MiddleName) bind(t *column.Table) rowed {
	middle, given := t.Column(attribute.MiddleName), t.Column(attribute.GivenName)
	if middle == nil {
		return nil
	}
	k := &middleKernel{n: t.N, words: newWordTable(middle, given)}
	k.count = sharedCounts(middle, &k.words.codes[0], len(k.words.words))
	middles, givens := slotReader(middle), slotReader(given)
	codes := k.words.codes
	k.names = newRows(t.N, source[middleRow]{width: middles.width, at: func(r, s uint32) middleRow {
		row := middleRow{codes[0].Codes[middles.code(r, s)], codes[1].Codes[givens.code(r, s)]}
		if row.middle == 0 {
			return middleRow{}
		}
		return row
	}, mark: func(code uint32) middleRow { return middleRow{middle: code} }})
	return k
}

// middleRow is a middle name and the given name before it, as word codes.
type middleRow struct{ middle, given uint32 }

type middleKernel struct {
	n             int
	words         *wordTable
	count         []uint32 // by word: records with it as a middle name
	names         rows[middleRow]
	given, middle outerPattern
	records       []uint32    // loaded
	window        []middleRow // their names
}

func (k *middleKernel) movable() movable { return &k.names }

func (k *middleKernel) of(r uint32) []middleRow { return k.names.of(r, k.names.at(r).middle) }

// Exact is what codes alone tell.
func (k *middleKernel) Exact() uint32 { return 1<<middleExact | 1<<middleInitial }

// Clone shares the features.
func (k *middleKernel) Clone() Kernel {
	return &middleKernel{n: k.n, words: k.words, count: k.count, names: k.names}
}

// Load copies the records' rows.
func (k *middleKernel) Load(records []uint32) {
	k.records, k.window = records, k.names.gather(records, k.window)
}

// Ceilings bounds the grades: of most pairs a middle name is missing.
func (k *middleKernel) Ceilings(pairs []column.Pair, out []Level) {
	for i, p := range pairs {
		a, b := &k.window[p.A], &k.window[p.B]
		if (a.middle|b.middle)&marked != 0 {
			out[i] = bestOf(k.of(k.records[p.A]), k.of(k.records[p.B]), k.ceiling)
		} else {
			out[i] = k.ceiling(a, b)
		}
	}
}

// Grade is the best level of any two of the records' middle names.
func (k *middleKernel) Grade(a, b uint32) Level { return bestOf(k.of(a), k.of(b), k.grade) }

// compared tells whether two middle names say anything: not where one is the
// other record's given name, which is part of the comparison of names, nor
// where the given names differ, since brothers and sisters may share one.
func (k *middleKernel) compared(a, b *middleRow) bool {
	if !bothCodes(a.middle, b.middle) || a.middle != b.middle && (a.middle == b.given || b.middle == a.given) {
		return false
	}
	return !bothCodes(a.given, b.given) || k.words.grade(k.word(a.given), k.word(b.given), &k.given) != differs
}

func (k *middleKernel) word(code uint32) *word { return &k.words.words[code] }

func (k *middleKernel) ceiling(a, b *middleRow) Level {
	if !k.compared(a, b) {
		return Null
	}
	return middleOf[k.words.ceiling(k.word(a.middle), k.word(b.middle))]
}

func (k *middleKernel) grade(a, b *middleRow) Level {
	if !k.compared(a, b) {
		return Null
	}
	x, y := k.word(a.middle), k.word(b.middle)
	grade := k.words.grade(x, y, &k.middle)
	if grade == close && (x.flags|y.flags)&severalWords != 0 {
		return Else // "ben ali" and "ben ahmed" are alike as text and two men's names
	}
	return middleOf[grade]
}

// Conditional implements [Conditional].
func (k *middleKernel) Conditional() {}

// Frequency is the share of records with the agreed middle name: the rarest
// when several agree.
func (k *middleKernel) Frequency(a, b uint32, _ Level) float64 {
	rarest := uint32(0)
	as, bs := k.of(a), k.of(b)
	for x := range as {
		for y := range bs {
			if count := k.count[as[x].middle]; as[x].middle == bs[y].middle && (rarest == 0 || count < rarest) {
				rarest = count
			}
		}
	}
	return share(rarest, k.n)
}

// LeastFrequency is the share of the rarest of the record's middle names.
func (k *middleKernel) LeastFrequency(a uint32, _ Level) float64 {
	return share(rarestOf(k.of(a), func(r *middleRow) uint32 { return k.count[r.middle] }), k.n)
}
