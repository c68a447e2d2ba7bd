package column

// pairs gives each distinct pair of codes a code of its own, by an
// open-addressing table: pointer-free, so that a hundred million records do
// not burden the garbage collector as a map would.
type pairs struct {
	keys  []uint64 // the pair, high code first; 0 is an empty place
	codes []uint32
	used  uint32
}

func newPairs(expected int) *pairs {
	size := 64
	for size < 2*expected {
		size *= 2
	}
	return &pairs{keys: make([]uint64, size), codes: make([]uint32, size)}
}

// combine is the code of a row of present codes, folded pair by pair.
func (p *pairs) combine(row []uint32) uint32 {
	code := row[0]
	if len(row) == 1 {
		return p.pair(0, code)
	}
	for _, next := range row[1:] {
		code = p.pair(code, next)
	}
	return code
}

func (p *pairs) pair(a, b uint32) uint32 {
	if 2*int(p.used) >= len(p.keys) {
		p.grow()
	}
	key := uint64(a)<<32 | uint64(b)
	i := p.place(key)
	if p.keys[i] == 0 {
		p.used++
		p.keys[i], p.codes[i] = key, p.used
	}
	return p.codes[i]
}

// place is where key is or belongs.
func (p *pairs) place(key uint64) int {
	// Fibonacci hashing: the odd constant is 2^64 divided by the golden ratio.
	const golden = 0x9E3779B97F4A7C15
	mask := len(p.keys) - 1
	h := key * golden
	for i := int(h>>32) & mask; ; i = (i + 1) & mask {
		if p.keys[i] == 0 || p.keys[i] == key {
			return i
		}
	}
}

func (p *pairs) grow() {
	keys, codes := p.keys, p.codes
	p.keys, p.codes = make([]uint64, 2*len(keys)), make([]uint32, 2*len(codes))
	for i, key := range keys {
		if key != 0 {
			j := p.place(key)
			p.keys[j], p.codes[j] = key, codes[i]
		}
	}
}
