package consent

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
)

// Preference is what a person wants to hear of, or how often. It is no
// statement about a use: it permits nothing, and only narrows what is
// permitted.
type Preference struct {
	Cell
	// Topic is what it is about, as [FoldTopic] gives it; "" for all topics.
	Topic string
	// Chosen and Declined say of the topic that it is wanted or not. Neither,
	// when the preference is about frequency alone.
	Chosen, Declined bool
	Frequency        Frequency
	Time             Interval
	Source           Source
}

// ID identifies a preference by what it says.
func (p *Preference) ID() EventID {
	dst := appendText(nil, "concord preference 1")
	dst = append(dst, byte(p.Anchor.Kind))
	dst = append(dst, p.Anchor.Hash[:]...)
	for _, text := range []string{p.Controller, p.Brand, p.Purpose, p.Topic} {
		dst = appendText(dst, text)
	}
	dst = append(dst, byte(p.Channel), byte(p.Frequency), flag(p.Chosen), flag(p.Declined))
	dst = appendNumber(dst, p.Time.Lo)
	return sha256.Sum256(appendNumber(dst, p.Time.Hi))
}

func flag(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// FoldTopic is the one spelling of a topic: feeds and job files are written by
// different hands.
func FoldTopic(s string) string {
	return strings.ToLower(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '_' || r == '-' || r == '\t' }), " "))
}

// Validate tells what a preference lacks. Errors name the field.
func (p *Preference) Validate(reg *Registry) error {
	_, known := reg.Code(p.Purpose)
	switch {
	case p.Anchor.Kind == 0 || p.Anchor.Kind >= numKinds || p.Anchor.Hash == [32]byte{}:
		return errors.New("preference: subject: missing")
	case p.Controller == "":
		return errors.New("preference: controller: missing")
	case !known:
		return errors.New("preference: purpose: not in the registry")
	case p.Channel >= NumChannels:
		return errors.New("preference: channel: unknown")
	case p.Chosen && p.Declined:
		return errors.New("preference: state: both chosen and declined")
	case p.Topic == "" && (p.Chosen || p.Declined):
		return errors.New("preference: topic: missing")
	case p.Topic == "" && p.Frequency == AnyFrequency:
		return errors.New("preference: topic and frequency: missing")
	case p.Frequency >= numFrequencies:
		return errors.New("preference: frequency: unknown")
	case p.Time.Lo <= 0 || p.Time.Hi < p.Time.Lo:
		return errors.New("preference: event_time: missing")
	}
	return nil
}

// Frequency is the most often that somebody wants to be written to, more often
// first, so that the strictest of several is their maximum.
type Frequency uint8

// The frequencies.
const (
	AnyFrequency Frequency = iota // nothing was said
	Daily
	Weekly
	Monthly
	Quarterly
	Yearly
	Never
	numFrequencies
)

var frequencyNames = [numFrequencies]string{"any", "daily", "weekly", "monthly", "quarterly", "yearly", "never"}

// String is the frequency's name in feeds and tables.
func (f Frequency) String() string { return name(frequencyNames[:], uint8(f)) }

// ParseFrequency is the frequency of that name.
func ParseFrequency(s string) (Frequency, error) {
	i, ok := find(frequencyNames[:], s)
	if !ok {
		return 0, fmt.Errorf("frequency: want one of %s", listed(frequencyNames[:]))
	}
	return Frequency(i), nil
}
