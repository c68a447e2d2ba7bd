package strsim

// Levenshtein is the least number of insertions, deletions and substitutions
// that turn the pattern into s, or limit+1 when that is more than limit: the
// bit-parallel method of Myers (1999) in the form of Hyyrö (2003).
func (p *Pattern) Levenshtein(s string, limit int) int { return p.edits(s, limit, false) }

// OSA is the optimal string alignment distance: Levenshtein where swapping two
// adjacent letters also counts as one edit, no letter being edited twice
// ("restricted Damerau-Levenshtein"). limit+1 when it is more than limit.
// Hyyrö (2003) again.
func (p *Pattern) OSA(s string, limit int) int { return p.edits(s, limit, true) }

func (p *Pattern) edits(s string, limit int, swaps bool) int {
	if p.fits(s) {
		return p.shortEdits(s, limit, swaps)
	}
	return p.long.edits(limit, swaps)
}

// shortEdits runs the vertical differences of one column of the dynamic
// programming table through one word. vp and vn hold where the column rises
// and falls by one, d0 where the diagonal does not grow.
func (p *Pattern) shortEdits(s string, limit int, swaps bool) int {
	n := len(p.text)
	distance, over, done := trivialEdits(n, len(s), limit)
	if done {
		return distance
	}
	last := uint64(1) << uint(n-1)
	vp, vn, d0 := ^uint64(0), uint64(0), uint64(0)
	before := uint64(0)
	for j := range len(s) {
		at := p.mask[s[j]&127]
		swap := uint64(0)
		if swaps {
			swap = (^d0 & at) << 1 & before
			before = at
		}
		d0 = ((at&vp + vp) ^ vp) | at | vn | swap
		hp := vn | ^(d0 | vp)
		hn := d0 & vp
		if hp&last != 0 {
			distance++
		} else if hn&last != 0 {
			distance--
		}
		// Each remaining letter can lower the distance by one at most.
		if distance-(len(s)-1-j) > limit {
			return over
		}
		hp = hp<<1 | 1
		vp = hn<<1 | ^(d0 | hp)
		vn = hp & d0
	}
	return min(distance, over)
}

// trivialEdits settles empty strings and lengths too far apart; else the
// distance starts at the pattern's length.
func trivialEdits(n, m, limit int) (distance, over int, done bool) {
	over = limit + 1
	switch {
	case n-m > limit || m-n > limit:
		return over, over, true
	case n == 0:
		return min(m, over), over, true
	}
	return n, over, false
}

// edits is the same in blocks, horizontal differences carried from block to
// block.
func (b *blocks) edits(limit int, swaps bool) int {
	n := len(b.pattern)
	distance, over, done := trivialEdits(n, len(b.other), limit)
	if done {
		return distance
	}
	b.startColumns()
	zero := b.positions[len(b.alphabet)*b.words:]
	before := zero
	for j, r := range b.other {
		at := b.row(r)
		distance += b.column(at, before, swaps)
		if distance-(len(b.other)-1-j) > limit {
			return over
		}
		before = at
	}
	return min(distance, over)
}

func (b *blocks) startColumns() {
	b.vp = zeros(b.vp, b.words)
	b.vn = zeros(b.vn, b.words)
	b.d0 = zeros(b.d0, b.words)
	for w := range b.vp {
		b.vp[w] = ^uint64(0)
	}
}

// column advances every block by one letter, whose positions are at, those of
// the letter before being before, and returns the change of the distance.
func (b *blocks) column(at, before []uint64, swaps bool) (change int) {
	last := uint64(1) << uint((len(b.pattern)-1)%wordBits)
	hpCarry, hnCarry := uint64(1), uint64(0)
	below := uint64(0) // of the block below: its letters that did not match in the last column
	for w := range b.words {
		vp, vn := b.vp[w], b.vn[w]
		swap := uint64(0)
		if swaps {
			open := ^b.d0[w] & at[w]
			swap = (open<<1 | below>>(wordBits-1)) & before[w]
			below = open
		}
		x := at[w] | hnCarry
		d0 := ((x&vp + vp) ^ vp) | x | vn | swap
		hp := vn | ^(d0 | vp)
		hn := d0 & vp
		if w == b.words-1 {
			if hp&last != 0 {
				change = 1
			} else if hn&last != 0 {
				change = -1
			}
		}
		hpOut, hnOut := hp>>(wordBits-1), hn>>(wordBits-1)
		hp = hp<<1 | hpCarry
		hn = hn<<1 | hnCarry
		hpCarry, hnCarry = hpOut, hnOut
		b.vp[w] = hn | ^(d0 | hp)
		b.vn[w] = hp & d0
		b.d0[w] = d0
	}
	return change
}
