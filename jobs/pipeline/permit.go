package pipeline

import (
	"slices"

	"concord/schemas/attribute"
	schema "concord/schemas/consent"
	"concord/transforms/consent"
)

// permitter decides, for one cluster, brand and request at a time, which of
// its records and contact points may be used: the consent of survivorship.
//
// A brand may use what its own records hold, and what other brands' records
// hold as far as the person granted it to this brand: that nobody objected,
// where the law lets silence pass, does not carry data from brand to brand.
type permitter struct {
	r        *run
	decider  *consent.Decider
	clusters *clusters
	columns  [schema.Account + 1]*anchorColumn // by kind: where its values are
	data     *dataCodes

	// Of the present cluster.
	cluster uint32
	entered bool
	members []uint32
	anchors []consent.AnchorID // the cluster's, sorted
	held    []int32            // places in anchors that the members hold
	ends    []int32            // by member: the end of its part of held

	// Of the present request, by anchor or by member.
	brand   uint16
	request int
	results []consent.Result
	own     []bool // a record of the brand holds it
	usable  []bool // the brand may use it
	records []answer
	narrow  bool  // some of them for some kinds of data only
	allowed bool  // at least one anchor may be used
	until   int64 // the earliest moment a flag that is TRUE turns FALSE
	reasons schema.ReasonSet

	at      int // a member that was asked for lately
	scratch []consent.AnchorID
}

// answer is whether a record may be used, once that was asked.
type answer uint8

const (
	unasked answer = iota
	no
	yes
)

func (r *run) newPermitter(e *consent.Engine) *permitter {
	p := &permitter{r: r, decider: e.Decider(), clusters: r.resolved.clusters, data: r.dataCodes()}
	for k := range p.columns {
		p.columns[k] = r.anchors.find(schema.Kind(k))
	}
	return p
}

// enter looks at cluster k: who its members are and which anchors they hold.
func (p *permitter) enter(k uint32) {
	if p.entered && p.cluster == k {
		return
	}
	p.cluster, p.entered, p.at = k, true, 0
	p.members = p.clusters.at(k)
	p.anchors = p.r.clustering.Anchors(consent.ClusterID(k))
	p.held, p.ends = p.held[:0], p.ends[:0]
	for _, rec := range p.members {
		p.scratch = p.r.anchors.of(rec, p.scratch[:0])
		for _, a := range p.scratch {
			if i := p.place(a); i >= 0 {
				p.held = append(p.held, int32(i))
			}
		}
		p.ends = append(p.ends, int32(len(p.held)))
	}
}

// fewAnchors is up to how many looking at each is faster than a search.
const fewAnchors = 12

// place is where an anchor is among the cluster's, -1 where it is not.
func (p *permitter) place(a consent.AnchorID) int {
	if len(p.anchors) <= fewAnchors {
		return slices.Index(p.anchors, a)
	}
	if i, ok := slices.BinarySearch(p.anchors, a); ok {
		return i
	}
	return -1
}

// decide answers a request of a brand for every anchor of cluster k.
func (p *permitter) decide(k uint32, brand uint16, request int) {
	p.enter(k)
	p.brand, p.request = brand, request
	for len(p.results) < len(p.anchors) {
		p.results = append(p.results, consent.Result{})
	}
	p.markOwn()
	p.usable = p.usable[:0]
	p.allowed, p.until, p.reasons, p.narrow = false, schema.NoTime, 0, false
	for i, a := range p.anchors {
		res := &p.results[i]
		p.decider.Decide(consent.ClusterID(k), a, request, res)
		ok := res.Allowed && (p.own[i] || granted(res))
		p.usable = append(p.usable, ok)
		if ok {
			p.allowed, p.until = true, max(p.until, res.ValidUntil)
			p.narrow = p.narrow || res.Categories != schema.AllCategories
		} else if !res.Allowed && !res.Reasons.Has(schema.ChannelCannotReach) { // which says nothing of the person
			p.reasons |= res.Reasons
		}
	}
	if p.narrow {
		p.until = narrowUntil(p.results, p.usable)
	}
}

// markOwn notes which anchors records of the brand hold.
func (p *permitter) markOwn() {
	p.own = slices.Grow(p.own[:0], len(p.anchors))[:len(p.anchors)]
	clear(p.own)
	p.records = slices.Grow(p.records[:0], len(p.members))[:len(p.members)]
	clear(p.records)
	for m, rec := range p.members {
		if p.ofBrand(rec) {
			for _, i := range p.holds(m) {
				p.own[i] = true
			}
		}
	}
}

// holds is the places of the anchors of member number m.
func (p *permitter) holds(m int) []int32 {
	if m == 0 {
		return p.held[:p.ends[0]]
	}
	return p.held[p.ends[m-1]:p.ends[m]]
}

// allows tells whether the brand may use an anchor.
func (p *permitter) allows(a consent.AnchorID) bool {
	i := p.place(a)
	return i >= 0 && p.usable[i]
}

// record tells whether a record's values may be shown: whether one of its own
// anchors permits, by a grant when the record is another brand's.
func (p *permitter) record(rec uint32) bool {
	m := p.member(rec)
	if p.records[m] == unasked {
		p.records[m] = no
		own := p.ofBrand(rec)
		for _, i := range p.holds(m) {
			res := &p.results[i]
			if own && p.usable[i] || res.Allowed && granted(res) {
				p.records[m] = yes
				break
			}
		}
	}
	return p.records[m] == yes
}

// member is the number of a record among the cluster's. Records are mostly
// asked for in their order.
func (p *permitter) member(rec uint32) int {
	if p.members[p.at] == rec {
		return p.at
	}
	p.at, _ = slices.BinarySearch(p.members, rec)
	return p.at
}

// value is the golden.Permit of the present cluster and request: a value that
// is an anchor needs that anchor's permission, any other its record's.
func (p *permitter) value(rec uint32, attr attribute.Name, slot uint32) bool {
	if p.narrow {
		return p.narrowly(rec, attr, slot)
	}
	if kind := anchorKind(attr); kind != 0 {
		c := p.columns[kind]
		return c != nil && p.allows(c.slot(slot))
	}
	return p.record(rec)
}

// ofBrand tells whether a record is of the brand, or of none.
func (p *permitter) ofBrand(rec uint32) bool {
	t := p.r.in.Records
	return t.Brand[rec] == p.brand || t.Brands[t.Brand[rec]] == ""
}

// hasBrand tells whether a record of the cluster is of the brand, or of none.
func (p *permitter) hasBrand(k uint32, brand uint16) bool {
	p.brand = brand
	return slices.ContainsFunc(p.clusters.at(k), p.ofBrand)
}

// anchorKind is the kind of anchor that values of an attribute are or are part
// of, 0 for others. City, region, postcode and country describe a person as
// well as an address, so they go by the record.
func anchorKind(n attribute.Name) schema.Kind {
	switch n {
	case attribute.Email:
		return schema.Email
	case attribute.Phone:
		return schema.Phone
	case attribute.Device:
		return schema.Device
	case attribute.Street, attribute.HouseNumber, attribute.Unit, attribute.Locality:
		return schema.Postal
	}
	return 0
}
