package pipeline

import (
	"slices"

	"concord/jobs/ingest"
	schema "concord/schemas/consent"
	"concord/schemas/table"
)

// speaker is the row that a consent column or a signal belongs to: a record, or
// a row that is none, because a newer one of its key took its place or because
// it is in quarantine.
type speaker struct {
	rows     *table.Records
	row      uint32 // in rows
	records  *table.Records
	record   uint32 // of the row's key in records; ingest.NoRecord for none
	setAside bool   // the row is in quarantine
}

// speakerOf is who says row of t.
func speakerOf(records *table.Records, t *ingest.Texts, row uint32) speaker {
	if t.Rows == nil {
		return speaker{rows: records, row: t.Record[row], records: records, record: t.Record[row]}
	}
	return speaker{t.Rows, row, records, t.Record[row], t.SetAside[row]}
}

// voice is the anchors that a row holds itself, and those that its record holds
// now; nil where the row is the record, or has none. A consent is for what the
// row held when it was given. A denial counts for what the customer's record
// holds now as well, like one kept by customer number: the newer row may bring
// another address and say nothing of the matter.
func (b *logBuilder) voice(s *speaker) (own, now []schema.Anchor) {
	own = b.recordAnchors(s.rows, s.row)
	if s.rows != s.records && s.record != ingest.NoRecord {
		now = b.recordAnchors(s.records, s.record)
	}
	return own, now
}

// union is the anchors of either list.
func union(own, now []schema.Anchor) []schema.Anchor {
	if len(now) == 0 {
		return own
	}
	all := slices.Clone(own)
	for _, a := range now {
		if !slices.Contains(own, a) {
			all = append(all, a)
		}
	}
	return all
}

// version reads the consent columns of rows that are no records into the
// worker's log; see [ingest.Versions].
func (f *intake) version(worker int, records *table.Records, t *ingest.Texts) error {
	return f.workers[worker].embedded(records, t)
}

// deafened are the rows of channels with consent columns of which nobody knows
// whom they concern: torn ones, and those that deny and hold neither a key nor
// a contact point. By channel: how many, and the first.
func (r *run) deafened(builders []*logBuilder) map[string]*stranger {
	out := map[string]*stranger{}
	note := func(q *ingest.Quarantined) {
		if out[q.Channel] == nil {
			out[q.Channel] = &stranger{}
		}
		out[q.Channel].add(1, &schema.Source{Object: q.Object, Row: uint64(q.Row)})
	}
	for i := range r.in.Quarantine {
		q := &r.in.Quarantine[i]
		c := r.Job.Channels[q.Channel]
		if torn := !q.Kept && q.Code != ingest.RowMissingKey && q.Code != ingest.RowBadEventTime; torn && !c.IsConsent() && len(c.Embedded)+len(c.Signals) > 0 {
			note(q)
		}
	}
	var unheard []ingest.Quarantined
	for _, b := range builders {
		unheard = append(unheard, b.unheard...)
	}
	unheard = slices.CompactFunc(inOrder(unheard), func(a, b ingest.Quarantined) bool {
		return a.Channel == b.Channel && a.Object == b.Object && a.Row == b.Row
	})
	for i := range unheard {
		note(&unheard[i])
	}
	return out
}
