package ingest

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"concord/jobs/engine"
	"concord/jobs/spill"
	"concord/schemas/job"
	"concord/schemas/table"
	"concord/transforms/extract"
)

// File is an opened object of the store.
type File interface {
	io.Reader
	io.ReaderAt
	io.Closer
	Size() int64
}

// Codes of rows that extract accepts and ingest does not.
const (
	RowMissingKey   = "missing_key"
	RowBadEventTime = "bad_event_time"
)

// AmbiguousOrderError tells that the dates of an event-time column can be
// read day first or month first.
type AmbiguousOrderError struct{ Column string }

func (e *AmbiguousOrderError) Error() string {
	return fmt.Sprintf("column %q: its dates can be read day first or month first: say event_time: {column: %s, date_order: dmy} or mdy", e.Column, e.Column)
}

// dialect is what the job file says of the channel's files; the rest is
// detected from content. In JSON lines a key that no row has is a column of
// nulls, for keys are optional there; in other formats it is an error.
func (c *channel) dialect(src *extract.Source) (extract.Dialect, error) {
	d := declared(c.job)
	if d.Format == "" {
		body := bufio.NewReaderSize(src.Body, extract.SniffBytes)
		head, err := body.Peek(extract.SniffBytes)
		if err != nil && !errors.Is(err, io.EOF) {
			return d, err
		}
		src.Body = body
		found, _, err := extract.Sniff(head, src.Size)
		if err != nil {
			return d, err
		}
		d.Format = found.Format
	}
	d.Sparse = c.sparse || d.Format == extract.JSONL
	return d, nil
}

// declared is what the job file says of the channel's files.
func declared(j *job.Channel) extract.Dialect {
	d := extract.Dialect{Format: extract.Format(j.Format), Encoding: j.Encoding, Columns: j.Columns}
	if j.Format == "tsv" {
		d.Format, d.Delimiter = extract.CSV, '\t'
	}
	if j.Delimiter != "" {
		d.Delimiter = j.Delimiter[0]
	}
	if j.Quote != "" {
		d.Quote = j.Quote[0]
	}
	if j.Header != nil {
		d.Header = extract.NoHeader
		if *j.Header {
			d.Header = extract.HasHeader
		}
	}
	return d
}

// readObject appends the rows of one object to the channel. The object is
// read once; its digest covers the bytes as stored.
func (c *channel) readObject(ctx context.Context, e engine.Engine, key string, f File) error {
	digest := sha256.New()
	body := io.TeeReader(f, digest)
	c.addSignals()
	at := len(c.objects)
	c.objects = append(c.objects, Object{Channel: c.name, Key: key, Size: f.Size()})
	c.in.size += f.Size()
	o := &c.objects[at]
	err := c.readRows(ctx, e, uint32(at), extract.Source{Body: body, At: f, Size: f.Size()})
	if err != nil {
		return fmt.Errorf("extract channel %q object %q: %w", c.name, key, err)
	}
	if _, err := io.Copy(io.Discard, body); err != nil {
		return fmt.Errorf("extract channel %q object %q: read to the end: %w", c.name, key, err)
	}
	o.SHA256 = hex.EncodeToString(digest.Sum(nil))
	o.Empty = o.Read == 0
	return nil
}

func (c *channel) readRows(ctx context.Context, e engine.Engine, object uint32, src extract.Source) error {
	columns := c.columns()
	d, err := c.dialect(&src)
	if err != nil {
		return err
	}
	c.objects[object].Format = string(d.Format)
	r, err := extract.Open(src, d, extract.Limits{}, columns)
	if err != nil {
		return err
	}
	defer r.Close()
	now, next := &batch{view: view{names: columns}}, &batch{view: view{names: columns}}
	reading := next.read(r)
	for !errors.Is(reading, io.EOF) {
		if err := cmp.Or(reading, ctx.Err()); err != nil {
			return err
		}
		now, next = next, now
		if err := c.take(ctx, e, object, now, func() { reading = next.read(r) }); err != nil {
			return err
		}
		if err := c.in.check(); err != nil {
			return err
		}
	}
	return nil
}

