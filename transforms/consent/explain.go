package consent

import (
	"bytes"
	"cmp"
	"slices"

	schema "concord/schemas/consent"
)

// EventView is an event of the log as an explanation shows it. Times are
// microseconds since 1970 UTC.
type EventView struct {
	ID            schema.EventID
	Kind          schema.Kind // of its anchor
	Own           bool        // on the asked anchor rather than another of the profile
	Decides       bool        // it is one of the deciding events
	Controller    string
	Brand         string
	Purpose       string
	Categories    []string // that it names, none for all
	Channel       schema.Channel
	Basis         schema.Basis
	State         schema.State
	Scope         schema.Scope
	Time          schema.Interval
	ValidUntil    int64
	ConfirmedAt   int64
	NoticeVersion string
	Evidence      string
}

// Explanation is a verdict with its grounds.
type Explanation struct {
	Verdict schema.Verdict
	// Grounds says each reason in a sentence, and what would change it.
	Grounds []schema.Explanation
	// Events are those of the profile that could bear on the cell: about the
	// same controller and the same, a wider or a narrower purpose. Own ones
	// first, then by time.
	Events []EventView
}

// Explain answers why a request is decided as it is for an anchor of a
// cluster. Event times and ids carry over; personal values were never there.
func (d *Decider) Explain(k ClusterID, a AnchorID, r int) Explanation {
	e := d.e
	var res Result
	d.Decide(k, a, r, &res)
	x := Explanation{Verdict: e.Verdict(&res)}
	for _, reason := range x.Verdict.Reasons {
		x.Grounds = append(x.Grounds, reason.Explain())
	}
	decides := map[uint32]bool{}
	for _, i := range res.Deciding {
		decides[i] = true
	}
	q := &e.questions[r]
	held := map[AnchorID]bool{a: true}
	x.Events = e.view(x.Events, a, true, q, decides)
	for _, other := range e.clusters.Anchors(k) {
		if !held[other] {
			held[other] = true
			x.Events = e.view(x.Events, other, false, q, decides)
		}
	}
	sortViews(x.Events)
	return x
}

func (e *Engine) view(views []EventView, a AnchorID, own bool, q *question, decides map[uint32]bool) []EventView {
	l := e.log
	lo, hi := l.of(a)
	for i := lo; i < hi; i++ {
		f := &l.facts[i]
		if f.controller != q.controller || !(e.reg.Covers(f.purpose, q.purpose) || e.reg.Covers(q.purpose, f.purpose)) {
			continue
		}
		v := l.viewOf(i, a.Kind())
		v.Own, v.Decides = own, decides[i]
		views = append(views, v)
	}
	return views
}

func named(names []string, code uint16) string {
	if code == 0 {
		return ""
	}
	return names[code-1]
}

func sortViews(views []EventView) {
	slices.SortFunc(views, func(x, y EventView) int {
		switch {
		case x.Own && !y.Own:
			return -1
		case y.Own && !x.Own:
			return 1
		}
		return cmp.Or(cmp.Compare(x.Time.Lo, y.Time.Lo), cmp.Compare(x.Time.Hi, y.Time.Hi), bytes.Compare(x.ID[:], y.ID[:]))
	})
}
