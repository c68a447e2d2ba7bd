package compare

import "concord/matching/column"

// equality is the kernel of an attribute whose values are equal or not, any of
// several: of each value it keeps the code alone.
type equality struct {
	n             int
	count         []uint32     // by code: records
	codes         rows[uint32] // by record
	top           Level
	termFrequency bool
	records       []uint32 // loaded
	window        []uint32 // their codes
}

// bindEquality is the kernel of a column of n records, nil without one.
func bindEquality(n int, c *column.Column, top Level, termFrequency bool) rowed {
	if c == nil {
		return nil
	}
	slots := slotReader(c)
	return &equality{n: n, count: c.Count, codes: newRows(n, source[uint32]{width: slots.width, at: slots.code, mark: itself}), top: top, termFrequency: termFrequency}
}

func (k *equality) movable() movable { return &k.codes }

// of is the codes of record r.
func (k *equality) of(r uint32) []uint32 { return k.codes.of(r, *k.codes.at(r)) }

// Exact is all levels: ceilings are grades.
func (k *equality) Exact() uint32 { return ^uint32(0) }

// Clone shares the codes.
func (k *equality) Clone() Kernel {
	c := *k
	c.records, c.window = nil, nil
	return &c
}

// Load copies the records' codes.
func (k *equality) Load(records []uint32) {
	k.records, k.window = records, k.codes.gather(records, k.window)
}

// Ceilings are grades.
func (k *equality) Ceilings(pairs []column.Pair, out []Level) {
	window := k.window
	for i, p := range pairs {
		a, b := window[p.A], window[p.B]
		if (a|b)&marked != 0 {
			out[i] = k.Grade(k.records[p.A], k.records[p.B])
			continue
		}
		equal := Level(1 - some(a^b))
		out[i] = Level(some(a)&some(b)) * (Else + equal*(k.top-Else))
	}
}

// Grade is the top level when any two of the values are equal.
func (k *equality) Grade(a, b uint32) Level {
	level := Null
	for _, x := range k.of(a) {
		for _, y := range k.of(b) {
			switch {
			case !bothCodes(x, y):
			case x == y:
				return k.top
			default:
				level = Else
			}
		}
	}
	return level
}

// Frequency is the share of records with the agreed value: the rarest when
// several agree.
func (k *equality) Frequency(a, b uint32, _ Level) float64 {
	rarest := uint32(0)
	for _, x := range k.of(a) {
		for _, y := range k.of(b) {
			if count := k.count[x]; x == y && x != 0 && (rarest == 0 || count < rarest) {
				rarest = count
			}
		}
	}
	return share(rarest, k.n)
}

// LeastFrequency is the share of the rarest of the record's values.
func (k *equality) LeastFrequency(a uint32, _ Level) float64 {
	return share(rarestOf(k.of(a), func(code *uint32) uint32 { return k.count[*code] }), k.n)
}

// Coincidence implements [Coincident].
func (k *equality) Coincidence(level Level) float64 {
	if level != k.top || !k.termFrequency {
		return 0
	}
	return coincidence(k.count, k.n)
}