// take appends one batch while ahead reads the next one. Keys, times and
// brands are read row by row, since they decide which rows are accepted; the
// other columns are independent of each other.
func (c *channel) take(ctx context.Context, e engine.Engine, object uint32, b *batch, ahead func()) error {
	o := &c.objects[object]
	o.Read += int64(len(b.rows) + len(b.bad))
	for _, bad := range b.bad {
		c.setAside(object, bad.Row, bad.Code, bad.Column, bad.Raw)
	}
	if c.feed != nil {
		return c.takeEvents(ctx, e, object, b, ahead)
	}
	accepted, err := c.takeKeys(object, b)
	if err != nil {
		return err
	}
	texts := c.texts()
	return e.Each(ctx, len(texts)+1, func(_, i int) error {
		if i == 0 {
			ahead()
			return nil
		}
		if err := texts[i-1].take(&b.view, accepted); err != nil {
			return fmt.Errorf("column %q: %w", texts[i-1].columns[0], err)
		}
		return nil
	})
}

func (c *channel) setAside(object uint32, row int64, code, column string, raw []byte) {
	c.objects[object].Quarantined++
	c.quarantine = append(c.quarantine, Quarantined{Channel: c.name, Object: c.objects[object].Key, Row: row, Code: code, Column: column, Raw: raw})
}

// takeKeys reads key, event time and brand of each row and returns the rows
// of the batch that are accepted, or whose consent columns are to be heard.
func (c *channel) takeKeys(object uint32, b *batch) ([]int, error) {
	times := b.column(c.job.EventTime.Column)
	if times != nil && !c.times.Learn(times.all) {
		return nil, &AmbiguousOrderError{c.job.EventTime.Column}
	}
	keys := make([]*cells, len(c.job.Key))
	for i, k := range c.job.Key {
		keys[i] = b.column(k)
	}
	brands := b.column(c.job.Brand.Column)
	accepted := make([]int, 0, len(b.rows))
	c.roomForKeys(keys, object, len(b.rows))
	for i, number := range b.rows {
		if number > math.MaxUint32 {
			return nil, errTooManyRows
		}
		start := len(c.keys.Bytes)
		missing := c.appendKey(keys, object, i, number)
		when, dated := c.timeOf(times, i)
		if missing != "" || !dated {
			if missing != "" {
				c.keys.Bytes = c.keys.Bytes[:start]
				c.setAside(object, number, RowMissingKey, missing, b.json(i))
			} else {
				c.setAside(object, number, RowBadEventTime, c.job.EventTime.Column, b.json(i))
			}
			if !c.statesIn(&b.view, i) {
				c.keys.Bytes = c.keys.Bytes[:start]
				continue
			}
			c.refuse(uint32(len(c.number)))
		}
		if len(c.keys.Bytes) > math.MaxInt32 {
			return nil, errors.New("the channel's keys exceed 2 GiB: split the channel")
		}
		brand, err := c.brandOf(brands, i)
		if err != nil {
			return nil, err
		}
		c.keys.Offsets = append(c.keys.Offsets, int32(len(c.keys.Bytes)))
		c.time = append(c.time, when)
		c.object = append(c.object, object)
		c.number = append(c.number, uint32(number))
		c.brand = append(c.brand, brand)
		accepted = append(accepted, i)
	}
	c.in.rows += len(accepted)
	return accepted, nil
}

// roomForKeys makes room for n rows, whose keys are of some columns.
func (c *channel) roomForKeys(keys []*cells, object uint32, n int) {
	size := n * (len(keys) - 1) // separators
	for _, k := range keys {
		if k != nil {
			size += len(k.bytes)
		} else { // job.RowKey
			size += n * (len(c.objects[object].Key) + len("#18446744073709551615"))
		}
	}
	s := c.in.space
	c.keys.Bytes = spill.Grow(s, c.keys.Bytes, max(size, 0))
	c.keys.Offsets = spill.Grow(s, c.keys.Offsets, n)
	c.time = spill.Grow(s, c.time, n)
	c.object, c.number, c.brand = spill.Grow(s, c.object, n), spill.Grow(s, c.number, n), spill.Grow(s, c.brand, n)
}

