package pipeline

import (
	"encoding/hex"
	"unsafe"

	schema "concord/schemas/consent"
	"concord/schemas/table"
	"concord/transforms/consent"
	"concord/transforms/snapshot"
)

// tokens stand for the anchors of one cluster at a time in an audience's
// tables: keyed hashes, each made when it is first asked for.
type tokens struct {
	r         *run
	pseudonym *snapshot.Pseudonym
	address   []*table.Column // of postalParts
	era       int             // counts clusters
	made      []bool          // by place of the anchor in its cluster
	ends      []int
	starts    []int
	bytes     []byte
	canonical []byte
}

func (r *run) newTokens(p *snapshot.Pseudonym) tokens {
	return tokens{r: r, pseudonym: p, address: r.anchors.addressColumns()}
}

// forget begins another cluster.
func (t *tokens) forget() { t.made, t.bytes, t.era = t.made[:0], t.bytes[:0], t.era+1 }

// of is the token of one of the cluster's anchors. It is valid until forget.
func (t *tokens) of(anchors []consent.AnchorID, i int) string {
	if len(t.made) == 0 {
		for range anchors {
			t.made = append(t.made, false)
		}
		if n := len(anchors); n > len(t.ends) {
			t.starts, t.ends = make([]int, n), make([]int, n)
		}
	}
	if !t.made[i] {
		a := anchors[i]
		t.canonical = t.r.anchors.appendCanonical(t.canonical[:0], t.address, a)
		t.starts[i] = len(t.bytes)
		t.bytes = t.pseudonym.AppendToken(t.bytes, a.Kind().String(), t.canonical)
		t.ends[i], t.made[i] = len(t.bytes), true
	}
	return unsafeText(t.bytes[t.starts[i]:t.ends[i]])
}

// tokenColumn is a column of tokens: one that a cluster's row holds already in
// the row group is not looked up again, and one that no other cluster can have
// is not looked up at all.
type tokenColumn struct {
	rows    *snapshot.Rows
	col     int
	era     int // of the tokens
	group   int
	mixed   bool             // tokens come in other ways too, and must be looked up
	entries []snapshot.Entry // by place of the anchor in its cluster
}

// put appends the token of one of the cluster's anchors.
func (c *tokenColumn) put(t *tokens, anchors []consent.AnchorID, i int) {
	if c.era != t.era || c.group != c.rows.Group() {
		c.era, c.group = t.era, c.rows.Group()
		c.entries = c.entries[:0]
		for range anchors {
			c.entries = append(c.entries, 0)
		}
	}
	switch {
	case c.entries[i] != 0:
		c.rows.Again(c.col, c.entries[i], 1)
	case t.r.clustering.Holders(anchors[i]) == nil && !c.mixed:
		c.entries[i] = c.rows.New(c.col, t.of(anchors, i), 1)
	default:
		c.entries[i] = c.rows.Find(c.col, t.of(anchors, i), 1)
	}
}

// appendCanonical appends the value that an anchor stands for; address are
// the columns of postalParts.
func (a *anchors) appendCanonical(b []byte, address []*table.Column, id consent.AnchorID) []byte {
	at := a.position[id.Index()]
	switch id.Kind() {
	case schema.Account:
		b = append(b, a.records.Sources[a.records.Source[at]]...)
		b = append(b, '/')
		return append(b, a.records.RecordKey(at)...)
	case schema.Postal:
		return a.appendAddress(b, address, a.addresses[at])
	}
	return append(b, a.find(id.Kind()).column.Canonical.At(at+1)...)
}

// appendShown appends the contact point in a slot as a person writes it; of
// an address, its parts from the house outwards. address are the columns of
// postalParts.
func (c *anchorColumn) appendShown(b []byte, address []*table.Column, slot uint32) []byte {
	if c.kind != schema.Postal {
		return append(b, c.column.Shown.At(c.column.Codes[slot])...)
	}
	from := len(b)
	for _, p := range address {
		if p == nil || p.Codes[slot] == 0 {
			continue
		}
		if len(b) > from {
			b = append(b, ", "...)
		}
		b = append(b, p.Shown.At(p.Codes[slot])...)
	}
	return b
}

// unsafeText is bytes as a text, without a copy: it lives until they change.
func unsafeText(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// valueDigests are keyed hashes of an attribute's surviving values, so that
// values which recur are hashed once a part.
type valueDigests struct {
	few   []string // by code; nil where codes are many
	first uint32   // the number that tables have for code 0, where codes are few
	last  uint32   // else the value before, which another brand may show too
	text  []byte
	group int // of the table, that holds it as entry
	entry snapshot.Entry
}

// fewValues is the number of distinct values above which they hardly recur
// within a part.
const fewValues = 1 << 15

// countValues finds the attributes of few distinct values.
func (w *part) countValues() {
	first := uint32(0)
	for _, i := range w.columns {
		n := w.r.in.Records.Column(w.r.golden.Attributes()[i].Name).Shown.Len()
		if n <= fewValues {
			w.digests[i] = valueDigests{few: make([]string, n), first: first}
			first += uint32(n)
		}
	}
}

// valueDigest appends the keyed hash of a surviving value to a column.
func (w *part) valueDigest(rows *snapshot.Rows, col, i int, code uint32) {
	d, name := &w.digests[i], string(w.r.golden.Attributes()[i].Name)
	digest := func() { d.text = w.pseudonym.AppendValueDigest(d.text[:0], name, w.r.golden.Shown(i, code)) }
	if d.few != nil {
		if d.few[code] == "" {
			digest()
			d.few[code] = string(d.text)
		}
		rows.Coded(col, d.first+code, d.few[code], 1)
		return
	}
	switch fresh := d.text == nil || d.last != code; {
	case fresh:
		digest()
		d.last = code
		fallthrough
	case d.group != rows.Group():
		d.entry, d.group = rows.Find(col, unsafeText(d.text), 1), rows.Group()
	default:
		rows.Again(col, d.entry, 1)
	}
}

// eventIDs are the ids of a verdict's events as texts.
type eventIDs struct {
	ids   []schema.EventID
	bytes []byte
	list  []string
}

// texts are the ids in hex. They are valid until the next call.
func (e *eventIDs) texts() []string {
	e.bytes, e.list = e.bytes[:0], e.list[:0]
	for _, id := range e.ids {
		e.bytes = hex.AppendEncode(e.bytes, id[:])
	}
	n := hex.EncodedLen(len(schema.EventID{}))
	for i := range e.ids {
		e.list = append(e.list, unsafeText(e.bytes[i*n:(i+1)*n]))
	}
	return e.list
}
