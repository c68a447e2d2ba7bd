package ingest

import (
	"context"
	"math"
	"slices"

	"concord/schemas/attribute"
	"concord/schemas/table"
)

// Versions takes what rows of people channels say of consent that are no
// records: those that gave way to a newer row of their key, and those that are
// in quarantine for their key or their event time. A "no" in such a row was
// said all the same.
//
// It is called for some rows of one channel at a time, by several workers at
// once, at most one call at a time under each worker's number. Each row comes
// once. t.Rows has the rows' sources, keys ("" where there is none), event
// times, brands and contact points; t.Record is, by row, the record of that key
// in records, or [NoRecord]. t and what it holds live until it returns. An error
// ends the run.
type Versions func(worker int, records *table.Records, t *Texts) error

// NoRecord is the number of no record.
const NoRecord = uint32(math.MaxUint32)

// refused tells that a row is in quarantine.
func (c *channel) refused(row uint32) bool { return len(c.aside) > 0 && c.aside[row] }

func (c *channel) refuse(row uint32) {
	if c.aside == nil {
		c.aside = map[uint32]bool{}
	}
	c.aside[row] = true
}

// states tells whether a column holds statements, rather than their times.
func (c *channel) states(column string) bool {
	return c.job.Embedded[column] != nil || c.job.Signals[column] != nil
}

// speaks tells whether a consent column or a signal of row r is filled.
func (c *channel) speaks(r uint32) bool {
	return slices.ContainsFunc(c.embedded, func(f *textColumn) bool {
		if !c.states(f.columns[0]) {
			return false
		}
		lo, hi := f.elements(r)
		return slices.ContainsFunc(f.codes[lo:hi], func(code uint32) bool { return code != 0 })
	})
}

// statesIn is speaks of row i of a batch.
func (c *channel) statesIn(v *view, i int) bool {
	return slices.ContainsFunc(c.embedded, func(f *textColumn) bool {
		column := f.columns[0]
		return c.states(column) && v.column(column).first(i) != ""
	})
}

// versionsChunk is how many rows are gathered at a time.
const versionsChunk = 1 << 13

// contactPoints are the attributes that consent attaches to. What shares their
// slots comes with them.
var contactPoints = []attribute.Name{attribute.Email, attribute.Phone, attribute.Device, attribute.Street}

// giveOthers gives the consent columns of rows that are no records to whoever
// takes them, some rows at a time.
func (in *reader) giveOthers(ctx context.Context, people []*channel, others []other) error {
	if in.options.Versions == nil || len(others) == 0 {
		return nil
	}
	byChannel := make([][]other, len(people))
	for _, o := range others {
		byChannel[o.channel] = append(byChannel[o.channel], o)
	}
	g := in.newVersions(people)
	var units [][]other
	for _, list := range byChannel {
		units = slices.AppendSeq(units, slices.Chunk(list, versionsChunk))
	}
	return in.engine.Each(ctx, len(units), func(worker, i int) error {
		return in.options.Versions(worker, in.result.Records, g.texts(units[i]))
	})
}

// versions gathers rows that are no records.
type versions struct {
	people  []*channel
	records *table.Records
	brandOf []uint16 // by code: place in records.Brands
	columns []table.Column
	groups  [][]int    // of columns: those of one group
	layouts [][]layout // by group
	in      *room      // the heap: chunks are small
}

func (in *reader) newVersions(people []*channel) *versions {
	r := in.result.Records
	brands := make([]string, in.brands.values.Len())
	for i := range brands {
		brands[i] = in.brands.values.At(uint32(i))
	}
	g := &versions{people: people, records: r, brandOf: positions(brands, r.Brands), in: &room{}}
	var seen []attribute.Name
	for _, n := range contactPoints {
		spec, _ := attribute.Lookup(n)
		var group []int
		var names []attribute.Name
		for i := range r.Columns {
			c := &r.Columns[i]
			other, _ := attribute.Lookup(c.Name)
			if c.Name != n && (spec.Group == attribute.NoGroup || other.Group != spec.Group) || slices.Contains(seen, c.Name) {
				continue
			}
			group, names, seen = append(group, len(g.columns)), append(names, c.Name), append(seen, c.Name)
			g.columns = append(g.columns, table.Column{Name: c.Name, Shown: c.Shown, Canon: c.Canon, Flags: c.Flags, Canonical: c.Canonical})
		}
		if len(group) > 0 {
			g.groups, g.layouts = append(g.groups, group), append(g.layouts, layoutsOf(people, names))
		}
	}
	return g
}

// texts are the consent columns of rows of one channel, with what the rows
// hold.
func (g *versions) texts(rows []other) *Texts {
	c := g.people[rows[0].channel]
	t := &Texts{Channel: c.name, Job: c.job, Objects: c.objectKeys(), Rows: g.rows(rows)}
	for _, o := range rows {
		t.object = append(t.object, c.object[o.row])
		t.number = append(t.number, c.number[o.row])
		t.Record = append(t.Record, o.record)
		t.SetAside = append(t.SetAside, c.refused(o.row))
	}
	for _, f := range c.embedded {
		t.Names = append(t.Names, f.columns[0])
		t.columns = append(t.columns, f.gather(rows))
	}
	return t
}

// gather is the column's first element of some rows.
func (f *textColumn) gather(rows []other) *textColumn {
	codes := make([]uint32, len(rows))
	for i, o := range rows {
		if lo, hi := f.elements(o.row); lo < hi {
			codes[i] = f.codes[lo]
		}
	}
	return &textColumn{columns: f.columns, codes: codes, raw: f.raw}
}

// rows is the table of some rows of one channel.
func (g *versions) rows(list []other) *table.Records {
	c := g.people[list[0].channel]
	source, _ := slices.BinarySearch(g.records.Sources, c.job.Source)
	t := &table.Records{N: len(list), Sources: g.records.Sources, Brands: g.records.Brands, Columns: slices.Clone(g.columns)}
	places := make([]place, len(list))
	t.Key.Append("")
	for i, o := range list {
		places[i] = o.place
		t.Source = append(t.Source, uint16(source))
		t.Brand = append(t.Brand, g.brandOf[c.brand[o.row]])
		t.EventTime = append(t.EventTime, c.time[o.row])
		t.Key.Append(c.key(o.row))
	}
	for i, group := range g.groups {
		gatherSlots(g.in, places, g.layouts[i], t.Columns[group[0]:group[len(group)-1]+1])
	}
	return t
}

// objectKeys are the paths of the channel's objects.
func (c *channel) objectKeys() []string {
	keys := make([]string, len(c.objects))
	for i := range c.objects {
		keys[i] = c.objects[i].Key
	}
	return keys
}
