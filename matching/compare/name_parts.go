package compare

// Composed is what a [Kernel] can also tell whose top level is agreement in
// several parts of a value: how often strangers agree in all of them follows
// from how often they agree in each, whatever the matches do.
type Composed interface {
	// Agreeing is how many pairs of records agree in each part and in all of
	// them, and how many there are, of records that hold every part.
	Agreeing() (parts []float64, all, pairs float64)
	// Composes tells whether Frequency is that of all parts together at a
	// level, and Rarest is the least that it can be there.
	Composes(level Level) bool
	Rarest() float64
}

// Agreeing implements [Composed]: given names and family names.
func (d *nameData) Agreeing() (parts []float64, all, pairs float64) {
	if d.full == nil {
		return nil, 0, 0
	}
	n := float64(d.n) - float64(d.full.Count[0])
	pairs = n * (n - 1) / 2
	parts = []float64{
		pairs * coincidence(d.givenCount, held(d.givenCount)),
		pairs * coincidence(d.familyCount, held(d.familyCount)),
	}
	return parts, pairs * coincidence(d.full.Count, int(n)), pairs
}

// held is how many values the counts are of.
func held(count []uint32) (n int) {
	if len(count) == 0 {
		return 0
	}
	for _, c := range count[1:] {
		n += int(c)
	}
	return n
}

// Composes implements [Composed].
func (d *nameData) Composes(level Level) bool { return nameSources[level] == fullSource }

// Rarest implements [Composed].
func (d *nameData) Rarest() float64 { return d.rarest }

// rarer is how many times rarer than names that agree by chance a name is taken
// to be at most: two rare parts are seldom independent of each other.
const rarer = 64

// ownRecords is how many times the records that somebody typically has under one
// name are taken to be one person's.
const ownRecords = 2

// measure finds what the frequency of a full name is bounded by.
func (d *nameData) measure() {
	parts, _, pairs := d.Agreeing()
	if pairs == 0 {
		return
	}
	d.rarest = parts[0] / pairs * parts[1] / pairs / rarer
	agree, inverse := 0.0, 0.0
	for _, c := range d.full.Count[1:] {
		if c > 1 {
			agree += float64(c) * float64(c-1)
			inverse += float64(c - 1)
		}
	}
	if inverse > 0 {
		d.own = ownRecords * agree / inverse
	}
}

// fullFrequency is the share of people who bear a full name. It is not that of
// the records which do, as most of those are one person's: of independent
// parts it is the product of their shares. Where more records have the name than
// that and one person's account for, it is theirs.
func (d *nameData) fullFrequency(r *nameRow) float64 {
	f := share(max(d.givenCount[r.given], 1), d.n) * share(max(d.familyCount[r.family], 1), d.n)
	if d.full != nil && r.full != 0 {
		f = max(f, (float64(d.full.Count[r.full])-d.own)/float64(d.n))
	}
	return max(f, d.rarest)
}

// agreedFrequency is Frequency at a level of the full name.
func (k *nameKernel) agreedFrequency(a, b uint32, level Level) float64 {
	least := 1.0
	as, bs := k.of(a), k.of(b)
	for x := range as {
		for y := range bs {
			if len(as)*len(bs) == 1 || k.grade(&as[x], &bs[y]) == level {
				// The greater of the two where the values differ, as in a swap.
				least = min(least, max(k.fullFrequency(&as[x]), k.fullFrequency(&bs[y])))
			}
		}
	}
	return least
}

// leastFullFrequency is LeastFrequency at a level of the full name.
func (k *nameKernel) leastFullFrequency(a uint32) float64 {
	least := 1.0
	as := k.of(a)
	for x := range as {
		least = min(least, k.fullFrequency(&as[x]))
	}
	return least
}
