package golden

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"concord/schemas/attribute"
	"concord/schemas/table"
)

// row is a record as a test writes it: fields of one group have values at the
// same positions, "" for null.
type row struct {
	channel, key string
	time         int64
	fields       map[attribute.Name][]string
}

// junk is shown to nobody in these tests.
const junk = "junk@example.org"

// build makes a records table. Values that differ in case only share a
// canonical form. dictionary orders the dictionary of each column; nil is the
// order of appearance.
func build(rows []row, dictionary func(a, b string) int) *table.Records {
	r := &table.Records{N: len(rows), Objects: []string{"o"}, Brands: []string{""}}
	r.Key.Append("")
	channels := map[string]bool{}
	names := map[attribute.Name]bool{}
	for _, w := range rows {
		channels[w.channel] = true
		for n := range w.fields {
			names[n] = true
		}
	}
	for c := range channels {
		r.Channels = append(r.Channels, c)
	}
	slices.Sort(r.Channels)
	r.Sources = r.Channels
	for i, w := range rows {
		at, _ := slices.BinarySearch(r.Channels, w.channel)
		r.Channel = append(r.Channel, uint16(at))
		r.Source = append(r.Source, uint16(at))
		r.Object, r.Brand = append(r.Object, 0), append(r.Brand, 0)
		r.Row = append(r.Row, uint32(i+1))
		r.EventTime = append(r.EventTime, w.time)
		r.Key.Append(w.key)
	}
	var sorted []attribute.Name
	for n := range names {
		sorted = append(sorted, n)
	}
	slices.SortFunc(sorted, func(a, b attribute.Name) int {
		if attribute.Less(a, b) {
			return -1
		}
		return 1
	})
	for _, n := range sorted {
		r.Columns = append(r.Columns, buildColumn(n, rows, dictionary))
	}
	return r
}

func buildColumn(n attribute.Name, rows []row, dictionary func(a, b string) int) table.Column {
	c := table.Column{Name: n, Starts: []int32{0}, Canon: []uint32{0}, Flags: []table.Flag{0}}
	c.Shown.Append("")
	c.Canonical.Append("")
	var values []string
	for _, w := range rows {
		for _, v := range w.fields[n] {
			if v != "" && !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
	}
	if dictionary != nil {
		slices.SortFunc(values, dictionary)
	}
	code, canon := map[string]uint32{}, map[string]uint32{}
	for _, v := range values {
		key := strings.ToLower(v)
		if canon[key] == 0 {
			canon[key] = c.Canonical.Append(key)
		}
		code[v] = c.Shown.Append(v)
		flag, k := table.Flag(0), canon[key]
		if v == junk {
			flag, k = table.Junk, 0
		}
		c.Canon, c.Flags = append(c.Canon, k), append(c.Flags, flag)
	}
	for _, w := range rows {
		for k := range slots(w, n) {
			v := ""
			if k < len(w.fields[n]) {
				v = w.fields[n][k]
			}
			c.Codes = append(c.Codes, code[v])
		}
		c.Starts = append(c.Starts, int32(len(c.Codes)))
	}
	return c
}

// slots is how many slots a record has in a column: those of the longest
// column of its group.
func slots(w row, n attribute.Name) int {
	spec, _ := attribute.Lookup(n)
	most := len(w.fields[n])
	for other, values := range w.fields {
		if s, _ := attribute.Lookup(other); spec.Group != attribute.NoGroup && s.Group == spec.Group {
			most = max(most, len(values))
		}
	}
	return most
}

// golden merges all rows under the options and gives back what is shown.
func golden(t testing.TB, rows []row, o Options) map[attribute.Name][]string {
	t.Helper()
	r := build(rows, nil)
	p, err := Compile(r, o)
	if err != nil {
		t.Fatal(err)
	}
	return show(p, mergeAll(p, r.N, nil))
}

func mergeAll(p *Plan, n int, permit Permit) *Golden {
	var g Golden
	p.Merger().Merge(members(n), permit, &g)
	return &g
}

func members(n int) []uint32 {
	out := make([]uint32, n)
	for i := range out {
		out[i] = uint32(i)
	}
	return out
}

func show(p *Plan, g *Golden) map[attribute.Name][]string {
	out := map[attribute.Name][]string{}
	for i, a := range p.Attributes() {
		for _, v := range g.Of(i) {
			out[a.Name] = append(out[a.Name], p.Shown(i, v.Code))
		}
	}
	return out
}

func backwards(a, b string) int { return cmp.Compare(b, a) }
