package consent

import (
	"slices"

	schema "concord/schemas/consent"
)

// meet is what the holders of a shared anchor agree on.
type meet struct {
	allowed               bool
	validFrom, validUntil int64
	deciding              []uint32 // of the holders that deny
}

// meet narrows an ALLOW to what every holder of the anchor allows.
func (d *Decider) meet(holders []ClusterID, a AnchorID, r int, of data, out *Result) {
	var m meet
	if all, ok := d.e.crowded[a.Index()]; ok {
		m = all[d.e.slot(r, of)]
	} else {
		m = d.meetOf(holders, a, r, of)
	}
	if m.allowed {
		out.ValidFrom, out.ValidUntil = max(out.ValidFrom, m.validFrom), min(out.ValidUntil, m.validUntil)
		return
	}
	out.Allowed, out.Reasons = false, 0
	out.Reasons.Add(schema.SharedContactPoint)
	out.ValidFrom, out.ValidUntil = schema.NoTime, schema.Forever
	out.Deciding = append(out.Deciding[:0], m.deciding...)
}

// meetOf decides for every holder. The slice in its answer lives until the next
// call.
func (d *Decider) meetOf(holders []ClusterID, a AnchorID, r int, of data) meet {
	m := meet{allowed: true, validFrom: schema.NoTime, validUntil: schema.Forever, deciding: d.blockers[:0]}
	for _, k := range holders {
		d.enter(&d.other, k)
		d.decide(&d.other, a, r, of, &d.scratch)
		m.validFrom = max(m.validFrom, d.scratch.ValidFrom)
		m.validUntil = min(m.validUntil, d.scratch.ValidUntil)
		if !d.scratch.Allowed {
			m.allowed = false
			m.deciding = append(m.deciding, d.scratch.Deciding...)
		}
	}
	d.blockers = m.deciding
	return m
}

// meetCrowded takes the meet of the anchors that many clusters hold.
func (e *Engine) meetCrowded() {
	d := e.Decider()
	for s := 1; s < len(e.clusters.bounds); s++ {
		holders := e.clusters.holders[e.clusters.bounds[s-1]:e.clusters.bounds[s]]
		if len(holders) <= maxHolders {
			continue
		}
		a := e.clusters.heldBy(holders[0], uint32(s))
		about := []data{anyData}
		if e.narrow != nil && e.narrowed(holders[0], a) {
			about = e.log.everyData(a.Kind())
		}
		all := make([]meet, len(e.questions)*e.slots())
		for r := range e.questions {
			for _, of := range about {
				m := d.meetOf(holders, a, r, of)
				m.deciding = slices.Clone(m.deciding)
				slices.Sort(m.deciding)
				m.deciding = slices.Compact(m.deciding)
				all[e.slot(r, of)] = m
			}
		}
		e.crowded[a.Index()] = all
	}
}

// heldBy is cluster k's anchor whose place among the shared ones is s.
func (c *Clustering) heldBy(k ClusterID, s uint32) AnchorID {
	anchors := c.Anchors(k)
	return anchors[slices.IndexFunc(anchors, func(a AnchorID) bool { return c.shared[a.Index()] == s })]
}
