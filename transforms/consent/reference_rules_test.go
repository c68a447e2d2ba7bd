package consent

import (
	"slices"
	"strings"

	schema "concord/schemas/consent"
)

// ownDenials is the denials on the cell's own anchor that cover it, and the
// first instant of one that is still to come.
func (v variant) ownDenials(w *world, p *profile, log []*schema.Event, c schema.Cell) (denials []*schema.Event, coming int64) {
	coming = schema.Forever
	for _, d := range log {
		if d.Anchor != c.Anchor || !denies(d.State) || !v.speaksFor(w, p, c, d) {
			continue
		}
		if d.Time.Lo > w.asOf {
			coming = min(coming, d.Time.Lo)
			continue
		}
		denials = append(denials, d)
	}
	return denials, coming
}

func denies(s schema.State) bool {
	return slices.Contains([]schema.State{
		schema.Refused, schema.Withdrawn, schema.Objected, schema.Expired, schema.Terminated, schema.Invalidated,
	}, s)
}

// speaksFor tells whether a denial covers a cell, wherever it was said.
func (v variant) speaksFor(w *world, p *profile, c schema.Cell, d *schema.Event) bool {
	purpose := covers(d.Purpose, c.Purpose) || v.denialFlowsUp && covers(c.Purpose, d.Purpose)
	channel := d.Channel == c.Channel || d.Channel == schema.AnyChannel || c.Channel == schema.AnyChannel || v.denialCrossesChannels
	brand := d.Brand == c.Brand || d.Brand == "" || v.reach(w, p, c, d) == schema.ControllerScope && !v.brandScopeIgnored
	return d.Controller == c.Controller && purpose && channel && brand && v.deniedOf(w, d)
}

func covers(purpose, asked string) bool {
	return purpose == asked || strings.HasPrefix(asked, purpose+".")
}

// reach is how far a denial goes for a cell: as it says, or as the purpose's
// revocation scope in any jurisdiction concerned widens it.
func (v variant) reach(w *world, p *profile, c schema.Cell, d *schema.Event) schema.Scope {
	reach := d.Scope
	for _, row := range v.rows(w, p, c, d.Jurisdiction) {
		s, err := schema.ParseScope(row.RevocationScope)
		if err != nil {
			panic(err)
		}
		reach = max(reach, s)
	}
	return reach
}

// travelling is the denials on the profile's other anchors that reach the
// cell, including those still to come.
func (v variant) travelling(w *world, p *profile, log []*schema.Event, c schema.Cell) (denials []*schema.Event) {
	if v.conflictIgnored {
		return nil
	}
	for _, d := range log {
		if d.Anchor == c.Anchor || !slices.Contains(p.anchors, d.Anchor) || !denies(d.State) || !v.speaksFor(w, p, c, d) {
			continue
		}
		if d.State == schema.Expired && !v.expiryTravels {
			continue
		}
		if v.deviceOptOutStays && d.Anchor.Kind == schema.Device {
			continue
		}
		if v.reach(w, p, c, d) != schema.AnchorScope || aboutPerson(w, c.Purpose) || v.unsubscribeTravels {
			denials = append(denials, d)
		}
	}
	if v.firstDenialOnly && len(denials) > 1 {
		slices.SortFunc(denials, byTime)
		denials = denials[:1]
	}
	return denials
}

func aboutPerson(w *world, purpose string) bool {
	code, _ := w.policy.Registry().Code(purpose)
	return w.policy.Registry().Purpose(code).About == schema.AboutPerson
}

// lifted is rule 4: the grant that lifts a denial on another anchor, and from
// when until when it is lifted. There are two ways: a grant that stands on
// exactly the denied cell, and one that stands on the asked cell and names
// the denial. Of the two the one that lasts longer counts.
func (v variant) lifted(w *world, p *profile, log []*schema.Event, c schema.Cell, d *schema.Event) (g *schema.Event, from, until int64) {
	elsewhere := *w // a consent is for its own contact point, not for the asked one
	elsewhere.of.self = false
	if there := v.standing(&elsewhere, p, log, d.Cell); len(there) > 0 {
		g, from, until = v.lasting(w, p, there)
		_, coming := v.ownDenials(&elsewhere, p, log, d.Cell)
		until = min(until, coming)
	}
	if naming := v.naming(w, p, log, c, d); len(naming) > 0 {
		if n, nFrom, nUntil := v.lasting(w, p, naming); g == nil || nUntil > until {
			g, from, until = n, nFrom, nUntil
		}
	}
	if g != nil {
		return g, from, until
	}
	for _, e := range log {
		if !e.State.Permits() || e.Time.Lo > w.asOf || e.Time.Lo <= d.Time.Hi {
			continue
		}
		if v.liftByAnyAnchor && slices.Contains(p.anchors, e.Anchor) || v.liftOutlivesGrant && e.Cell == d.Cell {
			return e, e.Time.Lo, schema.Forever
		}
	}
	return nil, 0, 0
}

