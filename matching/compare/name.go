package compare

import (
	"concord/matching/column"
	"concord/matching/compare/strsim"
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
func (c Name) Bind(t *column.Table) Kernel { return laid(c.bind(t)) }

func (Name) bind(t *column.Table) rowed {
	given, family := t.Column(attribute.GivenName), t.Column(attribute.FamilyName)
	if given == nil && family == nil {
		return nil
	}
	middle, suffix := t.Column(attribute.MiddleName), t.Column(attribute.NameSuffix)
	words := newWordTable(given, family, middle)
	n := &nameData{
		n: t.N, words: words, hashes: words.hashes(), limits: partLimits(),
		full: t.Combined(false, column.Part{Name: attribute.GivenName}, column.Part{Name: attribute.FamilyName}),
	}
	n.givenCount = sharedCounts(given, &words.codes[0], len(words.words))
	n.familyCount = sharedCounts(family, &words.codes[1], len(words.words))
	n.measure()
	n.names = readNames(n, given, family, middle, suffix)
	return &nameKernel{nameData: n}
}

// nameData is what all clones share, read-only.
type nameData struct {
	n                       int
	words                   *wordTable
	hashes                  []uint64       // by word: a bit for each of its words
	limits                  *strsim.Limits // partLimits
	names                   rows[nameRow]  // by record
	full                    *column.Column
	givenCount, familyCount []uint32 // by word
	// rarest is the least share of people that a full name is taken to have;
	// own is how many records of one name may be one person's.
	rarest, own float64
}

// nameRow is one name of one record: 16 bytes, four to a cache line.
type nameRow struct {
	given, family uint32 // word codes
	rest          uint32 // word code of the middle name, and the generation above it
	full          uint32 // code of the combination, 0 where a part is missing
}

// middleBits is how many bits of rest the middle name has: more words than that
// no table holds.
const middleBits = 28

func (r *nameRow) middle() uint32    { return r.rest & (1<<middleBits - 1) }
func (r *nameRow) generation() uint8 { return uint8(r.rest >> middleBits) }

// wordsOf has one bit for each word of the whole name, by hash.
func (d *nameData) wordsOf(r *nameRow) uint64 {
	return d.hashes[r.given] | d.hashes[r.family] | d.hashes[r.middle()]
}

type nameKernel struct {
	*nameData
	given, family, other outerPattern
	records              []uint32   // loaded
	window               []nameView // of their names
	touched              uint32
}

func (k *nameKernel) movable() movable { return &k.names }

// Exact is no level: middle names and suffixes may contradict any.
func (k *nameKernel) Exact() uint32 { return 0 }

// of is the names of record r.
func (k *nameKernel) of(r uint32) []nameRow { return k.names.of(r, k.names.at(r).full) }

// Clone shares the features.
func (k *nameKernel) Clone() Kernel { return &nameKernel{nameData: k.nameData} }

// readNames reads the names of all records, none where neither part is there.
func readNames(d *nameData, given, family, middle, suffix *column.Column) rows[nameRow] {
	givens, families, middles, suffixes := slotReader(given), slotReader(family), slotReader(middle), slotReader(suffix)
	codes, generation := d.words.codes, generations(suffix)
	width := func(r uint32) uint32 { return max(givens.width(r), families.width(r)) }
	return newRows(d.n, source[nameRow]{width: width, at: func(r, s uint32) nameRow {
		row := nameRow{
			given: codes[0].Codes[givens.code(r, s)], family: codes[1].Codes[families.code(r, s)],
			rest: codes[2].Codes[middles.code(r, s)] | uint32(generation[suffixes.code(r, s)])<<middleBits,
		}
		if row.given|row.family == 0 {
			return nameRow{}
		}
		if d.full != nil {
			lo, _ := d.full.Slots(r)
			row.full = d.full.Codes[lo+s]
		}
		return row
	}, mark: func(code uint32) nameRow { return nameRow{full: code} }, done: func() {
		if d.full != nil {
			d.full.Codes, d.full.Starts = nil, nil // rows have them
		}
	}})
}

func (k *nameKernel) ceilingOfSeveral(a, b uint32) Level {
	return bestOf(k.of(a), k.of(b), k.ceiling)
}

// Grade is the best level of any two of the records' names.
func (k *nameKernel) Grade(a, b uint32) Level {
	return bestOf(k.of(a), k.of(b), k.grade)
}

// Frequency is the share of records with the agreed part of the name: the
// rarest when several of the records' names agree at the level.
func (k *nameKernel) Frequency(a, b uint32, level Level) float64 {
	if nameSources[level] == fullSource {
		return k.agreedFrequency(a, b, level)
	}
	rarest := uint32(0)
	as, bs := k.of(a), k.of(b)
	for x := range as {
		for y := range bs {
			if len(as)*len(bs) == 1 || k.grade(&as[x], &bs[y]) == level {
				// The greater of the two where the values differ, as in a swap.
				count := max(k.count(&as[x], level), k.count(&bs[y], level))
				if rarest == 0 || count < rarest {
					rarest = count
				}
			}
		}
	}
	return share(rarest, k.n)
}

// LeastFrequency is the share of the rarest of the record's names.
func (k *nameKernel) LeastFrequency(a uint32, level Level) float64 {
	if nameSources[level] == fullSource {
		return k.leastFullFrequency(a)
	}
	return share(rarestOf(k.of(a), func(r *nameRow) uint32 { return k.count(r, level) }), k.n)
}

// count is how many records hold what r has of the level's agreed part, at
// least 1.
func (k *nameKernel) count(r *nameRow, level Level) uint32 {
	count := uint32(0)
	switch nameSources[level] {
	case givenSource:
		count = k.givenCount[r.given]
	case familySource:
		count = k.familyCount[r.family]
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
