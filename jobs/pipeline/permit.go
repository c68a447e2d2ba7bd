package pipeline

import (
	"slices"

	"concord/schemas/attribute"
	schema "concord/schemas/consent"
	"concord/transforms/consent"
	"concord/transforms/golden"
)

// permitter decides, for one cluster and one request at a time, which of its
// records and contact points may be used: the consent of survivorship.
type permitter struct {
	r        *run
	decider  *consent.Decider
	clusters *clusters

	// Of the present cluster and request.
	anchors []consent.AnchorID // the cluster's, sorted
	results []consent.Result   // by anchor
	allowed bool               // at least one anchor
	until   int64              // the earliest moment a flag that is TRUE turns FALSE
	reasons schema.ReasonSet   // of the anchors that are denied

	scratch []consent.AnchorID
}

func (r *run) newPermitter(e *consent.Engine) *permitter {
	return &permitter{r: r, decider: e.Decider(), clusters: r.resolved.clusters}
}

// decide answers a request for every anchor of cluster k.
func (p *permitter) decide(k uint32, request int) {
	p.anchors = p.r.clustering.Anchors(consent.ClusterID(k))
	for len(p.results) < len(p.anchors) {
		p.results = append(p.results, consent.Result{})
	}
	p.allowed, p.until, p.reasons = false, schema.NoTime, 0
	for i, a := range p.anchors {
		res := &p.results[i]
		p.decider.Decide(consent.ClusterID(k), a, request, res)
		if res.Allowed {
			p.allowed, p.until = true, max(p.until, res.ValidUntil)
		} else {
			p.reasons |= res.Reasons
		}
	}
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
	res := p.result(a)
	return res != nil && res.Allowed
}

// record tells whether a record's values may be shown: whether one of its own
// anchors permits.
func (p *permitter) record(rec uint32) bool {
	p.scratch = p.r.anchors.of(rec, p.scratch[:0])
	return slices.ContainsFunc(p.scratch, p.allows)
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

// ofBrand narrows a permit to the records of one brand, and to those of none.
func (p *permitter) ofBrand(brand uint16) golden.Permit {
	t := p.r.in.Records
	return func(rec uint32, attr attribute.Name, slot uint32) bool {
		return (t.Brand[rec] == brand || t.Brands[t.Brand[rec]] == "") && p.value(rec, attr, slot)
	}
}

// hasBrand tells whether a record of the cluster is of the brand, or of none.
func (p *permitter) hasBrand(k uint32, brand uint16) bool {
	t := p.r.in.Records
	return slices.ContainsFunc(p.clusters.at(k), func(rec uint32) bool {
		return t.Brand[rec] == brand || t.Brands[t.Brand[rec]] == ""
	})
}
