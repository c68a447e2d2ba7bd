package block

import "slices"

// layout is the blocks of all rules by record, so that loading a record reads
// one or two places in memory rather than one for each rule.
//
// Rules that give a record at most one block have a column each in a matrix
// with a row for every record, and before it, on the same cache line, a lane
// each: eight bits of the block's number, eight lanes to a pair of columns. The
// blocks of all other rules are one ascending list per record, numbered through:
// those of rule k are base[k]+1 and on. Where it begins is the matrix's last
// column, and what begins there is the number of its blocks.
type layout struct {
	n       int
	column  []int    // by rule: its column in single, -1 if it is in the lists
	lanes   int      // columns of lanes
	width   int      // columns in all
	single  []uint32 // by record and column; 0: in no block
	base    []uint32 // by rule: what its block numbers in the lists start after
	list    []uint32
	several []int // the rules that are in the lists, ascending
}

// newLayout moves the groups of the rules over. The groups are emptied.
func newLayout(n int, rules []grouped) layout {
	l := layout{n: n, column: make([]int, len(rules)), base: make([]uint32, len(rules))}
	next := uint32(0)
	rulesOfOne := 0
	for k := range rules {
		if rules[k].groups.starts == nil {
			rulesOfOne++
		}
	}
	l.lanes = 2 * laneWords(rulesOfOne)
	l.width = l.lanes
	for k := range rules {
		if g := &rules[k].groups; g.starts == nil {
			l.column[k] = l.width
			l.width++
		} else {
			l.column[k] = -1
			l.several = append(l.several, k)
			l.base[k] = next
			next += g.blocks
		}
	}
	if len(l.several) > 0 {
		l.width++
	}
	l.single = make([]uint32, n*l.width)
	for k := range rules {
		if c := l.column[k]; c >= 0 {
			for r, id := range rules[k].groups.ids {
				row, i := l.single[r*l.width:(r+1)*l.width], c-l.lanes
				row[c] = id
				row[i/4] |= uint32(lane(id)) << (i % 4 * 8)
			}
			rules[k].groups.ids = nil
		}
	}
	l.fillLists(rules)
	return l
}

func (l *layout) fillLists(rules []grouped) {
	if len(l.several) == 0 {
		return
	}
	total := l.n
	for _, k := range l.several {
		total += len(rules[k].groups.ids)
	}
	l.list = make([]uint32, 0, total)
	for r := range uint32(l.n) {
		at := len(l.list)
		l.single[int(r)*l.width+l.width-1] = uint32(at)
		l.list = append(l.list, 0)
		for _, k := range l.several {
			for _, id := range rules[k].groups.of(r) {
				l.list = append(l.list, l.base[k]+id)
			}
		}
		l.list[at] = uint32(len(l.list) - at - 1)
	}
	for _, k := range l.several {
		rules[k].groups.ids, rules[k].groups.starts = nil, nil
	}
}

// laneWords is how many words the lanes of so many rules fill.
func laneWords(rules int) int { return (rules + 7) / 8 }

// lane is a block's digest, 0 for no block only.
func lane(id uint32) uint8 {
	if d := uint8(id); d != 0 || id == 0 {
		return d
	}
	return 1
}

// start is where the list of record r begins, with the number of its blocks.
func (l *layout) start(r uint32) uint32 { return l.single[int(r)*l.width+l.width-1] }

// listOf is the blocks of record r under the rules that are in the lists.
func (l *layout) listOf(r uint32) []uint32 {
	at := l.start(r)
	return l.list[at+1 : at+1+l.list[at]]
}

// of lists record r's blocks under rule k, numbered as the layout does: less
// base[k] they are the rule's own.
func (l *layout) of(k int, r uint32) []uint32 {
	if c := l.column[k]; c >= 0 {
		at := int(r)*l.width + c
		if l.single[at] == 0 {
			return nil
		}
		return l.single[at : at+1]
	}
	list := l.listOf(r)
	lo, _ := slices.BinarySearch(list, l.base[k]+1)
	hi := len(list)
	if i := slices.Index(l.several, k); i+1 < len(l.several) {
		hi, _ = slices.BinarySearch(list, l.base[l.several[i+1]]+1)
	}
	return list[lo:hi]
}
