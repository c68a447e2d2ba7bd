package compare

import (
	"math/bits"
	"unicode/utf8"

	"concord/matching/column"
	"concord/matching/compare/strsim"
	"concord/schemas/names"
	"concord/schemas/table"
)

// word is what a kernel keeps of one text value beside the string: 32 bytes a
// distinct value, two to a cache line, which rows refer to by code.
type word struct {
	sign strsim.Signature
	code uint32 // 0: no value
	head uint32 // its first four bytes
	// spelling is the code of column.Spelling, and of a value without one a code
	// of its own, so that equal values have equal spellings.
	spelling uint32
	roots    uint32 // one bit for each of its nickname roots, by hash
	tokens   uint32 // one bit for each of its words, by hash
	sound    uint16 // code of column.Soundex
	length   uint8  // runes, 255 standing for more
	flags    wordFlags
}

type wordFlags uint8

const (
	// initialOnly: every word of the value is a single letter ("j r").
	initialOnly wordFlags = 1 << iota
	// severalWords: the value has more than one word.
	severalWords
	// givenName: the value is a given name that many bear ([ownClass]).
	givenName
	// Above them stands how many bytes the first rune takes.
	initialShift = iota
)

// someFlag is the flags that make a value other than one word of letters.
const someFlag = initialOnly | severalWords

// wordTable is the features of the distinct values of some columns, which
// share one dictionary: "martin" as a given name and as a family name have the
// same code.
type wordTable struct {
	values table.Strings
	words  []word
	roots  column.Derivation
	tokens column.Derivation
	// codes maps each column's codes to the dictionary's.
	codes []column.Derivation
}

// newWordTable computes the features. A nil column is one without values.
func newWordTable(columns ...*column.Column) *wordTable {
	present := make([]*column.Column, len(columns))
	for i, c := range columns {
		present[i] = c
		if c == nil {
			present[i] = &column.Column{}
		}
	}
	t := &wordTable{codes: column.Derive(column.Whole, present...)}
	t.values = t.codes[0].Values
	all := &column.Column{Values: t.values}
	t.roots = column.Derive(column.Roots, all)[0]
	t.tokens = column.Derive(column.Tokens, all)[0]
	spelling := column.Derive(column.Spelling, all)[0].Codes
	sound := column.Derive(column.Soundex, all)[0].Codes
	t.words = make([]word, t.values.Len())
	for v := 1; v < len(t.words); v++ {
		t.words[v] = word{
			code: uint32(v), spelling: spelling[v], sound: uint16(sound[v]),
			roots: hashBits(&t.roots, uint32(v)), tokens: hashBits(&t.tokens, uint32(v)),
		}
		t.words[v].describe(t.values.At(uint32(v)))
	}
	return t
}

// ownClass is the class of frequency from which on a given name is known as
// somebody's own: one in 16,000 people bears it, and a slip of the pen makes it
// of a given neighbour less often than that.
const ownClass = 14

// describe fills in what follows from the string alone.
func (a *word) describe(s string) {
	a.sign = strsim.Sign(s)
	a.head = head(s)
	a.length = runeCount(s)
	if a.spelling == 0 {
		a.spelling = marked | a.code
	}
	_, bytes := utf8.DecodeRuneInString(s)
	a.flags = wordFlags(bytes) << initialShift
	longest, count := 0, 0
	for _, token := range column.Words(s, 1, make([]string, 0, 8)) {
		longest = max(longest, len(token))
		count++
	}
	if longest == 1 {
		a.flags |= initialOnly
	}
	if count > 1 {
		a.flags |= severalWords
	}
	if names.Given()[s] >= ownClass {
		a.flags |= givenName
	}
}

// hashBits hashes the strings of a value's keys, not their codes, into 32 bits.
func hashBits(keys *column.Derivation, v uint32) uint32 {
	set := uint32(0)
	for _, key := range keys.Of(v) {
		set |= 1 << (hash(keys.Values.At(key)) & 31)
	}
	return set
}

// hashes is, by word code, one bit for each of the value's words: a filter of
// 64 bits.
func (t *wordTable) hashes() []uint64 {
	bit := make([]uint64, t.tokens.Values.Len())
	for token := 1; token < len(bit); token++ {
		bit[token] = 1 << (hash(t.tokens.Values.At(uint32(token))) & 63)
	}
	out := make([]uint64, len(t.words))
	for v := range out {
		for _, token := range t.tokens.Of(uint32(v)) {
			out[v] |= bit[token]
		}
	}
	return out
}

