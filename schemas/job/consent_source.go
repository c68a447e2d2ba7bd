package job

import (
	"errors"
	"slices"
	"strings"

	"concord/schemas/consent"
)

// Signal reads one column as a consent signal: a string that says several
// things at once, such as an IAB TC string. In YAML it is the kind or a
// mapping.
type Signal struct {
	Kind string `yaml:"kind" json:"kind"` // one of SignalKinds
	// Vendor is the controller's id on the IAB global vendor list; 0 for a
	// controller that asks in its own name.
	Vendor int `yaml:"vendor" json:"vendor,omitempty"`
	// IgnorePublisherTC is for a consent platform that writes the segment
	// "Publisher TC" of a TC string and never fills it.
	IgnorePublisherTC bool `yaml:"ignore_publisher_tc" json:"ignore_publisher_tc,omitempty"`
	// Anchor is the kind of anchor of the record that the statements are
	// about; default: its devices, else its account.
	Anchor string `yaml:"anchor" json:"anchor,omitempty"`
	// Time is the column of the time, for signals that carry none; default:
	// the row's event time.
	Time string `yaml:"time" json:"time,omitempty"`
}

// UnmarshalYAML takes a kind or a mapping.
func (s *Signal) UnmarshalYAML(decode func(any) error) error {
	if decode(&s.Kind) == nil {
		return nil
	}
	type plain Signal
	return decode((*plain)(s))
}

// Mappings lists the exports of other systems that a consent channel may be,
// in name order. What each reads is transforms/consent/mapping's.
func Mappings() []string {
	return []string{"adobe_xdm", "mparticle", "onetrust", "salesforce_contact_point_consent", "segment", "unomi"}
}

// SignalKinds lists the kinds of signal. How each is read is
// transforms/consent/signal's.
func SignalKinds() []string { return []string{"tcf", "gpp", "us_privacy", "gpc"} }

// SignalAnchors lists what a signal of a customer record may be about.
func SignalAnchors() []string { return []string{"device", "account", "email", "phone"} }

// SignalColumns lists the columns of the channel's signals in name order.
func (c *Channel) SignalColumns() []string { return sortedKeys(c.Signals) }

func (v *validation) attach(path string, c *Channel) {
	ways := []string{AttachHeld, AttachLatest, AttachNever}
	switch {
	case !c.IsConsent() && c.Attach != "":
		v.add(path+".attach", "only a channel of kind %s attaches", KindConsent)
	case c.IsConsent() && c.Attach != "" && !slices.Contains(ways, c.Attach):
		v.add(path+".attach", "unknown way %q%s; there are %v", c.Attach, didYouMean(c.Attach, ways), ways)
	}
}

func (v *validation) mapping(path string, c *Channel) {
	if c.Mapping == "" {
		if len(c.Purposes) > 0 {
			v.add(path+".purposes", "purposes translate the names of an export: name its mapping too")
		}
		return
	}
	if !c.IsConsent() {
		v.add(path+".mapping", "only a channel of kind %s has a mapping", KindConsent)
		return
	}
	if !slices.Contains(Mappings(), c.Mapping) {
		v.add(path+".mapping", "unknown mapping %q%s; there are %v", c.Mapping, didYouMean(c.Mapping, Mappings()), Mappings())
	}
	if len(c.Fields) > 0 {
		v.add(path+".fields", "the mapping says what the columns are: drop fields, or drop the mapping")
	}
	if len(c.Signals) > 0 {
		v.add(path+".signals", "a row of an export may concern several subjects: read its signals as a channel of their own, with fields for the subject")
	}
	for _, name := range sortedKeys(c.Purposes) {
		v.purpose(path+".purposes."+name, c.Purposes[name])
	}
}

