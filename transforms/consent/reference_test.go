package consent

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"slices"
	"strings"

	schema "concord/schemas/consent"
)

// The reference: the rules of schemas/docs/consent.md read aloud, one
// function each, over plain events. It is slow, keeps nothing between calls,
// and shares no code with the engine: it reads the policy's rows itself.

// profile is a cluster of the reference.
type profile struct {
	anchors       []schema.Anchor
	jurisdictions []string // ISO codes; "" for a record that has none
	minority      schema.Minority
}

// world is all that a decision depends on.
type world struct {
	policy       *schema.Policy
	events       []schema.Event
	suppressions []schema.Suppression
	preferences  []schema.Preference
	topic        string   // that is asked for
	category     string   // that alone is asked about, or ""
	of           datum    // that is being decided about
	shows        []string // kinds of data that the use is of, nil for any
	profiles     []profile
	asOf         int64
	noFeed       bool
}

// variant is a way to get the rules wrong. The zero variant is right.
type variant struct {
	liftByAnyAnchor, firstDenialOnly, laxestJurisdiction, tieGoesToGrant,
	deviceOptOutStays, grantFlowsDown, latestWins, ingestionTime,
	expiryTravels, nullExpiryIsExpired, conflictIgnored, denialFlowsUp,
	denialCrossesChannels, grantCrossesChannels, grantCrossesBrands, brandScopeIgnored,
	refreshIgnored, confirmationIgnored, noticeIgnored, minorIgnored, guardianIgnored,
	sharedIgnored, supersedesIgnored, supersedesLiftsAll, suppressionLifted, denialExpires,
	liftOutlivesGrant, ownJurisdictionIgnored, basisNeedsNoPolicy, denialSparesBasis,
	unsubscribeTravels, defaultDespiteEvents, restrictionStays,
	topicIgnored, choosingPermits, frequencyIgnored, accountWishIgnored,
	consentIsForAllData, dataDenialIgnored, dataDenialDeniesAll, widerDataSpared bool
}

// about answers for a profile, about one datum, and takes the meet with every
// other profile that holds the anchor.
func (v variant) about(w *world, p int, c schema.Cell, basis schema.Basis) schema.Verdict {
	own := v.within(w, &w.profiles[p], c, basis)
	if !own.Allowed || v.sharedIgnored {
		return own
	}
	var blockers []*schema.Event
	var limits []schema.EventID
	meet := own
	denied := false
	for i := range w.profiles {
		if i == p || !slices.Contains(w.profiles[i].anchors, c.Anchor) {
			continue
		}
		other := v.within(w, &w.profiles[i], c, basis)
		meet.ValidFrom = max(meet.ValidFrom, other.ValidFrom)
		meet.ValidUntil = min(meet.ValidUntil, other.ValidUntil)
		if !other.Allowed {
			denied = true
			blockers, limits = append(blockers, w.byID(other.Deciding)...), append(limits, w.limitsOf(other.Deciding)...)
		}
	}
	if denied {
		return finish(w, schema.Verdict{
			Basis: basis, Regime: own.Regime, ValidFrom: schema.NoTime, ValidUntil: schema.Forever,
			Reasons: []schema.Reason{schema.SharedContactPoint},
		}, blockers, limits...)
	}
	return meet
}