// timeOf is the event time of row i, table.NoTime where it has none; dated is
// false when it cannot be read.
func (c *channel) timeOf(times *cells, i int) (at int64, dated bool) {
	if times == nil {
		return table.NoTime, true
	}
	text := times.first(i)
	if text == "" {
		return table.NoTime, true
	}
	if at, ok := c.times.Read(text); ok {
		return at, true
	}
	return table.NoTime, false
}

var errTooManyRows = errors.New("it has more than 4 294 967 295 rows: split the object")

// keySeparator stands between the parts of a composite key.
const keySeparator = '|'

// appendKey adds row i's key to c.keys.Bytes and returns the key column that
// is null, if one is.
func (c *channel) appendKey(keys []*cells, object uint32, i int, number int64) (missing string) {
	for k, cells := range keys {
		if k > 0 {
			c.keys.Bytes = append(c.keys.Bytes, keySeparator)
		}
		if cells == nil { // job.RowKey
			c.keys.Bytes = append(c.keys.Bytes, c.objects[object].Key...)
			c.keys.Bytes = append(c.keys.Bytes, '#')
			c.keys.Bytes = strconv.AppendInt(c.keys.Bytes, number, 10)
			continue
		}
		text := cells.first(i)
		if text == "" {
			return c.job.Key[k]
		}
		c.keys.Bytes = append(c.keys.Bytes, text...)
	}
	return ""
}

func (c *channel) brandOf(brands *cells, i int) (uint32, error) {
	if brands == nil {
		return c.brands.codeString(Brand(c.job.Brand.Value))
	}
	return c.brands.codeString(Brand(brands.first(i)))
}

// Brand is the one spelling of a brand, in lower case. Records, consent events
// and snapshots are written by different hands, and a denial must not be lost
// for a capital letter.
func Brand(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

// take appends the accepted rows' cells of one column.
func (f *textColumn) take(v *view, accepted []int) error {
	if len(f.columns) > 1 {
		return f.takeParts(v, accepted)
	}
	col := v.column(f.columns[0])
	if col.list != nil && f.starts == nil {
		f.starts = spill.Make[int32](f.in.space, len(f.codes)+1)[:1]
		for i := range f.codes {
			f.starts = append(f.starts, int32(i+1))
		}
	}
	f.codes = spill.Grow(f.in.space, f.codes, max(len(accepted), len(col.ends)-1))
	if f.starts != nil {
		f.starts = spill.Grow(f.in.space, f.starts, len(accepted))
	}
	for _, i := range accepted {
		lo, hi := col.elements(uint32(i))
		for k := lo; k < hi; k++ {
			code, err := f.raw.codeString(col.at(k))
			if err != nil {
				return err
			}
			f.codes = append(f.codes, code)
		}
		if f.starts != nil {
			f.starts = append(f.starts, int32(len(f.codes)))
		}
	}
	return nil
}

// partSeparator joins the columns of a composite value; normalize.BirthParts
// splits at it.
const partSeparator = "\x1f"

func (f *textColumn) takeParts(v *view, accepted []int) error {
	parts := make([]*cells, len(f.columns))
	for k, name := range f.columns {
		parts[k] = v.column(name)
	}
	f.codes = spill.Grow(f.in.space, f.codes, len(accepted))
	var joined []byte
	for _, i := range accepted {
		joined = joined[:0]
		empty := true
		for k, p := range parts {
			if k > 0 {
				joined = append(joined, partSeparator...)
			}
			if p != nil {
				joined = append(joined, p.first(i)...)
				empty = empty && p.first(i) == ""
			}
		}
		if empty {
			joined = joined[:0]
		}
		code, err := f.raw.code(joined)
		if err != nil {
			return err
		}
		f.codes = append(f.codes, code)
	}
	return nil
}
