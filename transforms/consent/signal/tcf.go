package signal

import "strings"

// TCString is a decoded TC string, version 2.
type TCString struct {
	// Created and LastUpdated are deciseconds since 1970 UTC. Since TCF 2.2
	// they give the day only.
	Created, LastUpdated int64
	CMP, CMPVersion      int
	Screen               int
	Language             string // ISO 639-1, upper case
	VendorList           int    // version of the global vendor list
	Policy               int    // TcfPolicyVersion: 2 and 3 for TCF 2.0 and 2.1, 4 for 2.2, 5 for 2.3
	ServiceSpecific      bool
	NonStandardTexts     bool
	SpecialFeatures      Flags // opted in
	Consents             Flags // purposes consented to
	// LegitimateInterests are purposes whose legitimate interest was
	// disclosed and not objected to. A missing one may be either.
	LegitimateInterests       Flags
	PurposeOneNotDisclosed    bool   // PurposeOneTreatment
	PublisherCountry          string // ISO 3166-1 alpha-2, "AA" when unknown
	VendorConsents            IDs
	VendorLegitimateInterests IDs
	Restrictions              []Restriction

	DisclosedVendors *IDs // nil without the segment
	AllowedVendors   *IDs // nil without the segment
	Publisher        *PublisherTC
}

// RestrictionType is what a publisher forbids vendors for a purpose.
type RestrictionType int

// The restriction types. 3 is undefined and refused.
const (
	NotAllowed                RestrictionType = 0
	RequireConsent            RestrictionType = 1
	RequireLegitimateInterest RestrictionType = 2
)

// Restriction is a publisher restriction.
type Restriction struct {
	Purpose int
	Type    RestrictionType
	Vendors IDs
}

// PublisherTC is the segment of purposes that the publisher itself pursues.
type PublisherTC struct {
	Consents, LegitimateInterests Flags
	CustomPurposes                int // how many the publisher has of its own
	CustomConsents                Flags
	CustomLegitimateInterests     Flags
}

// Widths and values of the TC string format, version 2.
const (
	tcVersion         = 2
	minPolicy         = 2 // the first of TCF 2
	maxPolicy         = 5 // TCF 2.3
	purposeBits       = 24
	featureBits       = 12
	segmentDisclosed  = 1
	segmentAllowed    = 2
	segmentPublisher  = 3
	disclosedFromDate = 17723232000 // 2026-03-01, deciseconds: TCF 2.3 wants DisclosedVendors in what is created since
)

// DecodeTCF reads a TC string. The error is an [*Error].
func DecodeTCF(text string) (*TCString, error) {
	segments := strings.Split(text, ".")
	t := &TCString{}
	if code := t.core(newBits(segments[0])); code != "" {
		return nil, &Error{Kind: TCF, Part: "core segment", Code: code}
	}
	for _, s := range segments[1:] {
		if part, code := t.segment(newBits(s)); code != "" {
			return nil, &Error{Kind: TCF, Part: part, Code: code}
		}
	}
	if t.DisclosedVendors == nil && t.Created >= disclosedFromDate {
		return nil, &Error{Kind: TCF, Part: "disclosed vendors", Code: MissingSegment}
	}
	return t, nil
}

// core reads the core segment and says what is wrong with it.
func (t *TCString) core(b *bits) Code {
	if b.uint(6) != tcVersion {
		b.fail(BadVersion)
	}
	t.Created, t.LastUpdated = int64(b.uint(36)), int64(b.uint(36))
	t.CMP, t.CMPVersion, t.Screen = b.int(12), b.int(12), b.int(6)
	t.Language, t.VendorList, t.Policy = b.letters(2), b.int(12), b.int(6)
	t.ServiceSpecific, t.NonStandardTexts = b.bool(), b.bool()
	t.SpecialFeatures = b.flags(featureBits)
	t.Consents, t.LegitimateInterests = b.flags(purposeBits), b.flags(purposeBits)
	t.PurposeOneNotDisclosed, t.PublisherCountry = b.bool(), b.letters(2)
	t.VendorConsents, t.VendorLegitimateInterests = b.vendors(), b.vendors()
	t.Restrictions = b.restrictions()
	switch {
	case b.code != "":
		return b.code
	case t.Policy < minPolicy || t.Policy > maxPolicy:
		return BadVersion
	case t.LastUpdated < t.Created:
		return BadValue
	}
	return b.end(-1)
}

func (b *bits) restrictions() []Restriction {
	var out []Restriction
	for n := b.int(12); n > 0 && b.code == ""; n-- {
		r := Restriction{Purpose: b.int(6), Type: RestrictionType(b.int(2))}
		r.Vendors = b.ranges(maxVendor)
		if r.Type > RequireLegitimateInterest || r.Purpose < 1 || r.Purpose > purposeBits {
			b.fail(BadValue)
		}
		out = append(out, r)
	}
	return out
}

// segment reads an optional segment. They come in any order, each once.
func (t *TCString) segment(b *bits) (part string, code Code) {
	switch b.int(3) {
	case segmentDisclosed:
		return "disclosed vendors", b.vendorSegment(&t.DisclosedVendors)
	case segmentAllowed:
		return "allowed vendors", b.vendorSegment(&t.AllowedVendors)
	case segmentPublisher:
		return "publisher TC", t.publisher(b)
	}
	b.fail(BadSegment)
	return "segment", b.code
}

func (b *bits) vendorSegment(into **IDs) Code {
	if *into != nil {
		return BadSegment
	}
	ids := b.vendors()
	*into = &ids
	return b.end(-1)
}

func (t *TCString) publisher(b *bits) Code {
	if t.Publisher != nil {
		return BadSegment
	}
	p := &PublisherTC{Consents: b.flags(purposeBits), LegitimateInterests: b.flags(purposeBits)}
	p.CustomPurposes = b.int(6)
	p.CustomConsents, p.CustomLegitimateInterests = b.flags(p.CustomPurposes), b.flags(p.CustomPurposes)
	t.Publisher = p
	return b.end(-1)
}
