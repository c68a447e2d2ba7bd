package consent

import (
	"fmt"
	"slices"

	schema "concord/schemas/consent"
)

// fast is a world put into the engine's form.
type fast struct {
	e   *Engine
	ids map[schema.Anchor]AnchorID
	d   *Decider
}

// engine builds log, clustering and engine for the requests.
func (w *world) engine(t tester, requests []Request) *fast {
	t.Helper()
	b := NewBuilder(w.policy)
	for i := range w.events {
		if err := b.Add(&w.events[i]); err != nil {
			t.Fatalf("event %d: %v", i, err)
		}
	}
	for i := range w.suppressions {
		if err := b.Suppress(&w.suppressions[i]); err != nil {
			t.Fatalf("suppression %d: %v", i, err)
		}
	}
	for i := range w.preferences {
		if err := b.Prefer(&w.preferences[i]); err != nil {
			t.Fatalf("preference %d: %v", i, err)
		}
	}
	return w.cluster(t, b.Log(), requests)
}

// cluster puts the world's profiles over a log.
func (w *world) cluster(t tester, log *Log, requests []Request) *fast {
	t.Helper()
	f := &fast{ids: map[schema.Anchor]AnchorID{}}
	free := uint32(log.Anchors())
	clusters := &Clustering{}
	for i := range w.profiles {
		p := &w.profiles[i]
		var ids []AnchorID
		for _, a := range p.anchors {
			id, known := f.ids[a]
			if !known {
				if id, known = log.ID(a); !known {
					id = NewAnchorID(a.Kind, free)
					free++
				}
				f.ids[a] = id
			}
			ids = append(ids, id)
		}
		clusters.Add(ids, w.jurisdictions(p), p.minority)
	}
	clusters.Seal()
	requests = slices.Clone(requests)
	for i := range requests {
		requests[i].Topic = w.topic
	}
	e, err := NewEngine(log, clusters, requests, Options{AsOf: w.asOf, NoFeed: w.noFeed})
	if err != nil {
		t.Fatal(err)
	}
	f.e, f.d = e, e.Decider()
	return f
}

func (w *world) jurisdictions(p *profile) (set schema.JurisdictionSet) {
	for _, j := range p.jurisdictions {
		set |= w.policy.Jurisdiction(j)
	}
	return set
}

// decide is the engine's verdict.
func (f *fast) decide(p int, a schema.Anchor, r int) schema.Verdict {
	var res Result
	f.d.Decide(ClusterID(p), f.ids[a], r, &res)
	return f.e.Verdict(&res)
}

// cellOf is a request's cell on an anchor.
func cellOf(a schema.Anchor, r Request) schema.Cell {
	return schema.Cell{Anchor: a, Controller: r.Controller, Brand: r.Brand, Purpose: r.Purpose, Channel: r.Channel}
}

// show is a verdict as bytes: two verdicts are equal iff they show equal.
func show(v schema.Verdict) string {
	codes := make([]string, len(v.Reasons))
	for i, r := range v.Reasons {
		codes[i] = r.String()
	}
	return fmt.Sprint(v.Allowed, codes, v.Deciding, v.Categories, v.Categories == nil, v.Basis, v.State, v.Regime, v.ValidFrom, v.ValidUntil)
}
