package ingest

import (
	"context"
	"slices"

	"concord/jobs/engine"
	"concord/jobs/spill"
	"concord/schemas/attribute"
	"concord/schemas/table"
)

// assembleColumns gathers the attributes of the kept rows into the records
// table. One unit makes one group of attributes, which share their slots, or
// one column of a group whose records have one slot each; others are beside.
func assembleColumns(ctx context.Context, e engine.Engine, channels []*channel, v *vocabulary, kept []place, beside ...func()) ([]table.Column, error) {
	var groups [][]attribute.Name
	at := map[attribute.Group]int{}
	for _, n := range v.names() {
		spec, _ := attribute.Lookup(n)
		if i, ok := at[spec.Group]; ok && spec.Group != attribute.NoGroup {
			groups[i] = append(groups[i], n)
			continue
		}
		at[spec.Group] = len(groups)
		groups = append(groups, []attribute.Name{n})
	}
	columns := make([]table.Column, len(v.byName))
	rest := columns
	var units []func()
	for _, names := range groups {
		units = append(units, assembleGroup(channels, v, kept, names, rest[:len(names)])...)
		rest = rest[len(names):]
	}
	units = append(units, beside...)
	err := e.Each(ctx, len(units), func(_, i int) error {
		units[i]()
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(columns, func(a, b table.Column) int {
		if attribute.Less(a.Name, b.Name) {
			return -1
		}
		return 1
	})
	return columns, nil
}

// assembleGroup gives the units that make the columns of one group.
func assembleGroup(channels []*channel, v *vocabulary, kept []place, names []attribute.Name, columns []table.Column) []func() {
	for i, n := range names {
		t := v.of(n)
		columns[i] = table.Column{Name: n, Shown: fitStrings(v.in, t.shown), Canon: fit(v.in, t.canon), Flags: fit(v.in, t.flags), Canonical: fitStrings(v.in, t.canonical.values)}
		*t = terms{} // grown by halves: the room behind goes
	}
	layouts := layoutsOf(channels, names)
	if slices.ContainsFunc(layouts, func(l layout) bool { return !l.single() }) {
		return []func(){func() { gatherSlots(v.in, kept, layouts, columns) }}
	}
	var units []func()
	for i := range columns {
		units = append(units, func() { columns[i].Codes = gatherSingle(v.in, kept, layouts, i) })
	}
	return units
}

func fitStrings(in *room, s table.Strings) table.Strings {
	return table.Strings{Bytes: fit(in, s.Bytes), Offsets: fit(in, s.Offsets)}
}

// single tells that no record of the channel has more than one slot: there is
// one label, and each of its columns has one cell in a row and one value in a
// cell.
func (l layout) single() bool {
	for _, s := range l.sources() {
		if s.field.starts != nil || slices.ContainsFunc(s.fills, func(f fill) bool { return f.output.starts != nil }) {
			return false
		}
	}
	return len(l) < 2
}

// sources is the columns of the first label.
func (l layout) sources() []source {
	if len(l) == 0 {
		return nil
	}
	return l[0].columns
}

// gatherSingle makes one column of a group whose layouts are all single: rows
// are slots, and the first source with a value fills one.
func gatherSingle(in *room, kept []place, layouts []layout, attribute int) []uint32 {
	type mapped struct{ codes, variants []uint32 } // by row, by raw code
	sources := make([][]mapped, len(layouts))
	for i, l := range layouts {
		for _, s := range l.sources() {
			for _, f := range s.fills {
				if f.attribute == attribute {
					sources[i] = append(sources[i], mapped{s.field.codes, f.output.variants})
				}
			}
		}
	}
	codes := spill.Make[uint32](in.space, len(kept))
	for r, p := range kept {
		for _, s := range sources[p.channel] {
			if v := s.variants[s.codes[p.row]]; v != 0 {
				codes[r] = v
				break
			}
		}
	}
	return codes
}

// gatherSlots makes the columns of one group. While no record has more than
// one slot, slots are rows and Starts stays nil.
func gatherSlots(in *room, kept []place, layouts []layout, columns []table.Column) {
	g := &gatherer{layouts: layouts, width: len(columns)}
	for i := range columns {
		columns[i].Codes = spill.Make[uint32](in.space, len(kept))[:0]
	}
	var starts []int32
	for r, p := range kept {
		slots := g.gather(int(p.channel), p.row)
		if slots > 1 && starts == nil {
			starts = spill.Make[int32](in.space, len(kept)+1)[:r+1]
			for i := range starts {
				starts[i] = int32(i)
			}
		}
		if slots == 0 && starts == nil {
			slots = 1 // one null slot: rows are slots
			g.cells = append(g.cells[:0], make([]uint32, g.width)...)
		}
		for i := range columns {
			columns[i].Codes = spill.Grow(in.space, columns[i].Codes, slots)
		}
		for s := range slots {
			for i := range columns {
				columns[i].Codes = append(columns[i].Codes, g.cells[s*g.width+i])
			}
		}
		if starts != nil {
			starts = append(starts, int32(len(columns[0].Codes)))
		}
	}
	for i := range columns {
		columns[i].Starts = starts
	}
}

// layout is where one channel holds the attributes of a group: its labels,
// each one thing (a name, an address) spread over columns.
type layout []labelled

type labelled struct {
	label   string
	columns []source
}

// source is a column of a label: its outputs and the attributes they fill.
type source struct {
	field *fieldColumn
	fills []fill
}

type fill struct {
	attribute int // index into the group's names
	output    *output
}

func layoutsOf(channels []*channel, names []attribute.Name) []layout {
	layouts := make([]layout, len(channels))
	for i, c := range channels {
		for _, f := range c.fields {
			s := source{field: f}
			for k := range f.outputs {
				if a := slices.Index(names, f.outputs[k].name); a >= 0 {
					s.fills = append(s.fills, fill{a, &f.outputs[k]})
				}
			}
			if len(s.fills) > 0 {
				layouts[i] = layouts[i].with(f.field.Label, s)
			}
		}
		slices.SortStableFunc(layouts[i], func(a, b labelled) int {
			if a.label < b.label {
				return -1
			}
			return 1
		})
	}
	return layouts
}

func (l layout) with(label string, s source) layout {
	for i := range l {
		if l[i].label == label {
			l[i].columns = append(l[i].columns, s)
			return l
		}
	}
	return append(l, labelled{label, []source{s}})
}

// gatherer collects the slots of one record at a time.
type gatherer struct {
	layouts []layout
	width   int      // attributes of the group
	cells   []uint32 // slots × width variants
}

// gather fills cells with the record's slots and returns how many there are.
// Within a label, element k of a list column belongs to slot k, and so does
// the k-th value of a cell that holds several. Slots without a value are
// dropped, and so is a slot that repeats an earlier one.
func (g *gatherer) gather(channel int, row uint32) int {
	g.cells = g.cells[:0]
	slots := 0
	for i := range g.layouts[channel] {
		base := slots
		for _, s := range g.layouts[channel][i].columns {
			lo, hi := s.field.elements(row)
			k := base
			for _, code := range s.field.codes[lo:hi] {
				k += g.place(s.fills, code, k, &slots)
			}
		}
	}
	return g.compact(slots)
}

// place writes the values of one element from slot k on, the first column to
// fill a cell winning, and returns how many slots the element takes.
func (g *gatherer) place(fills []fill, code uint32, k int, slots *int) int {
	took := 1
	for _, f := range fills {
		values := f.output.of(code)
		took = max(took, len(values))
		for d, v := range values {
			for *slots <= k+d {
				for range g.width {
					g.cells = append(g.cells, 0)
				}
				*slots++
			}
			if cell := &g.cells[(k+d)*g.width+f.attribute]; *cell == 0 {
				*cell = v
			}
		}
	}
	return took
}

// compact drops empty and repeated slots.
func (g *gatherer) compact(slots int) int {
	kept := 0
	for s := range slots {
		row := g.cells[s*g.width : (s+1)*g.width]
		if allZero(row) || g.holds(row, kept) {
			continue
		}
		copy(g.cells[kept*g.width:], row)
		kept++
	}
	return kept
}

func (g *gatherer) holds(row []uint32, kept int) bool {
	for s := range kept {
		if slices.Equal(g.cells[s*g.width:(s+1)*g.width], row) {
			return true
		}
	}
	return false
}

func allZero(row []uint32) bool {
	for _, v := range row {
		if v != 0 {
			return false
		}
	}
	return true
}
