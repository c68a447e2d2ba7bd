package normalize

import (
	"encoding/binary"
	"regexp/syntax"
	"slices"
)

// An automaton tells in one pass over a string of digits which of several
// regular expressions match it: a deterministic automaton of their union.
// Regular expressions of numbering plans are trees of area codes; the regexp
// package walks each of them anew for every number.
type automaton struct {
	next   [][10]uint16 // by state and digit; state 0 is dead, 1 the first
	accept []uint16     // by state: a bit for each expression that ends here
}

// maxStates bounds an automaton: plans of countries stay below a tenth of it.
const maxStates = 1 << 15

// run is the expressions that match s, digits alone, as a whole.
func (a *automaton) run(s string) uint16 {
	state := uint16(1)
	for i := range len(s) {
		state = a.next[state][s[i]-'0']
	}
	return a.accept[state]
}

// begins tells whether an expression matches a beginning of s.
func (a *automaton) begins(s string) bool {
	state := uint16(1)
	for i := 0; a.accept[state] == 0; i++ {
		if i == len(s) || state == 0 {
			return false
		}
		state = a.next[state][s[i]-'0']
	}
	return true
}

// compileDigits makes the automaton of at most sixteen expressions; nil when
// one of them is more than an expression over characters, or all are too much.
func compileDigits(expressions []string) *automaton {
	c := &digitCompiler{states: map[string]uint16{}, a: &automaton{next: make([][10]uint16, 1), accept: make([]uint16, 1)}}
	var start []uint32
	for i, x := range expressions {
		re, err := syntax.Parse(x, syntax.Perl)
		if err != nil {
			return nil
		}
		prog, err := syntax.Compile(re.Simplify())
		if err != nil || len(prog.Inst) > 1<<20 {
			return nil
		}
		c.progs = append(c.progs, prog)
		start = c.follow(start, i, uint32(prog.Start))
	}
	c.state(start)
	for at := 1; at < len(c.sets) && !c.failed; at++ {
		for d := range 10 {
			c.a.next[at][d] = c.state(c.step(c.sets[at], rune('0'+d)))
		}
	}
	if c.failed {
		return nil
	}
	return c.a
}

// digitCompiler builds an automaton's states as sets of places in programs. A
// place is the program's number in the top bits and an instruction below.
type digitCompiler struct {
	progs  []*syntax.Prog
	a      *automaton
	states map[string]uint16
	sets   [][]uint32 // by state
	failed bool
}

const placeBits = 24

// follow adds a place and what is reached from it without reading.
func (c *digitCompiler) follow(set []uint32, prog int, pc uint32) []uint32 {
	place := uint32(prog)<<placeBits | pc
	if slices.Contains(set, place) {
		return set
	}
	set = append(set, place)
	switch in := &c.progs[prog].Inst[pc]; in.Op {
	case syntax.InstAlt, syntax.InstAltMatch:
		set = c.follow(set, prog, in.Out)
		return c.follow(set, prog, in.Arg)
	case syntax.InstCapture, syntax.InstNop:
		return c.follow(set, prog, in.Out)
	case syntax.InstEmptyWidth:
		c.failed = true
	}
	return set
}

// step is where the places of a set lead on a digit.
func (c *digitCompiler) step(set []uint32, digit rune) (to []uint32) {
	for _, place := range set {
		prog, pc := int(place>>placeBits), place&(1<<placeBits-1)
		switch in := &c.progs[prog].Inst[pc]; in.Op {
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			if in.MatchRune(digit) {
				to = c.follow(to, prog, in.Out)
			}
		}
	}
	return to
}

// state is the number of a set, new or old; that of the empty set is 0.
func (c *digitCompiler) state(set []uint32) uint16 {
	if len(c.sets) == 0 {
		c.sets = append(c.sets, nil)
	} else if len(set) == 0 {
		return 0
	}
	slices.Sort(set)
	var key []byte
	for _, place := range set {
		key = binary.LittleEndian.AppendUint32(key, place)
	}
	s, ok := c.states[string(key)]
	if ok || c.failed {
		return s
	}
	if len(c.sets) == maxStates {
		c.failed = true
		return 0
	}
	accept := uint16(0)
	for _, place := range set {
		if c.progs[place>>placeBits].Inst[place&(1<<placeBits-1)].Op == syntax.InstMatch {
			accept |= 1 << (place >> placeBits)
		}
	}
	s = uint16(len(c.sets))
	c.states[string(key)] = s
	c.sets = append(c.sets, set)
	c.a.next, c.a.accept = append(c.a.next, [10]uint16{}), append(c.a.accept, accept)
	return s
}
