package pipeline

import (
	"concord/schemas/attribute"
	schema "concord/schemas/consent"
	"concord/transforms/consent"
)

// dataCodes are the data categories of what snapshots show: nil where no
// consent event names any, for then they do not matter.
type dataCodes struct {
	of    map[attribute.Name]schema.CategoryCode
	kinds [schema.Account + 1]schema.CategoryCode // of contact points, by kind
	// addresses are the categories of a postal address and its parts.
	addresses schema.CategorySet
}

// categoryOf is the data category of an attribute.
func (r *run) categoryOf(n attribute.Name) string {
	if c := r.Job.Categories()[n]; c != "" {
		return c
	}
	spec, _ := attribute.Lookup(n) // golden attributes are all known
	return spec.Category
}

// shows are the kinds of data that an audience's profiles show; nil, which is
// any, where they show none.
func (r *run) shows(a *audience) []string {
	var out []string
	for _, n := range a.columns {
		out = append(out, r.categoryOf(n))
	}
	return out
}

func (r *run) dataCodes() *dataCodes {
	if !r.log.NamesData() {
		return nil
	}
	reg := r.policy.Registry()
	d := &dataCodes{of: map[attribute.Name]schema.CategoryCode{}, addresses: reg.BelowCategories([]string{schema.Postal.Category()})}
	for _, a := range r.golden.Attributes() {
		d.of[a.Name], _ = reg.CategoryOf(r.categoryOf(a.Name)) // every category has an ancestor there
	}
	for k := schema.Email; k <= schema.Account; k++ {
		d.kinds[k], _ = reg.CategoryOf(k.Category())
	}
	return d
}

// narrowly is value where some anchors permit some kinds of data only. A use of
// a contact point shows that contact point, whatever else it may show.
func (p *permitter) narrowly(rec uint32, attr attribute.Name, slot uint32) bool {
	personal := p.r.decisions.AboutPerson(p.request)
	if kind := anchorKind(attr); kind != 0 {
		c := p.columns[kind]
		if c == nil {
			return false
		}
		i := p.place(c.slot(slot))
		return i >= 0 && p.usable[i] && (!personal || p.results[i].Categories.Has(p.data.kinds[kind]))
	}
	code, own := p.data.of[attr], p.ofBrand(rec)
	for _, i := range p.holds(p.member(rec)) {
		res := &p.results[i]
		switch {
		case !(own && p.usable[i] || res.Allowed && granted(res)):
		case res.Categories.Has(code), !personal && p.anchors[i].Kind() == schema.Postal && p.data.addresses.Has(code):
			return true
		}
	}
	return false
}

// granted tells that an ALLOW rests on consent alone.
func granted(res *consent.Result) bool {
	return res.Reasons.Has(schema.Granted) && !res.Reasons.Has(schema.SoftGranted)
}

// narrowUntil is when the first of several permissions ends, some of which are
// for some kinds of data only: what they show may rest on any of them.
func narrowUntil(results []consent.Result, usable []bool) int64 {
	until := schema.Forever
	for i, ok := range usable {
		if ok {
			until = min(until, results[i].ValidUntil)
		}
	}
	return until
}

// kindsOf are the kinds of data that a cell's permission is for, as one text; ""
// where it is for every kind that the snapshot shows, or is none.
func (w *part) kindsOf(res *consent.Result) string {
	if !res.Allowed || res.Categories == schema.AllCategories {
		return ""
	}
	return kindsText(w.r.policy.Registry().CategoryNames(res.Categories))
}

// categories writes them.
func (w *part) categories(res *consent.Result) {
	if kinds := w.kindsOf(res); kinds != "" {
		w.consents.rows.Texts(17, kindsOf(kinds))
	} else {
		w.consents.rows.Null(17)
	}
}
