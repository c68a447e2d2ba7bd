package consent

import (
	"slices"
	"strings"

	schema "concord/schemas/consent"
)

// datum is a kind of data in the reference: "" where none matters. self is the
// contact point itself.
type datum struct {
	category string
	self     bool
}

// decide answers for a profile: whether the use is permitted, and of which
// data. It asks about every category of the registry, one of each sort that
// the world's events tell apart.
func (v variant) decide(w *world, p int, c schema.Cell, basis schema.Basis) schema.Verdict {
	ask := func(of datum) schema.Verdict {
		asked := *w
		asked.of = of
		return v.about(&asked, p, c, basis)
	}
	if !slices.ContainsFunc(w.events, func(e schema.Event) bool { return len(e.Categories) > 0 }) {
		return ask(datum{})
	}
	if w.category != "" {
		return ask(datum{category: w.category})
	}
	var permitted []string
	var fine, bad []schema.Verdict
	answers := map[string]schema.Verdict{}
	universe := w.shows
	if universe == nil {
		universe = w.policy.Registry().Categories()
	}
	for _, category := range universe {
		sort := w.sortOf(category)
		a, ok := answers[sort]
		if !ok {
			a = ask(datum{category: category})
			answers[sort] = a
			if a.Allowed {
				fine = append(fine, a)
			} else {
				bad = append(bad, a)
			}
		}
		if a.Allowed {
			permitted = append(permitted, category)
		}
	}
	all := fine
	var verdict schema.Verdict
	if aboutPerson(w, c.Purpose) {
		if len(fine) == 0 {
			all = bad
		}
		verdict = all[0]
		var deciding []*schema.Event
		var limits []schema.EventID
		for _, a := range all {
			verdict.Reasons = append(verdict.Reasons, a.Reasons...)
			deciding, limits = append(deciding, w.byID(a.Deciding)...), append(limits, w.limitsOf(a.Deciding)...)
		}
		verdict = finish(w, verdict, deciding, limits...)
	} else {
		verdict = ask(datum{c.Anchor.Kind.Category(), true})
	}
	if !verdict.Allowed {
		return verdict
	}
	for _, a := range all {
		verdict.ValidFrom, verdict.ValidUntil = max(verdict.ValidFrom, a.ValidFrom), min(verdict.ValidUntil, a.ValidUntil)
	}
	if len(permitted) < len(universe) {
		verdict.Categories = []string{}
		for _, c := range permitted {
			if i := strings.LastIndex(c, "."); i < 0 || !slices.Contains(permitted, c[:i]) {
				verdict.Categories = append(verdict.Categories, c)
			}
		}
	}
	return verdict
}

// sortOf is how a category stands to each that the world's events name.
func (w *world) sortOf(category string) string {
	var b strings.Builder
	for i := range w.events {
		for _, named := range w.events[i].Categories {
			switch {
			case named == category:
				b.WriteByte('=')
			case strings.HasPrefix(category, named+"."):
				b.WriteByte('<')
			case strings.HasPrefix(named, category+"."):
				b.WriteByte('>')
			default:
				b.WriteByte('.')
			}
		}
	}
	return b.String()
}

// consentFor tells whether a consent is for the datum.
func (v variant) consentFor(w *world, g *schema.Event) bool {
	if len(g.Categories) == 0 || w.of.category == "" || w.of.self || v.consentIsForAllData {
		return true
	}
	return slices.ContainsFunc(g.Categories, func(named string) bool { return covers(named, w.of.category) })
}

// deniedOf tells whether a denial is about the datum.
func (v variant) deniedOf(w *world, d *schema.Event) bool {
	switch {
	case len(d.Categories) == 0 || w.of.category == "" || v.dataDenialDeniesAll:
		return true
	case v.dataDenialIgnored:
		return false
	}
	return slices.ContainsFunc(d.Categories, func(named string) bool {
		return covers(named, w.of.category) || covers(w.of.category, named) && !v.widerDataSpared
	})
}
