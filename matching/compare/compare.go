// Package compare grades how well two values agree: two values in, one
// agreement level out. It uses the standard library and the engine's columns
// alone.
//
// A [Comparator] is one comparison of the Fellegi-Sunter model: it names the
// attributes it reads and lists its ordered levels, each with the sentence
// that reports and explanations show. Bound to a table it becomes a [Kernel],
// the form the engine runs over tiles of record pairs.
//
// Laws, which comparetest checks for every comparator:
//
//	Grade(a, b) = Grade(b, a)                                 symmetric
//	a = b, all parts present  ⟹  Grade(a, b) is the top level identity
//	Grade(a, a) ≥ Grade(a, b)                                 nothing is liker than itself
//	a or b null               ⟹  Grade(a, b) = Null           null law
//	Ceiling(a, b) ≥ Grade(a, b)                               exact early exit
//	Ceiling(a, b) = Null      ⟺  Grade(a, b) = Null           null is known early
//	Ceiling(a, b) ∈ Exact     ⟹  Grade(a, b) = Ceiling(a, b)  no need to grade
//	Grade allocates nothing                                   hot loop
//
// The parts of a composed comparison that must be present for identity are
// those its top level speaks of: a name without family name agrees with itself
// at the level for names without one.
package compare

import (
	"concord/matching/column"
	"concord/schemas/attribute"
)

// Level is an agreement level within one comparison. 0 is Null, 1 is Else
// (the values disagree); from there on a greater level is a better agreement.
type Level = uint8

// The levels every comparison has.
const (
	Null Level = 0
	Else Level = 1
)

// MaxLevels bounds the levels of one comparison, null included: a pattern
// packs each level into 5 bits.
const MaxLevels = 32

// LevelSpec describes one level.
type LevelSpec struct {
	Label string // short, stable, lower_snake_case: "exact", "jaro_winkler_92"
	// Description is the sentence that explanations show, as in "the names
	// are equal after nicknames are resolved".
	Description string
	// TermFrequency tells that agreement on a rare value is worth more than on
	// a common one at this level: Kernel.Frequency is asked for it.
	TermFrequency bool
}

// Comparator is one comparison, not yet bound to data.
type Comparator interface {
	// Name is stable and lower_snake_case: it is the comparison's name in
	// models and reports.
	Name() string
	// Description is one sentence.
	Description() string
	// Attributes are those the comparator reads.
	Attributes() []attribute.Name
	// Levels lists all levels, Levels()[0] being null and Levels()[1] else.
	Levels() []LevelSpec
	// Bind computes what the kernel needs per distinct value. It may take
	// long, is called once a run, and must not keep anything outside the
	// kernel. It returns nil when t lacks the attributes.
	Bind(t *column.Table) Kernel
}

// Kernel grades pairs of records of one table. The engine loads the records of a
// unit of work, asks Ceilings of batches of pairs of them, and Grade of those
// that may still matter. A kernel is used by one goroutine; Clone makes another
// that shares the read-only features.
type Kernel interface {
	// Load brings together what Ceilings reads of the records, which stand all
	// over memory: a unit's pairs meet each of them many times. The slice is kept
	// until the next call.
	Load(records []uint32)
	// Ceilings sets out[i], for every pair of places among the records loaded,
	// to a cheap upper bound of their Grade: code equality, lengths, 64-bit
	// signatures. It is exact when it is Null or among Exact. It is quickest when
	// pairs of one A follow each other. out is as long as pairs; neither is kept.
	Ceilings(pairs []column.Pair, out []Level)
	// Exact is the ceilings that are grades, a bit for each level: Null and Else
	// are not asked for.
	Exact() uint32
	// Grade is the agreement level of two records. What is prepared of a's
	// strings is kept while a stays the same.
	Grade(a, b uint32) Level
	// Frequency is the share of records that hold the agreed value when a and b
	// agree at a level with TermFrequency (the larger of the two shares where
	// the values differ): in (0, 1]. It is not called for other levels.
	Frequency(a, b uint32, level Level) float64
	// LeastFrequency is a lower bound of Frequency(a, b, level) over all b.
	// Training needs it, to count the pairs that agree without forming them.
	LeastFrequency(a uint32, level Level) float64
	Clone() Kernel
}

// Coincident is what a [Kernel] can also tell when it counts values. Training
// needs it: the exact u of levels that mean equality, and the frequency that a
// term-frequency adjustment is relative to.
type Coincident interface {
	// Coincidence is the chance that two different records, drawn at random,
	// hold the same value of what Frequency measures at the level, from counts
	// of records: exact where a record has one value at most, else a bound from
	// above. 0 at levels without TermFrequency.
	Coincidence(level Level) float64
}

// Conditional is a [Kernel] that compares values only where others agree: how
// often its top level occurs does not follow from how often values occur.
type Conditional interface {
	Conditional()
}
