package ingest

import (
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"github.com/zeebo/xxh3"

	"concord/schemas/attribute"
	"concord/schemas/job"
	"concord/schemas/table"
)

// channel is one people channel while it is read: keys, times and
// dictionary-encoded cells of its accepted rows.
type channel struct {
	name    string
	job     *job.Channel
	objects []Object
	brands  *dictionary
	in      *room

	vocabulary *vocabulary   // the run's, shared by all channels
	keys       table.Strings // entry r is row r's key: no null entry in front
	time       []int64       // µs since 1970 UTC, or table.NoTime
	object     []uint32      // index into objects
	number     []uint32      // data row within the object
	brand      []uint32      // code in brands
	fields     []*fieldColumn
	// embedded are the consent columns of the channel and their time columns.
	embedded []*textColumn
	// aside are the rows that are in quarantine and were taken all the same, for
	// what their consent columns say: they become no records.
	aside map[uint32]bool

	feed       *feedChannel // of a consent channel; nil of people
	times      EventTimes
	sparse     bool // columns that a file lacks are null in it
	quarantine []Quarantined
}

func (c *channel) rows() int           { return len(c.number) }
func (c *channel) key(r uint32) string { return c.keys.At(r) }

// textColumn is a column of the extract, dictionary-encoded as it is read.
type textColumn struct {
	columns []string // of the extract: one, or the parts of a composite
	starts  []int32  // element bounds by row; nil: one element per row
	codes   []uint32 // by element: code in raw
	raw     *dictionary
	in      *room
}

// elements is the range of row r's elements in codes.
func (f *textColumn) elements(r uint32) (lo, hi uint32) {
	if f.starts == nil {
		return r, r + 1
	}
	return uint32(f.starts[r]), uint32(f.starts[r+1])
}

// filled counts the rows marked alive that have a value.
func (f *textColumn) filled(alive []bool) (n int64) {
	for r, ok := range alive {
		if !ok {
			continue
		}
		lo, hi := f.elements(uint32(r))
		for lo < hi && f.codes[lo] == 0 {
			lo++
		}
		if lo < hi {
			n++
		}
	}
	return n
}

func (f *textColumn) at(k uint32) string { return f.raw.values.At(f.codes[k]) }
func (f *textColumn) isList() bool       { return f.starts != nil }

// fieldColumn is one mapped column, or the three parts of a birth date as
// one virtual column.
type fieldColumn struct {
	textColumn
	field    *job.Field
	typ      attribute.Type
	distinct int64 // raw values, once normalized
	facts    Field
	outputs  []output // after normalizing: one per attribute, in order
}

// output maps a raw code to the variants of one attribute.
type output struct {
	name     attribute.Name
	starts   []int32 // by raw code; nil: at most one variant per raw value
	variants []uint32
}

// of lists the variants of raw value code.
func (o *output) of(code uint32) []uint32 {
	if o.starts == nil {
		return o.variants[code : code+1]
	}
	return o.variants[o.starts[code]:o.starts[code+1]]
}

// digest is a hash of row r's values: what decides between two rows of one
// key and one event time. It sees presentable forms, so that rows which read
// the same are the same, and attribute names, so that column order is not
// part of it.
func (c *channel) digest(r uint32) uint64 {
	var sum uint64 // commutative: the order of columns does not matter
	var b []byte
	for _, f := range c.fields {
		for i := range f.outputs {
			o := &f.outputs[i]
			b = append(b[:0], o.name...)
			lo, hi := f.elements(r)
			for _, code := range f.codes[lo:hi] {
				for _, v := range o.of(code) {
					shown := c.vocabulary.of(o.name).shown.At(v)
					b = binary.LittleEndian.AppendUint32(b, uint32(len(shown)))
					b = append(b, shown...)
				}
			}
			sum += xxh3.Hash(b)
		}
	}
	return sum
}

// newChannel compiles the mapping of a channel.
func newChannel(name string, j *job.Channel, v *vocabulary, brands *dictionary) (*channel, error) {
	c := &channel{name: name, job: j, brands: brands, in: v.in, vocabulary: v, times: EventTimes{Order: j.EventTime.DateOrder, Zone: time.UTC}}
	c.keys.Offsets = append(c.keys.Offsets, 0)
	c.embedded = embeddedColumns(c.in, j)
	if c.times.Order == "" {
		c.times.Order = j.DateOrder
	}
	if z := j.EventTime.Zone; z != "" {
		zone, err := time.LoadLocation(z)
		if err != nil {
			return nil, fmt.Errorf("channel %q: time zone %q: %w", name, z, err)
		}
		c.times.Zone = zone
	}
	parts := map[string]*fieldColumn{} // by label: birth year, month, day
	for _, column := range j.FieldColumns() {
		f := j.Fields[column]
		if !attribute.IsBirthPart(f.As) {
			c.fields = append(c.fields, &fieldColumn{textColumn: newText(c.in, column), field: f, typ: f.As})
			continue
		}
		p := parts[f.Label]
		if p == nil {
			p = &fieldColumn{textColumn: newText(c.in, "", "", ""), field: f, typ: attribute.TypeBirthDate}
			parts[f.Label] = p
			c.fields = append(c.fields, p)
		}
		p.columns[slices.Index([]attribute.Type{attribute.TypeBirthYear, attribute.TypeBirthMonth, attribute.TypeBirthDay}, f.As)] = column
	}
	return c, nil
}

func newText(in *room, columns ...string) textColumn {
	return textColumn{columns: columns, raw: newDictionary(in), in: in}
}

// arrays shows move what is done for, once the column is normalized and its
// rows are records: not the texts of a consent column.
func (f *textColumn) arrays(move func(array any)) {
	move(&f.starts)
	move(&f.codes)
}

// arrays shows move the arrays of rows and values; see [owner].
func (c *channel) arrays(move func(array any)) {
	c.keys.Arrays(move)
	for _, a := range []any{&c.time, &c.object, &c.number, &c.brand} {
		move(a)
	}
	for _, f := range c.texts() {
		f.arrays(move)
	}
	for _, f := range c.fields {
		for i := range f.outputs {
			move(&f.outputs[i].starts)
			move(&f.outputs[i].variants)
		}
	}
}

// dictionaries are the raw values of a channel.
type dictionaries struct{ of *channel }

func (d dictionaries) arrays(move func(array any)) {
	for _, f := range d.of.texts() {
		if f.raw != nil {
			f.raw.arrays(move)
		}
	}
}

// texts lists all columns that the channel collects.
func (c *channel) texts() []*textColumn {
	var all []*textColumn
	for _, f := range c.fields {
		all = append(all, &f.textColumn)
	}
	return append(all, c.embedded...)
}

// columns lists what the channel reads of an extract, each name once.
func (c *channel) columns() []string {
	var names []string
	add := func(n string) {
		if n != "" && n != job.RowKey && !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	for _, k := range c.job.Key {
		add(k)
	}
	add(c.job.EventTime.Column)
	add(c.job.Brand.Column)
	for _, f := range c.texts() {
		for _, n := range f.columns {
			add(n)
		}
	}
	return names
}

// embeddedColumns lists the consent columns of a people channel and the
// columns of their times, each once.
func embeddedColumns(in *room, j *job.Channel) []*textColumn {
	var names []string
	for n, e := range j.Embedded {
		names = append(names, n)
		if e.Time != "" {
			names = append(names, e.Time)
		}
	}
	slices.Sort(names)
	var columns []*textColumn
	for _, n := range slices.Compact(names) {
		t := newText(in, n)
		columns = append(columns, &t)
	}
	return columns
}
