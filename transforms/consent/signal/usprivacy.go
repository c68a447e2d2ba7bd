package signal

import "strings"

// USPrivacyString is a decoded US Privacy string, version 1. Each answer is
// 'Y', 'N' or '-', which is "not applicable" or, but for OptOut, "unknown".
type USPrivacyString struct {
	Notice byte // notice and the opportunity to opt out were given
	OptOut byte // the consumer opted out of sale
	LSPA   byte // covered by the Limited Service Provider Agreement
}

// DecodeUSPrivacy reads a US Privacy string (IAB Tech Lab, "U.S. Privacy
// String", version 1, 2020): the version and three answers.
func DecodeUSPrivacy(text string) (USPrivacyString, error) {
	switch {
	case len(text) < 4:
		return USPrivacyString{}, &Error{Kind: USPrivacy, Code: Truncated}
	case text[0] != '1':
		return USPrivacyString{}, &Error{Kind: USPrivacy, Code: BadVersion}
	case len(text) > 4:
		return USPrivacyString{}, &Error{Kind: USPrivacy, Code: TrailingData}
	}
	u := USPrivacyString{Notice: text[1], OptOut: text[2], LSPA: text[3]}
	if strings.Trim(text[1:], "YN-") != "" || u.OptOut == '-' && text != "1---" {
		// The opt-out of somebody whom the law covers may never be unknown.
		return USPrivacyString{}, &Error{Kind: USPrivacy, Code: BadValue}
	}
	return u, nil
}

// usPrivacy states an opt-out of sale as one of sharing too: California has
// had one link for both since the CPRA (Cal. Civ. Code 1798.135(a)).
func (r Reader) usPrivacy(kind Kind, text string) ([]Statement, error) {
	u, err := DecodeUSPrivacy(text)
	if err != nil {
		return nil, within(err, kind, "section uspv1")
	}
	if u.OptOut != 'Y' {
		return nil, nil
	}
	return r.objections("us_privacy", "US-CA", saleOptOut, sharingOptOut), nil
}

// within restates an error of a string inside another: a section of a GPP
// string names itself.
func within(err error, kind Kind, section string) error {
	e, ok := err.(*Error)
	if !ok || e.Kind == kind {
		return err
	}
	part := section
	if e.Part != "" {
		part += ", " + e.Part
	}
	return &Error{Kind: kind, Part: part, Code: e.Code}
}