// hash is FNV-1a.
func hash(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}

// head is the first four bytes of s, the first lowest, zeros behind its end.
func head(s string) uint32 {
	h := uint32(0)
	for i := range min(len(s), 4) {
		h |= uint32(s[i]) << (8 * i)
	}
	return h
}

func runeCount(s string) uint8 {
	n := 0
	for range s {
		n++
	}
	return uint8(min(n, 255))
}

// commonHead bounds the common prefix from above, in letters up to four: equal
// leading bytes are never fewer than equal leading runes.
func commonHead(a, b uint32) int { return bits.TrailingZeros32(a^b) / 8 }

// mayReach tells whether the Jaro-Winkler similarity of a and b may reach the
// threshold that need stands for.
func (a *word) mayReach(b *word, need strsim.Need) bool {
	la, lb := int(a.length), int(b.length)
	return need.Reachable(la, lb, strsim.MatchesAtMost(a.sign, b.sign, la, lb), commonHead(a.head, b.head))
}

// mayBeWithin tells whether the edit distance of a and b may be limit or less.
func (a *word) mayBeWithin(b *word, limit int) bool {
	d := int(a.length) - int(b.length)
	return d <= limit && -d <= limit && strsim.EditsAtLeast(a.sign, b.sign) <= limit
}

// mayBeLike tells whether the letters of two words may be alike, given their
// signatures, first bytes, the length of the one and the limits of the other's.
func mayBeLike(x, y strsim.Signature, first, other, length uint8, limits *strsim.Row) bool {
	differ := some(uint32(first ^ other))
	return bits.OnesCount64(uint64(x^y)) <= int(limits[differ<<8|int(length)])
}

// sameRoot tells whether two values may stand for one given name. Roots are
// those of the first word, which says too little of a value that has more:
// "mary ann" is not "mary jane".
func (t *wordTable) sameRoot(a, b *word) bool {
	return a.roots&b.roots != 0 && (a.flags|b.flags)&severalWords == 0 &&
		intersect(t.roots.Of(a.code), t.roots.Of(b.code))
}

// tokensWithin tells whether all words of one value stand in the other, of
// which at least one must have several.
func (t *wordTable) tokensWithin(a, b *word) bool {
	if (a.flags|b.flags)&severalWords == 0 || (a.tokens&^b.tokens != 0 && b.tokens&^a.tokens != 0) {
		return false
	}
	ta, tb := t.tokens.Of(a.code), t.tokens.Of(b.code)
	if len(ta) > len(tb) {
		ta, tb = tb, ta
	}
	return len(ta) > 0 && within(ta, tb) && t.tellingToken(ta)
}

// tellingToken asks for a word of three letters: "al" within "al masri" says
// nothing.
func (t *wordTable) tellingToken(tokens []uint32) bool {
	for _, c := range tokens {
		if t.tokens.Values.Offsets[c+1]-t.tokens.Values.Offsets[c] >= 3 {
			return true
		}
	}
	return false
}

// intersect tells whether two short lists share a code.
func intersect(a, b []uint32) bool {
	for _, x := range a {
		if has(b, x) {
			return true
		}
	}
	return false
}

// within tells whether all of a stands in b.
func within(a, b []uint32) bool {
	for _, x := range a {
		if !has(b, x) {
			return false
		}
	}
	return true
}

func has(list []uint32, x uint32) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}

// outerPattern is the prepared outer value of one role (given name, street).
// It is built when a comparison first needs it and kept until another value
// takes the role.
type outerPattern struct {
	code    uint32
	pattern strsim.Pattern
}

// oneEdit tells whether two values lie within one edit, swaps counting.
func (o *outerPattern) oneEdit(values *table.Strings, a, b uint32) bool {
	if within, known := strsim.OneEdit(values.At(a), values.At(b), true); known {
		return within
	}
	return o.of(values, a).OSA(values.At(b), 1) <= 1
}

func (o *outerPattern) of(values *table.Strings, code uint32) *strsim.Pattern {
	if o.code != code {
		o.code = code
		o.pattern.Set(values.At(code))
	}
	return &o.pattern
}
