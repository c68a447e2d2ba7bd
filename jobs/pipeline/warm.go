package pipeline

import (
	"slices"
	"unsafe"

	schema "concord/schemas/consent"
	"concord/schemas/table"
	"concord/transforms/consent"
)

// warmer reads what the next few profiles are made of, before they are made or
// judged.
//
// Profile ids are keyed hashes, so that profiles in their order lie all over
// memory: almost every record, code and text is a cache miss, and each waits
// for the one before it, since what to read next depends on it. Here the same
// reads are made for many profiles at once, step by step: the processor then
// waits for a dozen at a time.
type warmer struct {
	r       *run
	decider *consent.Decider
	reads   []warmColumn
	address []*table.Column // of postalParts, where tokens are made; else nil
	channel schema.Channel  // the audience's: tokens are made of anchors that it reaches
	sources bool            // where records are from is shown

	clusters []consent.ClusterID
	records  []uint32
	slots    []uint32 // of the records, in the columns whose slots begin at starts
	starts   []int32
	codes    []uint32
	anchors  []anchorAt
	sink     uint32 // so that reading is not optimised away
}

// warmColumn is what of a column is read: its values as they are shown, the
// anchors that they are, or both.
type warmColumn struct {
	column  *table.Column
	shown   bool
	anchors *anchorColumn
}

// newWarmer makes a warmer that reads the anchors of records, and values of
// columns.
func (r *run) newWarmer(d *consent.Decider, shown []*table.Column) *warmer {
	w := &warmer{r: r, decider: d}
	for _, c := range shown {
		w.reads = append(w.reads, warmColumn{column: c, shown: true})
	}
	for i := range r.anchors.columns {
		a := &r.anchors.columns[i]
		at := slices.IndexFunc(w.reads, func(x warmColumn) bool { return x.column == a.column })
		if at < 0 {
			at = len(w.reads)
			w.reads = append(w.reads, warmColumn{column: a.column})
		}
		w.reads[at].anchors = a
	}
	return w
}

// anchorAt is where the value of an anchor is, as anchors.position has it.
type anchorAt struct {
	kind schema.Kind
	at   uint32
}

// cachedValues is up to how many distinct values of a column stay in a cache.
const cachedValues = 1 << 12

// warmProfiles is how many profiles are read ahead: what they take, some
// hundred kilobytes, must fit into a core's second-level cache.
const warmProfiles = 32

// warmProfiles reads what profiles are made of.
func (w *warmer) warmProfiles(profiles []profile) {
	w.clusters = w.clusters[:0]
	for _, x := range profiles {
		w.clusters = append(w.clusters, consent.ClusterID(x.cluster))
	}
	w.warm()
}

// warm reads what the profiles of w.clusters are made of.
func (w *warmer) warm() {
	c, t := w.r.resolved.clusters, w.r.in.Records
	w.decider.Warm(w.clusters)
	sum := uint32(0)
	for _, k := range w.clusters {
		sum += c.starts[k]
	}
	w.records = w.records[:0]
	for _, k := range w.clusters {
		w.records = append(w.records, c.at(uint32(k))...)
	}
	for _, rec := range w.records {
		sum += uint32(t.Brand[rec]) + uint32(w.r.anchors.account[rec])
	}
	if w.sources {
		for _, k := range w.clusters {
			id := c.ids[k]
			sum += uint32(id[len(id)-1])
		}
		for _, rec := range w.records {
			sum += uint32(t.Channel[rec]) + t.Object[rec] + t.Row[rec] + uint32(t.EventTime[rec])
		}
	}
	w.slots = w.slots[:0]
	for i := range w.reads {
		sum += w.column(&w.reads[i])
	}
	if w.address != nil {
		sum += w.tokens()
	}
	w.sink += sum
}

// slotsOf lists the slots of the records in a column, unless they are those of
// the column before: the parts of an address share theirs, and of columns of
// single values a record is its own.
func (w *warmer) slotsOf(c *table.Column) {
	if len(w.slots) > 0 && unsafe.SliceData(c.Starts) == unsafe.SliceData(w.starts) {
		return
	}
	w.slots, w.starts = w.slots[:0], c.Starts
	for _, rec := range w.records {
		lo, hi := c.Slots(rec)
		for s := lo; s < hi; s++ {
			w.slots = append(w.slots, s)
		}
	}
}

// column reads the codes of the records in a column, and what the codes stand
// for: a few texts stay in a cache by themselves.
func (w *warmer) column(x *warmColumn) (sum uint32) {
	c := x.column
	w.slotsOf(c)
	if x.anchors != nil && x.anchors.bySlot != nil {
		for _, s := range w.slots {
			sum += uint32(x.anchors.bySlot[s])
		}
		if !x.shown {
			return sum
		}
	}
	w.codes = w.codes[:0]
	for _, s := range w.slots {
		w.codes = append(w.codes, c.Codes[s])
	}
	if x.shown && c.Shown.Len() > cachedValues {
		for _, code := range w.codes {
			sum += c.Canon[code] + uint32(c.Shown.Offsets[code])
		}
		sum += w.texts(&c.Shown)
	}
	if x.anchors != nil && x.anchors.byCode != nil {
		for i, code := range w.codes {
			w.codes[i] = c.Canon[code]
		}
		for _, code := range w.codes {
			sum += uint32(x.anchors.byCode[code])
		}
	}
	return sum
}

// texts reads the beginnings of the texts with the codes at hand.
func (w *warmer) texts(s *table.Strings) (sum uint32) {
	last := int32(len(s.Bytes) - 1)
	if last < 0 {
		return sum
	}
	for _, code := range w.codes {
		sum += uint32(s.Bytes[min(s.Offsets[code], last)])
	}
	return sum
}

// tokens reads the canonical values of the anchors.
func (w *warmer) tokens() (sum uint32) {
	all, t := w.r.anchors, w.r.in.Records
	w.anchors = w.anchors[:0]
	for _, k := range w.clusters {
		for _, a := range w.r.clustering.Anchors(k) {
			if w.channel.Reaches(a.Kind()) {
				w.anchors = append(w.anchors, anchorAt{a.Kind(), all.position[a.Index()]})
			}
		}
	}
	for i := range all.columns {
		if kind := all.columns[i].kind; kind != schema.Postal {
			sum += w.values(kind, &all.columns[i].column.Canonical)
		}
	}
	for _, a := range w.anchors {
		if a.kind == schema.Account {
			sum += uint32(t.Source[a.at])
		}
	}
	return sum + w.values(schema.Account, &t.Key) + w.addresses()
}

// values reads the texts of the anchors of a kind, which are one behind their
// positions.
func (w *warmer) values(kind schema.Kind, s *table.Strings) (sum uint32) {
	w.codes = w.codes[:0]
	for _, a := range w.anchors {
		if a.kind == kind {
			w.codes = append(w.codes, a.at+1)
		}
	}
	return w.texts(s)
}

// addresses reads the parts of the postal addresses among the anchors.
func (w *warmer) addresses() (sum uint32) {
	w.slots = w.slots[:0] // from here on: of addresses
	for _, a := range w.anchors {
		if a.kind == schema.Postal {
			w.slots = append(w.slots, w.r.anchors.addresses[a.at])
		}
	}
	for _, c := range w.address {
		if c == nil {
			continue
		}
		w.codes = w.codes[:0]
		for _, s := range w.slots {
			w.codes = append(w.codes, c.Codes[s])
		}
		for i, code := range w.codes {
			w.codes[i] = c.Canon[code]
		}
		sum += w.texts(&c.Canonical)
	}
	return sum
}
