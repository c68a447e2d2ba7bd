package compare

import (
	"math/bits"

	"concord/matching/column"
	"concord/matching/compare/strsim"
	"concord/schemas/table"
)

// word is what a kernel keeps of one text value beside the string: 32 bytes a
// distinct value, two to a cache line, which rows refer to by code.
type word struct {
	sign     strsim.Signature
	code     uint32 // 0: no value
	head     uint32 // its first four bytes
	spelling uint32 // code of column.Spelling
	roots    uint32 // one bit for each of its nickname roots, by hash
	tokens   uint16 // one bit for each of its words, by hash
	sound    uint16 // code of column.Soundex
	initial  uint16 // code of column.Initial
	length   uint8  // runes, 255 standing for more
	flags    wordFlags
}

type wordFlags uint8

const (
	// initialOnly: every word of the value is a single letter ("j r").
	initialOnly wordFlags = 1 << iota
	// severalWords: the value has more than one word.
	severalWords
)

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
	initial := column.Derive(column.Initial, all)[0].Codes
	t.words = make([]word, t.values.Len())
	for v := 1; v < len(t.words); v++ {
		t.words[v] = word{
			code: uint32(v), spelling: spelling[v], sound: uint16(sound[v]), initial: uint16(initial[v]),
			roots: hashBits(&t.roots, uint32(v)), tokens: folded(hashBits(&t.tokens, uint32(v))),
		}
		t.words[v].describe(t.values.At(uint32(v)))
	}
	return t
}

// describe fills in what follows from the string alone.
func (a *word) describe(s string) {
	a.sign = strsim.Sign(s)
	a.head = head(s)
	a.length = runeCount(s)
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
}

// hashBits hashes the strings of a value's keys, not their codes, into 32 bits.
func hashBits(keys *column.Derivation, v uint32) uint32 {
	set := uint32(0)
	for _, key := range keys.Of(v) {
		set |= 1 << (hash(keys.Values.At(key)) & 31)
	}
	return set
}

// folded is a set of bits in half as many.
func folded(set uint32) uint16 { return uint16(set | set>>16) }

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

// wordView is what of a word tells that it has nothing in common with another:
// 24 bytes.
type wordView struct {
	sign            strsim.Signature
	code            uint32
	spelling, roots uint32
	sound           uint16
	letter, length  uint8 // its first byte; runes, 255 standing for more
}

func (a *word) view() wordView {
	return wordView{sign: a.sign, code: a.code, spelling: a.spelling, roots: a.roots, sound: a.sound, letter: uint8(a.head), length: a.length}
}

// outerWord is a word that others are compared with.
type outerWord struct {
	wordView
	// limits are how many bits of the signature may differ, by the other's length.
	limits *strsim.Row
	// spelling and sound shadow the view's: noKey where it has none, which is no
	// other's.
	spelling, sound uint32
}

const noKey = 1<<32 - 1

// set makes the word the outer one.
func (o *outerWord) set(w wordView, limits *strsim.Limits) {
	*o = outerWord{wordView: w, limits: limits.Of(int(w.length)), spelling: w.spelling, sound: uint32(w.sound)}
	if o.spelling == 0 {
		o.spelling = noKey
	}
	if o.sound == 0 {
		o.sound = noKey
	}
}

// mayBeLike tells whether the letters of the words may be alike.
func (o *outerWord) mayBeLike(w *wordView) bool {
	differ := some(uint32(o.letter ^ w.letter))
	return bits.OnesCount64(uint64(o.sign^w.sign)) <= int(o.limits[differ<<8|int(w.length)])
}

// mayAgree tells whether words of one letter word each may agree in any way, as
// parts of a name do.
func (o *outerWord) mayAgree(w *wordView) bool {
	return o.mayBeLike(w) || o.roots&w.roots != 0 || o.spelling == w.spelling || o.sound == uint32(w.sound)
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

func (o *outerPattern) of(values *table.Strings, code uint32) *strsim.Pattern {
	if o.code != code {
		o.code = code
		o.pattern.Set(values.At(code))
	}
	return &o.pattern
}
