package pipeline

import (
	"context"
	"math/bits"

	"github.com/zeebo/xxh3"

	"concord/jobs/engine"
	"concord/schemas/attribute"
	schema "concord/schemas/consent"
	"concord/schemas/table"
	"concord/transforms/consent"
)

// anchors numbers what consent attaches to: the distinct e-mail addresses,
// telephone numbers, devices and postal addresses of the records, and each
// record's account.
type anchors struct {
	records *table.Records
	columns []anchorColumn
	account []consent.AnchorID // by record
	next    uint32             // first index that no anchor has
	// position is, by anchor index, where the anchor's value is: a canonical
	// code, an entry of addresses, or a record.
	position  []uint32
	addresses []uint32        // by address: a slot that holds it
	parts     []*table.Column // of postalParts, where they were looked up
}

// anchorColumn is a column whose values are contact points.
type anchorColumn struct {
	kind   schema.Kind
	column *table.Column
	byCode []consent.AnchorID // by canonical code; nil for postal addresses
	bySlot []consent.AnchorID // of postal addresses: by slot, 0 where there is none
}

// contactKinds are the single columns that hold contact points.
var contactKinds = []struct {
	name attribute.Name
	kind schema.Kind
}{{attribute.Email, schema.Email}, {attribute.Phone, schema.Phone}, {attribute.Device, schema.Device}}

// numberAnchors finds the anchors of all records. Values that the log knows
// get the log's ids, which takes a keyed hash of each distinct value; a log
// without anchors of a kind spares those of that kind.
func numberAnchors(ctx context.Context, e engine.Engine, r *table.Records, log *consent.Log, key []byte) (*anchors, error) {
	a := &anchors{records: r, next: uint32(log.Anchors()), position: make([]uint32, log.Anchors())}
	for _, k := range contactKinds {
		column := r.Column(k.name)
		if column == nil {
			continue
		}
		ids, err := a.number(ctx, e, k.kind, column.Canonical.Len()-1, log, key, func(i int) string { return column.Canonical.At(uint32(i) + 1) })
		if err != nil {
			return nil, err
		}
		a.columns = append(a.columns, anchorColumn{kind: k.kind, column: column, byCode: append([]consent.AnchorID{0}, ids...)})
	}
	if err := a.numberAddresses(ctx, e, log, key); err != nil {
		return nil, err
	}
	var err error
	a.account, err = a.number(ctx, e, schema.Account, r.N, log, key, func(i int) string {
		return AccountAnchor(r.Sources[r.Source[i]], r.RecordKey(uint32(i)))
	})
	return a, err
}

// AccountAnchor is the canonical value of an account: its key namespace and
// its key there.
func AccountAnchor(source, key string) string { return source + "/" + key }

