// Package ingest reads a job's extracts into the records table: objects of
// the store in, dictionary-encoded columns of normalized values out, with an
// account of every row.
//
//	object ─► batches ─► dictionary codes of raw values      object.go
//	distinct raw values ─► variants and canonical forms      normalize.go
//	rows ─► one record per (source, key), in hash order      order.go
//	codes of rows ─► columns of the records table            assemble.go
//	rows of consent channels ─► whoever takes them           feed.go
//	consent columns of rows that are no records ─► the same  versions.go
//
// What always holds: every data row is accepted, quarantined or a duplicate,
// and the account says which; the records table depends on neither the order
// of rows nor how they are spread over objects; raw rows are never held, only
// codes and distinct values, and of consent channels nothing.
package ingest

import (
	"context"
	"fmt"
	"slices"

	"concord/jobs/engine"
	"concord/jobs/spill"
	"concord/schemas/job"
	"concord/schemas/table"
)

// Files is what ingest needs of the store.
type Files interface {
	// Match lists the keys that a glob matches, sorted.
	Match(ctx context.Context, glob string) ([]string, error)
	Open(ctx context.Context, key string) (File, error)
}

// Options are what a run says beyond the job file.
type Options struct {
	// ReferenceYear is the year of the run's as-of: no date of birth is later.
	ReferenceYear int
	// Progress is told of every object read, nil for nobody. It is called from
	// one goroutine.
	Progress func(o *Object)
	// Outgrown tells that memory will not suffice, of so many rows of people
	// channels so far and so many bytes of objects, by giving a space: whatever
	// grows with the rows is in it from then on, and remains there. It is asked
	// again and again until it does, from one goroutine. nil for never.
	Outgrown func(rows int, size int64) (*spill.Space, error)
	// Feed says who takes the rows of a consent channel. It is asked once for
	// each, before its rows are read. Without it they are read and counted.
	Feed func(t *Texts) (Feed, error)
	// Versions takes what rows say of consent that are no records. Without it
	// nobody hears them.
	Versions Versions
}

// Result is everything that was read.
type Result struct {
	Records    *table.Records
	Hash       []uint64 // KeyHash of each record
	Embedded   []Texts  // consent columns of people channels, rows being records
	Events     []Texts  // consent channels, without their rows
	Objects    []Object // people channels' and consent channels', by channel and key
	Quarantine []Quarantined
	Problems   []Problem
	Fields     []Field // by channel and column
}

// NoExtractError tells that a channel's glob matches nothing.
type NoExtractError struct {
	Channel, Glob string
	Consent       bool // it is a consent channel
}

func (e *NoExtractError) Error() string {
	if e.Consent {
		return fmt.Sprintf("channel %q: no object matches %s: a consent feed that is missing is not the absence of denials; check the path, which is relative to the store, and the feed's delivery (may_be_empty: true is for a feed that nobody has used yet)", e.Channel, e.Glob)
	}
	return fmt.Sprintf("channel %q: no object matches %s: check the path, which is relative to the store, or set may_be_empty: true", e.Channel, e.Glob)
}

// EmptyChannelError tells that a channel's objects hold no row.
type EmptyChannelError struct {
	Channel string
	Consent bool
}

func (e *EmptyChannelError) Error() string {
	if e.Consent {
		return fmt.Sprintf("channel %q: its objects hold no data row: a consent feed that stopped is not the absence of denials; check its delivery (may_be_empty: true is for a feed that nobody has used yet)", e.Channel)
	}
	return fmt.Sprintf("channel %q: its objects hold no data row: a feed that stopped looks like this; set may_be_empty: true if it is expected", e.Channel)
}

// Read reads all channels of the job: people first, whose codes and indexes go
// before events come.
func Read(ctx context.Context, j *job.Job, files Files, e engine.Engine, o Options) (*Result, error) {
	in := &reader{files: files, engine: e, options: o, room: room{outgrown: o.Outgrown}}
	if err := in.people(ctx, j); err != nil {
		return nil, err
	}
	for _, name := range j.ChannelNames() {
		if spec := j.Channels[name]; spec.IsConsent() {
			if err := in.consentChannel(ctx, name, spec); err != nil {
				return nil, err
			}
		}
	}
	return in.finish()
}

