package pipeline

import (
	"concord/schemas/table"
	"concord/transforms/consent"
)

// warmer reads what the next few profiles are made of, before they are made.
//
// Profile ids are keyed hashes, so that profiles in their order lie all over
// memory: almost every record, code and text is a cache miss, and each waits
// for the one before it, since what to read next depends on it. Here the same
// reads are made for many profiles at once, step by step: the processor then
// waits for a dozen at a time.
type warmer struct {
	r       *run
	columns []*table.Column
	records []uint32
	slots   []uint32
	sink    uint32 // so that reading is not optimised away
}

// warmProfiles is how many profiles are read ahead: what they take, some
// hundred kilobytes, must fit into a core's second-level cache.
const warmProfiles = 32

func (r *run) newWarmer(columns []*table.Column) *warmer { return &warmer{r: r, columns: columns} }

func (w *warmer) warm(profiles []profile) {
	c, t := w.r.resolved.clusters, w.r.in.Records
	sum := uint32(0)
	for _, x := range profiles {
		sum += c.starts[x.cluster]
	}
	w.records = w.records[:0]
	for _, x := range profiles {
		w.records = append(w.records, c.at(x.cluster)...)
		sum += uint32(len(w.r.clustering.Anchors(consent.ClusterID(x.cluster))))
	}
	for _, x := range profiles {
		for _, a := range w.r.clustering.Anchors(consent.ClusterID(x.cluster)) {
			sum += uint32(a)
		}
	}
	for _, rec := range w.records {
		sum += uint32(t.Brand[rec]) + uint32(t.Channel[rec]) + t.Object[rec] + t.Row[rec]
	}
	for _, rec := range w.records {
		sum += uint32(t.EventTime[rec]) + uint32(w.r.anchors.account[rec])
	}
	for _, rec := range w.records {
		sum += uint32(t.Key.Offsets[rec+1]) + w.r.anchors.position[w.r.anchors.account[rec].Index()]
	}
	if last := len(t.Key.Bytes) - 1; last >= 0 {
		for _, rec := range w.records {
			sum += uint32(t.Key.Bytes[min(int(t.Key.Offsets[rec+1]), last)])
		}
	}
	for i := range w.r.anchors.columns {
		if a := &w.r.anchors.columns[i]; a.bySlot != nil {
			w.slotsOf(a.column)
			for _, s := range w.slots {
				sum += uint32(a.bySlot[s])
			}
		}
	}
	for _, col := range w.columns {
		sum += w.column(col)
	}
	w.sink += sum
}

// slotsOf lists the slots of the records in a column.
func (w *warmer) slotsOf(c *table.Column) {
	w.slots = w.slots[:0]
	for _, rec := range w.records {
		lo, hi := c.Slots(rec)
		for s := lo; s < hi; s++ {
			w.slots = append(w.slots, s)
		}
	}
}

// column reads the codes of the records in a column, and what the codes stand
// for.
func (w *warmer) column(c *table.Column) (sum uint32) {
	w.slotsOf(c)
	for i, s := range w.slots {
		w.slots[i] = c.Codes[s]
	}
	sum += w.texts(&c.Shown)
	for i, code := range w.slots {
		w.slots[i] = c.Canon[code]
	}
	return sum + w.texts(&c.Canonical)
}

// texts reads where the texts with the codes in slots are, and their
// beginnings.
func (w *warmer) texts(s *table.Strings) (sum uint32) {
	for _, code := range w.slots {
		sum += uint32(s.Offsets[code])
	}
	last := int32(len(s.Bytes) - 1)
	if last < 0 {
		return sum
	}
	for _, code := range w.slots {
		sum += uint32(s.Bytes[min(s.Offsets[code], last)])
	}
	return sum
}
