package signal

import (
	schema "concord/schemas/consent"
)

// tcf states, for every purpose of the registry that stands for purposes of
// the TCF, given where all of those are consented to and refused otherwise. A
// legitimate interest that was disclosed makes no grant and lifts no refusal:
// its missing bit cannot tell an objection from silence.
func (r Reader) tcf(kind Kind, text string) ([]Statement, error) {
	t, err := DecodeTCF(text)
	if err != nil {
		return nil, within(err, kind, "section tcfeuv2")
	}
	if t.LastUpdated == 0 {
		return nil, within(&Error{Kind: TCF, Part: "last updated", Code: BadValue}, kind, "section tcfeuv2")
	}
	var out []Statement
	for _, p := range r.Registry.Purposes() {
		asked, given := false, true
		for _, id := range p.TCF {
			if t.disclosed(id) {
				asked, given = true, given && r.permitted(t, id)
			} else {
				given = false
			}
		}
		if !asked {
			continue
		}
		s := Statement{Purpose: p.Key, State: schema.Refused, Time: t.interval(), Jurisdiction: t.jurisdiction(), Method: "tcf"}
		if given {
			s.State = schema.Given
		}
		out = append(out, s)
	}
	return out, nil
}

// disclosed tells whether the person was asked about a purpose at all: the
// policy version has it, and it was not left out as some countries' law has
// it for purpose 1.
func (t *TCString) disclosed(purpose int) bool {
	last := 11
	if t.Policy < 4 { // TCF 2.2 added purpose 11
		last = 10
	}
	return purpose <= last && (purpose != 1 || !t.PurposeOneNotDisclosed)
}

// permitted tells whether the reader's controller may rely on consent for a
// purpose.
func (r Reader) permitted(t *TCString, purpose int) bool {
	switch {
	case !t.Consents.Has(purpose):
		return false
	case r.Vendor != 0:
		return t.vendorPermitted(r.Vendor, purpose)
	case t.Publisher != nil && !r.IgnorePublisherTC:
		return t.Publisher.Consents.Has(purpose)
	}
	return true
}

func (t *TCString) vendorPermitted(vendor, purpose int) bool {
	if !t.VendorConsents.Has(vendor) || t.DisclosedVendors != nil && !t.DisclosedVendors.Has(vendor) {
		return false
	}
	for _, restriction := range t.Restrictions {
		if restriction.Purpose == purpose && restriction.Type != RequireConsent && restriction.Vendors.Has(vendor) {
			return false
		}
	}
	return true
}

// Deciseconds to event time, in microseconds.
const (
	decisecond = int64(100_000)
	day        = int64(24 * 3600 * 10) // in deciseconds
)

// interval is when the string was last updated: the whole day if it was
// rounded to one, which TCF 2.2 asks for, otherwise the tenth of a second.
func (t *TCString) interval() schema.Interval {
	span := int64(1)
	if t.LastUpdated%day == 0 {
		span = day
	}
	return schema.Interval{Lo: t.LastUpdated * decisecond, Hi: (t.LastUpdated+span)*decisecond - 1}
}

// jurisdiction is the publisher's country; "AA", which ISO 3166 gives to
// nobody, is what encoders write for none.
func (t *TCString) jurisdiction() string {
	if t.PublisherCountry == "AA" {
		return ""
	}
	return t.PublisherCountry
}