// people reads the people channels and makes the records table of their rows.
func (in *reader) people(ctx context.Context, j *job.Job) error {
	in.vocabulary, in.brands = newVocabulary(&in.room), newDictionary(&in.room)
	in.room.owners = []owner{in.vocabulary}
	var people []*channel
	for _, name := range j.ChannelNames() {
		spec := j.Channels[name]
		if spec.IsConsent() {
			continue
		}
		c, err := in.peopleChannel(ctx, name, spec)
		if err != nil {
			return err
		}
		people = append(people, c)
	}
	in.waves = [2][]chunkValues{}
	in.vocabulary.freeze()
	for _, c := range people {
		for _, f := range c.embedded {
			f.raw.seal()
		}
	}
	err := in.assemble(ctx, people)
	in.vocabulary, in.brands = nil, nil // the result lives in the reader, and they need not
	in.room.owners = []owner{&in.result}
	return err
}

func (r *Result) arrays(move func(array any)) {
	r.Records.Arrays(move)
	move(&r.Hash)
}

// reader is the state of one Read.
type reader struct {
	files      Files
	engine     engine.Engine
	options    Options
	vocabulary *vocabulary
	brands     *dictionary
	waves      [2][]chunkValues
	result     Result
	room       room
}

// peopleChannel reads the objects of a channel and normalizes its columns.
func (in *reader) peopleChannel(ctx context.Context, name string, spec *job.Channel) (*channel, error) {
	c, err := newChannel(name, spec, in.vocabulary, in.brands)
	if err != nil {
		return nil, err
	}
	in.room.owners = append(in.room.owners, c, dictionaries{c})
	if err := in.readObjects(ctx, c); err != nil {
		return nil, err
	}
	for _, f := range c.fields {
		problems, err := c.normalizeColumn(ctx, in.engine, f, in.options.ReferenceYear, &in.waves)
		if err != nil {
			return nil, err
		}
		in.result.Problems = append(in.result.Problems, problems...)
		f.facts = c.fieldFacts(f, problems)
	}
	return c, nil
}

// readObjects reads every object of the channel, in key order.
func (in *reader) readObjects(ctx context.Context, c *channel) error {
	keys, err := in.files.Match(ctx, c.job.Read)
	if err != nil {
		return fmt.Errorf("extract channel %q: list %s: %w", c.name, c.job.Read, err)
	}
	if len(keys) == 0 && !c.job.MayBeEmpty {
		return &NoExtractError{c.name, c.job.Read, c.feed != nil}
	}
	read := int64(0)
	for _, key := range keys {
		if err := in.readObject(ctx, c, key); err != nil {
			return err
		}
		o := &c.objects[len(c.objects)-1]
		read += o.Read
		if in.options.Progress != nil {
			in.options.Progress(o)
		}
	}
	if read == 0 && !c.job.MayBeEmpty {
		return &EmptyChannelError{c.name, c.feed != nil}
	}
	in.result.Quarantine = append(in.result.Quarantine, c.quarantine...)
	return nil
}

func (in *reader) readObject(ctx context.Context, c *channel, key string) error {
	f, err := in.files.Open(ctx, key)
	if err != nil {
		return fmt.Errorf("extract channel %q object %q: open: %w", c.name, key, err)
	}
	defer f.Close() // read only: nothing to lose
	return c.readObject(ctx, in.engine, key, f)
}

