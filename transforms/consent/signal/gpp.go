package signal

import "strings"

// Section is one section of a GPP string: its id and its text as given.
type Section struct {
	ID   int
	Text string
}

// Section ids of the GPP registry that are not US sections.
const (
	sectionTCFEU     = 2
	sectionUSPrivacy = 6
)

// Values of the GPP header.
const (
	gppType    = 3
	gppVersion = 1
	maxSection = 1<<12 - 1 // no registry comes near; a bound on what a header may claim
)

// paddingSlack is the zeros that may follow the fields of a GPP segment: up
// to a whole byte and then up to a whole character, as the IAB's encoders pad.
const paddingSlack = 11

// DecodeGPP splits a GPP string into its sections, in their order ("Global
// Privacy Platform String", version 1). The error is an [*Error].
func DecodeGPP(text string) ([]Section, error) {
	header, rest, some := strings.Cut(text, "~")
	ids, code := gppHeader(newBits(header))
	if code != "" {
		return nil, &Error{Kind: GPP, Part: "header", Code: code}
	}
	var texts []string
	if some {
		texts = strings.Split(rest, "~")
	}
	if len(texts) != len(ids) {
		return nil, &Error{Kind: GPP, Part: "header", Code: BadSections}
	}
	sections := make([]Section, len(ids))
	for i, id := range ids {
		sections[i] = Section{id, texts[i]}
	}
	return sections, nil
}

// gppHeader reads the list of section ids: Range(Fibonacci), each id given as
// the distance from the one before.
func gppHeader(b *bits) ([]int, Code) {
	if b.uint(6) != gppType || b.uint(6) != gppVersion {
		b.fail(BadVersion)
	}
	var ids []int
	last := 0
	for n := b.int(12); n > 0 && b.code == ""; n-- {
		group := b.bool()
		first := last + b.fibonacci()
		last = first
		if group {
			last += b.fibonacci()
		}
		if last > maxSection {
			b.fail(BadSections)
		}
		for id := first; id <= last && b.code == ""; id++ {
			ids = append(ids, id)
		}
	}
	return ids, b.end(paddingSlack)
}

// gpp states what the sections state. One section that cannot be read refuses
// the whole string.
func (r Reader) gpp(text string) ([]Statement, error) {
	sections, err := DecodeGPP(text)
	if err != nil {
		return nil, err
	}
	var out []Statement
	for _, s := range sections {
		var said []Statement
		switch s.ID {
		case sectionTCFEU:
			said, err = r.tcf(GPP, s.Text)
		case sectionUSPrivacy:
			said, err = r.usPrivacy(GPP, s.Text)
		default:
			said, err = r.usSection(s)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, said...)
	}
	return out, nil
}
