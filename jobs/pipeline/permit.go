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
	brand    uint16

	// Of the present cluster and request, by anchor.
	anchors []consent.AnchorID // the cluster's, sorted
	results []consent.Result
	own     []bool // a record of the brand holds it
	allowed bool   // at least one anchor may be used
	until   int64  // the earliest moment a flag that is TRUE turns FALSE
	reasons schema.ReasonSet

	scratch []consent.AnchorID
}

func (r *run) newPermitter(e *consent.Engine) *permitter {
	return &permitter{r: r, decider: e.Decider(), clusters: r.resolved.clusters}
}

// decide answers a request of a brand for every anchor of cluster k.
func (p *permitter) decide(k uint32, brand uint16, request int) {
	p.brand = brand
	p.anchors = p.r.clustering.Anchors(consent.ClusterID(k))
	for len(p.results) < len(p.anchors) {
		p.results = append(p.results, consent.Result{})
	}
	p.markOwn(k)
	p.allowed, p.until, p.reasons = false, schema.NoTime, 0
	for i, a := range p.anchors {
		res := &p.results[i]
		p.decider.Decide(consent.ClusterID(k), a, request, res)
		if !res.Allowed {
			if !res.Reasons.Has(schema.ChannelCannotReach) { // says nothing of the person
				p.reasons |= res.Reasons
			}
		} else if p.usable(i) {
			p.allowed, p.until = true, max(p.until, res.ValidUntil)
		}
	}
}

// markOwn notes which anchors records of the brand hold.
func (p *permitter) markOwn(k uint32) {
	p.own = slices.Grow(p.own[:0], len(p.anchors))[:len(p.anchors)]
	clear(p.own)
	for _, rec := range p.clusters.at(k) {
		if !p.ofBrand(rec) {
			continue
		}
		p.scratch = p.r.anchors.of(rec, p.scratch[:0])
		for _, a := range p.scratch {
			if i, ok := slices.BinarySearch(p.anchors, a); ok {
				p.own[i] = true
			}
		}
	}
}

// usable tells whether the brand may use anchor i.
func (p *permitter) usable(i int) bool {
	return p.results[i].Allowed && (p.own[i] || p.results[i].Reasons.Has(schema.Granted))
}

// result is the verdict of one of the cluster's anchors.
func (p *permitter) result(a consent.AnchorID) *consent.Result {
	i, ok := slices.BinarySearch(p.anchors, a)
	if !ok {
		return nil
	}
	return &p.results[i]
}

func (p *permitter) allows(a consent.AnchorID) bool {
	i, ok := slices.BinarySearch(p.anchors, a)
	return ok && p.usable(i)
}

func (p *permitter) grants(a consent.AnchorID) bool {
	res := p.result(a)
	return res != nil && res.Allowed && res.Reasons.Has(schema.Granted)
}

// record tells whether a record's values may be shown: whether one of its own
// anchors permits, by a grant when the record is another brand's.
func (p *permitter) record(rec uint32) bool {
	p.scratch = p.r.anchors.of(rec, p.scratch[:0])
	if p.ofBrand(rec) {
		return slices.ContainsFunc(p.scratch, p.allows)
	}
	return slices.ContainsFunc(p.scratch, p.grants)
}

// value is the golden.Permit of the present cluster and request: a value that
// is an anchor needs that anchor's permission, any other its record's.
func (p *permitter) value(rec uint32, attr attribute.Name, slot uint32) bool {
	if kind := anchorKind(attr); kind != 0 {
		c := p.r.anchors.find(kind)
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
