package compare

import (
	"concord/matching/column"
	"concord/schemas/attribute"
)

// Name compares people's names: given, middle and family name and suffix as
// one.
type Name struct{}

// Name is "name".
func (Name) Name() string { return "name" }

// Description is one sentence.
func (Name) Description() string {
	return "given, middle and family name and generation suffix, compared as one: nicknames, spellings, misspellings, initials, swapped and missing parts"
}

// Attributes are the parts of a name.
func (Name) Attributes() []attribute.Name {
	return []attribute.Name{attribute.GivenName, attribute.MiddleName, attribute.FamilyName, attribute.NameSuffix}
}

// Levels lists the levels, worst first.
func (Name) Levels() []LevelSpec { return nameLevels }

// Bind needs a given or a family name.
func (Name) Bind(t *column.Table) Kernel {
	given, family := t.Column(attribute.GivenName), t.Column(attribute.FamilyName)
	if given == nil && family == nil {
		return nil
	}
	middle, suffix := t.Column(attribute.MiddleName), t.Column(attribute.NameSuffix)
	words := newWordTable(given, family, middle)
	n := &nameData{
		n: t.N, words: words,
		givenSlots: slotReader(given), familySlots: slotReader(family),
		middleSlots: slotReader(middle), suffixSlots: slotReader(suffix),
		generation: generations(suffix),
		full:       t.Combined(false, column.Part{Name: attribute.GivenName}, column.Part{Name: attribute.FamilyName}),
	}
	n.givenCount = sharedCounts(given, &words.codes[0], len(words.words))
	n.familyCount = sharedCounts(family, &words.codes[1], len(words.words))
	return &nameKernel{nameData: n}
}

// nameData is what all clones share, read-only.
type nameData struct {
	n                                                 int
	words                                             *wordTable
	givenSlots, familySlots, middleSlots, suffixSlots reader
	generation                                        []uint8 // by suffix value
	full                                              *column.Column
	givenCount, familyCount                           []uint32 // by word
}

// nameRow is one name of one record.
type nameRow struct {
	given, family word
	middle        uint32 // word code
	full          uint32 // code of the combination, 0 where a part is missing
	words         uint64 // one bit for each word of the whole name, by hash
	generation    uint8
}

type nameKernel struct {
	*nameData
	slots
	rows                 []nameRow
	given, family, other outerPattern
}

// Clone shares the features.
func (k *nameKernel) Clone() Kernel { return &nameKernel{nameData: k.nameData} }

// Load gathers the names of rows.
func (k *nameKernel) Load(rows []uint32) {
	k.begin()
	k.rows = k.rows[:0]
	for _, r := range rows {
		for s := range max(k.givenSlots.width(r), k.familySlots.width(r)) {
			if row, ok := k.row(r, s); ok {
				k.rows = append(k.rows, row)
			}
		}
		k.end(len(k.rows))
	}
}

// row is name s of record r, false when it has neither part.
func (k *nameKernel) row(r, s uint32) (nameRow, bool) {
	given := k.words.codes[0].Codes[k.givenSlots.code(r, s)]
	family := k.words.codes[1].Codes[k.familySlots.code(r, s)]
	if given|family == 0 {
		return nameRow{}, false
	}
	row := nameRow{
		given: k.words.words[given], family: k.words.words[family],
		middle: k.words.codes[2].Codes[k.middleSlots.code(r, s)],
	}
	row.generation = k.generation[k.suffixSlots.code(r, s)]
	if k.full != nil {
		lo, _ := k.full.Slots(r)
		row.full = k.full.Codes[lo+s]
	}
	for _, part := range [...]uint32{given, family, row.middle} {
		for _, token := range k.words.tokens.Of(part) {
			row.words |= 1 << (hash(k.words.tokens.Values.At(token)) & 63)
		}
	}
	return row, true
}

// Outer makes position i the left side.
func (k *nameKernel) Outer(i int) { k.outer(i) }

// Ceiling is the best level that any two of the records' names may reach.
func (k *nameKernel) Ceiling(j int) Level {
	best := Null
	lo, hi := k.of(j)
	for o := k.outerLo; o < k.outerHi; o++ {
		for s := lo; s < hi; s++ {
			best = max(best, k.ceiling(&k.rows[o], &k.rows[s]))
		}
	}
	return best
}

// Grade is the best level of any two of the records' names.
func (k *nameKernel) Grade(j int) Level {
	best := Null
	lo, hi := k.of(j)
	for o := k.outerLo; o < k.outerHi; o++ {
		for s := lo; s < hi; s++ {
			best = max(best, k.grade(&k.rows[o], &k.rows[s]))
		}
	}
	return best
}

// Frequency is the share of records with the agreed part of the name: the
// rarest when several of the records' names agree at the level.
func (k *nameKernel) Frequency(j int, level Level) float64 {
	rarest := uint32(0)
	lo, hi := k.of(j)
	single := k.outerHi-k.outerLo == 1 && hi-lo == 1
	for o := k.outerLo; o < k.outerHi; o++ {
		for s := lo; s < hi; s++ {
			if single || k.grade(&k.rows[o], &k.rows[s]) == level {
				// The greater of the two where the values differ, as in a swap.
				count := max(k.count(&k.rows[o], level), k.count(&k.rows[s], level))
				if rarest == 0 || count < rarest {
					rarest = count
				}
			}
		}
	}
	return share(rarest, k.n)
}

// OuterFrequency is the share of the rarest of the outer record's names.
func (k *nameKernel) OuterFrequency(level Level) float64 {
	rarest := uint32(0)
	for o := k.outerLo; o < k.outerHi; o++ {
		if count := k.count(&k.rows[o], level); rarest == 0 || count < rarest {
			rarest = count
		}
	}
	return share(rarest, k.n)
}

// count is how many records hold what r has of the level's agreed part, at
// least 1.
func (k *nameKernel) count(r *nameRow, level Level) uint32 {
	count := uint32(0)
	switch nameSources[level] {
	case givenSource:
		count = k.givenCount[r.given.code]
	case familySource:
		count = k.familyCount[r.family.code]
	case fullSource:
		if k.full != nil {
			count = k.full.Count[r.full]
		}
		if r.full == 0 {
			count = 1
		}
	}
	return max(count, 1)
}

// Coincidence implements [Coincident].
func (k *nameKernel) Coincidence(level Level) float64 {
	switch nameSources[level] {
	case givenSource:
		return coincidence(k.givenCount, k.n)
	case familySource:
		return coincidence(k.familyCount, k.n)
	case fullSource:
		if k.full != nil {
			return coincidence(k.full.Count, k.n)
		}
	}
	return 0
}
