package ingest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"concord/schemas/job"
	"concord/schemas/table"
	"concord/transforms/consent/mapping"
	"concord/transforms/extract"
)

// Texts is a table of raw texts with the coordinates of each row: consent
// columns of a people channel, or some rows of a consent channel. What the
// texts mean is transforms/consent's to say.
type Texts struct {
	Channel string
	Job     *job.Channel
	Objects []string // of the rows
	Names   []string // of the columns
	Fields  []string // of a consent channel: the event field that each column holds

	// Record is, by row, the record that an embedded consent column belongs
	// to; nil for a consent channel.
	Record []uint32
	// Rows is what the rows hold that are no records; nil where every row is
	// one. See [Versions].
	Rows *table.Records
	// SetAside tells, by row of Rows, that it is in quarantine.
	SetAside []bool
	// Mapping reads the rows of a channel that is another system's export; nil
	// for any other. Its columns may hold several texts in a row.
	Mapping *mapping.Mapping
	// Unread are columns of our own feed that are no field of it, or of an
	// export those that hold consent states and that the
	// mapping does not read, in name order: a denial in one goes unnoticed.
	Unread []string

	columns []column
	object  []uint32 // by row: index into Objects; nil where all rows are of one
	number  []uint32 // by row: data row within the object
}

// column is texts by row: of a batch, or dictionary-encoded.
type column interface {
	// elements bounds row r's elements; at is one of them.
	elements(r uint32) (lo, hi uint32)
	at(k uint32) string
	isList() bool
}

// Len counts the rows.
func (t *Texts) Len() int { return len(t.number) }

// Place is where row r was read.
func (t *Texts) Place(r uint32) (object string, row uint32) {
	at := uint32(0)
	if t.object != nil {
		at = t.object[r]
	}
	return t.Objects[at], t.number[r]
}

// Text is row r of column i, "" for null.
func (t *Texts) Text(i int, r uint32) string {
	lo, hi := t.columns[i].elements(r)
	if lo == hi {
		return ""
	}
	return t.columns[i].at(lo)
}

// Slots counts the texts of row r in column i: 1, or the length of a list.
func (t *Texts) Slots(i int, r uint32) int {
	lo, hi := t.columns[i].elements(r)
	return int(hi - lo)
}

// Slot is text k of row r in column i, "" for null.
func (t *Texts) Slot(i int, r uint32, k int) string {
	lo, _ := t.columns[i].elements(r)
	return t.columns[i].at(lo + uint32(k))
}

// Quarantine sets row r aside: it was read, and cannot be used.
func (t *Texts) Quarantine(r uint32, code, column string) Quarantined {
	object, number := t.Place(r)
	return Quarantined{Channel: t.Channel, Object: object, Row: int64(number), Code: code, Column: column, Raw: t.json(r)}
}

// json is row r as read.
func (t *Texts) json(r uint32) []byte {
	row := map[string]any{}
	for i, n := range t.Names {
		row[n] = t.Text(i, r)
		if !t.columns[i].isList() {
			continue
		}
		list := make([]string, t.Slots(i, r))
		for k := range list {
			list[k] = t.Slot(i, r, k)
		}
		row[n] = list
	}
	b, _ := json.Marshal(row) // keys sorted; strings always marshal
	return b[:min(len(b), maxQuarantineRaw)]
}

// Refuse counts a row of a consent channel as quarantined in its object's
// account.
func (r *Result) Refuse(q Quarantined) {
	r.Quarantine = append(r.Quarantine, q)
	for i := range r.Objects {
		if o := &r.Objects[i]; o.Channel == q.Channel && o.Key == q.Object {
			o.Quarantined++
			o.settle()
		}
	}
}

// Note keeps a row in quarantine for what one of its columns holds, while the
// row itself stays accepted: a consent column that cannot be read costs its
// contact points their permissions, not the customer record.
func (r *Result) Note(q Quarantined) {
	q.Kept = true
	r.Quarantine = append(r.Quarantine, q)
}