// within answers for one profile.
func (v variant) within(w *world, p *profile, c schema.Cell, basis schema.Basis) schema.Verdict {
	log := w.log()
	verdict := schema.Verdict{
		Basis: basis, Regime: v.regime(w, p, c, ""),
		ValidFrom: schema.NoTime, ValidUntil: schema.Forever,
	}
	var against []schema.Reason
	var limits []schema.EventID
	var blockers, permitters []*schema.Event
	if !c.Channel.Reaches(c.Anchor.Kind) {
		verdict.Reasons = []schema.Reason{schema.ChannelCannotReach}
		return finish(w, verdict, nil)
	}

	// Rule 3.
	for i := range w.suppressions {
		s := &w.suppressions[i]
		personal := s.Scope != schema.AnchorScope || s.Kind == schema.Restricted || s.Kind == schema.Erased
		if v.restrictionStays {
			personal = s.Scope != schema.AnchorScope
		}
		if s.Anchor != c.Anchor && (!personal || !slices.Contains(p.anchors, s.Anchor)) {
			continue
		}
		if s.Controller != "" && s.Controller != c.Controller {
			continue
		}
		if v.suppressionLifted && len(v.standing(w, p, log, c)) > 0 {
			continue
		}
		if s.From > w.asOf {
			verdict.ValidUntil = min(verdict.ValidUntil, s.From)
			continue
		}
		limits = append(limits, s.ID())
		against = append(against, map[schema.SuppressionKind]schema.Reason{
			schema.Suppressed: schema.SuppressedAnchor, schema.Restricted: schema.RestrictedProcessing,
			schema.Erased: schema.ErasureAccepted, schema.Held: schema.HeldForRepair,
		}[s.Kind])
	}

	unwanted, by := v.wishedAway(w, p, c, &verdict)
	against, limits = append(against, unwanted...), append(limits, by...)

	// Rule 1.
	reasons, events, forIt := v.base(w, p, log, c, basis, &verdict)
	if forIt {
		verdict.Reasons = reasons
		permitters = append(permitters, events...)
	} else {
		against = append(against, reasons...)
		blockers = append(blockers, events...)
	}

	// Rules 2 and 4.
	for _, d := range v.travelling(w, p, log, c) {
		if d.Time.Lo > w.asOf {
			verdict.ValidUntil = min(verdict.ValidUntil, d.Time.Lo)
			continue
		}
		g, from, until := v.lifted(w, p, log, c, d)
		if g == nil {
			against = append(against, v.why(w, p, c, d))
			blockers = append(blockers, d)
			continue
		}
		permitters = append(permitters, g)
		verdict.ValidFrom, verdict.ValidUntil = max(verdict.ValidFrom, from), min(verdict.ValidUntil, until)
	}

	if v.latestWins {
		return v.byLatest(w, p, log, c, verdict)
	}
	if v.choosingPermits && slices.ContainsFunc(w.preferences, func(x schema.Preference) bool { return x.Anchor == c.Anchor && x.Chosen && x.Time.Lo <= w.asOf }) {
		against = slices.DeleteFunc(against, func(r schema.Reason) bool { return r == schema.NoGrant })
	}
	if len(against) > 0 {
		verdict.Reasons, verdict.ValidFrom, verdict.ValidUntil = against, schema.NoTime, schema.Forever
		return finish(w, verdict, blockers, limits...)
	}
	verdict.Allowed = true
	return finish(w, verdict, permitters)
}

// base is rule 1 and the rule on legal bases. forIt tells which way the
// reasons and events point.
func (v variant) base(w *world, p *profile, log []*schema.Event, c schema.Cell, basis schema.Basis, verdict *schema.Verdict) (reasons []schema.Reason, events []*schema.Event, forIt bool) {
	denials, coming := v.ownDenials(w, p, log, c)
	verdict.ValidUntil = min(verdict.ValidUntil, coming)
	minor := p.minority >= schema.Minor && !v.minorIgnored
	switch {
	case verdict.Regime == schema.Forbidden:
		return []schema.Reason{schema.ForbiddenByPolicy}, nil, false
	case basis == schema.BasisConsent && w.noFeed:
		return []schema.Reason{schema.NoConsentFeed}, nil, false
	case basis != schema.BasisConsent && !v.basisNeedsNoPolicy && !v.accepts(w, p, c, basis):
		return []schema.Reason{schema.BasisNotAccepted}, nil, false
	}
	standing := v.standing(w, p, log, c)
	if basis == schema.BasisConsent && verdict.Regime == schema.OptOut && len(denials) == 0 &&
		(len(aboutExactly(log, c, w.asOf)) == 0 || v.defaultDespiteEvents) && len(standing) == 0 {
		verdict.ValidUntil = min(verdict.ValidUntil, comingAbout(log, c, w.asOf))
		return []schema.Reason{schema.DefaultOptOut}, nil, true
	}
	needsGrant := basis == schema.BasisConsent || (basis == schema.BasisLegitimateInterests && minor)
	if !needsGrant && (len(denials) == 0 || v.denialSparesBasis) {
		return []schema.Reason{schema.LegalBasis}, nil, true
	}
	if len(standing) > 0 {
		g, from, until := v.lasting(w, p, standing)
		verdict.ValidFrom, verdict.ValidUntil = max(verdict.ValidFrom, from), min(verdict.ValidUntil, until)
		why := schema.Granted
		switch {
		case basis != schema.BasisConsent:
			why = schema.LegalBasis
		case g.Basis != schema.BasisConsent:
			why = schema.SoftGranted
		}
		return []schema.Reason{why}, []*schema.Event{g}, true
	}
	reasons, events = v.whyNot(w, p, log, c, denials)
	if len(reasons) == 0 {
		reasons = append(reasons, schema.NoGrant)
		if minor && v.lawRegime(w, p, c, "") < schema.OptIn {
			reasons = append(reasons, schema.MinorNeedsGrant)
		}
	}
	return reasons, events, false
}

