package ingest

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"concord/jobs/engine"
	"concord/schemas/attribute"
	"concord/schemas/job"
	"concord/transforms/consent"
	"concord/transforms/consent/mapping"
)

// Feed takes the rows of a consent channel while they are read, so that no one
// need hold them.
//
// Take is called for rows lo to hi-1 of t, by several workers at once, at most
// one call at a time under each worker's number. Every row comes once, those of
// a worker in no certain order. t and its texts live until Take returns. An
// error ends the run.
type Feed interface {
	Take(worker int, t *Texts, lo, hi uint32) error
}

// feedChannel is what a consent channel is besides a channel.
type feedChannel struct {
	feed  Feed // nil for nobody
	texts Texts
	rows  Texts // texts with the rows of a batch
}

// consentChannel reads a channel of consent events.
func (in *reader) consentChannel(ctx context.Context, name string, spec *job.Channel) error {
	f := &feedChannel{texts: Texts{Channel: name, Job: spec}}
	t := &f.texts
	columns, err := t.consentColumns(spec)
	if err != nil {
		return fmt.Errorf("extract channel %q: %w", name, err)
	}
	c := &channel{name: name, job: &job.Channel{}, in: &in.room, feed: f, sparse: len(spec.Fields) == 0}
	*c.job = *spec
	// Whose an event is and when it happened is read with the event.
	c.job.Key, c.job.EventTime, c.job.Brand, c.job.Fields, c.job.Signals = nil, job.Time{}, job.Brand{}, nil, nil
	for _, column := range slices.Sorted(maps.Keys(columns)) {
		t.Names = append(t.Names, column)
		t.Fields = append(t.Fields, string(columns[column]))
		text := newText(&in.room, column) // names the column to be read; holds nothing
		c.embedded = append(c.embedded, &text)
	}
	if in.options.Feed != nil {
		if f.feed, err = in.options.Feed(t); err != nil {
			return err
		}
	}
	if err := in.readObjects(ctx, c); err != nil {
		return err
	}
	for i := range c.objects {
		c.objects[i].settle()
	}
	if err := in.unread(ctx, c, t); err != nil {
		return err
	}
	in.result.Events = append(in.result.Events, *t)
	in.result.Objects = append(in.result.Objects, c.objects...)
	return nil
}

// listMark ends the name of a column whose rows are lists, in JSON lines and
// Parquet.
const listMark = "[]"

// rangesPerWorker is into how many ranges a batch is cut for each worker:
// enough that they end it at about the same time.
const rangesPerWorker = 4

// takeEvents hands the rows of a batch on while ahead reads the next one.
func (c *channel) takeEvents(ctx context.Context, e engine.Engine, object uint32, b *batch, ahead func()) error {
	f := c.feed
	if n := len(b.rows); n > 0 && b.rows[n-1] > math.MaxUint32 {
		return errTooManyRows
	}
	t := &f.rows
	number, cols, objects := t.number[:0], t.columns[:0], t.Objects[:0]
	*t = f.texts
	t.Objects = append(objects, c.objects[object].Key)
	for _, row := range b.rows {
		number = append(number, uint32(row))
	}
	for _, name := range t.Names {
		cols = append(cols, b.column(name))
	}
	t.number, t.columns = number, cols
	ranges := e.Workers() * rangesPerWorker
	return e.Each(ctx, ranges+1, func(worker, i int) error {
		if i == 0 {
			ahead()
			return nil
		}
		lo, hi := len(b.rows)*(i-1)/ranges, len(b.rows)*i/ranges
		if f.feed == nil || lo == hi {
			return nil
		}
		return f.feed.Take(worker, t, uint32(lo), uint32(hi))
	})
}

// consentColumns are the columns of a consent channel with the event field
// that each holds, "" for those of a mapping and of signals. A channel that
// says nothing of its columns is our own feed: they are named as the fields.
func (t *Texts) consentColumns(spec *job.Channel) (map[string]attribute.Type, error) {
	columns := map[string]attribute.Type{}
	switch {
	case spec.Mapping != "":
		m, ok := mapping.For(spec.Mapping)
		if !ok {
			return nil, fmt.Errorf("unknown mapping %q", spec.Mapping)
		}
		var err error
		if t.Mapping, err = m.Bind(nil, spec.Purposes); err != nil {
			return nil, err
		}
		for _, column := range t.Mapping.Columns() {
			columns[column] = ""
		}
	case len(spec.Fields) == 0:
		for _, f := range consent.Fields() {
			columns[string(f)] = attribute.Type(f)
			if f.IsList() {
				columns[string(f)+listMark] = attribute.Type(f)
			}
		}
	}
	for _, column := range signalColumns(spec) {
		columns[column] = ""
	}
	for column, f := range spec.Fields {
		columns[column] = f.As
	}
	return columns, nil
}
