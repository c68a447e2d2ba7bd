package consent

import (
	schema "concord/schemas/consent"
)

// cell is a [schema.Cell] in codes.
type cell struct {
	anchor            AnchorID
	controller, brand uint16
	purpose           schema.PurposeCode
	channel           schema.Channel
	data              data
}

// stand is what a cell's own anchor says about it.
type stand struct {
	// ok tells whether a grant on exactly the cell stands: live, good enough
	// for the regime, and certainly later than every denial on the anchor.
	ok          bool
	from, until int64  // while it stands: the earliest start, the latest end
	best        uint32 // the standing grant that ends last
	names       bool   // some standing grant supersedes something

	latestGrant  int64 // lo of the latest qualified grant, or NoTime
	latestDenial int64 // hi of the latest denial, or NoTime
	denied       bool
	spoken       bool  // some event is about exactly this cell
	nextDenial   int64 // lo of the first denial that is still to come, or Forever
	nextSpoken   int64 // the same for any event about exactly this cell
}

// exactly tells whether an event is about exactly this cell.
func (f *fact) exactly(c *cell) bool {
	return f.controller == c.controller && f.brand == c.brand && f.purpose == c.purpose && f.channel == c.channel
}

// covers tells whether a denial speaks for a cell, wherever it was said: same
// controller, same or ancestor purpose, same channel or all. The brand is
// another matter.
func (e *Engine) covers(f *fact, c *cell) bool {
	return f.controller == c.controller && e.reg.Covers(f.purpose, c.purpose) && f.channel.Covers(c.channel)
}

// sameBrand tells whether a denial of that scope speaks for the cell's brand:
// it is its own, or it was said to the controller as a whole.
func (f *fact) sameBrand(c *cell, scope schema.Scope) bool {
	return f.brand == c.brand || f.brand == 0 || scope == schema.ControllerScope
}

// denies tells whether an event is a denial that covers a cell of its anchor.
func (e *Engine) denies(s *scene, f *fact, c *cell, rule *schema.Rule) bool {
	return f.state.Denies() && e.covers(f, c) && e.log.touches(f, c.data) && (f.sameBrand(c, schema.AnchorScope) || f.sameBrand(c, e.scope(s, f, c, rule)))
}

// scope is how far a denial reaches for a cell under a rule: as it says, or
// as the revocation scope of the cell's purpose widens it.
func (e *Engine) scope(s *scene, f *fact, c *cell, rule *schema.Rule) schema.Scope {
	scope := max(f.scope, rule.Revocation)
	if f.jurisdiction != noJurisdiction && s.set>>f.jurisdiction&1 == 0 {
		scope = max(scope, e.policy.Strictest(1<<f.jurisdiction, c.purpose, c.channel).Revocation)
	}
	return scope
}

// standing reads a cell's own anchor. It never looks at the cluster but for
// its jurisdictions and minority.
func (e *Engine) standing(s *scene, c *cell, rule *schema.Rule) stand {
	st := stand{
		from: schema.Forever, until: schema.NoTime,
		latestGrant: schema.NoTime, latestDenial: schema.NoTime,
		nextDenial: schema.Forever, nextSpoken: schema.Forever,
	}
	lo, hi := e.log.of(c.anchor)
	for i := lo; i < hi; i++ {
		f := &e.log.facts[i]
		exact := f.exactly(c)
		denies := e.denies(s, f, c, rule)
		switch {
		case f.lo > e.asOf && denies:
			st.nextDenial = min(st.nextDenial, f.lo)
		case f.lo > e.asOf && exact:
			st.nextSpoken = min(st.nextSpoken, f.lo)
		case denies:
			st.denied = true
			st.latestDenial = max(st.latestDenial, f.hi)
		case exact:
			st.spoken = true
		}
	}
	if st.spoken {
		e.grants(s, c, rule, lo, hi, &st)
	}
	return st
}

// grants finds the standing grants among facts lo to hi of the cell's anchor.
func (e *Engine) grants(s *scene, c *cell, rule *schema.Rule, lo, hi uint32, st *stand) {
	for i := lo; i < hi; i++ {
		f := &e.log.facts[i]
		if !f.state.Permits() || f.lo > e.asOf || !f.exactly(c) {
			continue
		}
		from, end, fails := e.qualify(s, f, c, rule)
		if fails != 0 {
			continue
		}
		st.latestGrant = max(st.latestGrant, f.lo)
		if f.lo <= st.latestDenial {
			continue
		}
		// Facts of an anchor are in the order of their ids: the first of
		// several that end together is the one with the smallest id.
		if !st.ok || end > st.until {
			st.best = i
		}
		st.ok = true
		st.from, st.until = min(st.from, from), max(st.until, end)
		st.names = st.names || f.namesTo > f.namesFrom
	}
}

// qualify tells whether a grant that has happened is live and good enough,
// from when until when, or else why not. The event's own jurisdiction binds
// it in addition to the cluster's.
func (e *Engine) qualify(s *scene, f *fact, c *cell, rule *schema.Rule) (from, end int64, fails schema.ReasonSet) {
	if f.jurisdiction != noJurisdiction && s.set>>f.jurisdiction&1 == 0 {
		own := rule.Stricter(e.policy.Strictest(1<<f.jurisdiction, c.purpose, c.channel))
		rule = &own
	}
	regime := regimeFor(rule.Regime, s.minority)
	soft := f.basis != schema.BasisConsent
	from, refresh := f.lo, rule.Refresh
	if soft {
		refresh = min(refresh, rule.SoftRefresh)
	}
	switch {
	case regime == schema.Forbidden:
		fails.Add(schema.ForbiddenByPolicy)
	case soft && regime >= schema.OptIn:
		fails.Add(schema.GrantNotConsent)
	case regime == schema.DoubleOptIn && (f.confirmed == schema.NoTime || f.confirmed > e.asOf):
		fails.Add(schema.GrantNotConfirmed)
	case regime == schema.DoubleOptIn:
		from = max(from, f.confirmed)
	}
	if s.minority == schema.Child && f.party != schema.Guardian {
		fails.Add(schema.GrantNotByGuardian)
	}
	if f.noticeMisses {
		fails.Add(schema.NoticeDoesNotCover)
	}
	if !e.log.isFor(f, c.data) {
		fails.Add(schema.DataNotCovered)
	}
	if f.until <= e.asOf {
		fails.Add(schema.GrantExpired)
	}
	if until(f.lo, refresh) <= e.asOf {
		fails.Add(schema.GrantRefreshDue)
	}
	return from, min(f.until, until(f.lo, refresh)), fails
}

// regimeFor is the regime with a minor in the cluster: at least opt-in.
func regimeFor(r schema.Regime, m schema.Minority) schema.Regime {
	if m >= schema.Minor {
		return max(r, schema.OptIn)
	}
	return r
}