// whyNot lists the denials on the own anchor that no good grant follows, and
// the grants that would stand there were they good.
func (v variant) whyNot(w *world, p *profile, log []*schema.Event, c schema.Cell, denials []*schema.Event) (reasons []schema.Reason, events []*schema.Event) {
	for _, d := range denials {
		followed, overlapped := false, false
		for _, g := range v.good(w, p, log, c) {
			followed = followed || g.Time.Lo > d.Time.Hi
			overlapped = overlapped || g.Time.Lo <= d.Time.Hi && d.Time.Lo <= g.Time.Hi
		}
		if followed {
			continue
		}
		if overlapped {
			reasons = append(reasons, schema.TimesOverlap)
		}
		events = append(events, d)
		reasons = append(reasons, map[schema.State]schema.Reason{
			schema.Refused: schema.DeniedRefused, schema.Withdrawn: schema.DeniedWithdrawn, schema.Objected: schema.DeniedObjected,
			schema.Expired: schema.DeniedExpired, schema.Terminated: schema.DeniedTerminated, schema.Invalidated: schema.DeniedInvalidated,
		}[d.State])
	}
	for _, g := range v.grantsOn(log, c, w.asOf) {
		if faults := v.faults(w, p, c, g); len(faults) > 0 && laterThanAll(g, denials) {
			events = append(events, g)
			reasons = append(reasons, faults...)
		}
	}
	return reasons, events
}

func laterThanAll(g *schema.Event, denials []*schema.Event) bool {
	for _, d := range denials {
		if g.Time.Lo <= d.Time.Hi {
			return false
		}
	}
	return true
}

// standing is the good grants on exactly the cell that are later than every
// denial on its anchor.
func (v variant) standing(w *world, p *profile, log []*schema.Event, c schema.Cell) (standing []*schema.Event) {
	denials, _ := v.ownDenials(w, p, log, c)
	if v.firstDenialOnly && len(denials) > 1 {
		slices.SortFunc(denials, byTime)
		denials = denials[:1]
	}
	for _, g := range v.good(w, p, log, c) {
		after := laterThanAll(g, denials)
		if v.tieGoesToGrant {
			after = !slices.ContainsFunc(denials, func(d *schema.Event) bool { return g.Time.Hi < d.Time.Hi })
		}
		if v.ingestionTime {
			after = !slices.ContainsFunc(denials, func(d *schema.Event) bool { return g.Received <= d.Received })
		}
		if v.denialExpires {
			after = laterThanAll(g, slices.DeleteFunc(slices.Clone(denials), func(d *schema.Event) bool { return d.ValidUntil <= w.asOf }))
		}
		if after {
			standing = append(standing, g)
		}
	}
	return standing
}

func byTime(a, b *schema.Event) int { return cmp.Compare(a.Time.Lo, b.Time.Lo) }

// good is the grants on exactly the cell that have no fault.
func (v variant) good(w *world, p *profile, log []*schema.Event, c schema.Cell) (good []*schema.Event) {
	for _, g := range v.grantsOn(log, c, w.asOf) {
		if len(v.faults(w, p, c, g)) == 0 {
			good = append(good, g)
		}
	}
	return good
}

// grantsOn is the grants that have happened and speak for the cell: those on
// exactly it.
func (v variant) grantsOn(log []*schema.Event, c schema.Cell, asOf int64) (grants []*schema.Event) {
	for _, e := range log {
		if (e.State != schema.Given && e.State != schema.Renewed) || e.Time.Lo > asOf || e.Anchor != c.Anchor || e.Controller != c.Controller {
			continue
		}
		purpose := e.Purpose == c.Purpose || v.grantFlowsDown && covers(e.Purpose, c.Purpose)
		channel := e.Channel == c.Channel || v.grantCrossesChannels
		brand := e.Brand == c.Brand || v.grantCrossesBrands
		if purpose && channel && brand {
			grants = append(grants, e)
		}
	}
	return grants
}

