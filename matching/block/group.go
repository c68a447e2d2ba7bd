package block

import (
	"math/bits"
	"slices"
)

// groups says which blocks of one rule each record is in. A block has a
// number from 1; a record whose key nobody shares is in none. The numbers
// follow dictionary codes and mean nothing but equality.
type groups struct {
	blocks uint32
	laid   *Blocks // the members of each block
	// starts bounds the blocks of each record in ids, ascending; nil: exactly
	// one each, 0 for none.
	starts []uint32
	ids    []uint32
}

// of lists the blocks of record r in ascending order.
func (g *groups) of(r uint32) []uint32 {
	if g.starts != nil {
		return g.ids[g.starts[r]:g.starts[r+1]]
	}
	if g.ids[r] == 0 {
		return nil
	}
	return g.ids[r : r+1]
}

// runs calls f for every run of two or more equal keys.
func runs(sorted []entry, f func(run []entry)) {
	for lo := 0; lo < len(sorted); {
		hi := lo + 1
		for hi < len(sorted) && sorted[hi].key == sorted[lo].key {
			hi++
		}
		if hi-lo > 1 {
			f(sorted[lo:hi])
		}
		lo = hi
	}
}

// grouper cuts the sorted entries of one rule into blocks.
type grouper struct {
	sorted   []entry
	refiners func() []*keyed // split a block that is too large, in turn
	limit    int             // the largest block kept whole
	blocks   uint32
	kept     []entry // (block, record), by block
	refined  int     // keys whose block was too large
	skipped  int64   // pairs of theirs that no part of the split has
}

// fit cuts at the largest limit, maxBlock or a smaller power of two, that
// leaves at most maxPairs pairs (0: any number).
func (g *grouper) fit(maxBlock int, maxPairs int64) {
	for g.limit = maxBlock; g.limit > 1; g.limit = previousPower(g.limit) {
		if maxPairs > 0 && g.wholePairs() > maxPairs {
			continue
		}
		g.cut()
		if maxPairs == 0 || blockPairs(g.kept) <= maxPairs {
			return
		}
	}
	g.limit = 1
	g.cut()
}

// previousPower is the greatest power of two below n.
func previousPower(n int) int { return 1 << (bits.Len(uint(n-1)) - 1) }

// wholePairs is the number of pairs of the blocks within the limit.
func (g *grouper) wholePairs() int64 {
	total := int64(0)
	runs(g.sorted, func(run []entry) {
		if len(run) <= g.limit {
			total += pairs(len(run))
		}
	})
	return total
}

func (g *grouper) cut() {
	g.blocks, g.refined, g.skipped, g.kept = 0, 0, 0, g.kept[:0]
	runs(g.sorted, func(run []entry) {
		if len(run) <= g.limit {
			g.number(run)
			return
		}
		g.refined++
		from := len(g.kept)
		if g.limit > 1 {
			g.refine(run, 0)
		}
		g.skipped += max(0, pairs(len(run))-blockPairs(g.kept[from:]))
	})
}

// number makes the run the next block.
func (g *grouper) number(run []entry) {
	g.blocks++
	for _, e := range run {
		g.kept = append(g.kept, entry{uint64(g.blocks), e.rec})
	}
}

// refine splits an oversized run by the next refiner, and what is still
// oversized by the one after it. What the last one cannot split is left out.
func (g *grouper) refine(run []entry, next int) {
	refiners := g.refiners()
	if next == len(refiners) {
		return
	}
	col := refiners[next]
	var sub []entry
	for _, e := range run {
		from := len(sub)
		lo, hi := col.slots(e.rec)
		for s := lo; s < hi; s++ {
			add := entry{uint64(col.at(s)), e.rec}
			if add.key != 0 && !slices.Contains(sub[from:], add) {
				sub = append(sub, add)
			}
		}
	}
	sub, _ = sortEntries(sub, make([]entry, len(sub)), bits.Len(uint(col.distinct)))
	runs(sub, func(part []entry) {
		if len(part) <= g.limit {
			g.number(part)
			return
		}
		g.refine(part, next+1)
	})
}

// blockPairs is the number of pairs in numbered entries, which stand by block.
func blockPairs(numbered []entry) int64 {
	total := int64(0)
	runs(numbered, func(run []entry) { total += pairs(len(run)) })
	return total
}

// pairs is n(n-1)/2.
func pairs(n int) int64 { return int64(n) * int64(n-1) / 2 }

// lay is the kept entries as the members of each block.
func (g *grouper) lay() *Blocks {
	b := &Blocks{starts: make([]uint32, 1, g.blocks+1), members: make([]uint32, len(g.kept))}
	for i, e := range g.kept {
		b.members[i] = e.rec
		if i+1 == len(g.kept) || g.kept[i+1].key != e.key {
			b.starts = append(b.starts, uint32(i+1))
		}
	}
	return b
}

// byRecord turns the kept entries into the blocks of each of n records.
// several tells that a record may be in more than one.
func (g *grouper) byRecord(n int, several bool) groups {
	out := groups{blocks: g.blocks, laid: g.lay()}
	if !several {
		out.ids = make([]uint32, n)
		for _, e := range g.kept {
			out.ids[e.rec] = uint32(e.key)
		}
		return out
	}
	out.starts = make([]uint32, n+1)
	for _, e := range g.kept {
		out.starts[e.rec+1]++
	}
	for r := range n {
		out.starts[r+1] += out.starts[r]
	}
	next := slices.Clone(out.starts)
	out.ids = make([]uint32, len(g.kept))
	for _, e := range g.kept { // by block, so each record's come out ascending
		out.ids[next[e.rec]] = uint32(e.key)
		next[e.rec]++
	}
	return out
}
