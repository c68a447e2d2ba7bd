package pipeline

import (
	"context"
	"slices"
	"time"

	schema "concord/schemas/consent"
	"concord/schemas/job"
	"concord/schemas/table"
	"concord/transforms/consent"
)

// attachings are the job's words for the ways to attach. A people channel has
// none.
var attachings = map[string]consent.Attaching{job.AttachHeld: consent.AttachHeld, job.AttachLatest: consent.AttachLatest}

// attachAccounts restates what the feeds say of customers by account on the
// contact points of each account's own record.
func (r *run) attachAccounts(ctx context.Context, builders []*logBuilder) error {
	logs := make([]*consent.Builder, len(builders))
	for i, b := range builders {
		logs[i] = b.builder
	}
	x := consent.NewAttachment(func(channel string) consent.Attaching { return attachings[r.Job.Channels[channel].Attach] }, logs...)
	if x.Len() == 0 {
		return nil
	}
	records, err := r.recordsOf(ctx, x)
	if err != nil {
		return err
	}
	restated, old := 0, 0
	for _, rec := range records {
		points := builders[0].recordAnchors(r.in.Records, rec)
		n, late := x.Attach(points[0], r.heldSince(rec), points[1:])
		restated, old = restated+n, old+late
	}
	r.Observe.Note("consents kept by account", "attached", restated, "older_than_the_record", old)
	return nil
}

// recordsOf are the records whose accounts have something to restate.
func (r *run) recordsOf(ctx context.Context, x *consent.Attachment) ([]uint32, error) {
	t := r.in.Records
	const chunk = 1 << 14
	found := make([][]uint32, (t.N+chunk-1)/chunk)
	err := r.Engine.Each(ctx, len(found), func(_, unit int) error {
		hasher, err := consent.NewHasher(r.feeds.key)
		if err != nil {
			return err
		}
		for rec := uint32(unit) * chunk; rec < uint32(min((unit+1)*chunk, t.N)); rec++ {
			if x.Has(hasher.Anchor(schema.Account, AccountAnchor(t.Sources[t.Source[rec]], t.RecordKey(rec)))) {
				found[unit] = append(found[unit], rec)
			}
		}
		return nil
	})
	return slices.Concat(found...), err
}

// heldSince is from when on a record certainly held what it holds: its event
// time. One on a quarter of an hour may be a day in some time zone, and then
// the record may have changed until its end.
func (r *run) heldSince(rec uint32) int64 {
	at := r.in.Records.EventTime[rec]
	switch {
	case at == table.NoTime:
		return schema.Forever
	case at%(15*time.Minute).Microseconds() == 0:
		return at + (24 * time.Hour).Microseconds()
	}
	return at
}