// number gives ids to n distinct values.
func (a *anchors) number(ctx context.Context, e engine.Engine, kind schema.Kind, n int, log *consent.Log, key []byte, value func(int) string) ([]consent.AnchorID, error) {
	ids := make([]consent.AnchorID, n)
	if log.AnchorsOf(kind) > 0 {
		const chunk = 1 << 12
		err := e.Each(ctx, (n+chunk-1)/chunk, func(_, unit int) error {
			hasher, err := consent.NewHasher(key)
			if err != nil {
				return err
			}
			for i := unit * chunk; i < min(n, (unit+1)*chunk); i++ {
				if id, ok := log.ID(hasher.Anchor(kind, value(i))); ok {
					ids[i] = id
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	for i := range ids {
		if ids[i] == 0 {
			ids[i] = consent.NewAnchorID(kind, a.next)
			a.next++
			a.position = append(a.position, uint32(i))
			continue
		}
		a.position[ids[i].Index()] = uint32(i)
	}
	return ids, nil
}

// postalParts are what tells one postal address from another.
var postalParts = []attribute.Name{
	attribute.HouseNumber, attribute.Street, attribute.Unit, attribute.Locality,
	attribute.City, attribute.Postcode, attribute.Country,
}

// numberAddresses gives each distinct postal address an anchor: the canonical
// parts of a slot, joined. A slot without street and unit is no address.
func (a *anchors) numberAddresses(ctx context.Context, e engine.Engine, log *consent.Log, key []byte) error {
	parts := a.addressColumns()
	var any *table.Column // the parts of an address share their slots
	for _, c := range parts {
		if c != nil {
			any = c
		}
	}
	if any == nil || parts[1] == nil && parts[2] == nil {
		return nil
	}
	at, slots, err := a.distinctAddresses(ctx, e, parts, len(any.Codes))
	if err != nil {
		return err
	}
	a.addresses = slots
	ids, err := a.number(ctx, e, schema.Postal, len(slots), log, key, a.address)
	if err != nil {
		return err
	}
	bySlot := make([]consent.AnchorID, len(at))
	for s, k := range at {
		if k > 0 {
			bySlot[s] = ids[k-1]
		}
	}
	a.columns = append(a.columns, anchorColumn{kind: schema.Postal, column: any, bySlot: bySlot})
	return nil
}

// distinctAddresses numbers the addresses in slots from 1, 0 being none; slots
// is, by address, the first slot that holds it. Addresses are told apart by a
// 128-bit hash: two of a billion share one with probability 2⁻⁶⁹, and no
// address need be held twice.
func (a *anchors) distinctAddresses(ctx context.Context, e engine.Engine, parts []*table.Column, n int) (at, slots []uint32, err error) {
	hashes := make([]xxh3.Uint128, n) // zero: no address
	const chunk = 1 << 14
	err = e.Each(ctx, (n+chunk-1)/chunk, func(_, unit int) error {
		var b []byte
		for s := unit * chunk; s < min((unit+1)*chunk, n); s++ {
			if reachable(parts[1], s) || reachable(parts[2], s) {
				b = a.appendAddress(b[:0], parts, uint32(s))
				hashes[s] = xxh3.Hash128(b)
			}
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	at = make([]uint32, n)
	index := make([]uint32, 1<<bits.Len(uint(2*n))) // open addressing: numbers by hash
	for s, h := range hashes {
		if h == (xxh3.Uint128{}) {
			continue
		}
		i := h.Lo & uint64(len(index)-1)
		for index[i] != 0 && hashes[slots[index[i]-1]] != h {
			i = (i + 1) & uint64(len(index)-1)
		}
		if index[i] == 0 {
			slots = append(slots, uint32(s))
			index[i] = uint32(len(slots))
		}
		at[s] = index[i]
	}
	return at, slots, nil
}

// addressColumns are the columns of postalParts, nil for those that no channel
// maps.
func (a *anchors) addressColumns() []*table.Column {
	parts := make([]*table.Column, len(postalParts))
	for i, n := range postalParts {
		parts[i] = a.records.Column(n)
	}
	return parts
}

// partsEnd ends each part of an address's canonical form.
const partsEnd = '\x1f'

// appendAddress appends the canonical parts of the address in a slot.
func (a *anchors) appendAddress(b []byte, parts []*table.Column, slot uint32) []byte {
	for _, c := range parts {
		if c != nil {
			b = append(b, c.Canonical.At(c.Canon[c.Codes[slot]])...)
		}
		b = append(b, partsEnd)
	}
	return b
}

// address is the canonical form of address number i.
func (a *anchors) address(i int) string {
	return string(a.appendAddress(nil, a.addressColumns(), a.addresses[i]))
}

func reachable(c *table.Column, slot int) bool { return c != nil && c.Canon[c.Codes[slot]] != 0 }

// slot is the anchor of a slot of the column, 0 when nothing reaches it.
func (c *anchorColumn) slot(s uint32) consent.AnchorID {
	if c.bySlot != nil {
		return c.bySlot[s]
	}
	return c.byCode[c.column.Canon[c.column.Codes[s]]]
}

// of appends the anchors of a record, its account first.
func (a *anchors) of(record uint32, to []consent.AnchorID) []consent.AnchorID {
	to = append(to, a.account[record])
	for i := range a.columns {
		c := &a.columns[i]
		lo, hi := c.column.Slots(record)
		for s := lo; s < hi; s++ {
			if id := c.slot(s); id != 0 {
				to = append(to, id)
			}
		}
	}
	return to
}

// find is the column of a contact point kind, nil when no channel maps one.
func (a *anchors) find(kind schema.Kind) *anchorColumn {
	for i := range a.columns {
		if a.columns[i].kind == kind {
			return &a.columns[i]
		}
	}
	return nil
}