// naming is the standing grants on the asked cell that name the denial.
func (v variant) naming(w *world, p *profile, log []*schema.Event, c schema.Cell, d *schema.Event) (named []*schema.Event) {
	if v.supersedesIgnored {
		return nil
	}
	candidates := v.standing(w, p, log, c)
	if v.supersedesLiftsAll {
		candidates = nil
		for _, g := range log {
			if g.State.Permits() && g.Time.Lo <= w.asOf && slices.Contains(p.anchors, g.Anchor) {
				candidates = append(candidates, g)
			}
		}
	}
	for _, g := range candidates {
		names := slices.Contains(g.Supersedes, d.ID().String()) || d.Ref != "" && slices.Contains(g.Supersedes, d.Ref)
		if names && g.Controller == d.Controller {
			named = append(named, g)
		}
	}
	return named
}

func (v variant) why(w *world, p *profile, c schema.Cell, d *schema.Event) schema.Reason {
	switch v.reach(w, p, c, d) {
	case schema.ControllerScope:
		return schema.DeniedForController
	case schema.PersonScope:
		return schema.DeniedForPerson
	}
	return schema.DeniedAboutPerson
}

// regime is the strictest regime for a cell, a minor included.
func (v variant) regime(w *world, p *profile, c schema.Cell, also string) schema.Regime {
	r := v.lawRegime(w, p, c, also)
	if p.minority >= schema.Minor && !v.minorIgnored {
		r = max(r, schema.OptIn)
	}
	return r
}

func (v variant) lawRegime(w *world, p *profile, c schema.Cell, also string) schema.Regime {
	strictest, laxest := schema.OptOut, schema.Forbidden
	for _, row := range v.rows(w, p, c, also) {
		r, err := schema.ParseRegime(row.Regime)
		if err != nil {
			panic(err)
		}
		strictest, laxest = max(strictest, r), min(laxest, r)
	}
	if v.laxestJurisdiction {
		return laxest
	}
	return strictest
}

func (v variant) accepts(w *world, p *profile, c schema.Cell, basis schema.Basis) bool {
	for _, row := range v.rows(w, p, c, "") {
		if !slices.Contains(row.OtherBases, basis.String()) {
			return false
		}
	}
	return true
}

// rows is the policy rows that bind a cell: one for each jurisdiction of the
// profile, and one for that of the event in question.
func (v variant) rows(w *world, p *profile, c schema.Cell, also string) (rows []*schema.PolicyRule) {
	codes := p.jurisdictions
	if len(codes) == 0 {
		codes = []string{""}
	}
	if also != "" && !v.ownJurisdictionIgnored {
		codes = append(slices.Clone(codes), also)
	}
	for _, code := range codes {
		rows = append(rows, rowFor(w.policy, code, c.Purpose, c.Channel.String()))
	}
	return rows
}

// rowFor finds a row by the table's own notice: purpose, then jurisdiction,
// then channel.
func rowFor(pol *schema.Policy, iso, purpose, channel string) *schema.PolicyRule {
	place := schema.DefaultJurisdiction
	if iso != "" {
		country, _, _ := strings.Cut(iso, "-")
		for _, name := range []string{country, iso} {
			for _, j := range pol.Jurisdictions() {
				if slices.Contains(j.Members, name) {
					place = j.Code
				}
			}
		}
	}
	for key := purpose; ; key = key[:max(strings.LastIndex(key, "."), 0)] {
		if key == "" {
			key = "*"
		}
		for at := place; at != ""; at = extends(pol, at) {
			for _, ch := range []string{channel, "*"} {
				for i := range pol.Rows() {
					if r := &pol.Rows()[i]; r.Jurisdiction == at && r.Purpose == key && r.Channel == ch {
						return r
					}
				}
			}
		}
		if key == "*" {
			panic("no rule")
		}
	}
}

func extends(pol *schema.Policy, code string) string {
	for _, j := range pol.Jurisdictions() {
		if j.Code == code {
			return j.Extends
		}
	}
	return ""
}

// log is the distinct events.
func (w *world) log() (log []*schema.Event) {
	seen := map[schema.EventID]bool{}
	for i := range w.events {
		if id := w.events[i].ID(); !seen[id] {
			seen[id] = true
			log = append(log, &w.events[i])
		}
	}
	return log
}

func (w *world) byID(ids []schema.EventID) (events []*schema.Event) {
	for i := range w.events {
		if slices.Contains(ids, w.events[i].ID()) {
			events = append(events, &w.events[i])
		}
	}
	return events
}

// limitsOf is those of the ids that are no event's.
func (w *world) limitsOf(ids []schema.EventID) (limits []schema.EventID) {
	for _, id := range ids {
		if len(w.byID([]schema.EventID{id})) == 0 {
			limits = append(limits, id)
		}
	}
	return limits
}

func aboutExactly(log []*schema.Event, c schema.Cell, asOf int64) (events []*schema.Event) {
	for _, e := range log {
		if e.Cell == c && e.Time.Lo <= asOf {
			events = append(events, e)
		}
	}
	return events
}

func comingAbout(log []*schema.Event, c schema.Cell, asOf int64) int64 {
	coming := schema.Forever
	for _, e := range log {
		if e.Cell == c && e.Time.Lo > asOf {
			coming = min(coming, e.Time.Lo)
		}
	}
	return coming
}
