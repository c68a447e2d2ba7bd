package ingest

import (
	"fmt"
	"math/bits"
	"slices"

	"github.com/zeebo/xxh3"

	"concord/jobs/spill"
	"concord/schemas/attribute"
	"concord/schemas/table"
	"concord/transforms/normalize"
)

// vocabulary holds, for each attribute, the distinct values of the whole run:
// variants (presentable forms) and the canonical form of each.
type vocabulary struct {
	byName map[attribute.Name]*terms
	in     *room
}

// terms are the values of one attribute. A variant is a pair of a shown and a
// canonical form.
type terms struct {
	index     index         // of variants
	shown     table.Strings // by variant
	canon     []uint32      // by variant: code of its canonical form
	flags     []table.Flag  // by variant
	canonical *dictionary
	in        *room
}

func newVocabulary(in *room) *vocabulary {
	return &vocabulary{byName: map[attribute.Name]*terms{}, in: in}
}

// of is the attribute's terms, made at first use.
func (v *vocabulary) of(n attribute.Name) *terms {
	t := v.byName[n]
	if t == nil {
		t = &terms{index: newIndex(v.in), canonical: newDictionary(v.in), canon: []uint32{0}, flags: []table.Flag{0}, in: v.in}
		t.shown.Append("")
		v.byName[n] = t
	}
	return t
}

// freeze lets the indexes go: no value comes anymore.
func (v *vocabulary) freeze() {
	for _, t := range v.byName {
		v.in.free(&t.index)
		t.index = index{}
		t.canonical.seal()
	}
}

func (v *vocabulary) arrays(move func(array any)) {
	for _, t := range v.byName {
		t.index.arrays(move)
		t.shown.Arrays(move)
		move(&t.canon)
		move(&t.flags)
		t.canonical.arrays(move)
	}
}

// names lists the attributes in table order.
func (v *vocabulary) names() []attribute.Name {
	var names []attribute.Name
	for n := range v.byName {
		names = append(names, n)
	}
	slices.SortFunc(names, func(a, b attribute.Name) int {
		if attribute.Less(a, b) {
			return -1
		}
		return 1
	})
	return names
}

// variant is the code of a normalized value, 0 when there is nothing to keep.
func (t *terms) variant(v *normalize.Value) (uint32, error) {
	if v.Shown == "" && v.Canonical == "" {
		return 0, nil
	}
	canonHash := xxh3.HashString(v.Canonical)
	hash := canonHash
	if v.Shown != v.Canonical {
		hash = pairHash(xxh3.HashString(v.Shown), canonHash)
	}
	x := &t.index
	for i := x.home(hash); x.slots[i] != 0; i = x.next(i) {
		if code, ok := x.match(i, hash); ok && t.is(code, v) {
			t.flags[code] = combine(t.flags[code], v.Flags)
			return code, nil
		}
	}
	code, err := t.add(v, canonHash)
	if err != nil {
		return 0, fmt.Errorf("attribute %s: %w", v.Attribute, err)
	}
	x.put(hash, code)
	return code, nil
}

// is tells whether variant code has v's two forms.
func (t *terms) is(code uint32, v *normalize.Value) bool {
	return t.shown.At(code) == v.Shown && t.canonical.values.At(t.canon[code]) == v.Canonical
}

// add appends v as a new variant.
func (t *terms) add(v *normalize.Value, canonHash uint64) (uint32, error) {
	canon, err := t.canonical.codeHashed(v.Canonical, canonHash)
	if err != nil {
		return 0, err
	}
	if err := appendTo(t.in, &t.shown, v.Shown); err != nil {
		return 0, err
	}
	t.canon = append(spill.Grow(t.in.space, t.canon, 1), canon)
	t.flags = append(spill.Grow(t.in.space, t.flags, 1), v.Flags)
	return uint32(t.shown.Len() - 1), nil
}

// pairHash mixes two hashes into one whose upper half depends on all of both.
func pairHash(a, b uint64) uint64 {
	const odd = 0x9e3779b97f4a7c15 // 2^64 / the golden ratio
	return (a ^ bits.RotateLeft64(b, 29)) * odd
}

// combine is the flags of a variant that was read twice, whatever the order:
// one sure reading makes it sure; any other flag stays.
func combine(a, b table.Flag) table.Flag {
	return (a|b)&^table.Uncertain | a&b&table.Uncertain
}
