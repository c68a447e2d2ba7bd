// Package rules links records deterministically: two records that agree on a
// strong identifier, or on a few values that together are as good as one.
//
// A rule is a conjunction of keys with guards, because no identifier is as
// unique as its owner believes: values that too many records share are
// disqualified, role and throw-away e-mail addresses do not count alone, and
// contradicting evidence vetoes a link. What the guards refuse is counted.
// Junk is null in the engine's columns and agrees with nothing.
//
// [Apply] runs one rule; rules are independent of each other, so a caller may
// spread them over goroutines. [Merge] puts their links together. Links join
// the scored edges with their rule's weight; what two rules find in common
// estimates λ (capture and recapture).
package rules

import (
	"fmt"
	"slices"

	"concord/matching/block"
	"concord/matching/column"
	"concord/schemas/attribute"
)

// Rule links two records that agree on every key.
type Rule struct {
	Name        string // stable, lower_snake_case: what a job switches off
	Description string // one sentence, for reports
	Keys        []block.Key
	// Weight is the log2 odds that the rule claims for a link: 10 is about a
	// thousand to one. A link has at least this weight whatever the model says.
	Weight float64
	// Strict tells that one contradiction, of given name, birth date or
	// generation suffix, vetoes a link. Otherwise it takes a given name and a
	// birth date that both contradict.
	Strict bool
	// Own tells that the job has stated the rule.
	Own bool
}

// Attributes are those the rule reads.
func (r Rule) Attributes() []attribute.Name {
	var out []attribute.Name
	for _, k := range r.Keys {
		for _, n := range k.Names {
			if !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	return out
}

// The log2 odds that rules claim. An official number or a customer number is
// sometimes mistyped into another's record; a shared contact point with a
// matching name has a namesake in the household now and then; a name and a
// birth date have a namesake in a large country.
const (
	identifierWeight = 13
	contactWeight    = 10
	namesakeWeight   = 7
)

var (
	givenRoots     = block.Of(attribute.GivenName, column.Roots)
	familySpelling = block.Of(attribute.FamilyName, column.Spelling)
	email          = block.Of(attribute.Email, column.Whole)
	phone          = block.Of(attribute.Phone, column.Whole)
	birthDate      = block.Of(attribute.BirthDate, column.Whole)
)

// fixed are the built-in rules but those of identifiers, of which there is one
// for each declared kind.
var fixed = []Rule{
	{"email_given_name", "The e-mail addresses are equal and the given names are forms of one name.",
		[]block.Key{email, givenRoots}, contactWeight, true, false},
	{"email_birth_date", "The e-mail addresses and the birth dates are equal.",
		[]block.Key{email, birthDate}, contactWeight, true, false},
	{"email_phone", "The e-mail addresses and the telephone numbers are equal.",
		[]block.Key{email, phone}, contactWeight, true, false},
	{"phone_name", "The telephone numbers are equal, the given names are forms of one name and the family names are spelt alike.",
		[]block.Key{phone, givenRoots, familySpelling}, contactWeight, true, false},
	{"name_birth_date", "Given name, family name and birth date are equal.",
		[]block.Key{block.Of(attribute.GivenName, column.Whole), block.Of(attribute.FamilyName, column.Whole), birthDate}, namesakeWeight, true, false},
}

// Default lists the built-in rules for the attributes that t has, in order:
// identifiers by kind, then the others. The same for every data set.
func Default(t *column.Table) []Rule {
	var kinds []string
	for i := range t.Columns {
		if kind := t.Columns[i].Name.Kind(); kind != "" {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	var out []Rule
	for _, kind := range kinds {
		out = append(out, Rule{
			Name:        "same_" + kind,
			Description: fmt.Sprintf("The identifiers of kind %s are equal.", kind),
			Keys:        []block.Key{block.Of(attribute.Identifier(kind), column.Whole)},
			Weight:      identifierWeight,
		})
	}
	for _, r := range fixed {
		if !slices.ContainsFunc(r.Attributes(), func(n attribute.Name) bool { return t.Column(n) == nil }) {
			out = append(out, r)
		}
	}
	return out
}

// All is a rule of the job's own: equality of all the attributes named.
func All(name string, attributes []attribute.Name) Rule {
	r := Rule{Name: name, Description: "The job's own rule: all of its attributes are equal.", Weight: contactWeight, Own: true}
	for _, a := range attributes {
		r.Keys = append(r.Keys, block.Of(a, column.Whole))
	}
	return r
}

// Configure is the default rules for t without those switched off, then the
// job's own. It refuses a name that stands for no rule, twice for one, or a
// rule of the job's own over an attribute that t lacks.
func Configure(t *column.Table, off []string, own []Rule) ([]Rule, error) {
	rules := Default(t)
	for _, name := range off {
		if !known(rules, name) && !known(fixed, name) {
			return nil, fmt.Errorf("match.off: no deterministic rule is named %q; there are %v", name, names(rules))
		}
		rules = slices.DeleteFunc(rules, func(r Rule) bool { return r.Name == name })
	}
	for _, r := range own {
		if known(rules, r.Name) {
			return nil, fmt.Errorf("match.rules: two rules are named %q", r.Name)
		}
		for _, a := range r.Attributes() {
			if t.Column(a) == nil {
				return nil, fmt.Errorf("match.rules: rule %q reads attribute %q, which no channel maps", r.Name, a)
			}
		}
		rules = append(rules, r)
	}
	return rules, nil
}

func known(rules []Rule, name string) bool {
	return slices.ContainsFunc(rules, func(r Rule) bool { return r.Name == name })
}

func names(rules []Rule) []string {
	out := make([]string, len(rules))
	for i, r := range rules {
		out[i] = r.Name
	}
	return out
}
