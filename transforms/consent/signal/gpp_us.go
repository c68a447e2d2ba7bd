package signal

import (
	"strconv"
	"strings"
)

// usLayout is the core segment of a US section: after a version of six bits,
// fields of two bits each.
type usLayout struct {
	id       int
	name     string // the section's API prefix
	place    string // ISO 3166
	from, to int    // the versions that use the layout
	gpc      bool   // whether a GPC segment may follow
	list     []layoutField
	size     int // in bits, without padding
}

// layoutField is a field of a layout and how many values it has.
type layoutField struct {
	name  string
	count int
}

const (
	notices = " SaleOptOutNotice TargetedAdvertisingOptOutNotice "
	optOuts = " SaleOptOut TargetedAdvertisingOptOut "
	mspa    = " MspaCoveredTransaction MspaOptOutOptionMode MspaServiceProviderMode"

	national = "SharingNotice SaleOptOutNotice SharingOptOutNotice TargetedAdvertisingOptOutNotice " +
		"SensitiveDataProcessingOptOutNotice SensitiveDataLimitUseNotice SaleOptOut SharingOptOut TargetedAdvertisingOptOut "
	sharing    = "SharingNotice" + notices + optOuts
	processing = "ProcessingNotice" + notices + optOuts
	additional = " AdditionalDataProcessingConsent" + mspa
)

// usLayouts are the US sections as published by IAB Tech Lab, by id. The
// second version of the national section lengthened two lists; the reference
// encoder writes it with version 1 as well, and the length tells them apart.
// So of several layouts the first that fits the version and the length counts.
// Sections 23 and up are still being reworked and are refused.
var usLayouts = []usLayout{
	us(7, "usnat", "US", 1, 2, true, national+"SensitiveDataProcessing*16 KnownChildSensitiveDataConsents*3 PersonalDataConsents"+mspa),
	us(7, "usnat", "US", 1, 1, true, national+"SensitiveDataProcessing*12 KnownChildSensitiveDataConsents*2 PersonalDataConsents"+mspa),
	us(8, "usca", "US-CA", 1, 1, true, "SaleOptOutNotice SharingOptOutNotice SensitiveDataLimitUseNotice SaleOptOut SharingOptOut "+
		"SensitiveDataProcessing*9 KnownChildSensitiveDataConsents*2 PersonalDataConsents"+mspa),
	us(9, "usva", "US-VA", 1, 1, false, sharing+"SensitiveDataProcessing*8 KnownChildSensitiveDataConsents"+mspa),
	us(10, "usco", "US-CO", 1, 1, true, sharing+"SensitiveDataProcessing*7 KnownChildSensitiveDataConsents"+mspa),
	us(11, "usut", "US-UT", 1, 1, false, "SharingNotice"+notices+"SensitiveDataProcessingOptOutNotice"+optOuts+
		"SensitiveDataProcessing*8 KnownChildSensitiveDataConsents"+mspa),
	us(12, "usct", "US-CT", 1, 1, true, sharing+"SensitiveDataProcessing*8 KnownChildSensitiveDataConsents*3"+mspa),
	us(13, "usfl", "US-FL", 1, 1, false, processing+"SensitiveDataProcessing*8 KnownChildSensitiveDataConsents*3"+additional),
	us(14, "usmt", "US-MT", 1, 1, true, sharing+"SensitiveDataProcessing*8 KnownChildSensitiveDataConsents*3"+additional),
	us(15, "usor", "US-OR", 1, 1, true, processing+"SensitiveDataProcessing*11 KnownChildSensitiveDataConsents*3"+additional),
	us(16, "ustx", "US-TX", 1, 1, true, processing+"SensitiveDataProcessing*8 KnownChildSensitiveDataConsents"+additional),
	us(17, "usde", "US-DE", 1, 1, true, processing+"SensitiveDataProcessing*9 KnownChildSensitiveDataConsents*5"+additional),
	us(18, "usia", "US-IA", 1, 1, true, "ProcessingNotice"+notices+"SensitiveDataOptOutNotice"+optOuts+
		"SensitiveDataProcessing*8 KnownChildSensitiveDataConsents"+mspa),
	us(19, "usne", "US-NE", 1, 1, true, processing+"SensitiveDataProcessing*8 KnownChildSensitiveDataConsents"+additional),
	us(20, "usnh", "US-NH", 1, 1, true, processing+"SensitiveDataProcessing*8 KnownChildSensitiveDataConsents*3"+additional),
	us(21, "usnj", "US-NJ", 1, 1, true, processing+"SensitiveDataProcessing*10 KnownChildSensitiveDataConsents*5"+additional),
	us(22, "ustn", "US-TN", 1, 1, true, processing+"SensitiveDataProcessing*8 KnownChildSensitiveDataConsents"+additional),
}

