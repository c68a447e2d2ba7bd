package consent

import (
	"bytes"
	"cmp"
	"slices"

	schema "concord/schemas/consent"
)

// Verdict is a result in the form of the contract, with event ids instead of
// the log's numbers.
func (e *Engine) Verdict(r *Result) schema.Verdict {
	v := schema.Verdict{
		Allowed: r.Allowed, Reasons: r.Reasons.List(), Basis: r.Basis, Regime: r.Regime,
		ValidFrom: r.ValidFrom, ValidUntil: r.ValidUntil,
	}
	if r.Allowed {
		v.Categories = e.reg.CategoryNames(r.Categories)
	}
	for _, i := range r.Deciding {
		v.Deciding = append(v.Deciding, e.log.idOf(i))
	}
	slices.SortFunc(v.Deciding, func(a, b schema.EventID) int { return bytes.Compare(a[:], b[:]) })
	v.Deciding = slices.Compact(v.Deciding)
	if latest, ok := e.latest(r.Deciding); ok {
		v.State = e.log.facts[latest].state
	}
	return v
}

// latest is the fact that ends latest, the one with the smallest id among
// equals.
func (e *Engine) latest(deciding []uint32) (latest uint32, ok bool) {
	for _, i := range deciding {
		if i >= decidedByPreference {
			continue
		}
		if !ok || e.compareFacts(i, latest) > 0 {
			latest, ok = i, true
		}
	}
	return latest, ok
}

func (e *Engine) compareFacts(a, b uint32) int {
	x, y := &e.log.facts[a], &e.log.facts[b]
	return cmp.Or(cmp.Compare(x.hi, y.hi), cmp.Compare(x.lo, y.lo), bytes.Compare(e.log.ids[b][:], e.log.ids[a][:]))
}

// Evidence is what a decided row shows of the event behind it: the notice
// version and the evidence reference of the latest deciding event, "" where
// none decided or its source gave none.
func (e *Engine) Evidence(r *Result) (noticeVersion, evidence string) {
	i, ok := e.latest(r.Deciding)
	if !ok {
		return "", ""
	}
	return e.log.noticeOf(i), e.log.evidenceOf(i)
}

// EventID is the id of what a [Result] names as deciding.
func (l *Log) EventID(deciding uint32) schema.EventID { return l.idOf(deciding) }

// Decided is the state of a result's latest event, and its events in the order
// of their ids, each once, appended to ids: [Engine.Verdict] for callers with
// millions of results.
func (e *Engine) Decided(r *Result, ids []schema.EventID) (schema.State, []schema.EventID) {
	from := len(ids)
	for _, i := range r.Deciding {
		ids = append(ids, e.log.idOf(i))
	}
	if len(ids)-from > 1 {
		slices.SortFunc(ids[from:], func(a, b schema.EventID) int { return bytes.Compare(a[:], b[:]) })
		ids = ids[:from+len(slices.Compact(ids[from:]))]
	}
	state := schema.Unknown
	if latest, ok := e.latest(r.Deciding); ok {
		state = e.log.facts[latest].state
	}
	return state, ids
}
