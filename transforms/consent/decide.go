package consent

import (
	schema "concord/schemas/consent"
)

// decide answers a request for an anchor within one cluster, about some data.
func (d *Decider) decide(s *scene, a AnchorID, r int, of data, out *Result) {
	e, q := d.e, &d.e.questions[r]
	rule := &s.rules[r]
	c := cell{a, q.controller, q.brand, q.purpose, q.channel, of}
	*out = Result{
		Basis: q.basis, Regime: regimeFor(rule.Regime, s.minority),
		ValidFrom: schema.NoTime, ValidUntil: schema.Forever, Deciding: out.Deciding[:0],
	}
	d.grants = d.grants[:0]
	var allow, deny schema.ReasonSet
	if q.channel.Reaches(a.Kind()) {
		st := e.standing(s, &c, rule)
		allow, deny = d.base(s, &c, &st, q, rule, out)
		deny |= d.barred(s, a, q, out) | d.narrowed(s, a, q, out) | d.travelled(s, &c, &st, q, rule, out)
	} else {
		deny.Add(schema.ChannelCannotReach)
	}
	if deny != 0 {
		out.Reasons, out.ValidFrom, out.ValidUntil = deny, schema.NoTime, schema.Forever
		return
	}
	out.Allowed, out.Reasons = true, allow
	out.Deciding = append(out.Deciding, d.grants...)
}

// base is rule 1: the cell's own anchor. It returns the reasons for allowing
// or those for denying, never both.
func (d *Decider) base(s *scene, c *cell, st *stand, q *question, rule *schema.Rule, out *Result) (allow, deny schema.ReasonSet) {
	out.ValidUntil = min(out.ValidUntil, st.nextDenial)
	needsGrant := true
	switch {
	case out.Regime == schema.Forbidden:
		deny.Add(schema.ForbiddenByPolicy)
		return 0, deny
	case q.basis == schema.BasisConsent && d.e.noFeed:
		deny.Add(schema.NoConsentFeed)
		return 0, deny
	case q.basis != schema.BasisConsent && !rule.Allows(q.basis):
		deny.Add(schema.BasisNotAccepted)
		return 0, deny
	case q.basis == schema.BasisConsent:
		if out.Regime == schema.OptOut && !st.spoken && !st.denied {
			out.ValidUntil = min(out.ValidUntil, st.nextSpoken)
			allow.Add(schema.DefaultOptOut)
			return allow, 0
		}
	default:
		// A minor forces opt-in where the basis weighs interests.
		needsGrant = q.basis == schema.BasisLegitimateInterests && s.minority >= schema.Minor
	}
	switch {
	case st.ok && (needsGrant || st.denied):
		d.stand(st, out)
		fallthrough
	case !needsGrant && !st.denied:
		allow.Add(d.ground(q, st))
		return allow, 0
	}
	return 0, d.refusal(s, c, st, rule, out)
}

// stand bounds the result by a standing grant.
func (d *Decider) stand(st *stand, out *Result) {
	out.ValidFrom = max(out.ValidFrom, st.from)
	out.ValidUntil = min(out.ValidUntil, st.until)
	d.grants = append(d.grants, st.best)
}

func (d *Decider) ground(q *question, st *stand) schema.Reason {
	switch {
	case q.basis != schema.BasisConsent:
		return schema.LegalBasis
	case d.e.log.facts[st.best].basis != schema.BasisConsent:
		return schema.SoftGranted
	}
	return schema.Granted
}

// refusal collects every reason why the anchor itself does not permit, and
// the events that made it so.
func (d *Decider) refusal(s *scene, c *cell, st *stand, rule *schema.Rule, out *Result) (deny schema.ReasonSet) {
	e := d.e
	lo, hi := e.log.of(c.anchor)
	for i := lo; i < hi; i++ {
		f := &e.log.facts[i]
		if f.lo > e.asOf {
			continue
		}
		if f.state.Permits() && f.exactly(c) && f.lo > st.latestDenial {
			if _, _, fails := e.qualify(s, f, c, rule); fails != 0 {
				deny |= fails
				out.Deciding = append(out.Deciding, i)
			}
			continue
		}
		if f.hi >= st.latestGrant && e.denies(s, f, c, rule) {
			deny.Add(deniedBy(f.state))
			out.Deciding = append(out.Deciding, i)
			if e.overlaps(s, f, c, rule, lo, hi) {
				deny.Add(schema.TimesOverlap)
			}
		}
	}
	if deny == 0 {
		deny.Add(schema.NoGrant)
		if s.minority >= schema.Minor && rule.Regime < schema.OptIn {
			deny.Add(schema.MinorNeedsGrant)
		}
	}
	return deny
}