// purpose: what a source is read for is known before any row is read.
func (v *validation) purpose(path, key string) {
	_, _, _, err := consent.DefaultRegistry().Resolve(key)
	if unknown := (*consent.UnknownPurposeError)(nil); errors.As(err, &unknown) {
		v.add(path, "unknown purpose %q (did you mean %s?)", unknown.Key, unknown.Nearest)
	}
}

// embedded is a consent column of an ordinary channel.
func (v *validation) embedded(path string, e *Embedded) {
	if e == nil || e.Purpose == "" {
		v.add(path, "purpose is missing: what the column permits, such as marketing.communications.email")
		return
	}
	if strings.Contains(path, "[]") || strings.Contains(e.Time, "[]") {
		v.add(path, "a consent column is one word of a row: a list holds several, and which of them holds it does not say")
	}
	v.purpose(path+".purpose", e.Purpose)
	if e.Channel != "" {
		_, named, split, _ := consent.DefaultRegistry().Resolve(e.Purpose)
		ch, err := consent.ParseChannel(e.Channel)
		switch {
		case err != nil:
			v.add(path+".channel", "unknown channel %q: %s", e.Channel, strings.TrimPrefix(err.Error(), "channel: "))
		case split && ch != named:
			v.add(path+".channel", "the purpose names the channel %s already", named)
		}
	}
	if place := e.Jurisdiction; place != "" && !isPlace(place) {
		v.add(path+".jurisdiction", "a place is an ISO 3166 code such as DE or US-CA, not %q", place)
	}
}

// isPlace tells whether s looks like ISO 3166-1 alpha-2 or 3166-2.
func isPlace(s string) bool {
	country, part, divided := strings.Cut(s, "-")
	return strings.Trim(country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" && len(country) == 2 &&
		(!divided || len(part) > 0 && len(part) <= 3 && strings.Trim(part, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == "")
}

func (v *validation) signals(path string, c *Channel) {
	for _, column := range c.SignalColumns() {
		v.signal(path+".signals."+column, c, c.Signals[column])
	}
	if !c.IsConsent() || len(c.Signals) == 0 || c.Mapping != "" {
		return
	}
	for _, field := range []string{"subject_kind", "subject_value"} {
		named := func(column string) bool { return c.Fields[column] != nil && string(c.Fields[column].As) == field }
		if !slices.ContainsFunc(c.FieldColumns(), named) {
			v.add(path+".fields", "a consent channel with signals names the column of %s: whom they concern", field)
		}
	}
}

func (v *validation) signal(path string, c *Channel, s *Signal) {
	if s == nil || s.Kind == "" {
		v.add(path, "name the kind of signal: one of %v", SignalKinds())
		return
	}
	if !slices.Contains(SignalKinds(), s.Kind) {
		v.add(path+".kind", "unknown kind of signal %q%s; there are %v", s.Kind, didYouMean(s.Kind, SignalKinds()), SignalKinds())
		return
	}
	if strings.Contains(path, "[]") {
		v.add(path, "a signal is one text of a row: a list holds several, and which of them is in force it does not say")
	}
	tcf := s.Kind == "tcf" || s.Kind == "gpp" // a GPP string may hold a TC string
	if (s.Vendor != 0 || s.IgnorePublisherTC) && !tcf {
		v.add(path, "vendor and ignore_publisher_tc are for tcf and gpp")
	}
	if s.Vendor < 0 || s.Vendor > maxVendor {
		v.add(path+".vendor", "a vendor is its number on the IAB global vendor list, from 1 to %d", maxVendor)
	}
	switch {
	case s.Anchor == "":
	case c.IsConsent():
		v.add(path+".anchor", "the signals of a consent channel are about the row's own subject")
	case !slices.Contains(SignalAnchors(), s.Anchor):
		v.add(path+".anchor", "unknown anchor %q%s; there are %v", s.Anchor, didYouMean(s.Anchor, SignalAnchors()), SignalAnchors())
	}
}

// maxVendor is the largest id that a TC string can hold: 16 bits.
const maxVendor = 1<<16 - 1