// faults is what keeps a grant from counting.
func (v variant) faults(w *world, p *profile, c schema.Cell, g *schema.Event) (faults []schema.Reason) {
	regime := v.regime(w, p, c, g.Jurisdiction)
	soft := g.Basis != schema.BasisConsent
	switch {
	case regime == schema.Forbidden:
		faults = append(faults, schema.ForbiddenByPolicy)
	case soft && regime >= schema.OptIn:
		faults = append(faults, schema.GrantNotConsent)
	case regime == schema.DoubleOptIn && !v.confirmationIgnored && (g.ConfirmedAt == schema.NoTime || g.ConfirmedAt > w.asOf):
		faults = append(faults, schema.GrantNotConfirmed)
	}
	if p.minority == schema.Child && g.ExpressedBy != schema.Guardian && !v.guardianIgnored && !v.minorIgnored {
		faults = append(faults, schema.GrantNotByGuardian)
	}
	if !v.noticeIgnored && len(g.Notice.Covers) > 0 && !slices.Contains(g.Notice.Covers, g.Purpose) &&
		!slices.Contains(g.Notice.Covers, g.Purpose+":"+g.Channel.String()) {
		faults = append(faults, schema.NoticeDoesNotCover)
	}
	if g.ValidUntil <= w.asOf || v.nullExpiryIsExpired && g.ValidUntil == schema.Forever {
		faults = append(faults, schema.GrantExpired)
	}
	if !v.consentFor(w, g) {
		faults = append(faults, schema.DataNotCovered)
	}
	if limit := v.refreshLimit(w, p, c, g); limit <= w.asOf && !v.refreshIgnored {
		faults = append(faults, schema.GrantRefreshDue)
	}
	return faults
}

// lasting is the grant that ends last, the earliest start and the latest end
// of several.
func (v variant) lasting(w *world, p *profile, grants []*schema.Event) (best *schema.Event, from, until int64) {
	from, until = schema.Forever, schema.NoTime
	var bestEnd int64
	for _, g := range grants {
		on := g.Cell
		start := g.Time.Lo
		if v.regime(w, p, on, g.Jurisdiction) == schema.DoubleOptIn && g.Basis == schema.BasisConsent {
			start = max(start, g.ConfirmedAt)
		}
		end := min(g.ValidUntil, v.refreshLimit(w, p, on, g))
		from, until = min(from, start), max(until, end)
		if best == nil || end > bestEnd || end == bestEnd && before(g.ID(), best.ID()) {
			best, bestEnd = g, end
		}
	}
	return best, from, until
}

func before(a, b schema.EventID) bool { return bytes.Compare(a[:], b[:]) < 0 }

func (v variant) refreshLimit(w *world, p *profile, c schema.Cell, g *schema.Event) int64 {
	limit := schema.Forever
	for _, row := range v.rows(w, p, c, g.Jurisdiction) {
		for _, days := range []int{row.RefreshDays, row.SoftRefreshDays} {
			if days > 0 && (days == row.RefreshDays || g.Basis != schema.BasisConsent) {
				limit = min(limit, g.Time.Lo+int64(days)*86400*1e6)
			}
		}
	}
	return limit
}

// byLatest is the wrong variant that peers ship: the last word of the merged
// profile on a purpose and channel.
func (v variant) byLatest(w *world, p *profile, log []*schema.Event, c schema.Cell, verdict schema.Verdict) schema.Verdict {
	var last *schema.Event
	for _, e := range log {
		if slices.Contains(p.anchors, e.Anchor) && e.Controller == c.Controller && e.Brand == c.Brand && e.Purpose == c.Purpose &&
			e.Channel == c.Channel && e.Time.Lo <= w.asOf && (last == nil || e.Time.Lo > last.Time.Lo) {
			last = e
		}
	}
	verdict.Allowed = last != nil && last.State.Permits()
	return finish(w, verdict, nil)
}

// finish puts a verdict into its canonical form.
func finish(w *world, v schema.Verdict, deciding []*schema.Event, limits ...schema.EventID) schema.Verdict {
	slices.SortFunc(v.Reasons, func(a, b schema.Reason) int { return strings.Compare(a.String(), b.String()) })
	v.Reasons = slices.Compact(v.Reasons)
	var latest *schema.Event
	v.Deciding, v.State = slices.Clone(limits), schema.Unknown
	for _, e := range deciding {
		v.Deciding = append(v.Deciding, e.ID())
		switch {
		case latest == nil, e.Time.Hi > latest.Time.Hi, e.Time.Hi == latest.Time.Hi && e.Time.Lo > latest.Time.Lo,
			e.Time == latest.Time && before(e.ID(), latest.ID()):
			latest = e
		}
	}
	if latest != nil {
		v.State = latest.State
	}
	slices.SortFunc(v.Deciding, func(a, b schema.EventID) int { return bytes.Compare(a[:], b[:]) })
	v.Deciding = slices.Compact(v.Deciding)
	return v
}

// testAnchor stands in for a hashed contact point: the hash of its name.
func testAnchor(kind schema.Kind, name string) schema.Anchor {
	return schema.Anchor{Kind: kind, Hash: sha256.Sum256([]byte(name))}
}