// us parses a layout: "Name*9" is a list of nine.
func us(id int, name, place string, from, to int, gpc bool, fields string) usLayout {
	l := usLayout{id: id, name: name, place: place, from: from, to: to, gpc: gpc, size: 6}
	for _, f := range strings.Fields(fields) {
		name, times, list := strings.Cut(f, "*")
		count := 1
		if list {
			count, _ = strconv.Atoi(times) // the table is ours, and a test reads all of it
		}
		l.list = append(l.list, layoutField{name, count})
		l.size += 2 * count
	}
	return l
}

// USSection is a decoded US section.
type USSection struct {
	ID      int
	Name    string // such as "usca"
	Place   string // ISO 3166: "US" or "US-CA"
	Version int
	// Fields are the core segment's, each value 0 (not applicable), 1 or 2;
	// opt-outs: 1 opted out, 2 did not. Lists have one value per entry.
	Fields []USField
	GPC    bool // the segment is there and set
}

// USField is a field of a US section.
type USField struct {
	Name   string
	Values []int
}

// Value is the first value of the named field, 0 when there is none.
func (s *USSection) Value(name string) int {
	for _, f := range s.Fields {
		if f.Name == name {
			return f.Values[0]
		}
	}
	return 0
}

// DecodeUS reads a US section of a GPP string. The error is an [*Error].
func DecodeUS(s Section) (*USSection, error) {
	core, rest, more := strings.Cut(s.Text, ".")
	layout, code := pickLayout(s.ID, core)
	out := &USSection{ID: s.ID, Name: layout.name, Place: layout.place}
	if code == "" {
		code = out.core(layout, newBits(core))
	}
	if code == "" && more {
		code = out.gpcSegment(layout, rest)
	}
	if code != "" {
		part := "section " + layout.name
		if layout.name == "" {
			part = "section " + strconv.Itoa(s.ID)
		}
		return nil, &Error{Kind: GPP, Part: part, Code: code}
	}
	return out, nil
}

// pickLayout finds the layout of a section id for the version and the length
// of its core segment.
func pickLayout(id int, core string) (usLayout, Code) {
	b := newBits(core)
	version := b.int(6)
	found, code := usLayout{}, UnknownSection
	for _, l := range usLayouts {
		switch {
		case l.id != id:
		case b.code != "":
			return l, b.code
		case version < l.from || version > l.to:
			if code == UnknownSection {
				found, code = l, BadVersion
			}
		case b.size() < l.size:
			found, code = l, Truncated
		default:
			return l, ""
		}
	}
	return found, code
}

func (s *USSection) core(l usLayout, b *bits) Code {
	s.Version = b.int(6)
	s.Fields = make([]USField, 0, len(l.list))
	for _, f := range l.list {
		values := make([]int, f.count)
		for i := range values {
			if values[i] = b.int(2); values[i] > 2 {
				b.fail(BadValue)
			}
		}
		s.Fields = append(s.Fields, USField{f.name, values})
	}
	return b.end(paddingSlack)
}

// gpcSegment reads what follows the core segment: at most one segment, of
// type 1, with one bit.
func (s *USSection) gpcSegment(l usLayout, text string) Code {
	if !l.gpc || strings.Contains(text, ".") {
		return BadSegment
	}
	b := newBits(text)
	if b.uint(2) != 1 {
		b.fail(BadSegment)
	}
	s.GPC = b.bool()
	return b.end(paddingSlack)
}

// usSection states the opt-outs of a US section.
func (r Reader) usSection(section Section) ([]Statement, error) {
	s, err := DecodeUS(section)
	if err != nil {
		return nil, err
	}
	var fields []string
	for _, f := range []string{saleOptOut, sharingOptOut, advertisingOptOut} {
		if s.GPC || s.Value(f) == 1 {
			fields = append(fields, f)
		}
	}
	return r.objections(s.Name, s.Place, fields...), nil
}