// overlaps tells whether a qualified grant on the cell may have happened at
// the same time as the denial.
func (e *Engine) overlaps(s *scene, denial *fact, c *cell, rule *schema.Rule, lo, hi uint32) bool {
	for i := lo; i < hi; i++ {
		f := &e.log.facts[i]
		if f.state.Permits() && f.lo <= e.asOf && f.exactly(c) && denial.lo <= f.hi && denial.hi >= f.lo {
			if _, _, fails := e.qualify(s, f, c, rule); fails == 0 {
				return true
			}
		}
	}
	return false
}

func deniedBy(s schema.State) schema.Reason {
	switch s {
	case schema.Refused:
		return schema.DeniedRefused
	case schema.Withdrawn:
		return schema.DeniedWithdrawn
	case schema.Objected:
		return schema.DeniedObjected
	case schema.Expired:
		return schema.DeniedExpired
	case schema.Terminated:
		return schema.DeniedTerminated
	default:
		return schema.DeniedInvalidated
	}
}

// travelled is rules 2 and 4: denials on the cluster's other anchors.
func (d *Decider) travelled(s *scene, c *cell, st *stand, q *question, rule *schema.Rule, out *Result) (deny schema.ReasonSet) {
	e := d.e
	for i := range s.denials {
		dn := &s.denials[i]
		f := &e.log.facts[dn.fact]
		if dn.anchor == c.anchor || !e.covers(f, c) || !e.log.touches(f, c.data) {
			continue
		}
		scope := e.scope(s, f, c, rule)
		if (scope == schema.AnchorScope && !q.aboutPerson) || !f.sameBrand(c, scope) {
			continue
		}
		switch {
		case f.lo > e.asOf:
			out.ValidUntil = min(out.ValidUntil, f.lo)
		case d.lifted(s, c, st, dn, rule, out):
		default:
			deny.Add(travels(scope))
			out.Deciding = append(out.Deciding, dn.fact)
		}
	}
	return deny
}

func travels(s schema.Scope) schema.Reason {
	switch s {
	case schema.ControllerScope:
		return schema.DeniedForController
	case schema.PersonScope:
		return schema.DeniedForPerson
	default:
		return schema.DeniedAboutPerson
	}
}

// lifted tells whether a fact in the log lifts a denial for a cell on another
// anchor: a grant that stands on exactly the denied cell, or one that stands
// on the asked cell and names the denial. If so it bounds the result by the
// one that ends last.
func (d *Decider) lifted(s *scene, c *cell, st *stand, dn *denial, rule *schema.Rule, out *Result) bool {
	by := dn.lift
	if c.data != anyData {
		by = d.lift(s, dn.anchor, &d.e.log.facts[dn.fact], c.data)
	}
	if st.names {
		if named := d.e.naming(s, c, st, dn.fact, rule); named.ok && (!by.ok || named.until > by.until) {
			by = named
		}
	}
	if by.ok {
		d.stand(&by, out)
	}
	return by.ok
}

// naming is the standing grants on the cell that supersede a denial.
func (e *Engine) naming(s *scene, c *cell, st *stand, denied uint32, rule *schema.Rule) (by stand) {
	lo, hi := e.log.of(c.anchor)
	for i := lo; i < hi; i++ {
		f := &e.log.facts[i]
		if !f.state.Permits() || f.lo > e.asOf || f.lo <= st.latestDenial || !f.exactly(c) || !e.log.names(f, denied) {
			continue
		}
		from, end, fails := e.qualify(s, f, c, rule)
		if fails != 0 {
			continue
		}
		if !by.ok {
			by.from, by.until = schema.Forever, schema.NoTime
		}
		if !by.ok || end > by.until {
			by.best = i
		}
		by.ok = true
		by.from, by.until = min(by.from, from), max(by.until, end)
	}
	return by
}

// barred is rule 3: suppression, restriction, erasure and rows held for
// repair.
func (d *Decider) barred(s *scene, a AnchorID, q *question, out *Result) (deny schema.ReasonSet) {
	for i, hi := d.e.log.barsOf(a); i < hi; i++ {
		deny |= d.bar(i, q, out)
	}
	for _, i := range s.bars {
		deny |= d.bar(i, q, out)
	}
	return deny
}

func (d *Decider) bar(i uint32, q *question, out *Result) (deny schema.ReasonSet) {
	b := &d.e.log.bars[i]
	switch {
	case b.pref != 0: // of narrowed
	case b.controller != 0 && b.controller != q.controller:
	case b.from > d.e.asOf:
		out.ValidUntil = min(out.ValidUntil, b.from)
	default:
		deny.Add(barReasons[b.kind])
		out.Deciding = append(out.Deciding, decidedByBar|i)
	}
	return deny
}

var barReasons = [...]schema.Reason{
	schema.Suppressed: schema.SuppressedAnchor,
	schema.Restricted: schema.RestrictedProcessing,
	schema.Erased:     schema.ErasureAccepted,
	schema.Held:       schema.HeldForRepair,
}
