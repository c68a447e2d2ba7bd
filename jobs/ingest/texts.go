package ingest

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"concord/schemas/attribute"
	"concord/schemas/job"
	"concord/schemas/table"
	"concord/transforms/consent"
)

// Texts is a small table of raw texts with the coordinates of each row:
// consent events, or consent columns of people channels. What the texts mean
// is transforms/consent's to say.
type Texts struct {
	Channel string
	Job     *job.Channel
	Objects []string
	Names   []string // of the columns
	Fields  []string // of a consent channel: the event field that each column holds

	Object []uint32 // by row: index into Objects
	Number []uint32 // by row: data row within the object
	// Record is, by row, the record that an embedded consent column belongs
	// to; nil for a consent channel.
	Record []uint32

	columns []*textColumn
}

// Len counts the rows.
func (t *Texts) Len() int { return len(t.Number) }

// Text is row r of column i, "" for null.
func (t *Texts) Text(i int, r uint32) string { return t.columns[i].text(r) }

// Quarantine sets row r aside: it was read, and cannot be used.
func (t *Texts) Quarantine(r uint32, code, column string) Quarantined {
	return Quarantined{Channel: t.Channel, Object: t.Objects[t.Object[r]], Row: int64(t.Number[r]), Code: code, Column: column, Raw: t.json(r)}
}

// json is row r as read.
func (t *Texts) json(r uint32) []byte {
	row := map[string]string{}
	for i, n := range t.Names {
		row[n] = t.Text(i, r)
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

// consentChannel reads a channel of consent events as texts. Every row of it
// has a number for a key: events are told apart by their content.
func (in *reader) consentChannel(ctx context.Context, name string, spec *job.Channel) error {
	plain := *spec
	plain.Key = job.Strings{job.RowKey}
	plain.EventTime = job.Time{} // read with the event: it is an interval
	plain.Brand = job.Brand{}    // a field of the event
	plain.Fields = map[string]*job.Field{}
	c, err := newChannel(name, &plain, in.vocabulary, in.brands)
	if err != nil {
		return err
	}
	columns := spec.Fields
	if len(columns) == 0 { // the feed is ours: its columns are named as the fields
		c.sparse = true
		columns = map[string]*job.Field{}
		for _, f := range consent.Fields() {
			columns[string(f)] = &job.Field{As: attribute.Type(f)}
		}
	}
	for _, column := range slices.Sorted(maps.Keys(columns)) {
		c.fields = append(c.fields, &fieldColumn{textColumn: newText(column), field: columns[column], typ: attribute.TypeText})
	}
	if err := in.readObjects(ctx, c); err != nil {
		return err
	}
	t := Texts{Channel: name, Job: spec, Object: c.object, Number: c.number, columns: c.texts()}
	for i := range c.objects {
		c.objects[i].settle()
		t.Objects = append(t.Objects, c.objects[i].Key)
	}
	for _, f := range c.fields {
		t.Names = append(t.Names, f.columns[0])
		t.Fields = append(t.Fields, string(f.field.As))
	}
	in.result.Events = append(in.result.Events, t)
	in.result.Objects = append(in.result.Objects, c.objects...)
	return nil
}

// embeddedTexts gives the consent columns of channel c, one row per kept
// record of it.
func embeddedTexts(c *channel, people []*channel, kept []place) []Texts {
	if len(c.embedded) == 0 {
		return nil
	}
	t := Texts{Channel: c.name, Job: c.job}
	for i := range c.objects {
		t.Objects = append(t.Objects, c.objects[i].Key)
	}
	for _, f := range c.embedded {
		t.Names = append(t.Names, f.columns[0])
		t.columns = append(t.columns, &textColumn{columns: f.columns, raw: f.raw})
	}
	for record, p := range kept {
		if people[p.channel] != c {
			continue
		}
		t.Object = append(t.Object, c.object[p.row])
		t.Number = append(t.Number, c.number[p.row])
		t.Record = append(t.Record, uint32(record))
		for i, f := range c.embedded {
			code := uint32(0)
			if lo, hi := f.elements(p.row); lo < hi {
				code = f.codes[lo]
			}
			t.columns[i].codes = append(t.columns[i].codes, code)
		}
	}
	return []Texts{t}
}

// HasBrands tells whether any record names a brand.
func HasBrands(r *table.Records) bool {
	return len(r.Brands) > 1 || len(r.Brands) == 1 && r.Brands[0] != ""
}