// signalColumns lists the columns of a channel's signals and of their times.
func signalColumns(j *job.Channel) []string {
	var names []string
	for _, column := range j.SignalColumns() {
		names = append(names, column)
		if clock := j.Signals[column].Time; clock != "" {
			names = append(names, clock)
		}
	}
	return names
}

// addSignals makes a people channel collect the columns of its signals, each
// once, beside its consent columns. Asked again, it adds nothing.
func (c *channel) addSignals() {
	for _, name := range signalColumns(c.job) {
		if slices.ContainsFunc(c.embedded, func(t *textColumn) bool { return t.columns[0] == name }) {
			continue
		}
		t := newText(c.in, name)
		c.embedded = append(c.embedded, &t)
	}
}

// CodeUnread is the problem of a column that holds consent states and that
// nothing reads. Its rows are all those of the objects that have it.
const CodeUnread = "consent_not_read"

// odd says which columns of a file should have been read: of an export, those
// that hold states beyond its mapping; of our own feed whose columns are named
// as the fields, those that are no field. nil for a feed whose job names the
// columns.
func (t *Texts) odd() func(columns []string) []string {
	switch {
	case t.Mapping != nil:
		return t.Mapping.Unread
	case len(t.Job.Fields) > 0:
		return nil
	}
	return func(columns []string) []string {
		return slices.DeleteFunc(slices.Clone(columns), func(c string) bool { return slices.Contains(t.Names, c) })
	}
}

// unread finds the columns of an export that hold states and that its mapping
// does not read. JSON lines are known by their first [extract.SniffBytes].
func (in *reader) unread(ctx context.Context, c *channel, t *Texts) error {
	odd := t.odd()
	if odd == nil {
		return nil
	}
	found := map[string]Problem{}
	for i := range c.objects {
		o := &c.objects[i]
		columns, err := in.columnsOf(ctx, c, o.Key)
		if err != nil {
			return fmt.Errorf("extract channel %q object %q: columns: %w", c.name, o.Key, err)
		}
		for _, column := range odd(columns) {
			p, again := found[column]
			if !again {
				p = Problem{Channel: c.name, Column: column, Code: CodeUnread, Object: o.Key, Row: 1}
			}
			p.Rows += o.Read
			found[column] = p
		}
	}
	t.Unread = slices.Sorted(maps.Keys(found))
	for _, column := range t.Unread {
		in.result.Problems = append(in.result.Problems, found[column])
	}
	return nil
}

// columnsOf lists the columns of an object, in file order.
func (in *reader) columnsOf(ctx context.Context, c *channel, key string) ([]string, error) {
	f, err := in.files.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	defer f.Close() // read only: nothing to lose
	r, err := extract.Open(extract.Source{Body: f, At: f, Size: f.Size()}, declared(c.job), extract.Limits{}, nil)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return r.Columns(), nil
}

// embeddedTexts gives the consent columns of channel c, one row per kept
// record of it.
func embeddedTexts(c *channel, people []*channel, kept []place) []Texts {
	if len(c.embedded) == 0 {
		return nil
	}
	t := Texts{Channel: c.name, Job: c.job, Objects: c.objectKeys()}
	codes := make([][]uint32, len(c.embedded))
	for _, f := range c.embedded {
		t.Names = append(t.Names, f.columns[0])
	}
	for record, p := range kept {
		if people[p.channel] != c {
			continue
		}
		t.object = append(t.object, c.object[p.row])
		t.number = append(t.number, c.number[p.row])
		t.Record = append(t.Record, uint32(record))
		for i, f := range c.embedded {
			code := uint32(0)
			if lo, hi := f.elements(p.row); lo < hi {
				code = f.codes[lo]
			}
			codes[i] = append(codes[i], code)
		}
	}
	for i, f := range c.embedded {
		t.columns = append(t.columns, &textColumn{columns: f.columns, codes: codes[i], raw: f.raw})
	}
	return []Texts{t}
}
