package golden

import (
	"cmp"
	"slices"

	"concord/schemas/attribute"
)

// Permit tells whether the value in a slot may be used. slot is an index into
// the Codes of the attribute's column. It is asked for values only, never for
// nulls. A nil Permit permits all.
type Permit func(record uint32, attr attribute.Name, slot uint32) bool

// Golden is one golden record. Its memory belongs to the caller and is used
// again by the next Merge into it.
type Golden struct {
	// Starts bounds the values of each attribute of [Plan.Attributes]:
	// attribute i has Values[Starts[i]:Starts[i+1]], none where no member
	// holds one, more than one only under a rule that makes lists.
	Starts []int32
	Values []Value
}

// Of is the values of attribute i of the plan.
func (g *Golden) Of(i int) []Value { return g.Values[g.Starts[i]:g.Starts[i+1]] }

// Value is a surviving value and where it came from.
type Value struct {
	Code   uint32 // variant, in the attribute's column
	Record uint32 // the record it is taken from
	Slot   uint32 // index into the column's Codes
	Held   uint32 // members that hold an equal value
	// Candidates counts the values that were considered, Losers the distinct
	// ones among them that did not survive. For an address both count
	// addresses.
	Candidates uint32
	Losers     uint32
}

// Merger merges clusters one after the other. It is not safe for concurrent
// use: take one per goroutine.
type Merger struct {
	plan       *Plan
	candidates []candidate // of the unit at hand
	order      []uint32    // of candidates, equal values side by side
	skip       []bool      // by unit: nobody asks for it
	kept       []candidate // the survivors of all units
	chosen     []choice    // by unit
}

// choice is what survives of one unit: kept[lo:hi].
type choice struct {
	lo, hi               uint32
	candidates, distinct uint32
}

// Merger makes a merger for the plan.
func (p *Plan) Merger() *Merger {
	return &Merger{plan: p, chosen: make([]choice, len(p.units)), skip: make([]bool, len(p.units))}
}

// MergerOf makes a merger that chooses values of some attributes only, by
// their place in [Plan.Attributes]: of others [Merger.Merge] gives none.
func (p *Plan) MergerOf(attributes []int) *Merger {
	m := p.Merger()
	for i := range m.skip {
		m.skip[i] = true
	}
	for _, i := range attributes {
		m.skip[p.attributes[i].unit] = false
	}
	return m
}

// Merge chooses the surviving values of the cluster of members, which are
// rows of the records table, in any order and each once.
func (m *Merger) Merge(members []uint32, permit Permit, out *Golden) {
	p := m.plan
	m.kept = m.kept[:0]
	for i := range p.units {
		if m.skip[i] {
			m.chosen[i] = choice{}
			continue
		}
		m.chosen[i] = m.choose(&p.units[i], members, permit)
	}
	out.Starts, out.Values = append(out.Starts[:0], 0), out.Values[:0]
	for i := range p.attributes {
		a := &p.attributes[i]
		u := m.chosen[a.unit]
		for _, c := range m.kept[u.lo:u.hi] {
			if c.parts&(1<<a.part) == 0 {
				continue
			}
			out.Values = append(out.Values, Value{
				Code: a.column.Codes[c.slot], Record: c.record, Slot: c.slot, Held: c.held,
				Candidates: u.candidates, Losers: u.distinct - (u.hi - u.lo),
			})
		}
		out.Starts = append(out.Starts, int32(len(out.Values)))
	}
}

// choose appends the survivors of unit u to m.kept.
func (m *Merger) choose(u *unit, members []uint32, permit Permit) choice {
	m.gather(u, members, permit)
	lo := uint32(len(m.kept))
	ch := choice{lo: lo, hi: lo, candidates: uint32(len(m.candidates)), distinct: m.classify(u)}
	if ch.candidates == 0 {
		return ch
	}
	if u.rule.List {
		m.keepDistinct(u)
		ch.hi = uint32(len(m.kept))
		return ch
	}
	best := 0
	for i := 1; i < len(m.candidates); i++ {
		if m.compare(u, &m.candidates[i], &m.candidates[best]) > 0 {
			best = i
		}
	}
	m.kept = append(m.kept, m.candidates[best])
	ch.hi++
	return ch
}

// gather collects the members' values of unit u.
func (m *Merger) gather(u *unit, members []uint32, permit Permit) {
	m.candidates = m.candidates[:0]
	r := m.plan.records
	for _, rec := range members {
		lo, hi := u.columns[0].Slots(rec)
		for s := lo; s < hi; s++ {
			c := candidate{record: rec, slot: s, parts: u.parts(rec, s, permit)}
			if c.parts == 0 {
				continue
			}
			c.position = s - lo
			c.trust = m.plan.trust[r.Channel[rec]]
			c.event = r.EventTime[rec]
			if u.rule.needs&needsLength != 0 {
				c.length = u.length(&c)
			}
			if u.rule.needs&needsRecord != 0 {
				c.filled = m.plan.filled(rec, permit)
			}
			m.candidates = append(m.candidates, c)
		}
	}
}

// classify finds equal values among the candidates and counts the records
// that hold each. It returns how many distinct values there are.
func (m *Merger) classify(u *unit) uint32 {
	if len(m.candidates) == 1 {
		m.candidates[0].held = 1
		return 1
	}
	m.order = m.order[:0]
	for i := range m.candidates {
		m.order = append(m.order, uint32(i))
	}
	slices.SortFunc(m.order, func(i, j uint32) int {
		a, b := &m.candidates[i], &m.candidates[j]
		if c := u.compareValues(a, b); c != 0 {
			return c
		}
		return cmp.Compare(a.record, b.record)
	})
	classes := uint32(0)
	for lo := 0; lo < len(m.order); {
		hi, held := m.classEnd(u, lo)
		for _, i := range m.order[lo:hi] {
			m.candidates[i].held, m.candidates[i].class = held, classes
		}
		classes++
		lo = hi
	}
	return classes
}

// classEnd is the end of the run of equal values that starts at order[lo] and
// how many records are in it.
func (m *Merger) classEnd(u *unit, lo int) (hi int, held uint32) {
	first := &m.candidates[m.order[lo]]
	last := first.record
	held = 1
	for hi = lo + 1; hi < len(m.order); hi++ {
		c := &m.candidates[m.order[hi]]
		if u.compareValues(first, c) != 0 {
			break
		}
		if c.record != last {
			last = c.record
			held++
		}
	}
	return hi, held
}

// keepDistinct appends the best candidate of each class to m.kept, best first.
func (m *Merger) keepDistinct(u *unit) {
	m.order = m.order[:0]
	for i := range m.candidates {
		m.order = append(m.order, uint32(i))
	}
	best := func(i, j uint32) int { return m.compare(u, &m.candidates[j], &m.candidates[i]) }
	slices.SortFunc(m.order, func(i, j uint32) int {
		if c := cmp.Compare(m.candidates[i].class, m.candidates[j].class); c != 0 {
			return c
		}
		return best(i, j)
	})
	m.order = slices.CompactFunc(m.order, func(i, j uint32) bool { return m.candidates[i].class == m.candidates[j].class })
	slices.SortFunc(m.order, best)
	for _, i := range m.order {
		m.kept = append(m.kept, m.candidates[i])
	}
}