// assemble makes the records table of the people channels' rows.
func (in *reader) assemble(ctx context.Context, people []*channel) error {
	sorted, err := order(ctx, in.engine, &in.room, people)
	if err != nil {
		return err
	}
	r, kept := &in.result, sorted.kept
	r.Hash, r.Records = sorted.hashes, &table.Records{N: len(kept)}
	r.Records.Columns, err = assembleColumns(ctx, in.engine, people, in.vocabulary, kept,
		func() { r.Records.Key = keysOf(&in.room, people, kept) },
		func() { in.coordinates(people, kept) },
		func() { in.fill(people, kept) })
	if err != nil {
		return err
	}
	if err := in.giveOthers(ctx, people, sorted.others); err != nil {
		return err
	}
	for _, c := range people {
		r.Embedded = append(r.Embedded, embeddedTexts(c, people, kept)...)
		for i := range c.objects {
			c.objects[i].settle()
		}
		r.Objects = append(r.Objects, c.objects...)
		in.room.free(c)
	}
	in.room.space.Free(&sorted.kept)
	return in.room.space.Err()
}

// finish sorts what channels told and checks that every row is accounted for.
func (in *reader) finish() (*Result, error) {
	r := &in.result
	slices.SortFunc(r.Objects, compareObjects)
	for i := range r.Objects {
		if err := r.Objects[i].Balance(); err != nil {
			return nil, err
		}
	}
	sortProblems(r.Problems)
	sortQuarantine(r.Quarantine)
	return r, nil
}

// fill counts, by column, the records that hold a value.
func (in *reader) fill(people []*channel, kept []place) {
	alive := make([][]bool, len(people)) // by channel and row
	for i, c := range people {
		alive[i] = spill.Make[bool](in.room.space, c.rows())
	}
	for _, p := range kept {
		alive[p.channel][p.row] = true
	}
	for i, c := range people {
		for _, f := range c.fields {
			f.facts.Filled = f.filled(alive[i])
		}
	}
	for i, c := range people {
		in.room.space.Free(&alive[i])
		for _, f := range c.fields {
			in.result.Fields = append(in.result.Fields, f.facts)
		}
	}
}

// coordinates fills where each record comes from.
func (in *reader) coordinates(people []*channel, kept []place) {
	r := in.result.Records
	var sources, objects []string
	for _, c := range people {
		r.Channels = append(r.Channels, c.name)
		sources = append(sources, c.job.Source)
		for i := range c.objects {
			objects = append(objects, c.objects[i].Key)
		}
	}
	r.Sources = sortedDistinct(sources)
	r.Objects = sortedDistinct(objects)
	brands := make([]string, in.brands.values.Len())
	for i := range brands {
		brands[i] = in.brands.values.At(uint32(i))
	}
	r.Brands = sortedDistinct(brands)
	brandOf := positions(brands, r.Brands)

	n, s := len(kept), in.room.space
	r.Channel, r.Source, r.Brand = spill.Make[uint16](s, n), spill.Make[uint16](s, n), spill.Make[uint16](s, n)
	r.Object, r.Row, r.EventTime = spill.Make[uint32](s, n), spill.Make[uint32](s, n), spill.Make[int64](s, n)
	sourceOf := positions(sources, r.Sources)
	objectOf := make([][]uint32, len(people))
	for i, c := range people {
		for k := range c.objects {
			at, _ := slices.BinarySearch(r.Objects, c.objects[k].Key)
			objectOf[i] = append(objectOf[i], uint32(at))
		}
	}
	for i, p := range kept {
		c := people[p.channel]
		r.Channel[i] = uint16(p.channel)
		r.Source[i] = sourceOf[p.channel]
		r.Brand[i] = brandOf[c.brand[p.row]]
		r.Object[i] = objectOf[p.channel][c.object[p.row]]
		r.Row[i] = c.number[p.row]
		r.EventTime[i] = c.time[p.row]
	}
}

func sortedDistinct(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return slices.Compact(s)
}

// positions is the index in sorted of each of values.
func positions(values, sorted []string) []uint16 {
	at := make([]uint16, len(values))
	for i, v := range values {
		k, _ := slices.BinarySearch(sorted, v)
		at[i] = uint16(k)
	}
	return at
}
